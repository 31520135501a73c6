"""How people differ around the mean of a trial, down to a share of nothing."""

import numpy as np
import pytest

from ketherapy.simulation.effects import mood


@pytest.mark.parametrize("mean", [0.0, 1e-25, -1e-25], ids=["nothing", "above", "below"])
def test_a_share_of_nothing_is_nothing_in_everybody(mean):
    z = np.array([-2.0, 0.0, 2.0])
    np.testing.assert_array_equal(mood.shares(np.full(3, mean), 2.75, z) < 1e-9, [True] * 3)


@pytest.mark.filterwarnings("default:invalid value:RuntimeWarning")
def test_a_negative_share_is_not_taken_for_nothing():
    with pytest.warns(RuntimeWarning):
        assert np.isnan(mood.shares(np.array([-0.3]), 2.0, np.array([0.0]))).all()
