"""Analysis of covariance: the same numbers as statsmodels, on the same people."""

import numpy as np
import pytest
import statsmodels.api as sm

from ketherapy.simulation.trial.ancova import ancova

STARTS = np.array([0, 30, 50])
N = 75


def trials(rng, count=6):
    baseline = rng.normal(34.0, 5.0, (count, N))
    change = -10.0 + 0.4 * (baseline - 34.0) + rng.normal(0.0, 9.0, (count, N))
    return change, baseline, rng.random((count, N)) > 0.2


def arms():
    return np.searchsorted(STARTS, np.arange(N), side="right") - 1


def test_every_number_is_that_of_ordinary_least_squares():
    change, baseline, is_rated = trials(np.random.default_rng(1))
    found = ancova(change, baseline, is_rated, starts=STARTS, alpha=0.05)
    for k in range(len(change)):
        there = is_rated[k]
        dummies = [(arms() == arm).astype(float) for arm in (1, 2)]
        x = np.column_stack([np.ones(N), *dummies, baseline[k]])[there]
        peer = sm.OLS(change[k][there], x).fit()
        np.testing.assert_allclose(found.difference[k], peer.params[1:3], rtol=1e-10)
        np.testing.assert_allclose(found.se[k], peer.bse[1:3], rtol=1e-10)
        np.testing.assert_allclose(found.p[k], peer.pvalues[1:3], rtol=1e-9)
        ends = np.stack([found.low[k], found.high[k]], axis=1)
        np.testing.assert_allclose(ends, peer.conf_int(0.05)[1:3], rtol=1e-9)
        assert found.df[k, 0] == peer.df_resid


def test_what_a_missing_person_would_have_scored_moves_nothing():
    change, baseline, is_rated = trials(np.random.default_rng(2))
    other = np.where(is_rated, change, 1e6)
    one, two = (ancova(y, baseline, is_rated, starts=STARTS, alpha=0.05) for y in (change, other))
    np.testing.assert_array_equal(one.difference, two.difference)


def test_an_arm_that_nobody_is_left_in_gives_no_answer():
    change, baseline, is_rated = trials(np.random.default_rng(3), count=1)
    is_rated[:, STARTS[1] : STARTS[2]] = False
    found = ancova(change, baseline, is_rated, starts=STARTS, alpha=0.05)
    assert np.isnan(found.difference[0, 0])
    assert np.isnan(found.p[0, 0])


def test_alpha_is_the_rate_of_false_positives_where_nothing_differs():
    rng = np.random.default_rng(4)
    count, n = 20_000, 20
    baseline = rng.normal(34.0, 5.0, (count, n))
    change = 0.5 * baseline + rng.normal(0.0, 8.0, (count, n))
    full = np.ones((count, n), bool)
    p = ancova(change, baseline, full, starts=np.array([0, 10]), alpha=0.05).p[:, 0]
    for alpha in (0.01, 0.05, 0.2):
        error = np.sqrt(alpha * (1.0 - alpha) / count)
        assert np.mean(p < alpha) == pytest.approx(alpha, abs=4.0 * error)
