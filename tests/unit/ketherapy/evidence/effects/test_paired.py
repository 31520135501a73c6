import math

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import (
    Counts,
    Means,
    Measure,
    mcnemar_odds_ratio,
    mean_difference,
    odds_ratio,
    paired_counts,
    paired_means,
)
from ketherapy.evidence.synthesis import pool

R = (0.0, 0.3, 0.5, 0.7)


def people(n=18, seed=4):
    rng = np.random.default_rng(seed)
    own = rng.normal(0.0, 3.0, n)
    return own + rng.normal(-4.0, 2.0, n), own + rng.normal(0.0, 2.0, n)


def means(x):
    return Means(len(x), float(x.mean()), float(x.std(ddof=1)))


def test_with_the_true_correlation_it_is_the_error_of_the_differences():
    x, z = people()
    found = paired_means(means(x), means(z), r=float(np.corrcoef(x, z)[0, 1]))
    assert float(found.y[0]) == pytest.approx((x - z).mean())
    assert float(found.v[0]) == pytest.approx((x - z).var(ddof=1) / len(x))


def test_without_correlation_it_is_the_error_of_two_groups():
    x, z = (means(values) for values in people())
    found, groups = paired_means(x, z, r=0.0), mean_difference(x, z)
    np.testing.assert_allclose(found.v, groups.v)


def test_several_correlations_are_several_syntheses():
    treated, control = Means([18, 12], [-6.0, -4.0], 5.0), Means([18, 12], [-1.0, -2.0], 6.0)
    found = paired_means(treated, control, r=R, labels=["A", "B"])
    assert found.y.shape == (4, 2)
    assert np.all(np.diff(found.v, axis=0) < 0.0)
    assert np.asarray(pool(found).estimate).shape == (4,)
    for place, r in enumerate(R):
        np.testing.assert_allclose(found.v[place], paired_means(treated, control, r=r).v)


def test_a_standardised_difference_has_no_unit():
    x, z = (means(values) for values in people())
    by = [Means(m.n, 10 * m.mean, 10 * m.sd) for m in (x, z)]
    one, other = (paired_means(*a, r=0.5, measure=Measure.SMD) for a in ((x, z), by))
    np.testing.assert_allclose(other.y, one.y)
    np.testing.assert_allclose(other.v, one.v)


@pytest.mark.parametrize("r", R)
def test_the_marginal_odds_ratio_has_the_error_of_the_delta_method(r):
    """From the table of pairs, by the covariance of two proportions, which is another route."""
    n, a, c = 40, 22, 19
    pa, pc = a / n, c / n
    joint = pa * pc + r * math.sqrt(pa * (1 - pa) * pc * (1 - pc))
    cells = np.array([joint, pa - joint, pc - joint, 1 - pa - pc + joint])
    slope = np.array([[1, 1, 0, 0], [1, 0, 1, 0]]).T  # of both proportions in the cells
    covariance = slope.T @ (np.diag(cells) - np.outer(cells, cells)) @ slope / n
    logit = np.array([1 / (pa * (1 - pa)), -1 / (pc * (1 - pc))])
    found = paired_counts(Counts(a, n), Counts(c, n), r=r)
    assert float(found.v[0]) == pytest.approx(logit @ covariance @ logit)
    np.testing.assert_allclose(found.y, odds_ratio(Counts(a, n), Counts(c, n)).y)


def test_without_correlation_the_odds_ratio_is_that_of_two_groups():
    found = paired_counts(Counts([9, 0], 20), Counts([4, 3], 20), r=0.0)
    groups = odds_ratio(Counts([9, 0], 20), Counts([4, 3], 20))
    np.testing.assert_allclose(found.v, groups.v)


def test_a_correlation_that_the_counts_cannot_have_is_refused():
    with pytest.raises(ContractError, match="r of B"):
        paired_counts(Counts([9, 12], 18), Counts([8, 1], 18), r=0.7, labels=["A", "B"])


def test_the_odds_of_a_person_are_those_of_the_discordant_pairs():
    found = mcnemar_odds_ratio([12, 3], [2, 3])
    assert found.measure.shown(found.y).tolist() == pytest.approx([6.0, 1.0])
    assert found.v.tolist() == pytest.approx([1 / 12 + 1 / 2, 2 / 3])


@pytest.mark.parametrize("r", [1.0, -1.0, 2.0, math.nan])
def test_a_correlation_lies_between_minus_1_and_1(r):
    x, z = (means(values) for values in people())
    with pytest.raises(ContractError, match=r"r of study 1"):
        paired_means(x, z, r=r)


def test_other_people_are_no_pairs():
    with pytest.raises(ContractError, match="same people"):
        paired_means(Means(18, 1.0, 1.0), Means(17, 1.0, 1.0), r=0.5)
    with pytest.raises(ContractError, match="same people"):
        paired_counts(Counts(3, 18), Counts(3, 17), r=0.5)


def test_other_measures_and_empty_pairs_are_refused():
    with pytest.raises(ContractError, match="MD or SMD"):
        paired_means(Means(18, 1.0, 1.0), Means(18, 1.0, 1.0), r=0.5, measure=Measure.ROM)
    with pytest.raises(ContractError, match="control_only of study 2"):
        mcnemar_odds_ratio([3, 4], [1, 0])
