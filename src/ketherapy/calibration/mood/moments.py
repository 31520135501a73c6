"""Means and spreads of shares that differ between people on the logit, by Gauss-Hermite sums.

A share of mean p is expit(loc + omega z) in a person, z standard normal; loc is what makes the
mean over people p.
"""

from __future__ import annotations

import numpy as np

from ketherapy.pharmacology.compartments import Array, Param

POINTS = 40  # of the Gauss-Hermite rule
_STEPS = 7  # of Newton, from the probit approximation
_PROBIT = np.pi / 8.0  # expit(x) is near the normal distribution function of x sqrt(pi / 8)


def rule() -> tuple[np.ndarray, np.ndarray]:
    """Return the nodes and weights of a standard normal.

    Units   1
    Source  ketherapy
    """
    z, w = np.polynomial.hermite_e.hermegauss(POINTS)
    return z, w / w.sum()


def shares(mean: Array, omega: Param | Array) -> Array:
    """Return the share of the people at each node of ``rule``; their mean is ``mean``.

    Shapes  a last axis over nodes is added
    Units   1
    Source  ketherapy
    """
    import jax
    import jax.numpy as jnp

    z, w = rule()

    def newton(loc: jax.Array, mean: Array, omega: Param | Array) -> jax.Array:
        s = jax.nn.sigmoid(loc[..., None] + omega * z)
        slope = jnp.sum(w * s * (1.0 - s), axis=-1)
        # a step past the inflection could run away: no step is longer than two
        return loc + jnp.clip((mean - jnp.sum(w * s, axis=-1)) / slope, -2.0, 2.0)

    fixed = jax.lax.stop_gradient((mean, omega))
    logit = jnp.log(fixed[0]) - jnp.log1p(-fixed[0])
    loc = logit * jnp.sqrt(1.0 + _PROBIT * fixed[1] ** 2)
    loc = jax.lax.fori_loop(0, _STEPS, lambda _, loc: newton(loc, *fixed), loc)
    # one more step from the solution carries its derivative
    loc = newton(jax.lax.stop_gradient(loc), mean, omega)
    return jax.nn.sigmoid(loc[..., None] + omega * z)


def second(at_nodes: Array) -> Array:
    """Return the mean over people of the product at every two times.

    Shapes  (time, node) to (time, time)
    Units   the square of what came
    Source  ketherapy
    """
    return (at_nodes * rule()[1]) @ at_nodes.T
