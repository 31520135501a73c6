"""Shares of a hundred: Newcombe's interval, and when one pair of shares would mislead."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.evidence.analysis import answer
from ketherapy.evidence.effects import Counts, Measure
from ketherapy.evidence.questions import question
from ketherapy.evidence.shares import applied, of_one

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from statsmodels.stats.proportion import confint_proportions_2indep


@given(n1=st.integers(2, 300), n2=st.integers(2, 300), data=st.data())
def test_newcombes_interval_is_that_of_statsmodels(n1, n2, data):
    a, c = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    found = of_one(Counts(a, n1), Counts(c, n2))
    low, high = confint_proportions_2indep(a, n1, c, n2, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx((100.0 * low, 100.0 * high), abs=1e-9)


@given(n1=st.integers(2, 60), n2=st.integers(2, 60), data=st.data())
def test_the_interval_holds_the_difference_and_stays_within_everybody(n1, n2, data):
    a, c = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    found = of_one(Counts(a, n1), Counts(c, n2))
    assert -100.0 - 1e-9 <= found.low <= found.difference + 1e-9
    assert found.difference - 1e-9 <= found.high <= 100.0 + 1e-9


def test_nobody_in_the_control_group_is_no_certain_nothing():
    found = of_one(Counts(4, 8), Counts(0, 7))  # the OCD pilot
    assert found.low < 10.0  # a variance of nothing on that side would give 15


@pytest.mark.parametrize(
    ("base", "effect", "measure", "share"),
    [
        (0.5, 0.0, Measure.RR, 0.5),
        (0.5, 0.6931471805599453, Measure.RR, 1.0),
        (0.5, 0.7, Measure.RR, None),  # beyond everybody: not told, and not cut off
        (0.5, 0.0, Measure.OR, 0.5),
        (0.25, 1.0986122886681098, Measure.OR, 0.5),
        (0.3, 0.2, Measure.RD, 0.5),
        (0.3, -0.4, Measure.RD, None),
    ],
)
def test_a_share_follows_from_a_control_share_and_an_effect(base, effect, measure, share):
    found = applied(base, effect, measure)
    assert found == (None if share is None else pytest.approx(share))


def test_of_several_trials_the_control_share_is_the_median_of_theirs():
    found = answer(question("esketamine_response_month")).absolute  # 42/108, 52/100 and 8/60
    assert found is not None
    assert found.control == pytest.approx(100.0 * 42 / 108)


def test_the_note_on_the_anaesthesia_trial_is_what_its_numbers_say():
    from ketherapy.evidence.trials import trial

    later = {
        outcome.timepoint: outcome.results
        for outcome in trial("lii2023").outcomes
        if outcome.kind == "response" and outcome.timepoint != "day 1"
    }
    assert set(later) == {"day 2", "day 3", "day 5", "day 7", "day 14"}
    for results in later.values():
        treated, control = results["ketamine"], results["saline"]
        assert treated.events / treated.n <= control.events / control.n
    assert "no later day" in question("ketamine_asleep_response_day").note
