from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from ketherapy.calibration.mood import likelihood, moments
from ketherapy.calibration.mood.evidence import effect_size, evidence
from ketherapy.calibration.mood.trials import trials
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import observed
from ketherapy.simulation import solve

SPREAD = likelihood.Spread(2.0, 1.5, 4.0)


def drawn(mean, omega, z):
    """Return the shares of people with these deviates, their mean being ``mean``."""
    with solve.precision():
        import jax.numpy as jnp

        at_nodes = np.asarray(moments.shares(jnp.asarray(mean), omega))
    nodes, _ = moments.rule()
    loc = np.log(at_nodes / (1 - at_nodes))[:, 20] - omega * nodes[20]
    return 1.0 / (1.0 + np.exp(-(loc[:, None] + omega * z)))


def test_the_covariance_of_an_arm_is_that_of_people_who_keep_their_deviates():
    rng = np.random.default_rng(2)
    p, R = np.array([0.2, 0.25]), np.array([0.3, 0.1])
    with solve.precision():
        import jax.numpy as jnp

        found = likelihood.people({"arm": jnp.asarray(p)}, {"arm": jnp.asarray(R)}, SPREAD)["arm"]
    z_p, z_D = rng.standard_normal((2, 400_000))
    left = (1 - drawn(p, 2.0, z_p)) * (1 - drawn(R, 1.5, z_D))
    np.testing.assert_allclose(found.left, left.mean(axis=1), rtol=0.005)
    np.testing.assert_allclose(found.spread, np.cov(left), rtol=0.02)


def arms(trial, p, R):
    with solve.precision():
        import jax.numpy as jnp

        placebo = {key: jnp.full(len(arm.t), p) for key, arm in trial.arms.items()}
        drug = {key: jnp.full(len(arm.t), R) for key, arm in trial.arms.items() if arm.regimen}
        return likelihood.people(placebo, drug, SPREAD)


def likely(trial, people):
    with solve.precision():
        found = likelihood.pieces(trial, people, M0=32.0, M0_sd=5.0, sigma=4.0)
        return float(likelihood.log_likelihood(found))


@pytest.mark.parametrize("wrong", [(0.6, 0.33), (0.275, 0.01)], ids=["placebo", "drug"])
def test_parts_that_give_the_printed_means_are_likelier_than_others(wrong):
    murrough = next(trial for trial in trials() if trial.id == "murrough2013")
    right = (8.8 / 32.0, 1.0 - (32.0 - 16.5) / (32.0 - 8.8))
    assert likely(murrough, arms(murrough, *right)) > likely(murrough, arms(murrough, *wrong)) + 2.0


def test_every_printed_number_counts():
    for trial in trials():
        people = arms(trial, 0.25, 0.2)
        base = likely(trial, people)
        for key, arm in trial.arms.items():
            for k in range(len(arm.mean)):
                mean = arm.mean.copy()
                mean[k] += 3.0
                changed = trial._replace(arms={**trial.arms, key: arm._replace(mean=mean)})
                assert likely(changed, people) != base


def test_pools_are_most_likely_where_the_effect_lasts_a_week_and_no_longer():
    # Kishimoto 2016: 1.00 at a day, SE 0.14; Xu 2016: 24 % v 6 % at a week, as an effect size 0.88
    pool = evidence().duration

    def likely(week, later):
        with solve.precision():
            response = np.array([0.2, 0.2 * week, 0.2 * later, 0.2 * week])
            return float(likelihood.log_duration(pool, response))

    lasting, brief, endless = likely(0.6, 0.1), likely(0.1, 0.01), likely(0.9, 0.8)
    assert lasting > brief + 3.0
    assert lasting > endless + 3.0
    bar, odds = norm.ppf(0.975), np.log((24 / 76) / (6 / 94)) * np.sqrt(3) / np.pi
    by_hand = norm.cdf(0.6 / 0.14 - bar) * norm.cdf(bar - 0.1 / 0.14) * norm.pdf(odds, 0.6, 0.38)
    assert lasting == pytest.approx(np.log(by_hand))


@pytest.mark.parametrize("share", [0.0, 100.0, None])
def test_shares_without_odds_are_refused(share, monkeypatch):
    late = evidence().duration.late
    rows = {late.drug: replace(observed.row(late.drug), mean=share)}
    monkeypatch.setattr(observed, "row", lambda key, real=observed.row: rows.get(key) or real(key))
    with pytest.raises(ContractError, match="two shares between 0 and 100 %"):
        effect_size(late)
