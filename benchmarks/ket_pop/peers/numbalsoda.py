"""numbalsoda: LSODA in C++ and DOP853 in Fortran, called from numba's threads."""

from __future__ import annotations

import numba
import numbalsoda
import numpy as np

from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import Task

PACKAGE = "numbalsoda"
# "each" calls the solver anew from one time asked for to the next: where stability and not accuracy
# sets DOP853's steps, what it interpolates between them is off by more than the promise allows.
METHODS = ("lsoda", "dop853_each")


def prepare(task: Task, setting: Setting) -> Solver:
    """Return the solver of one setting, compiled and warm."""
    course = _course(task, setting)

    def solve(params: np.ndarray) -> np.ndarray:
        of_each = tasks.rates(task, params)
        out = np.empty((4, len(params), task.times))
        if not course(of_each, out):
            raise RuntimeError(f"numbalsoda {setting}: expected every segment to succeed")
        return out

    solve(tasks.subjects(task, 2))
    return solve


def _slope(task: Task):
    k = tasks.constants(task)
    kn, kn12, kn21, ke0 = k["kn"], k["kn12"], k["kn21"], k["ke0"]
    kout, Emax, EC50, gamma = k["kout"], k["Emax"], k["EC50"], k["gamma"]

    # fastmath stays off: the peers' own compilers keep the order of operations too
    @numba.cfunc(numbalsoda.lsoda_sig)
    def slope(t, y, dy, p):
        C = y[0]
        dy[0] = p[7] - p[0] * C + p[1] * y[1] + p[2] * y[2]
        dy[1] = p[3] * (C - y[1])
        dy[2] = p[4] * (C - y[2])
        dy[3] = p[5] * C - kn * y[3] + kn12 * y[4]
        dy[4] = kn21 * (y[3] - y[4])
        dy[5] = ke0 * (C - y[5])
        x = (y[5] / EC50) ** gamma
        dy[6] = kout * (1.0 + Emax * x / (1.0 + x) - y[6])

    return slope


def _grid(task: Task, *, each: bool) -> tuple[np.ndarray, list[int], list[int], list[float]]:
    """Return the calls: their times behind one another, where each begins, outputs, and input."""
    times, first, wanted, infused = [], [0], [], []
    for segment in tasks.segments(task):
        inner = segment.times[segment.times < segment.length * (1 - 1e-9)]
        whole = np.concatenate([[0.0], inner, [segment.length]])
        for call in np.stack([whole[:-1], whole[1:]], axis=1) if each else [whole]:
            times.append(call)
            first.append(first[-1] + len(call))
            wanted.append(len(call) - 1 if len(segment.times) else 0)
            infused.append(segment.infused)
    return np.concatenate(times), first, wanted, infused


def _course(task: Task, setting: Setting):
    name, _, each = setting.method.partition("_")
    times, *calls = _grid(task, each=bool(each))
    first, wanted, infused = (np.array(column) for column in calls)
    address, y0 = _slope(task).address, task.initial()
    method, rtol, atol = getattr(numbalsoda, name), setting.rtol, setting.atol

    @numba.njit(parallel=True)
    def course(of_each, out):
        done = np.zeros(len(of_each), np.int64)
        for subject in numba.prange(len(of_each)):
            p = np.empty(8)
            p[:7] = of_each[subject]
            y, at, ok = y0.copy(), 0, True
            for s in range(len(wanted)):
                p[7] = p[6] * infused[s]
                t = times[first[s] : first[s + 1]]
                found, fine = method(address, y, t, data=p, rtol=rtol, atol=atol, mxstep=100000)
                ok &= fine
                y[:] = found[-1]
                for i in range(wanted[s]):
                    out[0, subject, at + i] = found[i + 1, 0]
                    out[1, subject, at + i] = found[i + 1, 3]
                    out[2, subject, at + i] = found[i + 1, 5]
                    out[3, subject, at + i] = found[i + 1, 6]
                at += wanted[s]
            done[subject] = ok
        return done.all()

    return course
