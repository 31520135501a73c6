"""What is decided at the end of a phase: by a response that was scored, and by nothing else."""

import pytest

from ketherapy.dosing.findings import Severity
from ketherapy.dosing.protocol import protocol
from ketherapy.errors import ContractError
from tests.courses import (
    FIRST,
    LONG,
    VEIN_CASE,
    WEEKLY,
    ago,
    asked,
    attended,
    only,
    rules,
    said,
    vein,
)

SIX = attended(induction=[14, 12, 9, 7, 4, 2])
EIGHT = [31, 28, 24, 21, 17, 14, 10, 7]


def scored(first=(20, 34.0), last=(1, 17.0), scale="madrs"):
    at = [None if one is None else {"at": ago(one[0]), "value": one[1]} for one in (first, last)]
    return {"instrument": scale, "baseline": at[0], "latest": at[1]}


def response(judged, **changes):
    return only(vein(visits=SIX, judged=judged, **changes), "course.response")


@pytest.mark.parametrize(
    ("last", "severity"),
    [
        pytest.param(16.0, Severity.INFO, id="more than half gone"),
        pytest.param(17.0, Severity.INFO, id="half gone"),
        pytest.param(18.0, Severity.HOLD, id="less than half gone"),
        pytest.param(40.0, Severity.HOLD, id="worse"),
    ],
)
def test_the_planned_course_ends_with_a_response_or_stops(last, severity):
    found = response(scored(last=(1, last)))
    assert found.severity is severity
    assert found.limit == "After the planned course without a response: stop."
    assert (found.source, found.status, found.asks) == ("infusion_series", "secondary", ())
    assert found.observed.endswith(f"34, now {last:g}")


def test_what_is_said_of_a_response():
    yes, no = response(scored()), response(scored(last=(1, 30.0)))
    assert yes.says == "There is a response at the end of this phase."
    assert yes.resolves == "The prescriber decides whether to go on."
    assert no.says == "There is no response at the end of this phase."
    assert no.resolves == "Stop, or name who goes on and why."
    assert no.can_be_overridden


@pytest.mark.parametrize(
    ("judged", "observed"),
    [
        pytest.param(None, "the scores of a scale", id="nothing scored"),
        pytest.param(scored(first=None), "before the course", id="no baseline"),
        pytest.param(scored(first=(13.99, 34.0)), "before the course", id="baseline too late"),
        pytest.param(scored(last=None), "at the end of this phase", id="not scored now"),
        pytest.param(scored(last=(2.51, 17.0)), "at the end of this phase", id="scored too early"),
    ],
)
def test_a_response_that_is_not_known_is_asked_for(judged, observed):
    found = response(judged)
    assert found.severity is Severity.HOLD
    assert found.asks == ("course.judged",)
    assert found.says == "Say whether there is a response before it goes on."
    assert found.resolves == "Score the person now, on the scale of the baseline."
    assert found.observed.startswith("not known: ")
    assert found.observed.endswith(observed)


@pytest.mark.parametrize(
    "judged", [scored(first=(14, 34.0)), scored(last=(2.5, 17.0)), scored(last=(2, 17.0))]
)
def test_scores_at_the_edge_of_their_time_count(judged):
    assert response(judged).severity is Severity.INFO


def test_nothing_is_asked_before_the_end():
    assert rules(vein(visits=SIX[1:])) == []
    assert rules(vein()) == []


def test_a_scale_without_a_response_is_refused():
    with pytest.raises(ContractError, match="response on the ymrs"):
        said(vein(visits=SIX, judged=scored(scale="ymrs", last=(1, 5.0))))


def test_a_response_that_a_clinic_adopted_counts():
    judged = scored(scale="ymrs", last=(1, 5.0))
    assert response(judged, adopted=["ymrs.response"]).severity is Severity.INFO


def test_the_benefit_of_four_weeks_is_asked_for_once():
    entering = asked(WEEKLY, visits=attended(weeks_1_to_4=EIGHT))
    assert rules(entering) == [("course.response", Severity.HOLD)]
    assert only(entering, "course.response").limit.startswith("At the end of week 4 the benefit")
    later = attended(weeks_1_to_4=[60 + day for day in EIGHT], weeks_5_to_8=[7])
    assert rules(asked(WEEKLY, visits=later)) == []


def test_going_back_ends_no_phase():
    visits = attended(weeks_1_to_4=[60 + d for d in EIGHT], weeks_5_to_8=[28, 21, 14, 7])
    back = asked(FIRST, visits=visits, is_worse=True)
    assert "course.response" not in dict(rules(back))


def test_an_open_phase_is_reviewed_again_and_again():
    visits = attended(
        weeks_1_to_4=[90 + day for day in EIGHT], weeks_5_to_8=[60, 53, 46, 39], from_week_9=[14]
    )
    found = only(asked(LONG, visits=visits), "course.review")
    assert found.severity is Severity.INFO
    assert found.says == "The least frequent visits that hold remission or response."
    assert found.limit == found.says
    assert found.observed == "13 visits so far; 7 to 14 days between visits are in this phase"
    assert found.resolves == "The prescriber chooses with the person."
    assert (found.source, found.status) == ("spravato_dosing_page", "verified")


def test_a_review_that_nobody_read_stops_nothing():
    crps, case = "iv_crps_2026_01", VEIN_CASE | {"use": "pain"}
    first = protocol(crps).phase[0].id
    ten = attended(**{first: range(10, 0, -1)})
    question = asked(first, protocol=crps, case=case, visits=ten)
    assert dict(rules(question)) == {
        "course.phase_full": Severity.HOLD, "course.review": Severity.INFO,
    }  # fmt: skip
    found = only(question, "course.review")
    assert found.status == "convention"
    assert found.observed == "10 visits so far"
