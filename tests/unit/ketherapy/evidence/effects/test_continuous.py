import numpy as np
import pytest
from statsmodels.stats.meta_analysis import effectsize_smd

from ketherapy.errors import ContractError
from ketherapy.evidence.effects import (
    Means,
    mean_difference,
    ratio_of_means,
    standardised_mean_difference,
)

TREATED = Means([20, 35], [-12.0, -9.0], [8.0, 7.0])
CONTROL = Means([18, 30], [-8.0, -8.5], [9.0, 6.0])


def test_a_difference_has_the_variance_of_two_means():
    found = mean_difference(TREATED, CONTROL)
    assert found.y.tolist() == [-4.0, -0.5]
    assert found.v.tolist() == pytest.approx([64 / 20 + 81 / 18, 49 / 35 + 36 / 30])


def test_the_standardised_difference_is_that_of_statsmodels_and_of_revman():
    found = standardised_mean_difference(TREATED, CONTROL)
    (n1, m1, s1), (n2, m2, s2) = TREATED.read(), CONTROL.read()
    g, _ = effectsize_smd(m1, s1, n1, m2, s2, n2)
    np.testing.assert_allclose(found.y, g, rtol=1e-12)
    n = n1 + n2
    np.testing.assert_allclose(found.v, n / (n1 * n2) + g**2 / (2.0 * (n - 3.94)))


def test_the_ratio_of_means_does_not_depend_on_the_unit():
    one = ratio_of_means(Means(20, 12.0, 8.0), Means(18, 8.0, 9.0))
    other = ratio_of_means(Means(20, 1.2, 0.8), Means(18, 0.8, 0.9))
    assert float(one.measure.shown(one.y)[0]) == pytest.approx(1.5)
    np.testing.assert_allclose(other.y, one.y)
    np.testing.assert_allclose(other.v, one.v)


@pytest.mark.parametrize(("treated", "said"), [(TREATED, "treated mean of A"), (None, "control")])
def test_a_mean_at_or_below_0_has_no_ratio(treated, said):
    plus = Means([20, 35], [12.0, 9.0], [8.0, 7.0])
    with pytest.raises(ContractError, match=said):
        ratio_of_means(treated or plus, CONTROL, labels=["A", "B"])
