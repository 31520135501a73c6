"""What a page draws: whole axes, bands around their lines, and every caution."""

import numpy as np
import pytest

from clinic.explore.predictions import Prediction, Refusal, choices, predict
from clinic.web.charts import tables
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.covariates import LABELLED

INFUSION = {
    "drug": ["ketamine"],
    "route": ["iv"],
    "dose": ["0.5 mg/kg"],
    "over": ["40 min"],
    "weight": ["71 kg"],
    "age": ["30 years"],
}
FILM = {"drug": ["esketamine"], "route": ["sublingual"], "dose": ["50 mg"], "weight": ["73 kg"]}
SPRAY = {"drug": ["esketamine"], "route": ["intranasal"], "dose": ["84 mg"]}


def drawn(entries: dict[str, list[str]], **changed: list[str]) -> Prediction:
    """Return the prediction, which must not be refused."""
    found = predict(entries | changed)
    assert isinstance(found, Prediction), found
    return found


@pytest.mark.parametrize("entries", [INFUSION, FILM, SPRAY], ids=["infusion", "film", "spray"])
@pytest.mark.parametrize("until", ["10 min", "8 h", "60 day"])
def test_the_axis_reaches_its_end_and_bands_hold_their_lines(entries, until):
    found = drawn(entries, until=[until])
    hours = {"10 min": 1 / 6, "8 h": 8, "60 day": 1440}[until]
    assert found.minutes[0] == 0.0
    assert found.minutes[-1] == pytest.approx(hours * 60.0)
    for curve in found.curves:
        assert len(curve.level) == len(found.minutes)
        if curve.low is None or curve.high is None:
            continue
        level, low, high = (np.array(x) for x in (curve.level, curve.low, curve.high))
        seen = level > 1e-3 * level.max()
        assert np.all(low[seen] <= level[seen] * 1.02), curve.key
        assert np.all(level[seen] <= high[seen] * 1.02), curve.key


@pytest.mark.parametrize("until", ["1 h", "8 h", "72 h"])
def test_a_table_reads_no_row_between_computed_points(until):
    found = drawn(INFUSION, until=[until])
    computed = np.array(found.minutes)
    for row in tables.rows(found):
        assert np.min(np.abs(computed - row.minutes)) < 1e-6, row.time


@pytest.mark.parametrize("entries", [INFUSION, FILM, SPRAY], ids=["infusion", "film", "spray"])
def test_a_peak_does_not_depend_on_how_long_is_shown(entries):
    short, long = drawn(entries, until=["8 h"]), drawn(entries, until=["60 day"])
    for near, far in zip(short.curves, long.curves, strict=True):
        assert far.peak == pytest.approx(near.peak, rel=0.02), near.key


def test_the_usual_infusion_carries_no_caution_about_the_person():
    cautions = " ".join(drawn(INFUSION).cautions)
    assert "not given" not in cautions
    assert "off-label" in cautions


def test_what_is_not_known_of_the_person_is_said():
    cautions = drawn(SPRAY).cautions
    for what in ("age not given", "ancestry not given", "weight not given"):
        assert any(what in line for line in cautions), what


def test_a_level_above_what_was_studied_is_said():
    found = drawn(INFUSION, drug=["esketamine"], dose=["60 mg"], over=["bolus"])
    assert any("above those it was fitted to" in line for line in found.cautions)


def test_a_bolus_under_a_model_of_infusions_is_said():
    found = drawn(INFUSION, drug=["esketamine"], dose=["20 mg"], over=["bolus"])
    assert any("Simons 2022: duration 0 min" in line for line in found.cautions)


def test_points_measured_in_people_of_another_size_do_not_stand_beside():
    otto = {"drug": ["esketamine"], "dose": ["10 mg"], "over": ["30 min"]}
    assert drawn(INFUSION | otto, weight=["68 kg"]).measured
    assert not drawn(INFUSION | otto, weight=["300 kg"]).measured


def test_measured_points_of_the_usual_infusion_are_the_two_published_peaks():
    found = drawn(INFUSION).measured
    assert [(point.level, point.low, point.high) for point in found] == [
        (185.0, None, None),
        (None, 100.0, 250.0),
    ]


SWALLOWED = {"drug": ["esketamine"], "route": ["oral"], "dose": ["84 mg"], "age": ["30 years"]}


def test_another_drug_changes_the_curve_takes_the_metabolites_and_is_said_with_its_source():
    alone, beside = drawn(SWALLOWED), drawn(SWALLOWED, drugs=["ticlopidine"])
    assert {curve.group for curve in alone.curves} == {"S", "norketamine"}
    (curve,) = beside.curves
    assert curve.peak == pytest.approx(2.4 * alone.curves[0].peak, rel=1e-6)  # as printed of AUC
    said = " ".join(beside.cautions)
    assert "× 2.4" in said
    assert "Rule INT-012" in said
    assert "beside ticlopidine not predicted: esnorketamine" in said
    assert beside.regimen.endswith("taken with ticlopidine")


def test_points_measured_without_the_other_drug_do_not_stand_beside():
    otto = INFUSION | {"drug": ["esketamine"], "dose": ["10 mg"], "over": ["30 min"]}
    found = drawn(otto, weight=["68 kg"], drugs=["rifampicin"])
    assert drawn(otto, weight=["68 kg"]).measured
    assert found.measured == ()
    assert any("measurements of this dosing are left out" in line for line in found.cautions)


def test_a_drug_that_does_nothing_by_this_route_leaves_the_points():
    found = drawn(INFUSION, drugs=["ticlopidine"])
    assert found.measured
    assert any("ticlopidine: its effect on iv doses was not found" in c for c in found.cautions)


@pytest.mark.parametrize(
    ("field", "typed"), [("drugs", ["aspirin"]), ("sex", ["?"]), ("liver", ["bad"])]
)
def test_what_is_not_offered_is_refused_beside_its_field(field, typed):
    found = predict(INFUSION | {field: typed})
    assert isinstance(found, Refusal)
    assert [problem.field for problem in found.problems] == [field]


def test_everything_the_form_offers_of_a_person_is_accepted():
    offered = choices()
    for field, options in offered.labels.items():
        for option in options:
            drawn(SPRAY, **{field: [option.value]})
    for other in offered.others:
        drawn(SPRAY, drugs=[other.value])


def test_every_label_that_a_model_may_ask_for_is_offered():
    offered = choices()
    found = {field: {one.value for one in options} for field, options in offered.labels.items()}
    assert found == {field: {"", *kind} for field, kind in LABELLED.items()}


def test_every_reason_comes_at_once():
    found = predict({"drug": ["ketamine"], "route": ["iv"], "dose": [".5"], "over": [""]})
    assert isinstance(found, Refusal)
    assert {problem.field for problem in found.problems} >= {"dose", "over"}


def test_every_route_of_the_catalogue_is_offered_and_none_without_a_model():
    there = {route.value for model in catalog.models() for route in model.domain.routes}
    assert {choice.value for choice in choices().routes} == there


def test_every_model_drawn_says_whom_it_is_from():
    found = drawn(INFUSION)
    assert [origin.model_id for origin in found.origins] == list(
        dict.fromkeys(curve.model_id for curve in found.curves)
    )
    for origin in found.origins:
        assert origin.sources[0].address.startswith("https://")
        assert dict(origin.made_for)["Age"] != ""
        assert origin.confidence_level in ("good", "moderate", "low")


def test_an_injection_is_drawn_as_of_low_confidence():
    found = drawn(INFUSION, route=["im"], over=[""])
    assert {curve.confidence_level for curve in found.curves} == {"low"}
    assert any("low confidence" in line for line in found.cautions)
