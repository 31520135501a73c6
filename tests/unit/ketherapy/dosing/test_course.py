"""What a course so far has to say: phases in their order, spacing, missed visits, enrolment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ketherapy.dosing.decision import CHECKS, decide
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.protocol import protocol
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import Stage
from ketherapy.errors import ContractError
from tests.courses import (
    FIRST,
    LONG,
    SPRAY,
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
from tests.dosing import NO_CAPS, NOW

EIGHT = [31, 28, 24, 21, 17, 14, 10, 7]
FOUR = [35, 28, 21, 14]
SEEN = {
    "instrument": "madrs",
    "baseline": {"at": ago(100).isoformat(), "value": 34.0},
    "latest": {"at": NOW.isoformat(), "value": 15.0},
}


def test_a_course_is_checked_by_the_decision():
    assert "course_checked" in [one.__name__ for one in CHECKS]
    assert "course.visits" in {one.rule for one in decide(asked(visits=None)).findings}


@pytest.mark.parametrize("stages", [["eligibility"], ["during", "discharge"], []])
def test_a_course_is_not_spoken_of_at_other_stages(stages):
    assert said(asked(visits=None, stages=stages)) == said(asked(stages=stages))
    assert said(asked(visits=None, stages=stages)).used == ()


def test_nothing_is_said_where_no_course_is_told():
    case = asked().case
    bare = Question(case=case, stages=(Stage.COURSE,), profile="us", now=NOW)
    assert said(bare).findings == said(bare).used == said(bare).switched_off == ()


BEFORE = [{"at": ago(7).isoformat(), "amount": 40.0}]


@pytest.mark.parametrize(
    ("phase", "given", "stages", "is_asked"),
    [
        pytest.param(FIRST, [], ["pre_dose"], False, id="the first dose of a course"),
        pytest.param(FIRST, BEFORE, ["pre_dose"], True, id="a later one"),
        pytest.param(FIRST, BEFORE, ["course"], True, id="before the course goes on"),
        pytest.param(FIRST, None, ["pre_dose"], True, id="nobody knows"),
        pytest.param(WEEKLY, [], ["pre_dose"], True, id="a later phase"),
        pytest.param(FIRST, BEFORE, ["eligibility"], False, id="not asked at this stage"),
    ],
)  # fmt: skip
def test_a_dose_that_needs_its_course_asks_for_it(phase, given, stages, is_asked):
    dose = {"protocol": SPRAY, "phase": phase, "given": given, "caps": NO_CAPS}
    untold = replace(asked(dose=dose, visits=None, stages=stages), course=None)
    expected = [("course.untold", Severity.HOLD)] if is_asked else []
    assert rules(untold) == expected
    if is_asked:
        (one,) = said(untold).findings
        assert (one.asks, one.can_be_overridden) == (("course",), False)
        assert one.observed == "not known: the course that this dose belongs to"
        assert not decide(untold).allowed


def test_a_first_visit_has_nothing_against_it():
    assert rules(asked()) == []
    assert rules(vein()) == []


def test_visits_that_nobody_knows_are_asked_for():
    (found,) = said(asked(visits=None)).findings
    assert (found.rule, found.severity) == ("course.visits", Severity.HOLD)
    assert found.says == "Say which visits this course has had."
    assert found.observed == "not known: the visits of this course"
    assert found.resolves == "Record them; where there were none, say that."
    assert found.asks == ("course.visits",)
    assert (found.source, found.status) == ("ketherapy", "convention")


def test_the_files_that_it_rests_on_are_named_once():
    course, protocol = said(asked()).used
    assert (course.id, course.jurisdiction, course.is_stale) == (
        "course_2026_01", "consensus", False,
    )  # fmt: skip
    assert f"{course.stale_after}" == "2026-12-31"
    assert len(course.sha256) == 64
    assert (protocol.id, protocol.is_stale) == (SPRAY, True)
    dose = {"protocol": SPRAY, "phase": FIRST, "given": [], "caps": NO_CAPS}
    assert [one.id for one in said(asked(dose=dose)).used] == ["course_2026_01"]


@pytest.mark.parametrize(("days", "is_stale"), [(38, False), (39, True)])
def test_the_file_goes_stale(days, is_stale):
    question = asked()
    later = Question(
        case=question.case, stages=question.stages, profile="us",
        now=NOW + timedelta(days=days), course=question.course,
    )  # fmt: skip
    assert said(later).used[0].is_stale is is_stale


def test_a_protocol_of_another_case_is_refused():
    with pytest.raises(ContractError, match=r"course\.protocol: expected a protocol for the drug"):
        said(asked(case=VEIN_CASE))


DOSE = {
    "protocol": SPRAY, "phase": FIRST, "caps": NO_CAPS,
    "given": [{"at": ago(3), "amount": 56.0}, {"at": ago(7), "amount": 56.0}],
}  # fmt: skip
TWO = attended(weeks_1_to_4=[7, 3])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"phase": WEEKLY}, id="another phase"),
        pytest.param({"protocol": "esketamine_trd_alone_us_2026_01"}, id="another protocol"),
        pytest.param({"given": []}, id="no doses"),
        pytest.param({"given": None}, id="doses not known"),
        pytest.param({"given": [*DOSE["given"], {"at": ago(1), "amount": 56.0}]}, id="one more"),
    ],
)
def test_a_dose_of_another_course_is_refused(changes):
    with pytest.raises(ContractError, match="course: expected the protocol, the phase") as caught:
        said(asked(visits=TWO, dose=DOSE | changes))
    assert f"{SPRAY}, {FIRST}, 2 visits" in str(caught.value)
    assert "Tell the course and the dose from the same record." in str(caught.value)


def test_a_dose_of_the_same_course_is_not():
    assert rules(asked(visits=TWO, dose=DOSE)) == []
    unknown = asked(visits=None, dose=DOSE | {"given": None})
    assert rules(unknown) == [("course.visits", Severity.HOLD)]
    with pytest.raises(ContractError, match="0 visits"):
        said(asked(visits=None, dose=DOSE))


def test_a_phase_that_is_not_reached_is_held():
    seven = attended(weeks_1_to_4=EIGHT[1:])
    found = only(asked(WEEKLY, visits=seven, judged=SEEN), "course.phase_early")
    assert found.severity is Severity.HOLD
    assert found.says == "The course has not reached this phase."
    assert found.observed == "7 visits of: Weeks 1 to 4: twice a week"
    assert found.limit == "8 visits of it before: Weeks 5 to 8: once a week"
    assert found.resolves == "Ask for the phase that the course is in, or name the reason."
    assert (found.source, found.locator) == ("spravato_dosing_copy", "twice a week for four weeks")
    assert (found.status, found.jurisdiction) == ("verified", "US")
    assert found.can_be_overridden


def test_a_phase_that_is_reached_is_not():
    reached = attended(weeks_1_to_4=EIGHT)
    assert rules(asked(WEEKLY, visits=reached, judged=SEEN)) == [("course.response", Severity.INFO)]


def test_each_phase_that_was_left_out_is_named():
    held = [one for one in said(asked(LONG)).findings if one.rule == "course.phase_early"]
    assert [one.observed for one in held] == [
        "0 visits of: Weeks 1 to 4: twice a week", "0 visits of: Weeks 5 to 8: once a week",
    ]  # fmt: skip


def test_an_open_phase_is_left_after_one_visit():
    booster, case = "iv_crps_booster_2026_01", VEIN_CASE | {"use": "pain"}
    first, second = (one.id for one in protocol(booster).phase[:2])
    none = only(asked(second, protocol=booster, case=case), "course.phase_early")
    assert none.limit.startswith("1 visits of it before: ")
    one = asked(second, protocol=booster, case=case, visits=attended(**{first: [7]}))
    assert "course.phase_early" not in dict(rules(one))


def test_a_phase_that_was_left_is_named():
    visits = attended(weeks_1_to_4=[60 + day for day in EIGHT], weeks_5_to_8=[3])
    found = only(asked(FIRST, visits=visits), "course.phase_back")
    assert found.severity is Severity.CAUTION
    assert found.says == "The course goes back to a phase that it had left."
    assert found.observed == (
        "last visit: Weeks 5 to 8: once a week; asked for: Weeks 1 to 4: twice a week"
    )
    assert found.limit == "the phases in their order"
    assert found.resolves == "Go on if this is meant, and say why."
    assert rules(asked(FIRST, visits=visits)) == [("course.phase_back", Severity.CAUTION)]


def test_the_same_phase_again_goes_not_back():
    assert rules(asked(FIRST, visits=TWO)) == []


@pytest.mark.parametrize(
    ("phase", "visits", "says"),
    [
        (FIRST, {FIRST: EIGHT[1:]}, None),
        (FIRST, {FIRST: EIGHT}, "next is: Weeks 5 to 8: once a week"),
        (FIRST, {FIRST: [34, *EIGHT]}, "next is: Weeks 5 to 8: once a week"),
        (WEEKLY, {FIRST: [60 + day for day in EIGHT], WEEKLY: FOUR}, "next is: From week 9"),
        (LONG, {LONG: [7 * week for week in range(1, 40)]}, None),
    ],
)
def test_a_phase_that_has_had_its_visits(phase, visits, says):
    found = [
        one for one in said(asked(phase, visits=attended(**visits), judged=SEEN)).findings
        if one.rule == "course.phase_full"
    ]  # fmt: skip
    assert len(found) == (says is not None)
    for one in found:
        assert one.severity is Severity.HOLD
        assert one.says.startswith(f"This phase has had all its visits; {says}")


def test_the_last_phase_of_a_planned_course_ends_it():
    five, six = attended(induction=[14, 12, 9, 7, 4]), attended(induction=[14, 12, 9, 7, 4, 2])
    assert "course.phase_full" not in dict(rules(vein(visits=five)))
    found = only(vein(visits=six), "course.phase_full")
    assert found.says == "This phase has had all its visits; the planned course is over."
    assert found.observed == "6 visits of: Induction: a series of infusions"
    assert found.limit == "6 visits"
    assert found.resolves == "Ask for the next phase, end the course, or name the reason to go on."
    assert found.source == "infusion_series"


def test_an_early_visit_is_told():
    found = only(asked(visits=attended(weeks_1_to_4=[2])), "course.early")
    assert found.severity is Severity.CAUTION
    assert found.says == "A visit now is earlier than this phase has them."
    assert found.observed == "last visit 2026-11-21 09:00 UTC"
    assert found.limit == "from 2026-11-24 09:00 to 2026-11-25 09:00 UTC"
    assert found.resolves == "The prescriber decides how the course goes on."
    assert found.status == "convention"  # on which days is a choice


def test_a_visit_in_its_window_is_not():
    assert rules(asked(visits=attended(weeks_1_to_4=[3]))) == []
    assert rules(asked(visits=attended(weeks_1_to_4=[4.5]))) == []


def test_a_late_visit_is_told():
    visits = attended(weeks_1_to_4=[60 + day for day in EIGHT], weeks_5_to_8=[9])
    found = only(asked(WEEKLY, visits=visits), "course.late")
    assert (found.severity, found.says) == (Severity.INFO, "The next visit is late.")
    assert (found.source, found.locator) == ("spravato_dosing_copy", "once a week")


REACHED = {FIRST: [90 + day for day in EIGHT], WEEKLY: [20]}


@pytest.mark.parametrize(
    ("phase", "visits", "is_worse", "rule", "severity"),
    [
        (FIRST, {FIRST: [8]}, None, "course.missed_at_first", Severity.INFO),
        (FIRST, {FIRST: [8]}, True, "course.missed_at_first", Severity.INFO),
        (WEEKLY, REACHED, None, "course.missed_is_it_worse", Severity.HOLD),
        (WEEKLY, REACHED, True, "course.missed_and_worse", Severity.CAUTION),
        (WEEKLY, REACHED, False, "course.missed_not_worse", Severity.INFO),
    ],
)
def test_a_missed_visit_of_the_spray(phase, visits, is_worse, rule, severity):
    question = asked(phase, visits=attended(**visits), is_worse=is_worse)
    assert rules(question) == [(rule, severity)]
    found = only(question, rule)
    assert (found.source, found.status, found.jurisdiction) == ("jnj_missed", "verified", "US")
    assert found.extrapolated_from == ""
    assert found.asks == (("course.is_worse",) if severity is Severity.HOLD else ())
    assert found.observed.startswith("last visit 2026-11-")


def test_what_follows_a_missed_visit_is_as_it_was_read():
    worse = asked(WEEKLY, visits=attended(**REACHED), is_worse=True)
    found = only(worse, "course.missed_and_worse")
    assert "from every two weeks to once a week, from once a week to twice a week" in found.says
    assert (
        found.limit == "missed in maintenance, and depression worse: consider going back one step"
    )
    first = only(asked(visits=attended(weeks_1_to_4=[8])), "course.missed_at_first")
    assert first.limit == "missed in the first 4 weeks: continue the current schedule"


def test_the_words_of_one_country_are_marked_in_another():
    question = asked(
        protocol="esketamine_trd_eu_2026_01", profile="eu", visits=attended(weeks_1_to_4=[8])
    )
    found = only(question, "course.missed_at_first")
    assert found.extrapolated_from == "what is written for US"


def test_of_another_drug_no_source_says_what_follows():
    found = only(vein(visits=attended(induction=[6])), "course.missed")
    assert found.severity is Severity.CAUTION
    assert found.says == "A visit was missed, and no source read here says what follows."
    assert found.observed == "last visit 2026-11-17 09:00 UTC"
    assert rules(vein(visits=attended(induction=[5.9]))) == [("course.late", Severity.INFO)]


@pytest.mark.parametrize(
    ("enrolled", "rule", "severity"),
    [
        (ago(3.01), None, None),
        (ago(3), None, None),
        (ago(2.99), "course.enrolled_late", Severity.CAUTION),
        (None, "course.enrolled_when", Severity.HOLD),
    ],
)
def test_enrolment_comes_before_the_first_treatment(enrolled, rule, severity):
    question = asked(visits=attended(weeks_1_to_4=[3]), enrolled_at=enrolled)
    assert rules(question) == ([] if rule is None else [(rule, severity)])


def test_what_is_said_of_enrolment():
    when = only(asked(visits=attended(weeks_1_to_4=[3]), enrolled_at=None), "course.enrolled_when")
    assert (when.observed, when.asks) == ("not known", ("course.enrolled_at",))
    late = only(
        asked(visits=attended(weeks_1_to_4=[3]), enrolled_at=ago(1)), "course.enrolled_late"
    )
    assert (late.observed, late.asks) == ("enrolled on 2026-11-22", ())
    assert late.source == "spravato_rems_outpatient"


def test_enrolment_is_asked_for_by_the_rules_before_the_first_visit():
    assert rules(asked(visits=[], enrolled_at=None)) == []


def test_a_protocol_of_another_jurisdiction_is_refused():
    with pytest.raises(ContractError, match="a protocol that holds where the rules of EU do"):
        rules(asked(profile="eu", visits=attended(weeks_1_to_4=[3]), enrolled_at=None))


def test_enrolment_is_of_the_spray_alone():
    assert rules(vein(visits=attended(induction=[2]), enrolled_at=None)) == []
