"""Mood in a kind of trial: placebo, trials that differ, and people around their mean."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.simulation.effects import mood

EFFECT = catalog.effect("mood")
SETTINGS = pytest.mark.parametrize("setting", EFFECT.settings.values(), ids=list(EFFECT.settings))


def typical() -> Mood:
    found = catalog.structure(EFFECT, catalog.typical(EFFECT))
    assert isinstance(found, Mood)
    return found


@SETTINGS
def test_placebo_begins_at_nothing_and_ends_at_its_shares(setting):
    t = np.array([0.0, 1e6])
    found = mood.placebo(t, setting=setting, mood=typical())
    assert found[0] == 0.0
    assert found[1] == pytest.approx(setting.p1.value + setting.p2.value, rel=1e-6)


@SETTINGS
def test_an_overshoot_passes(setting):
    t = np.array([2.0, 24.0, 240.0])
    plain = replace(setting, overshoot=None, overshoot_tau=None)
    over = mood.placebo(t, setting=setting, mood=typical())
    less = mood.placebo(t, setting=plain, mood=typical())
    if setting.overshoot is None:
        np.testing.assert_array_equal(over, less)
    else:
        assert over[0] > less[0]
        assert over[2] == pytest.approx(less[2], rel=1e-9)


def test_trials_have_each_their_own_quick_share():
    setting = EFFECT.settings["midazolam"]
    p1 = np.array([0.1, 0.3])
    found = mood.placebo(np.array([0.0, 100.0]), setting=setting, mood=typical(), p1=p1)
    assert found.shape == (2, 2)
    assert found[1, 1] - found[0, 1] == pytest.approx(0.2, rel=1e-6)


@given(mean=st.floats(0.01, 0.95), u=st.floats(-4.0, 4.0), tau=st.floats(0.0, 1.5))
def test_trials_differ_around_the_typical_share(mean, u, tau):
    found = float(mood.between_trials(mean, tau=tau, u=np.array([u]))[0])
    assert 0.0 < found < 1.0
    odds = found / (1.0 - found) * (1.0 - mean) / mean
    assert np.log(odds) == pytest.approx(tau * u, abs=1e-6)


def test_the_score_that_is_left_is_sub_additive():
    """Two shares of a half leave a quarter."""
    left = mood.scores(np.array([40.0]), np.array([0.5]), np.array([0.5]))
    assert left[0] == pytest.approx(10.0)


def test_people_alike_have_the_mean_itself():
    found = mood.shares(np.array([0.2, 0.7]), 0.0, np.array([[1.0], [-2.0]]))
    np.testing.assert_array_equal(found, [[0.2, 0.7], [0.2, 0.7]])


@given(mean=st.floats(0.001, 0.99), omega=st.floats(0.1, 3.5))
def test_the_median_person_lies_farther_out_than_the_mean(mean, omega):
    median = 1.0 / (1.0 + np.exp(-mood.median_logit(np.array([mean]), omega)))[0]
    assert (median - mean) * (mean - 0.5) >= -1e-9


def test_a_share_of_nothing_or_all_is_that_for_everybody():
    z = np.array([[-2.0], [3.0]])
    found = mood.shares(np.array([0.0, 1.0]), 2.0, z)
    np.testing.assert_array_equal(found, [[0.0, 1.0], [0.0, 1.0]])
