"""Two libraries of others on the same studies: statsmodels and PyMARE."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from ketherapy.evidence.synthesis import Interval, Tau2, pool
from tests.evidence import effects, studies

with warnings.catch_warnings():  # PyMARE leaves a file of its package open while it is imported
    warnings.simplefilter("ignore", ResourceWarning)
    warnings.simplefilter("ignore", FutureWarning)  # and ArviZ announces its next version
    from pymare import Dataset
    from pymare.estimators import (
        DerSimonianLaird,
        Hedges,
        VarianceBasedLikelihoodEstimator,
    )


def statsmodels(rows, method):
    with warnings.catch_warnings():  # it divides by 0 on the way where effects are all equal
        warnings.simplefilter("ignore", RuntimeWarning)
        if method == "dl":
            return combine_effects(*rows, method_re="dl")
        return combine_effects(*rows, method_re="iterated", atol=1e-8, maxiter=1000)


@given(rows=studies(), method=st.sampled_from([Tau2.DL, Tau2.PM]))
def test_statsmodels_finds_the_same(rows, method):
    peer = statsmodels(rows, {Tau2.DL: "dl", Tau2.PM: "iterated"}[method])
    assume(peer.q > 0.0)
    # A negative estimate it leaves negative; a search that steps below the root it ends at 0.
    assume(peer.tau2 > 0.0 or (method is Tau2.PM and peer.q <= len(rows[0]) - 1))
    wald = pool(effects(*rows), tau2=method, interval=Interval.WALD)
    hksj = pool(effects(*rows), tau2=method, interval=Interval.HKSJ)
    close = {"rel": 1e-9 if method is Tau2.DL else 1e-6, "abs": 1e-9 if method is Tau2.DL else 1e-6}
    assert wald.tau2 == pytest.approx(peer.tau2, **close)
    assert wald.estimate == pytest.approx(peer.mean_effect_re, **close)
    assert wald.se == pytest.approx(peer.sd_eff_w_re, **close)
    assert hksj.se == pytest.approx(peer.sd_eff_w_re_hksj, **close)
    assert pytest.approx(peer.q, rel=1e-9, abs=1e-12) == wald.Q
    assert pytest.approx(100.0 * max(peer.i2, 0.0), rel=1e-9, abs=1e-9) == wald.I2


@given(rows=studies())
def test_statsmodels_finds_the_same_common_effect(rows):
    peer = statsmodels(rows, "dl")
    found = pool(effects(*rows), tau2=Tau2.COMMON, interval=Interval.HKSJ)
    assert found.estimate == pytest.approx(peer.mean_effect_fe, rel=1e-9, abs=1e-12)
    assert found.se == pytest.approx(peer.sd_eff_w_fe_hksj, rel=1e-7, abs=1e-9)


def pymare(estimator, rows):
    y, v = rows
    estimator.fit_dataset(Dataset(y=y[:, None], v=v[:, None]))
    found = estimator.summary()
    stats = found.get_fe_stats()
    return float(np.squeeze(found.tau2)), float(np.squeeze(stats["est"]))


@given(rows=studies())
def test_pymare_finds_the_same_by_moments(rows):
    for method, peer in ((Tau2.DL, DerSimonianLaird()), (Tau2.HE, Hedges())):
        tau2, estimate = pymare(peer, rows)
        found = pool(effects(*rows), tau2=method)
        assert found.tau2 == pytest.approx(tau2, rel=1e-9, abs=1e-12)
        assert found.estimate == pytest.approx(estimate, rel=1e-9, abs=1e-12)


@given(rows=studies(least=3), method=st.sampled_from([Tau2.ML, Tau2.REML]))
def test_pymare_finds_no_likelier_tau2(rows, method):
    """Its search may stop early or at a lower maximum; it never finds a higher one."""
    tau2, estimate = pymare(VarianceBasedLikelihoodEstimator(method=method.name), rows)
    found = pool(effects(*rows), tau2=method)
    ours, theirs = (height(rows, at, method) for at in (found.tau2, max(tau2, 0.0)))
    assert ours >= theirs - 1e-9
    if ours - theirs < 1e-9:  # the same maximum
        assert found.estimate == pytest.approx(estimate, abs=2e-3)


def height(rows, tau2, method):
    y, v = rows
    w = 1.0 / (v + tau2)
    mean = (w * y).sum() / w.sum()
    found = 0.5 * np.log(w).sum() - 0.5 * (w * (y - mean) ** 2).sum()
    return found - 0.5 * np.log(w.sum()) if method is Tau2.REML else found
