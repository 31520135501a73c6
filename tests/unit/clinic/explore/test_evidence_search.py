"""Filters let through what fits, tell what they do not know, and count nobody twice."""

from functools import cache

import pytest

from clinic.explore import evidence_search as search
from clinic.explore.evidence_search import FIELDS, Filters, Refusal, read
from ketherapy.evidence.conditions import condition
from ketherapy.evidence.questions import questions
from ketherapy.evidence.reviews import reviews
from ketherapy.evidence.trials import condition_of, trial, trials

OFFERED = [(field, one.value) for field, held in search.choices().items() for one in held]


@cache
def found(**entries):
    filters = read(entries)
    assert isinstance(filters, Filters)
    return search.search(filters)


def test_without_a_filter_everything_is_found():
    everything = found()
    assert len(everything.trials) == len(trials())
    assert len(everything.answers) == len(questions())
    assert len(everything.pools) == sum(len(review.pools) for review in reviews())


@pytest.mark.parametrize(("field", "value"), OFFERED)
def test_each_choice_is_accepted_and_narrows(field, value):
    some, everything = found(**{field: value}), found()
    assert {one.id for one in some.trials} <= {one.id for one in everything.trials}
    # A time of baselines and of what was never compared may hold no outcome; the rest hold one.
    assert some.trials or field == "window"


@pytest.mark.parametrize("group", [one.value for one in search.choices()["condition"]])
def test_a_condition_lets_through_its_own_alone(group):
    some = found(condition=group)
    assert {condition_of(trial(one.id)).group for one in some.trials} == {group}
    named = {pool.condition for r in reviews() for pool in r.pools}
    assert {line.condition for line in some.pools} == {
        condition(one).name for one in named if condition(one).group == group
    }


def test_midazolam_does_not_let_saline_through():
    names = {one.control for one in found(control="midazolam").trials}
    assert names == {"Midazolam (felt)"}


def test_the_outcome_chooses_the_questions():
    answers = found(outcome="relapse.depression").answers
    assert answers
    assert {one.kind for one in answers} == {"relapse"}


def test_every_unknown_filter_is_told_at_once():
    refused = read(dict.fromkeys(FIELDS, "nonsense"))
    assert isinstance(refused, Refusal)
    assert [one.field for one in refused.problems] == list(FIELDS)


def test_people_of_a_crossover_are_counted_once():
    assert search.people_of(trial("taylor2018")) == 18  # 18 with ketamine, 17 of them with saline


def test_people_of_parallel_groups_are_added():
    assert search.people_of(trial("murrough2013")) == 47 + 25


def test_a_trial_that_prints_no_number_is_not_counted_as_none():
    everything = found()
    silent = [one for one in everything.trials if one.people is None]
    assert len(silent) == everything.unsaid > 0
