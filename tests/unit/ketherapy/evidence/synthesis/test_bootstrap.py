import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.evidence.synthesis import Redraw, Tau2, bootstrap, pool
from tests.evidence import alike, effects


@pytest.mark.parametrize("redraw", Redraw)
def test_the_same_seed_draws_the_same_and_another_another(redraw):
    one, again, other = (bootstrap(alike(), seed=s, draws=300, redraw=redraw) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.estimates, again.estimates)
    assert not np.array_equal(one.estimates, other.estimates)
    assert len(one.estimates) == 300


def test_more_draws_begin_with_fewer():
    few, many = (bootstrap(alike(), seed=1, draws=n) for n in (200, 1500))
    np.testing.assert_array_equal(many.estimates[:200], few.estimates)


def test_effects_drawn_from_the_fit_spread_as_its_error_says():
    """With a common effect the pooled effect of a draw is normal with the Wald error, exactly."""
    found = bootstrap(alike(), seed=3, draws=20_000, tau2=Tau2.COMMON)
    pooled = pool(alike(), tau2=Tau2.COMMON)
    wald = 1.0 / np.sqrt((1.0 / alike().v).sum())
    assert found.estimates.mean() == pytest.approx(pooled.estimate, abs=4 * wald / 20_000**0.5)
    assert found.estimates.std() == pytest.approx(wald, rel=0.02)
    assert found.high - found.low == pytest.approx(2 * 1.96 * wald, rel=0.03)


def test_studies_drawn_again_stay_within_those_there_are():
    every = alike()
    found = bootstrap(every, seed=3, draws=500, redraw=Redraw.STUDIES)
    assert every.y.min() <= found.estimates.min() <= found.estimates.max() <= every.y.max()


def test_progress_is_told_to_the_last_draw():
    told = []
    bootstrap(alike(), seed=1, draws=2500, progress=lambda *done: told.append(done))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


@pytest.mark.parametrize(
    ("every", "draws"),
    [(alike(2), 200), (effects(np.zeros((2, 4)), np.ones((2, 4))), 200), (alike(), 99)],
)
def test_what_cannot_be_drawn_is_refused(every, draws):
    with pytest.raises(ContractError):
        bootstrap(every, seed=1, draws=draws)
