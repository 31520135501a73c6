import numpy as np
import pytest

from ketherapy.calibration.mood import fit
from ketherapy.calibration.mood.trials import trials
from ketherapy.errors import ContractError


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"chains": 0}])
def test_no_draws_and_no_chains_are_refused(wrong):
    with pytest.raises(ContractError, match="1 or more"):
        fit.Sampling(**wrong)


def test_draws_come_back_as_they_were_written(tmp_path):
    draws = {"Dmax": np.array([0.25, 0.3]), "p1.midazolam": np.array([0.2, 0.275])}
    fit.write_draws(draws, tmp_path / "draws.csv")
    back = fit.read_draws(tmp_path / "draws.csv")
    assert list(back) == list(draws)
    for name, drawn in draws.items():
        np.testing.assert_allclose(back[name], drawn, rtol=1e-6)


@pytest.mark.slow
def test_a_fit_finds_again_what_made_the_data():
    # Means of two trials with a hundred times as many people, exactly as known numbers give them:
    # a drug part of 0.30 at a day, placebo parts of 0.30 and 0.16.
    changed = tuple(
        _said(trial, p, R=0.30)
        for trial in trials()
        for p in {"murrough2013": [0.30]}.get(trial.id, [])
    )
    how = fit.Sampling(draws=300, chains=2, seed=1)
    found = fit.sample(changed, how)
    one = {estimate.name: estimate for estimate in fit.estimates(found)}
    assert found.divergences < 0.05 * how.total  # one trial alone leaves a funnel
    assert one["p1.midazolam"].low < 0.30 < one["p1.midazolam"].high
    assert all(estimate.r_hat < 1.05 for estimate in one.values())


def _said(trial, p, *, R):
    """Return the trial with the means that these parts give, in many more people."""
    arms = {
        key: arm._replace(
            n=arm.n * 100, mean=32.0 * ((1 - p) * (1 - (R if arm.regimen else 0.0)) - 1) + 0 * arm.t
        )
        for key, arm in trial.arms.items()
    }
    return trial._replace(arms=arms)
