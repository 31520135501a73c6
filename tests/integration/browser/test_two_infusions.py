"""The page of two infusions in a real browser, by somebody who never signed in."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from clinic.explore.infusion_courses import DAY
from clinic.explore.two_infusions import ABOUT
from ketherapy.dosing.protocol import course, protocol
from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog as effects
from ketherapy.regimen import Regimen
from ketherapy.simulation.effects.predict import effects as predict
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.solve import simulate
from tests.integration.browser.conftest import WARM_S
from tests.integration.browser.test_looks import (
    PHONE_AND_DESK,
    SMALLEST_LETTER,
    SMALLEST_TARGET,
    faults,
    is_too_wide,
    resized,
    smallest_letter,
    unfolded,
)

pytestmark = [pytest.mark.browser, pytest.mark.database]

ADDRESS = "/depression-or-pain/"
WIDTHS = [360, 820, 1400]
VENOUS, ARTERIAL = "otto2021_iv", "simons2022"


@pytest.fixture
def open_two(open_page):
    """Open the page; ``query`` is the part of the address after the "?"."""

    def opened(query="", **options):
        page = open_page(**options)
        page.goto(f"{ADDRESS}?{query}" if query else ADDRESS, timeout=WARM_S * 1000)
        return page

    return opened


def table(page, key):
    """Return the rows of a table twin: hours since the start, and the value of each line."""
    rows = page.locator(f"#table-{key} tbody tr").evaluate_all(
        """rows => rows.map(r => [r.querySelector("th").textContent,
            [...r.querySelectorAll("data")].map(d => Number(d.value))])"""
    )
    return {_hours(time): values for time, values in rows}


def _hours(words):
    scale = {"min": 1 / 60, "h": 1, "days": 24, "day": 24, "weeks": 168}
    return sum(float(n) * scale[unit] for n, unit in re.findall(r"(\d+) (min|h|days|weeks)", words))


def given(about, weight):
    whole = course(protocol(ABOUT[about]), weight=weight)
    return Regimen.of(*(dose for dose in whole.doses if dose.at < DAY)), whole


@pytest.mark.parametrize("weight", [71.0, 100.0])
@pytest.mark.parametrize("about", list(ABOUT))
def test_the_tables_hold_what_the_library_predicts(open_two, about, weight):
    page = open_two(f"weight={weight:g}+kg")
    session, _ = given(about, weight)
    person = Person(weight=weight)
    found = table(page, f"level-{about}")

    t = np.array(list(found))
    for place, model in enumerate((VENOUS, ARTERIAL)):
        expected = 1000.0 * simulate(models.published(model), session, t, person=person)["ketamine"]
        shown = [values[place] for values in found.values()]
        np.testing.assert_allclose(shown, expected, rtol=1e-6, atol=1e-9)
    for key, effect, output, model, factor in (
        ("nmda-block", "nmda_block", "nmda_block", VENOUS, 100.0),
        ("dissociation", "dissociation", "cadss", ARTERIAL, 1.0),
        ("pressure", "pressure", "sbp_change", VENOUS, 1.0),
    ):
        found = table(page, f"{key}-{about}")
        data = predict(
            models.published(model), session, np.array(list(found)),
            asked=Asked(effects=(effects.effect(effect),)), person=person,
        )  # fmt: skip
        shown = [values[0] for values in found.values()]
        np.testing.assert_allclose(shown, factor * data[output].values, rtol=1e-6, atol=1e-9)


def test_pain_and_mood_are_those_of_the_library(open_two):

    page, person, model = open_two(), Person(weight=71.0), models.published(VENOUS)
    _, whole = given("pain", 71.0)
    found = table(page, "pain")
    asked = Asked(effects=(effects.effect("chronic_pain"),))
    relief = predict(model, whole, np.array(list(found)), asked=asked, person=person)
    expected = 100.0 * relief["chronic_relief"].values
    np.testing.assert_allclose([v[0] for v in found.values()], expected, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(
        [v[1] for v in found.values()], 0.67 * expected, rtol=1e-6, atol=1e-9
    )
    session, _ = given("depression", 71.0)
    found = table(page, "mood")
    asked = Asked(effects=(effects.effect("mood"),), setting="midazolam")
    mood = predict(model, session, np.array(list(found)), asked=asked, person=person)
    for place, output in enumerate(("madrs_control", "madrs")):
        shown = [values[place] for values in found.values()]
        np.testing.assert_allclose(shown, mood[output].values, rtol=1e-6)


def test_another_weight_changes_the_page_in_place(open_two):
    page = open_two()
    page.evaluate("window.isTheSamePage = true")
    page.locator("#weight").fill("90 kg")
    expect(page.locator("#result-title")).to_contain_text("90 kg", timeout=30_000)
    assert page.evaluate("window.isTheSamePage === true")
    page.wait_for_url("**weight=90**")
    expect(page.locator("#facts")).to_contain_text("0.5 mg/kg over 40 min")
    expect(page.locator("#facts")).not_to_contain_text("45 mg")
    expect(page.locator("#said")).to_contain_text("90 kg")


def test_another_weight_without_javascript(open_two):
    page = open_two(java_script_enabled=False)
    page.locator("#weight").fill("90 kg")
    page.get_by_role("button", name="Compare at this weight").click()
    expect(page.locator("#facts")).to_contain_text("0.5 mg/kg over 40 min", timeout=30_000)


@pytest.mark.parametrize("entry", ["", "1,5 kg", "4000 kg", "4 kg", "71", "7" * 10_000])
def test_a_bad_weight_is_refused_beside_its_field_while_typing(open_two, entry):
    page = open_two()
    expect(page.locator(".chart:visible").first).to_be_visible()
    page.locator("#weight").evaluate(
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }", entry
    )
    expect(page.locator("#weight-error")).to_have_text(re.compile(r"\w.*\.$", re.DOTALL))
    expect(page.locator(".chart")).to_have_count(0)
    expect(page.locator("#weight")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("entry", ["", "1%2C5+kg", "4000+kg", "71", "71+kg%00"])
def test_a_bad_weight_is_refused_beside_its_field_without_javascript(open_two, entry):
    page = open_two(f"weight={entry}", java_script_enabled=False)
    expect(page.locator("#weight-error")).to_have_text(re.compile(r"\w.*\.$", re.DOTALL))
    expect(page.locator(".chart")).to_have_count(0)
    expect(page.locator("#weight")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("place", PHONE_AND_DESK)
def test_it_has_no_accessibility_fault(open_two, place):
    assert faults(unfolded(open_two(**place))) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refusal_has_no_accessibility_fault(open_two, scheme):
    assert faults(open_two("weight=1%2C5+kg", color_scheme=scheme)) == []


def test_nothing_scrolls_sideways(open_two):
    page = unfolded(open_two())
    assert [width for width in resized(page, [320, *WIDTHS]) if is_too_wide(page)] == []


def test_the_letters_of_every_chart_stay_readable(open_two):
    page = open_two()
    for _ in resized(page, [390, 820, 1400]):
        assert smallest_letter(page, ".chart, .rates") >= SMALLEST_LETTER


def test_each_chart_is_drawn_once_for_the_room_there_is(open_two):
    page = open_two()
    for _ in resized(page, WIDTHS):
        expect(page.locator(".chart:visible")).to_have_count(12)


def test_what_is_touched_is_large_enough_for_a_glove(open_two):
    page = open_two(viewport={"width": 390, "height": 900})
    heights = page.locator("button, #weight, summary, nav a").evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height])"
    )
    assert [one for one in heights if one[1] < SMALLEST_TARGET] == []


def test_the_keyboard_alone_changes_the_weight_and_reads_a_curve(open_two):
    page = open_two()
    page.locator("#weight").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("80 kg")
    page.keyboard.press("Enter")
    expect(page.locator("#result-title")).to_contain_text("80 kg", timeout=30_000)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Compare at this weight")).to_be_focused()
    page.keyboard.press("Tab")
    curve = page.locator(".chart:visible .curve").first
    expect(curve).to_be_focused()
    expect(curve.locator(".note")).to_have_css("visibility", "visible")


def test_paper_holds_charts_and_tables_without_the_form(open_two):
    page = open_two(color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".chart:visible")).to_have_count(12)
    expect(page.locator("#table-level-pain")).to_be_visible()
    expect(page.locator("#regimen")).to_be_hidden()


def test_the_home_page_and_every_page_lead_here(open_page):
    page = open_page()
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role(
        "link", name="Depression or pain"
    ).click()
    expect(page.locator("h1")).to_contain_text("Depression or pain", timeout=30_000)
    expect(page.locator("nav a[aria-current]")).to_have_text("Depression or pain")
