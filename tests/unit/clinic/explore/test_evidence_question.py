"""A question put together by filters is the standing one where they say the same."""

import pytest

from clinic.explore import evidence_question as question
from clinic.explore.evidence_open import Computed, combined, standing
from clinic.explore.evidence_search import Refusal
from ketherapy.evidence.questions import questions

SPRAY = {
    "condition": "depression", "drug": "esketamine", "control": "placebo spray",
    "outcome": "response.depression", "window": "month", "scale": "MADRS",
}  # fmt: skip


def problems(entries):
    refused = question.read(entries)
    assert isinstance(refused, Refusal)
    return {one.field: one.sentence for one in refused.problems}


def test_it_is_answered_by_the_same_trials_with_the_same_number():
    ours, theirs = combined(SPRAY), standing("esketamine_response_month", {})
    assert isinstance(ours.outcome, Computed)
    assert isinstance(theirs.outcome, Computed)
    one, other = ours.outcome.answer, theirs.outcome.answer
    assert [study.trial for study in one.studies] == [study.trial for study in other.studies]
    assert one.together == other.together
    assert one.absolute == other.absolute


def test_an_outcome_is_needed():
    assert "choose one" in problems({"condition": "depression"})["outcome"]


@pytest.mark.parametrize("field", question.MORE)
def test_words_that_no_trial_prints_are_refused(field):
    assert "no trial" in problems(SPRAY | {field: "nonsense"})[field]


def test_everything_wrong_is_told_at_once():
    told = problems({"condition": "x", "drug": "x", "scale": "x"})
    assert set(told) == {"condition", "drug", "scale", "outcome"}


@pytest.mark.parametrize("outcome", ["score.quality_of_life", "change.memory", "change.pressure"])
def test_nothing_is_pooled_where_the_better_side_is_not_recorded(outcome):
    assert "which side" in problems({"outcome": outcome})["outcome"]


def test_mixed_controls_are_refused_with_ways_to_ask_instead():
    opened = combined({"outcome": "response.depression"})
    assert isinstance(opened.outcome, Computed)
    answer = opened.outcome.answer
    assert answer.together is None
    assert answer.absolute is None
    assert any("not alike" in why for why in answer.refusals)
    assert {"midazolam", "placebo spray"} <= {w.value for w in answer.ways if w.field == "control"}


def test_each_way_narrows_the_question():
    opened = combined({"outcome": "response.depression"})
    assert isinstance(opened.outcome, Computed)
    for way in opened.outcome.answer.ways:
        narrowed = combined({"outcome": "response.depression", way.field: way.value})
        assert isinstance(narrowed.outcome, Computed)
        assert 0 < len(narrowed.outcome.answer.studies) < len(opened.outcome.answer.studies)


def test_different_conditions_together_are_said():
    opened = combined({"outcome": "response.depression", "control": "midazolam"})
    assert isinstance(opened.outcome, Computed)
    assert any("Different conditions" in one for one in opened.outcome.answer.warnings)


@pytest.mark.parametrize("asked", questions(), ids=lambda one: one.id)
def test_every_standing_question_can_be_opened(asked):
    opened = standing(asked.id, {})
    assert opened is not None
    assert isinstance(opened.outcome, Computed)


def test_an_unknown_question_is_none():
    assert standing("nonsense", {}) is None
