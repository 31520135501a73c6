import warnings

import numpy as np
import pytest
import statsmodels.api as sm

from ketherapy.errors import ContractError
from ketherapy.evidence.synthesis import Interval, Tau2, meta_regression, pool
from tests.evidence import alike, effects

with warnings.catch_warnings():  # PyMARE leaves a file of its package open while it is imported
    warnings.simplefilter("ignore", ResourceWarning)
    warnings.simplefilter("ignore", FutureWarning)  # and ArviZ announces its next version
    from pymare import Dataset
    from pymare.estimators import VarianceBasedLikelihoodEstimator

DOSE = np.array([0.1, 0.2, 0.5, 0.5, 0.5, 0.75, 1.0, 0.2, 0.5, 1.0])


def studies(seed=3, spread=0.3):
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.02, 0.2, len(DOSE))
    return effects(rng.normal(-0.2 - 0.8 * DOSE, np.sqrt(v + spread**2)), v)


@pytest.mark.parametrize("seed", range(5))
def test_the_line_is_that_of_weighted_least_squares_at_its_tau2(seed):
    found = meta_regression(studies(seed), {"dose": DOSE}, interval=Interval.HKSJ)
    X = sm.add_constant(DOSE)
    peer = sm.WLS(studies(seed).y, X, weights=1.0 / (studies(seed).v + found.tau2)).fit()
    np.testing.assert_allclose(found.estimate, peer.params, rtol=1e-9)
    np.testing.assert_allclose(found.se, peer.bse, rtol=1e-9)
    np.testing.assert_allclose(found.p, peer.pvalues, rtol=1e-8)
    np.testing.assert_allclose(np.stack([found.low, found.high], 1), peer.conf_int(), rtol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_pymare_finds_no_likelier_tau2_and_about_the_same_line(seed):
    every = studies(seed)
    found = meta_regression(every, {"dose": DOSE}, interval=Interval.WALD)
    peer = VarianceBasedLikelihoodEstimator(method="REML")
    peer.fit_dataset(
        Dataset(y=every.y[:, None], v=every.v[:, None], X=DOSE[:, None], X_names=["dose"])
    )
    theirs = peer.summary()
    assert found.tau2 == pytest.approx(float(np.squeeze(theirs.tau2)), rel=1e-3, abs=1e-4)
    line = np.squeeze(theirs.get_fe_stats()["est"])
    np.testing.assert_allclose(found.estimate, line, rtol=1e-3, atol=1e-3)


def test_a_covariate_around_0_that_says_nothing_leaves_the_pooled_tau2():
    """Effects in pairs, one at -1 and one at 1: no slope, and REML of the pairs as pooled."""
    y, v = np.repeat([0.1, 0.9, 0.4, -0.3], 2), np.repeat(0.05, 8)
    found = meta_regression(effects(y, v), {"x": np.tile([-1.0, 1.0], 4)}, interval=Interval.WALD)
    assert found.estimate[1] == pytest.approx(0.0, abs=1e-12)
    assert found.estimate[0] == pytest.approx(pool(effects(y, v), tau2=Tau2.REML).estimate)


def test_another_unit_of_the_covariate_is_another_unit_of_the_slope():
    one, other = (meta_regression(studies(), {"dose": by * DOSE}) for by in (1.0, 1000.0))
    assert other.estimate[1] * 1000.0 == pytest.approx(one.estimate[1])
    assert other.p[1] == pytest.approx(one.p[1])
    assert other.tau2 == pytest.approx(one.tau2)


def test_many_regressions_at_once_are_those_one_by_one():
    both = [studies(seed) for seed in (1, 2)]
    many = effects(np.stack([s.y for s in both]), np.stack([s.v for s in both]))
    together = meta_regression(many, {"dose": DOSE})
    for place, alone in enumerate(meta_regression(one, {"dose": DOSE}) for one in both):
        np.testing.assert_allclose(together.estimate[place], alone.estimate, rtol=1e-9)
        np.testing.assert_allclose(together.se[place], alone.se, rtol=1e-9)


@pytest.mark.parametrize(
    ("covariates", "said"),
    [
        pytest.param({}, "studies", id="none"),
        pytest.param({"x": np.ones(5)}, "covariates", id="the same everywhere"),
        pytest.param({"x": np.array([1, 2, 3, 4, np.nan])}, "covariate x", id="unknown"),
        pytest.param({"x": np.arange(4.0)}, "covariate x", id="too few values"),
        pytest.param({"x": np.arange(5.0), "y": 2 * np.arange(5.0)}, "covariates", id="twice"),
        pytest.param({"x": np.arange(5.0), "y": np.ones(5), "z": np.ones(5)}, "6", id="too many"),
    ],
)
def test_what_no_line_can_be_drawn_through_is_refused(covariates, said):
    with pytest.raises(ContractError, match=said):
        meta_regression(alike(5), covariates)
