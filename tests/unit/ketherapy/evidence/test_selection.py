"""What enters a synthesis, what is left out and why, and that nobody is counted twice."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import COUNTED, POINTS, SHARES, Question, question, questions
from ketherapy.evidence.reviews import Input, reviews
from ketherapy.evidence.selection import of_inputs, persons, selected, together
from ketherapy.evidence.trials import About, Control, Design, Given, Kind, Result, trials
from ketherapy.evidence.windows import window, window_of, windows
from ketherapy.sources import Status
from tests.unit.ketherapy.evidence.made import CONTRAST, score, study

RESPONSE = Question(
    id="asked", title="asked", kind=Kind.RESPONSE, about=About.DEPRESSION, measure=Measure.RR,
    favourable="above",
)  # fmt: skip


def asked(**changed) -> Question:
    usual = {"id": "asked", "title": "asked", "kind": Kind.RESPONSE, "about": About.DEPRESSION,
             "measure": Measure.RR, "favourable": "above"}  # fmt: skip
    return Question(**(usual | changed))


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.id)
def test_what_enters_is_what_was_asked(one):
    for found in selected(one).studies:
        assert not one.conditions or found.trial.condition in one.conditions
        assert found.outcome.kind is one.kind
        assert found.outcome.about is one.about
        assert not one.controls or found.trial.control in one.controls
        assert not one.scales or found.outcome.scale in one.scales
        assert found.outcome.part == one.part
        window = window_of(found.outcome.at, found.outcome.timepoint).id
        assert not one.windows or window in one.windows
        given = {found.trial.arms[arm].given for arm in found.treated}
        assert not one.given or given <= set(one.given)
        assert found.treated
        assert found.control


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.id)
def test_every_outcome_of_the_people_kind_and_subject_enters_or_is_left_out_with_a_reason(one):
    if one.printed == "contrasts":
        return
    found = selected(one)
    close = {one.kind} | ({Kind.ANY_TIME} if one.kind is Kind.RESPONSE else set())
    near = {
        (trial.id, outcome.id)
        for trial in trials()
        for outcome in trial.outcomes
        if (not one.conditions or trial.condition in one.conditions)
        and (not one.trials or trial.id in one.trials)
        and outcome.kind in close
        and outcome.about is one.about
    }
    entered = {(each.trial.id, each.outcome.id) for each in found.studies}
    left = {(each.trial.id, each.outcome.id) for each in found.excluded}
    assert entered | left == near
    assert not entered & left
    assert all(each.why for each in found.excluded)


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        ({"given": (Given.OTHER,)}, "another drug or route"),
        ({"routes": ("by pigeon",)}, "another drug or route"),
        ({"controls": (Control.KETOROLAC,)}, "another control: "),
        ({"scales": ("HDRS",)}, "scale: "),
        ({"windows": ("longer",)}, "time: "),
        ({"timepoints": ("day 99",)}, "time: "),
        ({"part": "left-handed"}, "a part of the people: everybody"),
    ],
)
def test_the_reason_against_a_trial_is_the_filter(filters, why):
    found = selected(asked(trials=("murrough2013",), **filters))
    assert found.studies == ()
    assert [one.why.startswith(why) for one in found.excluded] == [True]


def test_a_control_group_that_was_not_printed_is_said():
    (one,) = selected(asked(trials=("zarate2006",))).excluded
    assert "control group" in one.why


def test_at_any_time_is_named_beside_responses_and_not_pooled_with_them():
    (one,) = selected(asked(trials=("diazgranados2010",))).excluded
    assert one.why == "counted otherwise: response at any time"


# People.


def test_two_doses_of_one_trial_share_their_control_once():
    (one,) = selected(asked(trials=("transform1",))).studies
    (events, n), (control_events, control_n) = (side.read() for side in one.counts())
    assert (events.item(), n.item()) == (60 + 52, 111 + 98)
    assert (control_events.item(), control_n.item()) == (42, 108)


@pytest.mark.parametrize(("design", "count"), [(Design.PARALLEL, 40), (Design.CROSSOVER, 20)])
def test_in_a_crossover_the_same_people_are_on_both_sides(design, count):
    one = study(design=design)
    assert one.people == (20, 20)
    assert one.persons == count


@pytest.mark.parametrize(("people", "expected"), [(None, None), (90, 130)])
def test_people_are_not_known_where_one_document_does_not_say(people, expected):
    from dataclasses import replace

    both = (study(), score("two2031", contrast=replace(CONTRAST, people=people)))
    assert persons(both) == expected


def test_people_of_all_trials_together():
    assert together((study(), study("two2031"))) == (40, 40)
    assert together(()) == (0, 0)


def test_a_study_is_known_as_well_as_its_worst_number():
    results = {"treated": Result(n=20, events=10, status=Status.DERIVED),
               "control": Result(n=20, events=5)}  # fmt: skip
    assert study().status is Status.VERIFIED
    assert study(results=results).status is Status.DERIVED


def test_a_standard_error_is_turned_into_the_deviation_it_stands_for():
    results = {"treated": Result(n=25, mean=14.0, se=2.0), "control": Result(n=25, mean=20.0, sd=9)}
    (_, _, sd), _ = (side.read() for side in score(results=results).means())
    assert sd.item() == pytest.approx(10.0)


@pytest.mark.parametrize(
    "results",
    [{"treated": Result(n=20), "control": Result(n=20, events=5)},
     {"treated": Result(n=20, events=4), "control": Result(percent=5.0)}],
)  # fmt: skip
def test_a_number_that_is_not_printed_is_asked_for_by_name(results):
    with pytest.raises(ContractError, match="a count of people"):
        study(results=results).counts()


# Published inputs.


@pytest.mark.parametrize(
    "one", [p for r in reviews() for p in r.pools if p.inputs], ids=lambda one: one.id
)
def test_the_inputs_of_a_published_pool_are_groups_of_the_trials(one):
    found = of_inputs(one.inputs)
    assert len(found) == len(one.inputs)
    assert all(each.people > (0, 0) for each in found)


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"trial": "nobody1999"}, "trial"), ({"outcome": "luck"}, "outcome of murrough2013"),
     ({"treated": ("luck",)}, "ketamine, midazolam")],
)  # fmt: skip
def test_an_input_that_is_not_there_is_refused(changed, said):
    entries = {"trial": "murrough2013", "outcome": "response_madrs_24_h", "treated": ("ketamine",),
               "control": ("midazolam",)}  # fmt: skip
    with pytest.raises(ContractError, match=said):
        of_inputs([Input(**(entries | changed))])


# Questions and windows.


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.id)
def test_a_standing_question_names_windows_and_conditions_that_there_are(one):
    from ketherapy.evidence.conditions import condition

    assert question(one.id) is one
    assert [window(name).id for name in one.windows] == list(one.windows)
    assert [condition(name).id for name in one.conditions] == list(one.conditions)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("measure", list(Measure))
def test_a_measure_must_fit_what_was_counted_or_measured(kind, measure):
    fits = measure in (SHARES if kind in COUNTED else POINTS)
    side = "above" if kind in (Kind.RESPONSE, Kind.ANY_TIME, Kind.REMISSION) else "below"
    if fits:
        assert asked(kind=kind, measure=measure, favourable=side).measure is measure
        return
    with pytest.raises(ValidationError, match="no measure of"):
        asked(kind=kind, measure=measure, favourable=side)


@pytest.mark.parametrize("kind", [Kind.RESPONSE, Kind.REMISSION, Kind.RELAPSE, Kind.EVENT])
def test_the_good_side_of_what_is_counted_is_not_open_to_choice(kind):
    good = "above" if kind in (Kind.RESPONSE, Kind.REMISSION) else "below"
    bad = {"above": "below", "below": "above"}[good]
    with pytest.raises(ValidationError, match="favourable side"):
        asked(kind=kind, favourable=bad)


def test_a_question_that_is_not_there_is_refused():
    with pytest.raises(ContractError, match="one of esketamine"):
        question("luck")
    with pytest.raises(ContractError, match="one of day"):
        window("luck")


@pytest.mark.parametrize(
    ("at", "expected"),
    [(0.1, "day"), (48.0, "day"), (48.1, "week"), (240.0, "week"), (240.1, "month"),
     (1008.0, "month"), (1008.1, "longer")],
)  # fmt: skip
def test_windows_meet_without_a_gap_and_hold_their_end(at, expected):
    assert window_of(at, "").id == expected


def test_every_printed_time_is_held_by_one_window_alone():
    for trial in trials():
        for one in (*trial.outcomes, *trial.contrasts):
            held = [w.id for w in windows() if w.holds(one.at, one.timepoint)]
            assert len(held) == 1, (trial.id, one.id, held)
