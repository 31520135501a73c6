import math

import numpy as np
import pytest
import statsmodels.api as sm

from ketherapy.errors import ContractError
from ketherapy.evidence.dose_response import (
    Curve,
    DoseTrial,
    adjusted_ratios,
    dose_counts,
    dose_means,
    dose_response,
    own_slopes,
)
from ketherapy.evidence.effects import (
    Counts,
    Means,
    Measure,
    mean_difference,
    odds_ratio,
    risk_ratio,
)
from ketherapy.evidence.synthesis import pool

DOSES = [0.0, 0.1, 0.5, 1.0]
COUNTS = Counts([9, 12, 20, 22], [40, 41, 39, 42])
Z = 1.959963984540054


def trial(label="A", shift=0.0):
    means = Means(
        [20, 19, 21, 18], [-8.0, -9.0, -13.0 + shift, -15.0 + shift], [8.0, 9.0, 7.0, 8.0]
    )
    return dose_means(label, means, DOSES)


def test_contrasts_are_those_of_the_arms_and_share_the_reference():
    found = trial()
    pairs = mean_difference(Means([19, 21, 18], [-9.0, -13.0, -15.0], [9.0, 7.0, 8.0]),
                            Means(20, -8.0, 8.0))  # fmt: skip
    np.testing.assert_allclose(found.y, pairs.y)
    np.testing.assert_allclose(np.diag(found.covariance), pairs.v)
    off = found.covariance[~np.eye(3, dtype=bool)]
    np.testing.assert_allclose(off, 64.0 / 20.0)


def test_the_reference_may_stand_anywhere():
    turned = dose_means("A", Means([19, 20], [-9.0, -8.0], [9.0, 8.0]), [0.1, 0.0], reference=1)
    assert turned.y.tolist() == [-1.0]
    assert turned.doses.tolist() == [0.1]


@pytest.mark.parametrize(("measure", "ratio"), [(Measure.RR, risk_ratio), (Measure.OR, odds_ratio)])
def test_counts_have_the_variances_of_their_ratios(measure, ratio):
    found = dose_counts("A", measure, COUNTS, DOSES)
    pairs = ratio(Counts([12, 20, 22], [41, 39, 42]), Counts(9, 40))
    np.testing.assert_allclose(found.y, pairs.y)
    np.testing.assert_allclose(np.diag(found.covariance), pairs.v)


@pytest.mark.parametrize("measure", [Measure.RR, Measure.OR])
def test_ratios_that_are_not_adjusted_have_the_covariance_of_their_counts(measure):
    crude = dose_counts("A", measure, COUNTS, DOSES)
    se = np.sqrt(np.diag(crude.covariance))
    ends = [np.exp(crude.y + side * Z * se) for side in (-1.0, 0.0, 1.0)]
    found = adjusted_ratios(
        "A", measure, DOSES, low=ends[0], estimate=ends[1], high=ends[2], arms=COUNTS
    )
    np.testing.assert_allclose(found.covariance, crude.covariance, rtol=1e-9)


def test_adjusted_ratios_keep_their_variances_and_go_together():
    se, estimate = np.array([0.25, 0.22, 0.21]), np.array([0.9, 1.2, 1.6])
    ends = [np.exp(np.log(estimate) + side * Z * se) for side in (-1.0, 1.0)]
    found = adjusted_ratios(
        "A", Measure.OR, DOSES, estimate=estimate, low=ends[0], high=ends[1],
        arms=Counts([150, 80, 95, 120], [320, 170, 190, 215]),
    )  # fmt: skip
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), se)
    assert (found.covariance > 0.0).all()


def test_the_slope_is_that_of_generalised_least_squares():
    one = trial()
    peer = sm.GLS(one.y, one.doses[:, None], sigma=one.covariance).fit(cov_type="fixed scale")
    found = dose_response([one, trial("B", shift=2.0)])
    assert found.slopes.y[0] == pytest.approx(peer.params[0])
    assert found.slopes.se[0] == pytest.approx(peer.bse[0])


def test_slopes_are_pooled_as_effects_are():
    found = dose_response([trial(), trial("B", shift=3.0), trial("C", shift=-4.0)])
    again = pool(found.slopes)
    assert (found.pooled.estimate, found.pooled.se) == (again.estimate, again.se)
    assert found.df_curve == 6


def test_trials_of_one_dose_have_the_slope_of_their_effect():
    arms = Means([20, 21], [-8.0, -13.0], [8.0, 7.0])
    found = dose_response([dose_means(x, arms, [0.0, 0.5]) for x in "AB"])
    assert found.pooled.estimate == pytest.approx(-10.0)
    assert math.isnan(found.p_curve)


def test_on_its_own_line_a_trial_is_at_no_distance_from_it():
    doses = np.array([0.1, 0.5, 1.0])
    on = {
        curve: DoseTrial(
            label="A", measure=Measure.MD, reference=0.0, doses=doses, y=y, covariance=np.eye(3)
        )
        for curve, y in ((Curve.LINEAR, -6.0 * doses), (Curve.LOG, -6.0 * np.log1p(doses / 0.2)))
    }
    for curve, scale in ((Curve.LINEAR, None), (Curve.LOG, 0.2)):
        found = dose_response([on[curve]] * 2, curve=curve, scale=scale)
        assert found.pooled.estimate == pytest.approx(-6.0)
        assert pytest.approx(0.0, abs=1e-12) == found.Q_curve
    crossed = dose_response([on[Curve.LOG]] * 2)
    assert crossed.Q_curve > 1.0


def test_another_unit_of_dose_changes_no_effect():
    mg = DoseTrial(label="A", measure=Measure.MD, reference=0.0, doses=trial().doses * 70.0,
                   y=trial().y, covariance=trial().covariance)  # fmt: skip
    one, other = dose_response([trial()] * 2), dose_response([mg] * 2)
    assert other.effect(35.0) == pytest.approx(one.effect(0.5))


def test_a_ratio_is_told_as_one_and_its_interval_in_order():
    found = dose_response([dose_counts(x, Measure.OR, COUNTS, DOSES) for x in "AB"])
    estimate, low, high = found.effect(0.5)
    assert low < estimate < high
    assert estimate == pytest.approx(math.exp(0.5 * found.pooled.estimate))
    down = dose_response([trial(), trial("B")]).effect(0.5)
    assert down[1] < down[0] < down[2]


@pytest.mark.parametrize("dose", [1.01, -0.1])
def test_no_effect_is_told_of_a_dose_that_nobody_studied(dose):
    with pytest.raises(ContractError, match="between 0 and 1"):
        dose_response([trial(), trial("B")]).effect(dose)


def test_what_makes_no_line_is_refused():
    with pytest.raises(ContractError, match="at least 2"):
        dose_response([trial()])
    with pytest.raises(ContractError, match="all of one measure"):
        dose_response([trial(), dose_counts("B", Measure.OR, COUNTS, DOSES)])
    for curve, scale in ((Curve.LOG, None), (Curve.LINEAR, 1.0), (Curve.LOG, 0.0)):
        with pytest.raises(ContractError, match="scale"):
            dose_response([trial(), trial("B")], curve=curve, scale=scale)


def test_one_trial_has_the_slope_that_least_squares_give_it():
    one = dose_counts("A", Measure.RR, COUNTS, DOSES)
    found = own_slopes([one])
    peer = sm.GLS(one.y, one.doses[:, None], sigma=one.covariance).fit(cov_type="fixed scale")
    assert found.k == 1
    assert found.y[0] == pytest.approx(peer.params[0])
    assert found.se[0] == pytest.approx(peer.bse[0])


def test_the_slopes_that_are_pooled_are_those_of_the_trials_alone():
    trials = [trial(), trial("B", -2.0)]
    pooled = dose_response(trials).slopes
    alone = [own_slopes([one]).y[0] for one in trials]
    assert own_slopes(trials).y.tolist() == pooled.y.tolist() == alone


def test_no_trial_has_no_slope():
    with pytest.raises(ContractError, match="at least 1"):
        own_slopes([])


def test_a_trial_that_cannot_be_right_is_refused_by_name():
    with pytest.raises(ContractError, match="another dose than the reference"):
        dose_means("A", Means([9, 9], [1.0, 2.0], 1.0), [0.5, 0.5])
    with pytest.raises(ContractError, match="dose in A, arm"):
        dose_means("A", Means([9, 9], [1.0, 2.0], 1.0), [0.0, -0.5])
    with pytest.raises(ContractError, match="arms of A"):
        dose_means("A", Means([9, 9], [1.0, 2.0], 1.0), [0.0])
    with pytest.raises(ContractError, match="events in A, arm"):
        dose_counts("A", Measure.RR, Counts([0, 3], 10), [0.0, 0.5])
    with pytest.raises(ContractError, match="RR or OR"):
        dose_counts("A", Measure.RD, Counts([1, 3], 10), [0.0, 0.5])
    with pytest.raises(ContractError, match="covariance of A"):
        DoseTrial(label="A", measure=Measure.MD, reference=0.0, doses=np.array([1.0]),
                  y=np.array([1.0]), covariance=np.array([[0.0]]))  # fmt: skip


def test_adjusted_ratios_are_refused_for_another_measure_or_without_their_reference():
    printed = {"estimate": [0.9, 1.2], "low": [0.5, 0.7], "high": [1.62, 2.05]}
    arms = Counts([9, 12, 20], [40, 41, 39])
    with pytest.raises(ContractError, match="RR or OR"):
        adjusted_ratios("A", Measure.HR, [0.0, 1.0, 2.0], arms=arms, **printed)
    with pytest.raises(ContractError, match="arms of A"):
        adjusted_ratios("A", Measure.OR, [1.0, 2.0], arms=arms, **printed)
