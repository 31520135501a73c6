"""Find each peer's fastest setting that keeps the promise, on the subjects that are checked."""

from __future__ import annotations

import numpy as np

from benchmarks.ket_pop import engines, truth
from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.clock import core_seconds
from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import Task

RTOL = (1e-6, 3e-7, 1e-7, 3e-8, 1e-8, 3e-9, 1e-9, 3e-10, 1e-10)
ATOL = (1e-1, 1e-2, 1e-3)  # parts of rtol; the states are of the order of 0.1 to 1
TIMED = 3


def search(task: Task, engine: str) -> None:
    """Print each method's loosest passing tolerances and what they cost, the best one last."""
    size = max(task.sizes)
    places, true = truth.cached(task, size)
    params = tasks.subjects(task, size)[places]
    best = (np.inf, None)
    for method in engines.module(engine).METHODS:
        for part in ATOL:
            best = min(best, _loosest(task, engine, method, part, params, true), key=_cost)
    print(
        f"[{engine}]  # {len(places) / best[0]:.0f} subjects a core-second\n{best[1]}", flush=True
    )


def _cost(found: tuple[float, Setting | None]) -> float:
    return found[0]


def _loosest(
    task: Task, engine: str, method: str, part: float, params: np.ndarray, true: np.ndarray
) -> tuple[float, Setting | None]:
    """Return the core-seconds and the setting of the loosest tolerance that passes, if any."""
    for rtol in RTOL:
        setting = Setting(method=method, rtol=rtol, atol=part * rtol)
        solve = engines.module(engine).prepare(task, setting)
        error = tasks.largest_error(task, solve(params), true)
        print(f"  {method} rtol {rtol:.0e} atol {part * rtol:.0e}: {error:.1e}", flush=True)
        if error <= task.relative:
            cost = min(_core_seconds(solve, params) for _ in range(TIMED))
            print(f"  ... {len(params) / cost:.0f} subjects a core-second", flush=True)
            return cost, setting
    return np.inf, None


def _core_seconds(solve: Solver, params: np.ndarray) -> float:
    before = core_seconds()
    solve(params)
    return core_seconds() - before
