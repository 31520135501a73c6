"""An independent course of a cascade: diffrax integrates levels and all that follows from them.

Slow, and of one person: the reference that the panels are held against.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from scipy.linalg import block_diag

from ketherapy.pharmacology.compartments import rate_matrix
from ketherapy.pharmacology.effects.structures import HALVES, molar_mass_of
from ketherapy.simulation import solve
from ketherapy.simulation.effects.courses import Drive
from ketherapy.simulation.effects.upstream import Upstream
from ketherapy.simulation.solvers.inputs import pulses

_STATES = 16  # rows that matrices are padded to multiples of, so that few sizes are compiled
_BEHIND = ("site", "trace", "response", "area")
_WHOLE = {"ketamine": HALVES[:2], "norketamine": HALVES[2:]}


@dataclass(frozen=True, kw_only=True)
class Linear:
    """Every compartment of every part, and the four levels that are read from them."""

    K: np.ndarray  # [1/h]
    reads: np.ndarray  # level of each half [mg/L] from amounts [mg]
    into: np.ndarray  # state, of each pulse
    amount: np.ndarray
    start: np.ndarray
    over: np.ndarray


def linear(up: Upstream) -> Linear:
    """Return the compartments behind ``up`` as one padded system."""
    matrices, rows, pulse, first = [], {}, [], 0
    size = _STATES * -(-sum(len(part.structure.states) for part in up.parts) // _STATES)
    for part in up.parts:
        states = part.structure.states
        matrices.append(np.asarray(rate_matrix(states, part.structure.flows(), np)))
        given = pulses(part.structure, part.regimen, np, states=states)
        p = len(given.state)
        pulse.append(
            [np.broadcast_to(x, p) for x in (np.array(given.state) + first, given.amount,
                                             given.start, given.over)]
        )  # fmt: skip
        for role, analyte in part.analytes.items():
            observed = part.structure.observed[role]
            scale = solve.molar_ratio(observed.substance) / getattr(part.structure, observed.volume)
            for name, share in _read_as(analyte):
                row = rows.setdefault(name, np.zeros(size))
                row[first + states.index(observed.state)] += share * scale
        first += len(states)
    K = np.zeros((size, size))
    K[:first, :first] = block_diag(*matrices)
    reads = np.array([rows.get(name, np.zeros(size)) for name in HALVES])
    into, amount, start, over = (np.concatenate(column) for column in zip(*pulse, strict=True))
    return Linear(K=K, reads=reads, into=into, amount=amount, start=start, over=over)


def _read_as(analyte: str) -> tuple[tuple[str, float], ...]:
    if analyte in HALVES:
        return ((analyte, 1.0),)
    return tuple((name, 0.5) for name in _WHOLE.get(analyte, ()))


def course(
    up: Upstream, t: np.ndarray, *, drive: Drive, t_half_ke0: float
) -> dict[str, np.ndarray]:
    """Return effect site [mg/L], trace [1], response [1] and area of block [h] at ``t`` >= 0."""
    system = linear(up)
    rates = np.log(2.0) / np.array([t_half_ke0, drive.mood.t_half_A, drive.mood.t_half_onset])
    block = drive.block
    potency = [block.IC50_S, block.IC50_R, block.IC50_SN, block.IC50_RN]
    X = [
        block.fu / (molar_mass_of(name) * IC50) for name, IC50 in zip(HALVES, potency, strict=True)
    ]
    link = np.array([*X, float(drive.session), drive.mood.Dmax, drive.mood.A50])
    with solve.precision():
        found = _stepped(system, rates, link, t)
    return dict(zip(_BEHIND, found[:, -len(_BEHIND) :].T, strict=True))


def _stepped(system: Linear, rates: np.ndarray, link: np.ndarray, t: np.ndarray) -> np.ndarray:
    y = np.zeros(len(system.K) + len(_BEHIND))
    found = np.zeros((len(t), len(y)))
    ends = system.start + system.over
    edges = np.unique(np.concatenate([[0.0], system.start, ends, [t[-1]]]))
    edges = edges[edges <= t[-1]]
    for begin, end in itertools.pairwise(edges):
        at_once = (system.start == begin) & (system.over <= 0.0)
        np.add.at(y, system.into[at_once], system.amount[at_once])
        is_on = (system.start <= begin) & (begin < ends)
        u = np.zeros(len(system.K))
        np.add.at(u, system.into[is_on], system.amount[is_on] / system.over[is_on])
        inside = (t > begin) & (t <= end)
        ys = _run(system, rates, link, u, y, np.append(t[inside], end) - begin)
        found[inside], y = ys[:-1], ys[-1].copy()
    return found


def _run(
    system: Linear, rates: np.ndarray, link: np.ndarray, u: np.ndarray, y: np.ndarray,
    looks: np.ndarray,
) -> np.ndarray:  # fmt: skip
    size = max(16, 1 << (len(looks) - 1).bit_length())
    padded = np.concatenate([looks, np.full(size - len(looks), looks[-1])])
    largest = np.sum(np.abs(system.amount))
    atol = np.concatenate([np.full(len(u), 1e-18 * largest), np.full(len(_BEHIND), 1e-18)])
    given = (system.K, system.reads, rates, link, u, y, padded, atol)
    return np.array(_stretch(*(jnp.asarray(x) for x in given)))[: len(looks)]


@partial(jax.jit)
def _stretch(
    K: jax.Array, reads: jax.Array, rates: jax.Array, link: jax.Array, u: jax.Array,
    y: jax.Array, looks: jax.Array, atol: jax.Array,
) -> jax.Array:  # fmt: skip
    def slope(_: jax.Array, y: jax.Array, __: None) -> jax.Array:
        a, (Ce, A, R, _area) = y[: -len(_BEHIND)], y[-len(_BEHIND) :]
        levels = reads @ a
        X = link[:4] @ levels
        block, (session, Dmax, A50), (ke0, kA, kon) = X / (1.0 + X), link[4:], rates
        target = Dmax * A / (A50 + A)
        behind = (ke0 * (levels[0] - Ce), block / session - kA * A, kon * (target - R), block)
        return jnp.concatenate([K @ a + u, jnp.stack(behind)])

    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(slope), diffrax.Dopri8(), t0=0.0, t1=looks[-1], dt0=None, y0=y,
        saveat=diffrax.SaveAt(ts=looks),
        stepsize_controller=diffrax.ClipStepSizeController(
            diffrax.PIDController(rtol=1e-12, atol=atol), step_ts=looks
        ),
        max_steps=2_000_000,
    )  # fmt: skip
    assert solution.ys is not None
    return solution.ys
