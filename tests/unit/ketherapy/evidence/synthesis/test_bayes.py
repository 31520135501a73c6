import math

import numpy as np
import pytest
from scipy import stats

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.synthesis import (
    Interval,
    Prior,
    Tau2,
    bayes,
    default_prior,
    pool,
    posterior_density,
)
from tests.evidence import alike, effects

CASES = {
    "few alike": ([0.3, 0.5], [0.05, 0.09]),
    "few apart": ([-0.9, 0.1, 1.2], [0.04, 0.02, 0.06]),
    "many": (list(alike(12).y), list(alike(12).v)),
}


def grid(y, v, prior, limit):
    """Return the posterior by brute force: every pair of a mean and a tau, nothing analytic."""
    y, v = np.array(y), np.array(v)
    mu = np.linspace(-8.0, 8.0, 3201)[:, None]
    tau = np.linspace(0.0, 4.0, 1001)
    log = stats.norm.logpdf(mu, prior.mu_mean, prior.mu_sd) + stats.halfnorm.logpdf(
        tau, scale=prior.tau_scale
    )
    for one, variance in zip(y, v, strict=True):
        log = log + stats.norm.logpdf(one, mu, np.sqrt(variance + tau**2))
    p = np.exp(log - log.max())
    p[:, 0] *= 0.5  # the trapezium rule at the end where the density is not 0
    p /= p.sum()
    mean = (p * mu).sum()
    new = (p * stats.norm.cdf(limit, mu, np.maximum(tau, 1e-9))).sum()
    over_tau = p.sum(axis=0)
    return {
        "estimate": mean,
        "sd": math.sqrt((p * (mu - mean) ** 2).sum()),
        "below": p[mu[:, 0] < limit - 1e-6].sum() + 0.5 * p[np.isclose(mu[:, 0], limit)].sum(),
        "new_below": new,
        "tau": np.interp(0.5, np.cumsum(over_tau) - 0.5 * over_tau, tau),
    }


@pytest.mark.parametrize("case", CASES)
def test_the_posterior_is_that_of_brute_force(case):
    y, v = CASES[case]
    prior = Prior(tau_scale=0.5, mu_sd=10.0)
    found = bayes(effects(y, v), prior=prior, mcid=-0.2)
    peer = grid(y, v, prior, -0.2)
    assert found.estimate == pytest.approx(peer["estimate"], abs=1e-4)
    assert found.sd == pytest.approx(peer["sd"], rel=1e-4)
    assert found.p_beyond_mcid == pytest.approx(peer["below"], abs=1e-4)
    assert found.p_new_beyond_mcid == pytest.approx(peer["new_below"], abs=2e-3)
    assert found.tau == pytest.approx(peer["tau"], abs=1e-3)


@pytest.mark.parametrize("case", CASES)
def test_an_interval_holds_what_it_says(case):
    found = bayes(effects(*CASES[case]), level=0.9)
    for mixture, low, high in (
        (found.mean_effect, found.low, found.high),
        (found.new_effect, found.prediction_low, found.prediction_high),
    ):
        ends = [float(mixture.below(np.array([x]))[0]) for x in (low, high)]
        assert ends == pytest.approx([0.05, 0.95], abs=1e-9)
    assert found.prediction_low < found.low < found.high < found.prediction_high


def test_with_a_tiny_tau_and_a_vague_mean_it_is_the_common_effect():
    found = bayes(alike(), prior=Prior(tau_scale=1e-6, mu_sd=1e3))
    wald = pool(alike(), tau2=Tau2.COMMON, interval=Interval.WALD)
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (wald.estimate, wald.low, wald.high), rel=1e-5
    )


def test_a_sure_prior_of_the_mean_is_kept():
    found = bayes(alike(), prior=Prior(tau_scale=0.5, mu_sd=1e-4, mu_mean=2.0))
    assert found.estimate == pytest.approx(2.0, abs=1e-3)


def test_another_unit_is_another_unit():
    y, v = CASES["few apart"]
    one = bayes(effects(y, v), prior=Prior(tau_scale=0.5, mu_sd=10.0))
    other = bayes(
        effects(50.0 * np.array(y), 2500.0 * np.array(v)), prior=Prior(tau_scale=25.0, mu_sd=500.0)
    )
    for field in ("estimate", "low", "high", "tau", "tau_high", "prediction_high"):
        assert getattr(other, field) == pytest.approx(50.0 * getattr(one, field), rel=1e-6)
    assert other.p_above_null == pytest.approx(one.p_above_null)


def test_studies_far_beyond_the_prior_of_tau_are_still_integrated():
    y, v = [-50.0, 0.0, 50.0], [1.0, 1.0, 1.0]
    found = bayes(effects(y, v), prior=Prior(tau_scale=0.5, mu_sd=1e3))
    low, high = (bayes(effects(y, v), prior=Prior(tau_scale=s, mu_sd=1e3)).tau for s in (0.4, 0.6))
    assert low < found.tau < high
    assert found.tau > 3.0  # six scales of the prior out: the studies insist


def test_many_syntheses_at_once_are_those_one_by_one():
    both = [alike(6, seed=1), alike(6, seed=2)]
    together = bayes(effects(np.stack([b.y for b in both]), np.stack([b.v for b in both])))
    for place, alone in enumerate(bayes(one) for one in both):
        for field in ("estimate", "sd", "low", "tau_high", "prediction_high", "p_above_null"):
            assert getattr(together, field)[place] == pytest.approx(getattr(alone, field))


@pytest.mark.parametrize(("mcid", "side"), [(0.8, "below"), (1.25, "above")])
def test_beyond_the_smallest_effect_that_matters_is_away_from_none(mcid, side):
    found = bayes(effects([0.3, 0.5], [0.05, 0.09], Measure.RR), mcid=mcid)
    below = float(found.mean_effect.below(np.array([math.log(mcid)]))[0])
    assert found.p_beyond_mcid == pytest.approx(below if side == "below" else 1.0 - below)


def test_the_prior_is_said_and_without_an_mcid_nothing_is_said_of_it():
    found = bayes(effects([0.3], [0.05]))
    assert found.notes[0] == (
        "Prior: tau half-normal(0.5); mean effect normal(0, SD 10), on the analysis scale."
    )
    assert "prior alone" in found.notes[1]
    assert math.isnan(found.p_beyond_mcid)


@pytest.mark.parametrize("measure", [Measure.MD, Measure.RD, Measure.PLO])
def test_a_measure_with_a_unit_needs_a_scale(measure):
    with pytest.raises(ContractError, match=f"prior scale of tau for {measure}"):
        bayes(effects([0.3, 0.4], [0.05, 0.05], measure))
    assert default_prior(measure, scale=3.0).tau_scale == 3.0


@pytest.mark.parametrize(
    ("measure", "mcid"), [(Measure.SMD, 0.0), (Measure.RR, 1.0), (Measure.RR, -1.0)]
)
def test_no_effect_is_no_effect_that_matters(measure, mcid):
    with pytest.raises(ContractError, match="mcid"):
        bayes(effects([0.3, 0.4], [0.05, 0.05], measure), mcid=mcid)


@pytest.mark.parametrize("field", ["tau_scale", "mu_sd", "mu_mean"])
def test_a_prior_is_made_of_finite_numbers(field):
    with pytest.raises(ContractError, match=f"prior {field}"):
        Prior(**{"tau_scale": 0.5, "mu_sd": 10.0, field: math.nan})


def test_a_drawn_density_holds_everything():
    x = np.linspace(-5.0, 5.0, 4001)
    assert np.trapezoid(posterior_density(bayes(alike()), x), x) == pytest.approx(1.0, abs=1e-6)


def test_one_posterior_is_drawn_at_a_time():
    many = effects(np.zeros((2, 3)), np.ones((2, 3)))
    with pytest.raises(ContractError, match="one synthesis"):
        posterior_density(bayes(many), np.linspace(-1.0, 1.0, 3))
