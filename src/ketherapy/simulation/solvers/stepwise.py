"""The reference: diffrax integrates the same equations, one constant-input stretch at a time.

Slow and independent of the exact propagator; used to check it, never to serve a person.
"""

from __future__ import annotations

from functools import partial
from typing import cast

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ketherapy.simulation.solvers.inputs import Pulses

_STEPS = 2_000_000


@partial(jax.jit, static_argnames=("rtol",))
def _stretch(
    K: jax.Array, u: jax.Array, a: jax.Array, ends: jax.Array, atol: jax.Array, *, rtol: float
) -> jax.Array:
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(lambda _, y, args: args[0] @ y + args[1]),
        diffrax.Dopri8(),
        t0=0.0,
        t1=ends[-1],
        dt0=None,
        y0=a,
        args=(K, u),
        saveat=diffrax.SaveAt(ts=ends),
        # land on every time asked for: interpolating between steps would cost the last digits
        stepsize_controller=diffrax.ClipStepSizeController(
            diffrax.PIDController(rtol=rtol, atol=atol), step_ts=ends
        ),
        max_steps=_STEPS,
    )
    return cast(jax.Array, solution.ys)


def _run(
    K: np.ndarray, u: np.ndarray, a: np.ndarray, ends: np.ndarray, atol: float, rtol: float
) -> np.ndarray:
    """Return the states at ``ends`` (times after the start); sizes padded so that few compile."""
    size = max(8, 1 << (len(ends) - 1).bit_length())
    padded = np.concatenate([ends, np.full(size - len(ends), ends[-1])])
    given = (jnp.asarray(x) for x in (K, u, a, padded, atol))
    return np.array(_stretch(*given, rtol=rtol))[: len(ends)]


def states(
    K: Float[np.ndarray, "state state"],
    given: Pulses,
    t: Float[np.ndarray, " time"],
    *,
    rtol: float = 1e-11,
) -> Float[np.ndarray, "time state"]:
    """Return the amounts of one patient at increasing times ``t``.

    Units   K 1/h; t h; rtol 1; result mg
    Source  ketherapy
    """
    p = len(given.state)
    amount, start, over = (
        np.broadcast_to(np.asarray(x, float), p) for x in (given.amount, given.start, given.over)
    )
    a, found = np.zeros(K.shape[-1]), np.zeros((len(t), K.shape[-1]))
    # small enough that a state far down a chain keeps its own digits soon after a dose
    atol = 1e-24 * float(np.sum(np.abs(amount)))
    edges = np.unique(np.concatenate([start, start + over]))
    for begin, end in zip(edges, [*edges[1:], np.inf], strict=True):
        u = np.zeros_like(a)
        for k in np.flatnonzero((start <= begin) & (begin < start + over)):
            u[given.state[k]] += amount[k] / over[k]
        for k in np.flatnonzero((start == begin) & (over <= 0)):
            a[given.state[k]] += amount[k]
        inside = (t >= begin) & (t < end)
        stop = t[-1] if np.isinf(end) else end
        if stop <= begin:
            found[inside] = a
            break
        ends = np.append(t[inside & (t > begin)], stop) - begin
        ys = _run(K, u, a, ends, atol, rtol)
        found[inside & (t == begin)] = a
        found[inside & (t > begin)] = ys[:-1]
        a = ys[-1].copy()
    return found
