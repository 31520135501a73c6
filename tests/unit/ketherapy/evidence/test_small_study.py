import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from ketherapy.errors import ContractError
from ketherapy.evidence.bias import Side, begg, egger, peters, trim_and_fill
from ketherapy.evidence.effects import Counts, odds_ratio
from ketherapy.evidence.synthesis import pool
from tests.evidence import alike, effects


@pytest.mark.parametrize("seed", range(4))
def test_egger_is_the_intercept_of_ordinary_least_squares(seed):
    every = alike(14, seed)
    se = np.sqrt(every.v)
    peer = sm.OLS(every.y / se, sm.add_constant(1.0 / se)).fit()
    found = egger(every)
    assert found.statistic == pytest.approx(peer.params[0])
    assert found.se == pytest.approx(peer.bse[0])
    assert found.p == pytest.approx(peer.pvalues[0])


@pytest.mark.parametrize("seed", range(4))
def test_begg_is_kendalls_tau_of_scipy(seed):
    every = alike(14, seed)
    w = 1.0 / every.v
    common = (w * every.y).sum() / w.sum()
    z = (every.y - common) / np.sqrt(every.v - 1.0 / w.sum())
    peer = stats.kendalltau(z, every.v, method="asymptotic")
    found = begg(every)
    assert found.statistic == pytest.approx(peer.statistic)
    assert found.p == pytest.approx(peer.pvalue)


def test_equal_variances_are_said():
    every = alike(12)
    assert "Equal variances" not in begg(every).notes[0]
    assert "Equal variances" in begg(effects(every.y, np.r_[every.v[:6], every.v[:6]])).notes[0]


def counts(seed=2, k=12):
    rng = np.random.default_rng(seed)
    n = rng.integers(20, 200, k)
    return Counts(rng.binomial(n, 0.4), n), Counts(rng.binomial(n, 0.25), n)


@pytest.mark.parametrize("seed", range(4))
def test_peters_is_the_slope_of_weighted_least_squares(seed):
    treated, control = counts(seed)
    (a, n1), (c, n2) = treated.read(), control.read()
    m, n = a + c, n1 + n2
    y = odds_ratio(treated, control).y
    peer = sm.WLS(y, sm.add_constant(1.0 / n), weights=1.0 / (1.0 / m + 1.0 / (n - m))).fit()
    found = peters(treated, control)
    assert found.statistic == pytest.approx(peer.params[1], rel=1e-6)
    assert found.p == pytest.approx(peer.pvalues[1], rel=1e-6)


def test_many_at_once_are_those_one_by_one():
    both = [alike(12, 1), alike(12, 2)]
    many = effects(np.stack([b.y for b in both]), np.stack([b.v for b in both]))
    for check in (egger, begg):
        np.testing.assert_allclose(check(many).p, [check(one).p for one in both])


@pytest.mark.parametrize("check", [egger, begg, lambda e: trim_and_fill(e, side=Side.BELOW)])
def test_below_ten_studies_nothing_is_checked(check):
    with pytest.raises(ContractError, match="at least 10 for a small-study check"):
        check(alike(9))
    check(alike(10))


def test_below_ten_trials_peters_is_refused_and_so_is_a_silent_one():
    with pytest.raises(ContractError, match="at least 10"):
        peters(*counts(k=9))
    (a, n1), (c, n2) = (arm.read() for arm in counts(k=12))
    a[0] = c[0] = 0
    with pytest.raises(ContractError, match="events of study 1"):
        peters(Counts(a, n1), Counts(c, n2))


def test_studies_of_one_size_have_no_small_ones():
    with pytest.raises(ContractError, match="more than one size"):
        egger(effects(alike(12).y, np.full(12, 0.1)))


def funnel():
    """Return an even funnel around 0.3: each study has its mirror image."""
    away, v = np.array([0.0, 0.1, 0.3, 0.5, 0.8, 1.1, 1.5]), np.linspace(0.02, 0.5, 7)
    return np.r_[0.3 + away, 0.3 - away[1:]], np.r_[v, v[1:]]


def test_an_even_funnel_lacks_nothing():
    for side in Side:
        found = trim_and_fill(effects(*funnel()), side=side)
        assert found.missing == 0
        assert found.pooled.k == 13


@pytest.mark.parametrize("side", Side)
def test_of_what_was_cut_off_most_is_filled_in_about_where_it_was(side):
    y, v = funnel()
    kept = np.argsort(y if side is Side.BELOW else -y)[3:]
    cut = effects(y[kept], v[kept])
    found = trim_and_fill(cut, side=side)
    assert found.missing in (2, 3)  # of 3
    assert found.effects.labels[-1].startswith("image of study")
    assert abs(found.pooled.estimate - 0.3) < abs(pool(cut).estimate - 0.3)
    images = found.effects.y[-found.missing :]
    assert (images < 0.3).all() if side is Side.BELOW else (images > 0.3).all()


def test_to_turn_the_sign_turns_the_side():
    y, v = funnel()
    kept = np.argsort(y)[3:]
    one = trim_and_fill(effects(y[kept], v[kept]), side=Side.BELOW)
    other = trim_and_fill(effects(-y[kept], v[kept]), side=Side.ABOVE)
    assert other.missing == one.missing
    assert other.pooled.estimate == pytest.approx(-one.pooled.estimate)


def test_one_funnel_is_filled_at_a_time():
    many = effects(np.zeros((2, 10)), np.ones((2, 10)))
    with pytest.raises(ContractError, match="one synthesis"):
        trim_and_fill(many, side=Side.ABOVE)
