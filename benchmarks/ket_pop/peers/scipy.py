"""SciPy: LSODA, stepped in compiled code by odeint, with a slope and a Jacobian from numba."""

from __future__ import annotations

import numba
import numpy as np
from scipy.integrate import odeint

from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.halves import in_two_processes
from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import Task

PACKAGE = "scipy"
METHODS = ("lsoda", "lsoda_jacobian")


def prepare(task: Task, setting: Setting) -> Solver:
    """Return the solver of one setting, compiled and warm."""
    slope, jacobian = _equations(task)
    course, y0 = _course(task), task.initial()
    options = {"tfirst": True, "rtol": setting.rtol, "atol": setting.atol, "mxstep": 100_000}
    if setting.method == "lsoda_jacobian":
        options["Dfun"] = jacobian

    def fill(of_each: np.ndarray, out: np.ndarray) -> None:
        for subject, of_one in enumerate(of_each):
            y, p = y0, of_one.copy()
            for times, columns, wanted, infused in course:
                p[6] = of_one[6] * infused
                found = odeint(slope, y, times, args=(p,), **options)
                y = found[-1]
                out[:, subject, columns] = found[1 : wanted + 1, tasks.OUTPUTS].T

    solve = in_two_processes(task, fill)
    solve(tasks.subjects(task, 2))
    return solve


def _course(task: Task) -> list[tuple[np.ndarray, slice, int, float]]:
    calls, at = [], 0
    for segment in tasks.segments(task):
        inner = segment.times[segment.times < segment.length * (1 - 1e-9)]
        wanted = len(segment.times)
        times = np.concatenate([[0.0], inner, [segment.length]])
        calls.append((times, slice(at, at + wanted), wanted, segment.infused))
        at += wanted
    return calls


def _equations(task: Task):
    k = tasks.constants(task)
    kn, kn12, kn21, ke0 = k["kn"], k["kn12"], k["kn21"], k["ke0"]
    kout, Emax, EC50, gamma = k["kout"], k["Emax"], k["EC50"], k["gamma"]

    @numba.njit("float64[::1](float64, float64[::1], float64[::1])")
    def slope(t, y, p):
        dy, C = np.empty(7), y[0]
        dy[0] = p[6] - p[0] * C + p[1] * y[1] + p[2] * y[2]
        dy[1] = p[3] * (C - y[1])
        dy[2] = p[4] * (C - y[2])
        dy[3] = p[5] * C - kn * y[3] + kn12 * y[4]
        dy[4] = kn21 * (y[3] - y[4])
        dy[5] = ke0 * (C - y[5])
        x = (y[5] / EC50) ** gamma
        dy[6] = kout * (1.0 + Emax * x / (1.0 + x) - y[6])
        return dy

    @numba.njit("float64[:, ::1](float64, float64[::1], float64[::1])")
    def jacobian(t, y, p):
        J = np.zeros((7, 7))
        J[0, 0], J[0, 1], J[0, 2] = -p[0], p[1], p[2]
        J[1, 0], J[1, 1] = p[3], -p[3]
        J[2, 0], J[2, 2] = p[4], -p[4]
        J[3, 0], J[3, 3], J[3, 4] = p[5], -kn, kn12
        J[4, 3], J[4, 4] = kn21, -kn21
        J[5, 0], J[5, 5] = ke0, -ke0
        x = (y[5] / EC50) ** gamma
        by_x = gamma * (y[5] / EC50) ** (gamma - 1.0) / EC50
        J[6, 5], J[6, 6] = kout * Emax * by_x / (1.0 + x) ** 2, -kout
        return J

    return slope, jacobian
