"""What cannot be used is refused by a sentence beside its field; the other fields are kept."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.database]

GOOD = {
    "drug": "ketamine",
    "route": "iv",
    "dose": "0.5 mg/kg",
    "over": "40 min",
    "weight": "71 kg",
    "until": "6 h",
    "show": "total",
}
BAD = [
    pytest.param("dose", "", id="no dose"),
    pytest.param("dose", "0", id="a bare zero"),
    pytest.param("dose", "0 mg/kg", id="a dose of zero"),
    pytest.param("dose", "-0.5 mg/kg", id="a negative dose"),
    pytest.param("dose", "1,5 mg/kg", id="a decimal comma"),
    pytest.param("dose", ".5 mg/kg", id="no digit before the point"),
    pytest.param("dose", "500 mg/kg", id="a dose beyond the accepted range"),
    pytest.param("dose", "5 stone", id="an unknown unit"),
    pytest.param("dose", "5" * 10_000, id="ten thousand characters"),
    pytest.param("dose", "5 mg\x00", id="a null byte"),
    pytest.param("weight", "", id="a dose per kg without a weight"),
    pytest.param("weight", "0.4 kg", id="a weight too low"),
    pytest.param("weight", "4000 kg", id="a weight too high"),
    pytest.param("weight", "7" * 10_000, id="a weight of ten thousand characters"),
    pytest.param("over", "0 min", id="an infusion over no time"),
    pytest.param("over", "", id="an infusion without a duration"),
]
OTHERS = ("dose", "over", "weight", "until")


def kept(page, field):
    return {name: page.locator(f"#{name}").input_value() for name in OTHERS if name != field}


def expect_refused(page, field):
    expect(page.locator(f"#{field}-error")).not_to_be_empty()
    expect(page.locator(f"#{field}-error")).to_have_text(re.compile(r"\w.*\.$", re.DOTALL))
    expect(page.locator(".chart")).to_have_count(0)
    assert kept(page, field) == {name: GOOD[name] for name in OTHERS if name != field}


@pytest.mark.parametrize(("field", "entry"), BAD)
def test_it_is_refused_while_typing(open_predict, field, entry):
    page = open_predict(urlencode(GOOD))
    expect(page.locator(".chart:visible")).to_have_count(1)
    page.locator(f"#{field}").evaluate(
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }", entry
    )
    expect_refused(page, field)
    expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(("field", "entry"), BAD)
def test_it_is_refused_without_javascript(open_predict, field, entry):
    page = open_predict(urlencode(GOOD | {field: entry}), java_script_enabled=False)
    expect_refused(page, field)
    expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_a_spray_of_racemic_ketamine_has_no_model(open_predict, has_script):
    asked = GOOD | {"route": "intranasal", "dose": "84 mg", "over": ""}
    page = open_predict(urlencode(asked), java_script_enabled=has_script)
    sentences = page.locator(".refused li").all_inner_texts()
    assert any("model" in sentence for sentence in sentences)
    expect(page.locator(".chart")).to_have_count(0)
    expect(page.locator("#dose")).to_have_value("84 mg")


def test_a_refusal_has_its_own_status(open_predict, watch):
    page = open_predict()
    with page.expect_response("**/predict/?*") as answered:
        page.locator("#dose").fill("1,5 mg/kg")
    assert answered.value.status == 422
    assert page.goto("/predict/?" + urlencode(GOOD | {"dose": "1,5 mg/kg"})).status == 422
