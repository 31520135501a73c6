"""The page of two infusions without engine, database or browser."""

import re
from dataclasses import replace

import pytest
from django.test import RequestFactory

from clinic.accounts.gate import PUBLIC
from clinic.explore import two_infusions as infusions
from clinic.explore.infusion_evidence import findings
from clinic.explore.two_infusions import (
    ABOUT,
    Given,
    Infusion,
    Problem,
    Quote,
    Refusal,
    TwoInfusions,
)
from clinic.web import two_infusions as page
from clinic.web import two_infusions_page
from clinic.web.two_infusions_page import EXTRAPOLATED
from ketherapy.dosing.protocol import protocol
from tests.unit.clinic.web.charts.test_panels import DAY, course, panel, strip
from tests.unit.clinic.web.invented import origin

REFUSAL = Refusal(problems=(Problem(field="weight", sentence="Write 1.5, not <1,5>."),))
QUOTE = Quote(
    text="Said & <meant>.",
    source="Author, 2009",
    address="https://doi.org/10.1/x",
    status="verified",
)
REFUSED = "Pressure: expected S-ketamine up to 320 ng/mL, got 400 ng/mL."


def infusion(about):
    one = protocol(ABOUT[about])
    given = Given(amount=35.5, over=2 / 3, visits=2, days=(0, 2), limits=("25 mg/h at most",))
    found = tuple((f, QUOTE) for f in findings() if f.about == about)
    return Infusion(
        about=about, protocol=one, given=given, itself=(QUOTE,), evidence=(QUOTE,), remarks=(),
        watched=(QUOTE,), found=found,
    )  # fmt: skip


def named(key, *shown, **changed):
    panels = shown or (panel("depression"), panel("pain"))
    return strip(*(replace(p, key=f"{key}-{p.about}") for p in panels), id=key, **changed)


def two():
    mood = panel("depression", until=14 * DAY)
    refused = panel("depression", courses=(), refusal=REFUSED)
    pain = panel("pain", until=84 * DAY, cautions=("Pain: extrapolated. It rests on less.",))
    return TwoInfusions(
        weight=71.0,
        infusions=(infusion("depression"), infusion("pain")),
        session=(
            named("level"),
            named("pressure", refused, panel("pain"), confidence="low"),
        ),
        course=named("course"),
        aims=(
            named("mood", mood, confidence="low", unit="MADRS points"),
            named("pain", pain, confidence="low", unit="% of the pain before"),
        ),
        responders=(67.0, 23.0),
        origins=(origin("veined", "venous plasma"),),
        off_label="Racemic ketamine is off-label for both.",
    )  # fmt: skip


@pytest.fixture
def asked(monkeypatch):
    """Record what the page asks of the science, and answer with invented infusions."""
    questions = []

    def answer(entries):
        questions.append(entries)
        return REFUSAL if "1,5 kg" in entries["weight"] else two()

    monkeypatch.setattr(infusions, "compare", answer)
    return questions


def get(query=None, **headers):
    request = RequestFactory().get("/depression-or-pain/", query or {}, headers=headers)
    return page.two_infusions(request)


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_it_is_for_everybody():
    assert vars(page.two_infusions)["permission"] == PUBLIC


def test_the_bare_page_opens_with_the_usual_weight(asked):
    response = get()
    assert (response.status_code, asked) == (200, [{"weight": ("71 kg",)}])
    assert "<!doctype html>" in text(response)


def test_an_empty_field_is_handed_on_as_it_came(asked):
    get({"weight": ""})
    get({"weight": " 80 kg\x00"})
    assert [one["weight"] for one in asked] == [("",), (" 80 kg\x00",)]


def test_a_refusal_is_422_beside_its_field_and_nothing_is_drawn(asked):
    response = get({"weight": "1,5 kg"})
    words = text(response)
    assert response.status_code == 422
    assert words.count("Write 1.5, not &lt;1,5&gt;.") >= 2
    assert 'value="1,5 kg"' in words
    assert 'aria-invalid="true"' in words
    assert '<svg class="chart' not in words


def test_htmx_is_answered_with_the_parts_that_change(asked):
    response = get({"weight": "80 kg"}, **{"HX-Request": "true"})
    words = text(response)
    assert "<!doctype html>" not in words
    assert 'id="weight-error" hx-swap-oob="innerHTML"' in words
    assert "HX-Request" in response["Vary"]


def test_both_are_called_off_label_and_predictions_predictions(asked):
    words = text(get())
    assert "Racemic ketamine is off-label for both." in words
    assert words.count("No: off-label use") == 2
    assert words.count("predicted, not measured") == words.count('<svg class="chart ')


def test_what_is_refused_leaves_its_sentence_instead_of_a_chart(asked):
    words = text(get())
    assert f"<strong>Not drawn.</strong> {REFUSED}" in words
    assert "not predicted" in words


def test_what_goes_beyond_a_model_is_marked_where_it_is_drawn(asked, monkeypatch):
    words = text(get())
    (figure,) = [part for part in words.split("<figure") if "extrapolated</strong></h4>" in part]
    assert "Pain infusion" in figure
    facts = words[words.index('id="facts"') : words.index("</table>")]
    assert facts.count(EXTRAPOLATED) == 1  # the pain that is hoped for; no figure of one visit


def test_rates_are_never_shown_alone(asked):
    words = text(get())
    labels = re.findall(r'class="rates"[^>]*aria-label="([^"]*)"', words)
    assert labels
    assert all(label.count("%") >= 2 for label in labels)
    assert "S-ketamine 67 %; placebo 23 %" in words


def test_what_was_quoted_is_escaped_and_has_its_source(asked):
    words = text(get())
    assert "Said &amp; &lt;meant&gt;." in words
    assert (
        '<a href="https://doi.org/10.1/x" rel="noreferrer noopener">Author, 2009</a> (verified)'
        in words
    )


@pytest.mark.parametrize(
    ("gap", "said"), [(4.234, "4.2"), (0.0466, "less than 0.1"), (0.06, "0.1"), (-1.0, "-1.0")]
)
def test_no_difference_is_told_finer_than_a_trial_tells_one(gap, said):
    assert two_infusions_page._points(gap) == said


def test_every_chart_has_its_table(asked):
    words = text(get())
    tables = re.findall(r'<table id="table-([\w-]+)"', words)
    assert sorted(tables) == sorted([
        "level-depression", "level-pain", "pressure-pain", "course-depression", "course-pain",
        "mood-depression", "pain-pain",
    ])  # fmt: skip
    assert f'<data value="{course().peak}">' in words


def test_no_mg_of_anybody_stand_on_the_page():
    found = replace(two(), infusions=tuple(replace(one, found=()) for one in two().infusions))
    facts = two_infusions_page.drawn(found)["facts"]
    given = {fact.title: fact.cells for fact in facts[:7]}
    assert given["One visit"][0][0] == "0.5 mg/kg over 40 min"
    assert given["One visit"][1][0] == "0.35 mg/kg/h over 40 min"  # the invented time
    assert given["How fast"] == (
        ("0.75 mg/kg in an hour", ("25 mg/h at most",)),
        ("0.35 mg/kg in an hour", ("25 mg/h at most",)),
    )
    assert given["Whole course"][0][0] == "1 mg/kg in all"  # 2 visits of 35.5 mg at 71 kg
    words = " ".join(main for cells in given.values() for main, _ in cells)
    assert not re.search(r"\d mg\b(?!/kg)", words)


def test_the_measured_rise_stands_before_the_predicted_one():
    titles = [fact.title for fact in two_infusions_page.drawn(two())["facts"]]
    measured = titles.index("Rise of blood pressure, measured")
    assert all("highest" not in title for title in titles[:measured])
    assert any("highest" in title for title in titles[measured:])
    cells = two_infusions_page.drawn(two())["facts"][measured].cells
    assert cells[0][0].startswith("Systolic pressure 16.0 mmHg higher at 40 minutes")
    assert "under-predicts" in cells[0][1][-1]
    assert cells[1][0] == ""
