"""The repeated-measures model: against likelihoods written out, and against what must hold."""

import numpy as np
import pytest
from scipy import optimize

from ketherapy.simulation.trial.ancova import ancova
from ketherapy.simulation.trial.mmrm import mmrm

STARTS, N, V = np.array([0, 25]), 55, 3


def trials(rng, count=3, visits=V):
    root = np.linalg.cholesky(0.6 * np.ones((visits, visits)) + 0.4 * np.eye(visits)) * 8.0
    baseline = rng.normal(34.0, 5.0, (count, N))
    change = (
        -8.0 + 0.3 * (baseline - 34.0)[..., None] + rng.normal(size=(count, N, visits)) @ root.T
    )
    change[:, STARTS[1] :] -= np.linspace(1.0, 4.0, visits)
    stays = np.arange(visits) < rng.exponential(2.5 * visits, (count, N))[..., None]
    return change, baseline, stays & (rng.random((count, N, visits)) > 0.05)


def fit(change, baseline, is_rated, at=V - 1):
    return mmrm(change, baseline, is_rated, starts=STARTS, at=at, alpha=0.05)


@pytest.mark.parametrize("at", range(V))
def test_with_nothing_missing_it_is_the_covariance_analysis_of_each_visit(at):
    change, baseline, _ = trials(np.random.default_rng(1))
    full = np.ones(change.shape, bool)
    found = fit(change, baseline, full, at)
    other = ancova(change[..., at], baseline, full[..., at], starts=STARTS, alpha=0.05)
    assert found.has_converged.all()
    for name in ("difference", "se", "df", "low", "high", "p"):
        np.testing.assert_allclose(
            getattr(found.contrast, name), getattr(other, name), rtol=1e-7, err_msg=name
        )


def minus_restricted(root, change, baseline, is_rated):
    """Return minus the restricted log likelihood, and the means, person by person."""
    L = np.zeros((V, V))
    L[np.tril_indices(V)] = root
    Sigma = L @ L.T
    arm = (np.arange(N) >= STARTS[1]).astype(float)
    information, right, whole, fixed = np.zeros((3 * V, 3 * V)), np.zeros(3 * V), 0.0, 0.0
    for i in range(N):
        there = is_rated[i]
        X = np.kron(np.array([1.0, arm[i], baseline[i] - 34.0]), np.eye(V))[there]
        S = Sigma[np.ix_(there, there)]
        W, y = np.linalg.inv(S), change[i][there]
        information += X.T @ W @ X
        right += X.T @ W @ y
        whole += y @ W @ y
        fixed += np.linalg.slogdet(S)[1]
    beta = np.linalg.solve(information, right)
    value = 0.5 * (fixed + np.linalg.slogdet(information)[1] + whole - right @ beta)
    return value, beta, information


def test_with_ratings_missing_it_is_the_top_of_the_restricted_likelihood():
    change, baseline, is_rated = trials(np.random.default_rng(2), count=1)
    found = fit(change, baseline, is_rated)
    start = np.linalg.cholesky(found.Sigma[0] * 1.3 + np.eye(V))[np.tril_indices(V)]
    one = (change[0], baseline[0], is_rated[0])
    top = optimize.minimize(
        lambda x: minus_restricted(x, *one)[0], start, method="BFGS", options={"gtol": 1e-7}
    )
    ours = np.linalg.cholesky(found.Sigma[0])[np.tril_indices(V)]
    value, beta, information = minus_restricted(ours, *one)
    assert value <= top.fun + 1e-9  # the peer climbed no higher
    _, peer, _ = minus_restricted(top.x, *one)
    place = V + (V - 1)  # the arm, at the last visit
    assert found.contrast.difference[0, 0] == pytest.approx(peer[place], rel=1e-5)
    assert found.contrast.difference[0, 0] == pytest.approx(beta[place], rel=1e-9)
    se = np.sqrt(np.linalg.inv(information)[place, place])
    assert found.contrast.se[0, 0] == pytest.approx(se, rel=1e-9)


def test_both_ways_of_climbing_come_to_the_same_top(monkeypatch):
    change, baseline, is_rated = trials(np.random.default_rng(3))
    scored = fit(change, baseline, is_rated)
    monkeypatch.setattr("ketherapy.simulation.trial.mmrm._SCORED", 0)
    expected = fit(change, baseline, is_rated)
    np.testing.assert_allclose(scored.Sigma, expected.Sigma, rtol=1e-5, atol=1e-6)


def test_degrees_of_freedom_lie_between_those_who_stayed_and_all():
    change, baseline, is_rated = trials(np.random.default_rng(4))
    df = fit(change, baseline, is_rated).contrast.df[:, 0]
    stayed = is_rated[..., -1].sum(axis=1) - 3
    assert np.all((df > 0.95 * stayed) & (df < N - 3))


def test_a_trial_does_not_depend_on_those_beside_it():
    change, baseline, is_rated = trials(np.random.default_rng(5))
    together = fit(change, baseline, is_rated).contrast.difference
    for k in range(len(change)):
        some = slice(k, k + 1)
        alone = fit(change[some], baseline[some], is_rated[some]).contrast.difference
        np.testing.assert_allclose(together[some], alone, rtol=1e-7)


def test_a_trial_that_lost_an_arm_gives_no_answer_and_spoils_no_other():
    change, baseline, is_rated = trials(np.random.default_rng(6))
    is_rated[1, STARTS[1] :, -1] = False
    found = fit(change, baseline, is_rated)
    np.testing.assert_array_equal(found.has_converged, [True, False, True])
    assert np.isnan(found.contrast.difference[1, 0])
    assert np.isfinite(found.contrast.difference[[0, 2], 0]).all()


def test_where_no_trial_can_be_fitted_none_gives_an_answer():
    change, baseline, is_rated = trials(np.random.default_rng(7))
    is_rated[:, STARTS[1] :, -1] = False
    found = fit(change, baseline, is_rated)
    assert not found.has_converged.any()
    assert np.isnan(found.contrast.difference).all()
    assert np.isnan(found.contrast.df).all()
