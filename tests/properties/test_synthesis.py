"""Laws of pooling: what must hold whatever the studies found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.evidence.effects import Counts, Measure, odds_ratio, risk_ratio
from ketherapy.evidence.synthesis import Interval, Prediction, Tau2, mantel_haenszel, peto, pool
from tests.evidence import effects, studies

RANDOM = [method for method in Tau2 if method is not Tau2.COMMON]
methods = st.sampled_from(list(Tau2))
intervals = st.sampled_from(list(Interval))
CLOSE = {"rtol": 1e-7, "atol": 1e-9}


def ends(found):
    return np.array([found.estimate, found.low, found.high])


@given(rows=studies(), method=methods, interval=intervals, by=st.integers(-50, 50))
def test_a_shift_of_every_effect_shifts_the_pooled_one(rows, method, interval, by):
    y, v = rows
    before = pool(effects(y, v), tau2=method, interval=interval)
    after = pool(effects(y + by, v), tau2=method, interval=interval)
    np.testing.assert_allclose(ends(after), ends(before) + by, rtol=1e-7, atol=1e-7)
    assert after.tau2 == pytest.approx(before.tau2, rel=1e-6, abs=1e-9)
    assert pytest.approx(before.Q, rel=1e-7, abs=1e-7) == after.Q


@given(rows=studies(), method=methods, interval=intervals, by=st.integers(1, 400))
def test_another_unit_of_the_scale_changes_the_unit_and_nothing_else(rows, method, interval, by):
    (y, v), by = rows, by / 20.0
    before = pool(effects(y, v), tau2=method, interval=interval)
    after = pool(effects(by * y, by**2 * v), tau2=method, interval=interval)
    np.testing.assert_allclose(ends(after), by * ends(before), **CLOSE)
    assert after.tau2 == pytest.approx(by**2 * before.tau2, rel=1e-6, abs=1e-9)
    # No test is made of equal zeros by their own spread (0/0), in whatever unit: both are NaN.
    assert after.p == pytest.approx(before.p, rel=1e-6, abs=1e-12, nan_ok=True)


@given(rows=studies(), method=methods, interval=intervals)
def test_to_swap_the_arms_turns_the_sign(rows, method, interval):
    y, v = rows
    one, other = (pool(effects(s * y, v), tau2=method, interval=interval) for s in (1.0, -1.0))
    np.testing.assert_allclose(ends(other), -ends(one)[[0, 2, 1]], **CLOSE)


@given(rows=studies(), method=methods, data=st.data())
def test_the_order_of_the_studies_tells_nothing(rows, method, data):
    y, v = rows
    order = np.array(data.draw(st.permutations(range(len(y)))))
    one, other = pool(effects(y, v), tau2=method), pool(effects(y[order], v[order]), tau2=method)
    np.testing.assert_allclose(ends(other), ends(one), **CLOSE)
    np.testing.assert_allclose(other.weights, one.weights[order], **CLOSE)


@given(rows=studies(), method=methods)
def test_weights_are_shares(rows, method):
    found = pool(effects(*rows), tau2=method)
    assert found.weights.sum() == pytest.approx(1.0)
    assert (found.weights > 0.0).all()


@given(rows=studies(), method=methods, interval=intervals)
def test_the_pooled_effect_lies_among_those_of_the_studies_and_in_its_interval(
    rows, method, interval
):
    y, _ = rows
    found = pool(effects(*rows), tau2=method, interval=interval)
    assert y.min() - 1e-9 <= found.estimate <= y.max() + 1e-9
    assert found.low <= found.estimate <= found.high


@given(rows=studies(), method=methods)
def test_the_modified_interval_is_never_narrower_than_the_plain_or_the_wald_error(rows, method):
    found = {i: pool(effects(*rows), tau2=method, interval=i) for i in Interval}
    modified = found[Interval.HKSJ_MODIFIED]
    assert modified.se >= found[Interval.HKSJ].se - 1e-12
    assert modified.se >= found[Interval.WALD].se - 1e-12
    assert modified.high - modified.low >= found[Interval.WALD].high - found[Interval.WALD].low


@given(rows=studies(least=3), method=st.sampled_from(RANDOM), interval=intervals)
def test_a_prediction_interval_holds_the_wald_interval(rows, method, interval):
    found = pool(effects(*rows), tau2=method, interval=interval)
    wald = pool(effects(*rows), tau2=method, interval=Interval.WALD)
    assert found.prediction_low <= wald.low
    assert found.prediction_high >= wald.high


@given(rows=studies(least=3), interval=intervals)
def test_with_k_minus_1_it_is_never_narrower_than_its_interval(rows, interval):
    found = pool(effects(*rows), interval=interval, prediction=Prediction.K_MINUS_1)
    assert found.prediction_low <= found.low
    assert found.prediction_high >= found.high


@given(rows=studies(), method=methods)
def test_the_profile_of_Q_holds_the_estimate_of_paule_and_mandel(rows, method):
    found = pool(effects(*rows), tau2=Tau2.PM, level=0.95)
    assert found.tau2_low <= found.tau2 <= found.tau2_high or found.tau2 == found.tau2_high == 0.0


@given(rows=studies())
def test_a_common_effect_is_that_of_dersimonian_and_laird_where_Q_is_small(rows):
    random, common = pool(effects(*rows), tau2=Tau2.DL), pool(effects(*rows), tau2=Tau2.COMMON)
    if random.k - 1.0 >= random.Q:
        assert random.tau2 == 0.0
        assert random.I2 == 0.0
        np.testing.assert_array_equal(ends(random), ends(common))
    else:
        assert random.tau2 > 0.0


@given(
    y=st.tuples(st.integers(-30, 30), st.integers(-30, 30)), v=st.integers(1, 100),
)  # fmt: skip
def test_for_two_studies_of_one_design_three_estimators_are_one(y, v):
    two = effects(np.array(y) / 10.0, np.full(2, v / 50.0))
    found = [pool(two, tau2=method).tau2 for method in (Tau2.DL, Tau2.PM, Tau2.REML)]
    assert found == pytest.approx([found[0]] * 3, rel=1e-9, abs=1e-12)


@given(rows=st.lists(studies(least=4, most=4), min_size=2, max_size=6), method=methods)
def test_many_syntheses_at_once_are_those_one_by_one(rows, method):
    y, v = (np.array(part) for part in zip(*rows, strict=True))
    together = pool(effects(y, v), tau2=method)
    for place in range(len(y)):
        alone = pool(effects(y[place], v[place]), tau2=method)
        for field in ("estimate", "low", "high", "p", "tau2", "tau2_low", "tau2_high", "Q", "I2"):
            assert getattr(together, field)[place] == pytest.approx(
                getattr(alone, field), rel=1e-9, abs=1e-12, nan_ok=True
            )
        np.testing.assert_allclose(together.weights[place], alone.weights)


@given(rows=studies(), method=st.sampled_from([Tau2.REML, Tau2.ML]), at=st.floats(0.0, 30.0))
def test_no_other_tau2_is_likelier(rows, method, at):
    y, v = rows
    best = pool(effects(y, v), tau2=method).tau2
    assert likelihood(y, v, best, method) >= likelihood(y, v, at, method) - 1e-9


@given(
    rows=st.lists(st.tuples(st.integers(-900, 900), st.integers(-6, 6)), min_size=2, max_size=8),
    method=st.sampled_from([Tau2.REML, Tau2.ML]), at=st.integers(-9, 9),
)  # fmt: skip
def test_nor_where_precise_and_vague_studies_make_two_peaks(rows, method, at):
    y, v = np.array([n / 100.0 for n, _ in rows]), np.array([10.0**n for _, n in rows])
    best = pool(effects(y, v), tau2=method).tau2
    assert likelihood(y, v, best, method) >= likelihood(y, v, 10.0**at, method) - 1e-6


def likelihood(y, v, tau2, method):
    """Return the log likelihood of independent normal effects, by its textbook form."""
    w = 1.0 / (v + tau2)
    mean = (w * y).sum() / w.sum()
    found = 0.5 * np.log(w).sum() - 0.5 * (w * (y - mean) ** 2).sum()
    return found - 0.5 * np.log(w.sum()) if method is Tau2.REML else found


tables = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)),
    min_size=1, max_size=6,
)  # fmt: skip


def arms(rows):
    a, b, c, d = np.array(rows).T
    return Counts(a, a + b), Counts(c, c + d)


@given(rows=tables)
def test_to_swap_the_arms_turns_a_ratio_over(rows):
    treated, control = arms(rows)
    for ratio in (risk_ratio, odds_ratio):
        one, other = ratio(treated, control), ratio(control, treated)
        np.testing.assert_allclose(other.y, -one.y, atol=1e-12)
        np.testing.assert_allclose(other.v, one.v)
    for found, turned in (
        (mantel_haenszel(Measure.RR, *a), mantel_haenszel(Measure.RR, *b))
        for a, b in [((treated, control), (control, treated))]
    ):
        assert turned.estimate == pytest.approx(-found.estimate, abs=1e-12)
    assert peto(control, treated).estimate == pytest.approx(-peto(treated, control).estimate)


@given(rows=tables)
def test_to_count_those_without_the_event_turns_the_odds_over(rows):
    treated, control = arms(rows)
    without = [Counts(arm.read()[1] - arm.read()[0], arm.read()[1]) for arm in (treated, control)]
    one, other = odds_ratio(treated, control), odds_ratio(*without)
    np.testing.assert_allclose(other.y, -one.y, atol=1e-12)
    whole = mantel_haenszel(Measure.OR, treated, control)
    assert mantel_haenszel(Measure.OR, *without).estimate == pytest.approx(-whole.estimate)


@given(rows=tables.map(lambda found: found[:1]), copies=st.integers(2, 5))
def test_copies_of_one_study_pool_to_that_study_by_every_method(rows, copies):
    """Then Mantel-Haenszel is the study's own ratio, and its error that of the pooled table."""
    one, many = arms(rows), arms(rows * copies)
    for measure, effect in ((Measure.RR, risk_ratio), (Measure.OR, odds_ratio)):
        counted = mantel_haenszel(measure, *many)
        assert counted.estimate == pytest.approx(float(effect(*one).y[0]), abs=1e-12)
        weighed = pool(effect(*many), tau2=Tau2.COMMON, interval=Interval.WALD)
        assert counted.estimate == pytest.approx(weighed.estimate, abs=1e-12)
        assert counted.se == pytest.approx(weighed.se)
