"""Mean and variance: the same however the people are divided."""

import numpy as np
import pytest

from ketherapy.simulation.spread import Spread


@pytest.mark.parametrize("cut", [1, 10, 999])
def test_parts_merge_to_the_whole(cut):
    values = np.random.default_rng(0).lognormal(mean=3.0, size=(4, 1000)) + 1e6
    merged = Spread.of(values[:, :cut]).merged(Spread.of(values[:, cut:]))
    assert merged.n == 1000
    np.testing.assert_allclose(merged.mean, values.mean(axis=1), rtol=1e-14)
    np.testing.assert_allclose(merged.variance, values.var(axis=1), rtol=1e-9)


def test_one_person_does_not_vary():
    assert Spread.of(np.array([[3.0]])).variance[0] == 0.0


def test_short_floats_are_summed_in_long_ones():
    values = np.full((1, 100_000), 0.1, np.float32)
    assert Spread.of(values).mean[0] == pytest.approx(np.float32(0.1), rel=1e-12)
