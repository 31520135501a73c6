"""The exact propagator: no step size, no tolerance.

For a constant input the state after any time is ``exp(K h) a + Psi(h) u`` with
``Psi(h) = integral of exp(K s) from 0 to h``. Both are tabulated once for each patient at
``delta * 2**s``, s = 0, 1, 2 …, by repeated squaring, with ``delta`` a power of two so that the
binary digits of a time are exact. Any time is then a handful of matrix-vector products, one for
each binary digit, and a short Taylor series for what is left. ``K`` has no negative entry off its
diagonal, so every table is non-negative and squaring cancels nothing: small states keep their
relative accuracy.

Regimen, times, parameters and durations may all be traced, so gradients flow through everything.
"""

from __future__ import annotations

import math
from functools import partial
from types import ModuleType

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Float

from ketherapy.errors import ContractError, SolverError
from ketherapy.pharmacology.compartments import Array
from ketherapy.simulation.solvers.inputs import Pulses

_TERMS = 14  # Taylor terms: with |K| delta <= 1/4 the rest is below 1e-19
_TALLEST = 36  # digits used where the sizes are not known beforehand (under a transformation)
_HEIGHTS = (20, 28, 36)  # numbers of digits a compiled function may have


def height(K: np.ndarray, horizon: float) -> int:
    """Return how many binary digits the times up to ``horizon`` need.

    Units   K 1/h; horizon h
    Source  ketherapy
    Errors  SolverError where the horizon is beyond what a table can hold
    """
    fastest = float(np.max(np.abs(np.diagonal(K, axis1=-2, axis2=-1))))
    # horizon / delta < 2 * (8 * horizon * fastest), whose digits are one more than its logarithm
    needed = math.log2(max(horizon * fastest * 8.0, 1.0)) + 2.0
    for candidate in _HEIGHTS:
        if needed <= candidate:
            return candidate
    raise SolverError(
        f"horizon of {horizon:g} h is too long beside a rate of {fastest:g} per h: expected at "
        f"most {2.0 ** _HEIGHTS[-1] / fastest / 16:g} h. Shorten the horizon."
    )


def _power_of_two(exponent: jax.Array) -> jax.Array:
    """Return 2 to a whole exponent, bit for bit: a compiled exp2 may be off in its last place."""
    bits = (exponent.astype(jnp.int64) + 1023) << 52
    return jax.lax.bitcast_convert_type(bits, jnp.float64)


def _tables(K: jax.Array, rungs: int, dtype: str) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Return delta, exp(K d) and Psi(d) at d = delta * 2**s; shapes (), (rungs, n, n) twice."""
    n = K.shape[-1]
    fastest = jax.lax.stop_gradient(jnp.max(jnp.abs(jnp.diagonal(K))))
    delta = _power_of_two(jnp.floor(-jnp.log2(jnp.maximum(fastest, 1e-12) * 8.0)))
    step, eye = (K * delta).astype(dtype), jnp.eye(n, dtype=dtype)
    psi = term = eye
    for k in range(2, _TERMS + 1):
        term = term @ step / k
        psi = psi + term
    psi = psi * delta.astype(dtype)
    phi = eye + K.astype(dtype) @ psi

    def square(
        pair: tuple[jax.Array, jax.Array], _: None
    ) -> tuple[tuple[jax.Array, jax.Array], tuple[jax.Array, jax.Array]]:
        phi, psi = pair
        return (phi @ phi, psi + phi @ psi), (phi, psi)

    _, (phis, psis) = jax.lax.scan(square, (phi, psi), None, length=rungs)
    return delta, phis, psis


def _advance(
    K: jax.Array,
    tables: tuple[jax.Array, jax.Array, jax.Array],
    a: jax.Array,
    u: jax.Array,
    h: jax.Array,
) -> jax.Array:
    """Return the states ``h`` later under constant input ``u``.

    Shapes (patient, n, n), tables, (patient, m, n) twice, (patient, m). A rung that no time has
    a digit on is skipped, for all patients at once.
    """
    delta, phis, psis = tables
    whole = jnp.floor(jax.lax.stop_gradient(h) / delta[:, None])
    rest, steps = (h - whole * delta[:, None])[..., None], whole.astype(jnp.int64)
    rest, K = rest.astype(a.dtype), K.astype(a.dtype)  # times are 64-bit up to here

    def digit(a: jax.Array, rung: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, None]:
        phi, psi, place = rung
        is_set = (steps >> place) & 1 == 1

        def climb(a: jax.Array) -> jax.Array:
            moved = a @ phi.swapaxes(-1, -2) + u @ psi.swapaxes(-1, -2)
            return jnp.where(is_set[..., None], moved, a)

        return jax.lax.cond(jnp.any(is_set), climb, lambda a: a, a), None

    def series(a: jax.Array) -> jax.Array:
        back = K.swapaxes(-1, -2)
        term = (a @ back + u) * rest
        total = a + term
        for k in range(2, _TERMS + 1):
            term = term @ back * (rest / k)
            total = total + term
        return total

    a, _ = jax.lax.scan(digit, a, (phis, psis, jnp.arange(phis.shape[0])))
    return series(a)


def _schedule(
    into: jax.Array, amount: jax.Array, start: jax.Array, over: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Return one patient's input edges, the jump at each, and the input after each.

    Shapes (p, n), (p,) three times -> (2 p,), (2 p, n), (2 p, n).
    """
    is_instant = over <= 0.0
    rate = jnp.where(is_instant, 0.0, amount / jnp.where(is_instant, 1.0, over))[:, None] * into
    jump = jnp.where(is_instant, amount, 0.0)[:, None] * into
    order = jnp.argsort(jnp.concatenate([start, start + over]))
    edges = jnp.concatenate([start, start + over])[order]
    jumps = jnp.concatenate([jump, jnp.zeros_like(jump)])[order]
    is_on = (start <= edges[:, None]) & (edges[:, None] < start + over)
    return edges, jumps, is_on.astype(rate.dtype) @ rate


@partial(jax.jit, static_argnames=("rungs", "dtype"))
def _many(
    K: jax.Array,
    into: jax.Array,
    amount: jax.Array,
    start: jax.Array,
    over: jax.Array,
    t: jax.Array,
    *,
    rungs: int,
    dtype: str,
) -> jax.Array:
    """Return the states of every patient at ``t``, each edge's state computed once."""
    tables = jax.vmap(partial(_tables, rungs=rungs, dtype=dtype), out_axes=(0, 1, 1))(K)
    schedule = jax.vmap(_schedule, in_axes=(None, 0, 0, 0))
    edges, jumps, inputs = schedule(into, amount, start, over)
    jumps, inputs = jumps.astype(dtype), inputs.astype(dtype)

    def segment(
        a: jax.Array, edge: tuple[jax.Array, jax.Array, jax.Array]
    ) -> tuple[jax.Array, jax.Array]:
        jump, u, h = edge

        def move(a: jax.Array) -> jax.Array:
            return _advance(K, tables, a[:, None], u[:, None], h[:, None])[:, 0]

        a = a + jump
        return jax.lax.cond(jnp.any(h > 0.0), move, lambda a: a, a), a

    gaps = jnp.diff(edges, axis=1, append=edges[:, -1:])
    turned = (jumps.swapaxes(0, 1), inputs.swapaxes(0, 1), gaps.T)
    _, after = jax.lax.scan(segment, jnp.zeros_like(jumps[:, 0]), turned)
    find = jax.vmap(partial(jnp.searchsorted, side="right"), in_axes=(0, None))
    last = find(jax.lax.stop_gradient(edges), t) - 1
    place = jnp.maximum(last, 0)
    pick = jax.vmap(lambda rows, places: rows[places])
    h = jnp.where(last < 0, 0.0, t - pick(edges, place))
    found = _advance(K, tables, pick(after.swapaxes(0, 1), place), pick(inputs, place), h)
    return jnp.where((last < 0)[..., None], 0.0, found)


def states(
    K: Float[Array, "*some state state"],
    given: Pulses,
    t: Float[Array, " time"],
    *,
    precision: str = "float64",
) -> Float[Array, "*patients time state"]:
    """Return the amounts at ``t``; patients may differ in ``K``, in the input, or in both.

    With ``precision`` float32 tables and states are carried in 32 bits; times never are.

    An observation exactly at an input edge sees what an instant dose has just added. Sizes are
    padded to a few fixed ones, so that a new regimen does not compile anew.

    Units   K 1/h; t h; result mg
    Source  ketherapy
    Errors  ContractError outside a 64-bit context; SolverError for an impossible horizon
    """
    xp = namespace(K, given.amount, given.start, given.over, t)
    K, t = xp.asarray(K), xp.asarray(t)
    if jnp.zeros(()).dtype != jnp.float64 or K.dtype != np.float64:
        raise ContractError(
            "precision",
            expected="float64",
            got=str(K.dtype),
            remedy="Call inside 'with ketherapy.simulation.solve.precision():'.",
        )
    leading = (np.shape(x)[:-1] for x in (given.amount, given.start, given.over))
    patients = np.broadcast_shapes(K.shape[:-2], *leading)
    n, p = K.shape[-1], len(given.state)
    K = xp.broadcast_to(K, (*patients, n, n))
    size, grid, count = _bucket(p, least=8), _times_bucket(t.shape[0]), math.prod(patients)
    amount, start, over = (
        _padded(xp.asarray(x), (*patients, p), size, xp)
        for x in (given.amount, given.start, given.over)
    )
    into = np.zeros((size, n))
    into[np.arange(p), list(given.state)] = 1.0
    times = xp.pad(t, (0, grid - t.shape[0]), mode="edge")
    rungs = _rungs(K, xp.concatenate([start, start + over]), t)
    found = _many(
        K.reshape(count, n, n), into, amount, start, over, times, rungs=rungs, dtype=str(precision)
    )
    return xp.asarray(found)[:, : t.shape[0]].reshape(*patients, t.shape[0], n)


def namespace(*values: object) -> ModuleType:
    """Return jax.numpy where any value belongs to JAX, else numpy.

    Outside a transformation nothing but the compiled kernel runs in JAX: small operations on
    arrays of ever-changing size would each be compiled anew.
    """
    return jnp if any(isinstance(value, jax.Array) for value in values) else np


def _padded(x: Array, shape: tuple[int, ...], size: int, xp: ModuleType) -> Array:
    flat = xp.broadcast_to(xp.asarray(x, dtype=np.float64), shape).reshape(-1, shape[-1])
    return xp.pad(flat, ((0, 0), (0, size - shape[-1])))


def _bucket(size: int, *, least: int) -> int:
    return max(least, 1 << (size - 1).bit_length())


def _times_bucket(size: int) -> int:
    """Return 64, 512 or a larger power of two: few sizes, so that pictures share one."""
    return 64 if size <= 64 else _bucket(size, least=512)


def _rungs(K: Array, edges: Array, t: Array) -> int:
    if any(isinstance(x, Tracer) for x in (K, edges, t)):
        return _TALLEST
    instants = np.concatenate([np.asarray(edges).ravel(), np.asarray(t), [0.0]])
    return height(np.asarray(K), float(np.ptp(instants)))
