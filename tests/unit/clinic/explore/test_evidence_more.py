"""The further looks: they end where the answer is, and are refused where they say nothing."""

from functools import cache

import pytest

from clinic.explore.evidence_belief import Belief
from clinic.explore.evidence_open import Computed, standing

MONTH = "esketamine_response_month"


@cache
def computed(question_id, **entries):
    opened = standing(question_id, entries)
    assert opened is not None
    assert isinstance(opened.outcome, Computed)
    return opened.outcome


def test_the_last_step_by_year_is_the_answer():
    found = computed(MONTH)
    steps, whole = found.more.by_year, found.answer
    assert len(steps) == len(whole.studies)
    assert steps[-1].extent.estimate == pytest.approx(whole.together.extent.estimate)
    assert steps[-1].extent.low == pytest.approx(whole.together.extent.low)
    assert steps[-1].people == sum(whole.people)


def test_the_first_step_is_the_first_trial_alone():
    found = computed(MONTH)
    first = min(found.answer.studies, key=lambda study: (study.year, study.label))
    assert found.more.by_year[0].extent.estimate == pytest.approx(first.effect.estimate)


def test_each_trial_is_left_out_once():
    found = computed(MONTH)
    assert [step.label for step in found.more.one_out] == [
        f"without {study.label}" for study in found.answer.studies
    ]


def test_two_trials_are_too_few_to_leave_one_out():
    assert computed("ketamine_immediate_pain_inert").more.one_out == ()


def test_a_single_trial_has_none_of_them():
    more = computed("ketamine_midazolam_response_day").more
    assert (more.by_year, more.one_out, more.asymmetry) == ((), (), None)
    assert isinstance(more.belief, str)


def test_below_ten_studies_a_funnel_says_little_and_no_test_is_made():
    more = computed(MONTH).more
    assert len(more.funnel) == 3
    assert more.says_little
    assert more.asymmetry is None


def test_the_doses_of_a_trial_share_its_control():
    rows = computed(MONTH).more.doses
    assert [(row.trial, row.dose) for row in rows] == [
        ("transform1", "56 mg"), ("transform1", "84 mg"),
    ]  # fmt: skip
    assert rows[0].effect.estimate == pytest.approx((60 / 111) / (42 / 108))
    assert rows[1].effect.estimate == pytest.approx((52 / 98) / (42 / 108))


def belief(**entries):
    found = computed(MONTH, **entries).more.belief
    assert isinstance(found, Belief)
    return found


def test_more_is_believed_less():
    chances = [belief(beyond=str(limit)).p_beyond for limit in (1.1, 1.3, 1.6, 2.5)]
    assert chances == sorted(chances, reverse=True)
    assert 0.0 < chances[-1] < chances[0] < 1.0


def test_beyond_a_harm_means_below_it():
    assert belief(beyond="0.8").is_below
    assert not belief(beyond="1.2").is_below


def test_the_prior_is_told():
    assert "half-normal(0.5)" in belief().prior
    assert "half-normal(1)" in belief(spread="1").prior


def test_points_need_a_prior_in_points():
    assert "prior in points" in computed("esketamine_change_month").more.belief
    assert isinstance(computed("esketamine_change_month", spread="3").more.belief, Belief)


def test_people_that_are_not_printed_are_not_none():
    found = computed("esketamine_adjusted_month")
    assert {step.people for step in found.more.by_year} == {None}
    assert all(study.people == (None, None) for study in found.answer.studies)
