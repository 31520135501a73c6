from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.calibration.mood import moments
from ketherapy.simulation import solve


@cache
def compiled():
    """Return the shares as the fit has them: compiled once, not anew for each pair of numbers."""
    import jax

    return jax.jit(moments.shares)


def shares(mean, omega):
    with solve.precision():
        import jax.numpy as jnp

        return np.asarray(compiled()(jnp.asarray(mean), omega))


@given(st.floats(1e-4, 0.98), st.floats(0.05, 4.0))
def test_the_mean_over_people_is_the_mean_asked_for(mean, omega):
    _, w = moments.rule()
    assert float((shares([mean], omega) * w).sum()) == pytest.approx(mean, abs=1e-8)


def test_second_moments_are_those_of_people_drawn_one_by_one():
    z = np.random.default_rng(1).standard_normal(400_000)
    at_nodes = shares([0.25, 0.4], 2.0)
    found = np.asarray(moments.second(at_nodes))
    nodes, _ = moments.rule()
    # the share of each person follows from that at the node nearest zero: logit is linear in z
    middle = len(nodes) // 2
    loc = np.log(at_nodes / (1 - at_nodes))[:, middle] - 2.0 * nodes[middle]
    drawn = 1.0 / (1.0 + np.exp(-(loc[:, None] + 2.0 * z)))
    np.testing.assert_allclose(found, drawn @ drawn.T / z.size, rtol=0.01)


def test_the_gradient_in_omega_is_that_of_a_small_difference():
    with solve.precision():
        import jax
        import jax.numpy as jnp

        def square(omega):
            return jnp.sum(moments.shares(jnp.array([0.3]), omega) ** 2 * moments.rule()[1])

        slope = float(jax.grad(square)(2.0))
        step = 1e-5
        assert slope == pytest.approx(
            float(square(2.0 + step) - square(2.0 - step)) / (2 * step), rel=1e-6
        )
