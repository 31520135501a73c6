import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats
from scipy.stats.contingency import odds_ratio as conditional

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Counts, Measure
from ketherapy.evidence.synthesis import beta_binomial, hypergeometric_normal, mantel_haenszel

RARE = Counts([0, 3, 1, 4], [40, 60, 35, 80]), Counts([1, 0, 0, 2], [38, 61, 36, 78])
APART = Counts([18, 3, 20], [40, 30, 41]), Counts([4, 9, 8], [38, 31, 40])


def brute(arms, mean, tau):
    """Return the log likelihood with the distribution of scipy and adaptive integration."""
    (a, n1), (c, n2) = (arm.read() for arm in arms)
    total = 0.0
    for x, n, z, m in zip(a, n1, c, n2, strict=True):

        def seen(theta, x=x, n=n, z=z, m=m):
            return stats.nchypergeom_fisher.pmf(x, n + m, n, x + z, math.exp(theta))

        found, _ = integrate.quad(
            lambda t, f=seen: f(t) * stats.norm.pdf(t, mean, tau), mean - 8 * tau, mean + 8 * tau,
            points=[mean], limit=400,
        )  # fmt: skip
        total += math.log(found)
    return total


@pytest.mark.parametrize("arms", [RARE, APART])
def test_the_likelihood_is_that_of_another_route(arms):
    found = hypergeometric_normal(*arms)
    tau = max(found.spread, 1e-3)
    assert found.log_likelihood == pytest.approx(brute(arms, found.estimate, tau), abs=1e-5)


def test_no_place_around_it_is_likelier():
    found = hypergeometric_normal(*APART)
    assert found.spread > 0.3
    for step in (-0.05, 0.05):
        assert brute(APART, found.estimate + step, found.spread) < found.log_likelihood
        assert brute(APART, found.estimate, found.spread + step) < found.log_likelihood


def test_the_ends_of_the_interval_are_less_likely_by_what_the_level_allows():
    found = hypergeometric_normal(*APART)
    for end in (found.low, found.high):
        best = optimize.minimize_scalar(
            lambda tau, at=end: -brute(APART, at, tau), bounds=(0.01, 5.0), method="bounded"
        )
        assert 2.0 * (found.log_likelihood + best.fun) == pytest.approx(3.8415, abs=1e-3)


def test_copies_of_a_table_give_its_conditional_odds_ratio():
    found = hypergeometric_normal(Counts([7] * 3, [30] * 3), Counts([2] * 3, [30] * 3))
    peer = conditional([[7, 2], [23, 28]], kind="conditional").statistic
    assert found.printed[0] == pytest.approx(peer, rel=1e-4)
    assert found.spread == pytest.approx(0.0, abs=1e-3)


def test_a_study_without_events_changes_nothing_and_is_named():
    more = (Counts([*RARE[0].events, 0], [*RARE[0].n, 50]),
            Counts([*RARE[1].events, 0], [*RARE[1].n, 50]))  # fmt: skip
    one, other = hypergeometric_normal(*RARE), hypergeometric_normal(*more)
    assert other.estimate == pytest.approx(one.estimate, abs=1e-9)
    assert other.notes == (
        "study 5 is left out: nobody had the event in either arm: a ratio of nothing to nothing.",
    )


@pytest.mark.parametrize("fit", [hypergeometric_normal, lambda *a: beta_binomial(Measure.OR, *a)])
def test_to_swap_the_arms_turns_the_odds_over(fit):
    one, other = fit(*APART), fit(*APART[::-1])
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-4)
    assert other.low == pytest.approx(-one.high, abs=1e-3)


@pytest.mark.parametrize("measure", [Measure.OR, Measure.RR])
def test_the_beta_binomial_is_that_of_scipy_at_its_highest(measure):
    found = beta_binomial(measure, *APART)
    (a, n1), (c, n2) = (arm.read() for arm in APART)

    def height(x):
        risk0, rho = 1 / (1 + math.exp(-x[1])), 1 / (1 + math.exp(-x[2]))
        risk1 = risk0 * math.exp(x[0])
        if measure is Measure.OR:
            risk1 = 1 / (1 + math.exp(-x[1] - x[0]))
        if not risk1 < 1:
            return math.inf
        size = (1 - rho) / rho
        return -sum(
            stats.betabinom.logpmf(k, n, r * size, (1 - r) * size).sum()
            for k, n, r in ((a, n1, risk1), (c, n2, risk0))
        )

    peer = optimize.minimize(height, [0.5, -1.0, -2.0], method="BFGS")
    assert found.log_likelihood == pytest.approx(-peer.fun, abs=1e-6)
    assert found.estimate == pytest.approx(peer.x[0], abs=1e-3)
    assert found.low < found.estimate < found.high


def test_risks_that_are_all_alike_give_the_ratio_of_the_totals():
    arms = Counts([10, 20, 15], [50, 100, 75]), Counts([5, 10, 8], [50, 100, 80])
    found = beta_binomial(Measure.RR, *arms)
    assert found.printed[0] == pytest.approx(2.0, rel=1e-3)
    assert found.spread < 1e-3
    counted = mantel_haenszel(Measure.RR, *arms)
    assert found.printed[0] == pytest.approx(counted.printed.estimate, rel=0.01)


def test_a_study_without_events_counts_among_beta_binomial_risks():
    more = (Counts([*RARE[0].events, 0], [*RARE[0].n, 50]),
            Counts([*RARE[1].events, 0], [*RARE[1].n, 500]))  # fmt: skip
    assert beta_binomial(Measure.OR, *more).estimate > beta_binomial(Measure.OR, *RARE).estimate


@pytest.mark.parametrize("fit", [hypergeometric_normal, lambda *a: beta_binomial(Measure.OR, *a)])
@pytest.mark.parametrize(
    "arms",
    [
        pytest.param((Counts([0, 0], 20), Counts([1, 2], 20)), id="events in one arm only"),
        pytest.param((Counts(1, 20), Counts(2, 20)), id="one study"),
        pytest.param((Counts(np.ones((2, 2)), 9), Counts(np.ones((2, 2)), 9)), id="two syntheses"),
    ],
)
def test_what_has_no_estimate_is_refused(fit, arms):
    with pytest.raises(ContractError):
        fit(*arms)


def test_other_measures_are_refused():
    with pytest.raises(ContractError, match="OR or RR"):
        beta_binomial(Measure.RD, *APART)


@pytest.mark.parametrize("fit", [hypergeometric_normal, lambda *a: beta_binomial(Measure.OR, *a)])
def test_studies_that_all_point_to_an_endless_ratio_have_no_estimate(fit):
    with pytest.raises(ContractError, match="endless ratio"):
        fit(Counts([20, 20], 20), Counts([0, 1], 20))


def test_an_interval_may_have_no_end_and_tau_may_be_larger_than_was_looked_for():
    found = hypergeometric_normal(Counts([19, 1], 20), Counts([0, 1], 20))
    assert math.isinf(found.high)
    assert math.isinf(found.printed[2])
    assert found.low < 0.0
    apart = hypergeometric_normal(Counts([5, 0], 20), Counts([0, 3], 20))
    assert any("at its largest" in note for note in apart.notes)
