import math

import numpy as np
import pytest
from scipy import stats

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import Counts, Measure, generic, risk_ratio
from ketherapy.evidence.synthesis import Interval, Prediction, Tau2, pool
from tests.evidence import alike, effects

Z = 1.959963984540054


def test_a_single_study_is_itself():
    found = pool(effects([0.4], [0.09]), tau2=Tau2.COMMON, interval=Interval.WALD)
    assert (found.estimate, found.se, found.k) == pytest.approx((0.4, 0.3, 1))
    assert (found.low, found.high) == pytest.approx((0.4 - 0.3 * Z, 0.4 + 0.3 * Z))
    assert math.isnan(found.I2)
    assert math.isnan(found.p_Q)
    assert any("single study" in note for note in found.notes)


@pytest.mark.parametrize("method", [method for method in Tau2 if method is not Tau2.COMMON])
def test_a_single_study_tells_no_spread_between_studies(method):
    with pytest.raises(ContractError, match=r"study 1 alone.*Tau2.COMMON with Interval.WALD"):
        pool(effects([0.4], [0.09]), tau2=method, interval=Interval.WALD)


@pytest.mark.parametrize("interval", [Interval.HKSJ, Interval.HKSJ_MODIFIED])
def test_a_single_study_has_no_interval_of_hartung_and_knapp(interval):
    with pytest.raises(ContractError, match="at least 2"):
        pool(effects([0.4], [0.09]), tau2=Tau2.COMMON, interval=interval)


@pytest.mark.parametrize(
    ("prediction", "k", "told"),
    [
        (Prediction.K_MINUS_2, 2, False),
        (Prediction.K_MINUS_2, 3, True),
        (Prediction.K_MINUS_1, 2, False),
        (Prediction.K_MINUS_1, 3, True),
    ],
)
def test_a_prediction_interval_that_cannot_be_told_has_a_reason(prediction, k, told):
    found = pool(alike(k), prediction=prediction)
    assert math.isnan(found.prediction_low) is not told
    assert any("No prediction interval" in note for note in found.notes) is not told


def test_no_prediction_interval_is_asked_for_and_none_is_excused():
    found = pool(alike(5), prediction=Prediction.NONE)
    assert math.isnan(found.prediction_low)
    assert found.notes == ()


def test_the_modified_interval_of_equal_effects_is_not_a_point():
    equal = effects([0.3, 0.3, 0.3], [0.1, 0.2, 0.3])
    plain, modified = (pool(equal, interval=i) for i in (Interval.HKSJ, Interval.HKSJ_MODIFIED))
    assert plain.se < 1e-8
    assert modified.se == pytest.approx(pool(equal, interval=Interval.WALD).se)
    assert any("narrower" in note for note in plain.notes)


def test_a_ratio_is_printed_as_one():
    found = pool(risk_ratio(Counts([10, 20], 30), Counts([5, 10], 30)), interval=Interval.WALD)
    assert found.printed.estimate == pytest.approx(2.0)
    assert found.printed.low == pytest.approx(math.exp(found.low))


def test_a_proportion_is_compared_with_nothing():
    found = pool(generic(Measure.PLO, [0.4, 0.5], se=[0.2, 0.2]))
    assert math.isnan(found.p)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, math.nan])
def test_a_level_is_a_fraction(level):
    with pytest.raises(ContractError, match="level"):
        pool(alike(), level=level)


def test_a_higher_level_is_wider():
    low, high = (pool(alike(), level=level) for level in (0.8, 0.99))
    assert high.low < low.low < low.high < high.high
    assert high.tau2_high > low.tau2_high


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_at_the_ends_of_its_interval_tau2_makes_Q_a_quantile_of_chi2(level):
    every = effects([-0.9, 0.1, 1.2, 0.4, 2.0], [0.04, 0.02, 0.06, 0.05, 0.03])
    found = pool(every, level=level)
    assert 0.0 < found.tau2_low < found.tau2 < found.tau2_high
    for tau2, tail in ((found.tau2_low, 0.5 + level / 2.0), (found.tau2_high, 0.5 - level / 2.0)):
        w = 1.0 / (every.v + tau2)
        mean = (w * every.y).sum() / w.sum()
        assert (w * (every.y - mean) ** 2).sum() == pytest.approx(stats.chi2.ppf(tail, 4))


def test_where_Q_is_small_for_any_tau2_both_ends_are_0():
    found = pool(effects([0.3, 0.3, 0.3], [0.1, 0.2, 0.3]))
    assert (found.tau2_low, found.tau2_high) == (0.0, 0.0)


@pytest.mark.parametrize("tau2", [0.0, 0.4])
def test_for_studies_of_one_design_the_hksj_interval_holds_the_truth_as_often_as_it_says(tau2):
    """Then it is the interval of Student, whatever tau2: 20,000 syntheses, within four errors."""
    rng = np.random.default_rng(8)
    y, runs = rng.normal(0.3, np.sqrt(0.1 + tau2), (20_000, 5)), 20_000
    found = pool(effects(y, np.full_like(y, 0.1)), interval=Interval.HKSJ)
    held = np.mean((found.low < 0.3) & (found.high > 0.3))
    assert held == pytest.approx(0.95, abs=4.0 * np.sqrt(0.95 * 0.05 / runs))
