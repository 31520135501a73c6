"""A turnover response behind an exact level: quadrature on the exact upstream solution.

On each interval the link is a quintic that meets the level, its slope and its curvature at both
ends, and the decay of the response weights it exactly. Where the cubic through levels and slopes
alone would have given another answer, the interval is halved. The compiled kernel uses the same
rule, step by step.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from ketherapy.errors import SolverError
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.simulation.solvers import exact
from ketherapy.simulation.solvers.inputs import Driven, Network, Pulses

SHARE = 0.25  # of the tolerance that one step may take: several near an edge add up
_ROUNDS = 40  # halvings of one interval
_NOTHING = 1e-30  # of EC50: a level below it has no effect
_FAR = 700.0  # logarithm of the largest float, nearly
_SERIES = 16  # terms of the series of the weights, for kout h below one

# Quintic and cubic Hermite rules: what each moment of the weight contributes to level, slope and
# curvature (halved) at the start and at the end of an interval of length one.
_QUINTIC = np.array(
    [
        [1, 0, 0, -10, 15, -6],
        [0, 1, 0, -6, 8, -3],
        [0, 0, 0.5, -1.5, 1.5, -0.5],
        [0, 0, 0, 10, -15, 6],
        [0, 0, 0, -4, 7, -3],
        [0, 0, 0, 0.5, -1, 0.5],
    ]
)
_CUBIC = np.array(
    [
        [1, 0, -3, 2, 0, 0],
        [0, 1, -2, 1, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 3, -2, 0, 0],
        [0, 0, -1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]
)


class _Link(NamedTuple):
    """The effect between 0 and 1, its slope [1/h] and its curvature [1/h^2]."""

    g: Array
    slope: Array
    curvature: Array


def response(
    network: Network,
    given: Pulses,
    t: Float[np.ndarray, " time"],
    *,
    driven: Driven,
    rtol: float = 1e-6,
) -> Float[Array, "*patients time"]:
    """Return the response at the distinct, ordered times ``t``.

    ``rtol`` is relative to the baseline: on no interval may the two rules differ by more
    than a quarter of it.

    Units   t h; result that of kin/kout
    Source  ketherapy
    Errors  SolverError where halving does not help
    """
    xp = exact.namespace(*network.rates)
    K = network.matrix(xp)
    worth = np.max(np.abs(np.asarray(driven.kout) * np.asarray(driven.Emax)))
    nodes = _first_nodes(given, t)
    for _ in range(_ROUNDS):
        ends = _links(K, given, nodes, driven, xp)
        weights, decay = _weights(np.diff(nodes), driven.kout, xp)
        six = xp.stack([*(x[..., :-1] for x in ends[0]), *(x[..., 1:] for x in ends[1])], axis=-1)
        apart = np.abs(np.asarray(xp.sum((weights[0] - weights[1]) * six, axis=-1))) * worth
        widest = apart.reshape(-1, len(nodes) - 1).max(axis=0)
        coarse = np.flatnonzero(~(widest <= SHARE * rtol))  # what is no number is not close either
        if len(coarse) == 0:
            return _gathered(xp.sum(weights[0] * six, axis=-1), decay, nodes, t, driven, xp)
        middles = 0.5 * (nodes[coarse] + nodes[coarse + 1])
        nodes = np.unique(np.concatenate([nodes, middles]))
    raise SolverError(f"response: expected two rules to agree to {rtol:g}, got none that did.")


def _first_nodes(given: Pulses, t: np.ndarray) -> np.ndarray:
    edges = np.concatenate(
        [np.ravel(np.asarray(given.start)), np.ravel(np.asarray(given.start + given.over))]
    )
    if len(edges) > 4 * len(given.state):  # ends of their own: halving finds them
        edges = np.ravel(np.asarray(given.start))
    first = min(float(edges.min()), float(t[0]))
    return np.unique(np.concatenate([[first], edges[edges <= t[-1]], t]))


def _links(
    K: Array, given: Pulses, nodes: np.ndarray, driven: Driven, xp: ModuleType
) -> tuple[_Link, _Link]:
    """Return the link just after and just before each node: input and instants change there."""
    before = np.nextafter(nodes, -np.inf)
    return tuple(
        _linked(K, exact.states(K, given, at), _inputs(K, given, at, xp), driven, xp)
        for at in (nodes, before)
    )  # pyright: ignore[reportReturnType]


def _inputs(K: Array, given: Pulses, at: np.ndarray, xp: ModuleType) -> Array:
    """Return the input [mg/h] into each state at each time; shape (*patients, time, state)."""
    start, over = given.start[..., None, :], given.over[..., None, :]
    is_on = (start <= at[:, None]) & (at[:, None] < start + over)
    rate = xp.where(is_on, given.amount[..., None, :] / xp.where(over > 0.0, over, 1.0), 0.0)
    into = np.zeros((len(given.state), K.shape[-1]))
    into[np.arange(len(given.state)), list(given.state)] = 1.0
    return rate @ into


def _linked(K: Array, a: Array, u: Array, driven: Driven, xp: ModuleType) -> _Link:
    moving = a @ xp.swapaxes(K, -1, -2) + u
    turning = moving @ xp.swapaxes(K, -1, -2)
    unit = _column(driven.scale) / _column(driven.EC50)
    c, c1, c2 = (x[..., driven.state] * unit for x in (a, moving, turning))
    gamma = _column(driven.gamma)
    is_nothing = c < _NOTHING
    c = xp.where(is_nothing, _NOTHING, c)
    # far from EC50 the effect is nothing or all, and its power beyond what a float holds
    g = 1.0 / (1.0 + xp.exp(-xp.clip(gamma * xp.log(c), -_FAR, _FAR)))
    slope = gamma * g * (1.0 - g) / c
    bend = slope * (gamma * (1.0 - 2.0 * g) - 1.0) / c
    found = (g, slope * c1, slope * c2 + bend * c1**2)
    return _Link(*(xp.where(is_nothing, 0.0, x) for x in found))


def _column(value: Param) -> Param:
    return value[..., None] if np.ndim(value) else value  # pyright: ignore[reportIndexIssue]


def _weights(h: np.ndarray, kout: Param, xp: ModuleType) -> tuple[tuple[Array, Array], Array]:
    """Return the weights of both rules, shape (*patients, interval, 6), and the decay."""
    z = -_column(kout) * h
    phi = [xp.exp(z)]
    for k in range(6):  # upwards, where z is not small
        phi.append((phi[k] - 1.0 / math.factorial(k)) / xp.where(z < -1.0, z, -1.0))
    small = sum(z**j / math.factorial(j + 6) for j in range(_SERIES))
    series = [small]
    for k in range(5, -1, -1):  # downwards, where it is
        series.insert(0, z * series[0] + 1.0 / math.factorial(k))
    moments = xp.stack(
        [math.factorial(k) * xp.where(z < -1.0, phi[k + 1], series[k + 1]) for k in range(6)],
        axis=-1,
    )
    powers = np.stack([h, h**2, h**3, h, h**2, h**3], axis=-1)
    return tuple((moments @ rule.T) * powers for rule in (_QUINTIC, _CUBIC)), phi[0]  # pyright: ignore[reportReturnType]


def _gathered(
    area: Array, decay: Array, nodes: np.ndarray, t: np.ndarray, driven: Driven, xp: ModuleType
) -> Array:
    moved, found = xp.zeros_like(area[..., 0]), []
    wanted = np.searchsorted(nodes, t)
    found.append(moved)
    for k in range(len(nodes) - 1):
        moved = decay[..., k] * moved + area[..., k]
        found.append(moved)
    at_times = xp.stack([found[k] for k in wanted], axis=-1)
    kin, kout, Emax = (_column(x) for x in (driven.kin, driven.kout, driven.Emax))
    return kin / kout + kin * Emax * at_times
