"""Response and remission: rates, their difference, and its interval, beside statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from ketherapy.simulation.trial.rates import rates

CASES = {"usual": (25, 50, 10, 40), "nobody in one": (5, 20, 0, 30), "nobody at all": (0, 9, 0, 9),
         "everybody in one": (20, 20, 11, 21)}  # fmt: skip


def people(arm, n_arm, control, n_control):
    did = np.r_[np.arange(n_control) < control, np.arange(n_arm) < arm][None]
    return did, np.ones_like(did), np.array([0, n_control])


@pytest.mark.parametrize("case", CASES)
def test_interval_and_p_value_are_those_of_statsmodels(case):
    arm, n_arm, control, n_control = CASES[case]
    did, there, starts = people(arm, n_arm, control, n_control)
    found = rates(did, there, starts=starts, alpha=0.05)
    assert found.RD[0, 0] == pytest.approx(arm / n_arm - control / n_control)
    ends = confint_proportions_2indep(arm, n_arm, control, n_control, method="newcomb")
    np.testing.assert_allclose((found.low[0, 0], found.high[0, 0]), ends, atol=1e-12)
    if 0 < arm + control < n_arm + n_control:
        _, p = proportions_ztest([arm, control], [n_arm, n_control])
        assert found.p[0, 0] == pytest.approx(p, rel=1e-12)
    else:
        assert found.p[0, 0] == 1.0


def test_those_not_rated_are_not_counted_as_well_or_ill():
    did, there, starts = people(*CASES["usual"])
    there = there.copy()
    there[0, :10] = False  # ten of the control, all of whom responded
    assert rates(did, there, starts=starts, alpha=0.05).rate[0, 0] == 0.0
