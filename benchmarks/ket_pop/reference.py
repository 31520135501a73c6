"""The answer every engine is held to: DOP853 far below the promise, and a matrix exponential.

DOP853 restarts at every edge of the input and never steps over a time asked for, so that nothing
is interpolated far. The matrix exponential knows nothing of steps or tolerances; it covers what is
linear (C, Cm, Ce) and shows that the reference is what it claims to be.
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from benchmarks.ket_pop.task import OUTPUTS, Task, constants, rates, segments, subjects

MARGIN = 1e-3  # DOP853 runs at this part of the reference's own tolerance


def sampled(task: Task, count: int, of: int) -> np.ndarray:
    """Return the places of subjects to check: the extreme ones of every rate, then the first.

    Shapes  place, ascending and without repeats
    """
    of_each = rates(task, subjects(task, of))
    extremes = np.concatenate([of_each.argmin(axis=0), of_each.argmax(axis=0)])
    rest = np.setdiff1d(np.arange(of), extremes)[: max(count - len(np.unique(extremes)), 0)]
    return np.union1d(extremes, rest)[:of]


def solve(task: Task, params: np.ndarray) -> np.ndarray:
    """Return the outputs of each subject, solved to the reference's tolerance.

    Shapes  output subject time
    """
    return np.stack([_course(task, of_one) for of_one in rates(task, params)], axis=1)


def _course(task: Task, of_one: np.ndarray) -> np.ndarray:
    parts, y = [], task.initial()
    for segment in segments(task):
        times = np.append(
            segment.times[segment.times < segment.length * (1 - 1e-9)], segment.length
        )
        found = solve_ivp(
            _slope(task, of_one, segment.infused),
            (0.0, segment.length),
            y,
            method="DOP853",
            t_eval=times,
            max_step=task.window[0] if len(segment.times) else np.inf,
            rtol=max(MARGIN * task.reference, 3e-14),
            atol=MARGIN * task.reference * 1e-3,
        )
        y = found.y[:, -1]
        parts.append(found.y[:, : len(segment.times)])
    return np.concatenate(parts, axis=1)[list(OUTPUTS)]


def _slope(task: Task, of_one: np.ndarray, infused: float):
    k = constants(task)
    linear, given = _linear(task, of_one), of_one[6] * infused

    def slope(_: float, y: np.ndarray) -> np.ndarray:
        dy = np.empty(7)
        dy[:6] = linear @ y[:6]
        dy[0] += given
        x = (y[5] / k["EC50"]) ** k["gamma"]
        dy[6] = k["kout"] * (1.0 + k["Emax"] * x / (1.0 + x) - y[6])
        return dy

    return slope


def _linear(task: Task, of_one: np.ndarray) -> np.ndarray:
    """Return the matrix of the six linear concentrations, C to Ce."""
    k1, k12, k13, k21, k31, km, _ = of_one
    k = constants(task)
    K = np.zeros((6, 6))
    K[0, :3] = -k1, k12, k13
    K[1, :2] = k21, -k21
    K[2, [0, 2]] = k31, -k31
    K[3, [0, 3, 4]] = km, -k["kn"], k["kn12"]
    K[4, 3:5] = k["kn21"], -k["kn21"]
    K[5, [0, 5]] = k["ke0"], -k["ke0"]
    return K


def linear(task: Task, params: np.ndarray) -> np.ndarray:
    """Return C, Cm and Ce of each subject by the matrix exponential alone.

    Shapes  output subject time
    """
    return np.stack([_propagated(task, of_one) for of_one in rates(task, params)], axis=1)


def _propagated(task: Task, of_one: np.ndarray) -> np.ndarray:
    # A seventh state that stands at 1 carries the input, so that one exponential holds both.
    augmented, y, parts = np.zeros((7, 7)), np.zeros(7), []
    augmented[:6, :6], y[6] = _linear(task, of_one), 1.0
    for segment in segments(task):
        augmented[0, 6] = of_one[6] * segment.infused
        reached = [expm(augmented * t) @ y for t in segment.times]
        parts.extend(reached)
        y = expm(augmented * segment.length) @ y
    return np.array(parts).T[[0, 3, 5]]
