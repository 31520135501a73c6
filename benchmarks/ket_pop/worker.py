"""Measure one engine at one size, in a process of its own; print the figures as JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.ket_pop import engines, truth
from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.clock import core_seconds
from benchmarks.ket_pop.setting import Solver

REPEATS = 3  # fewer where one takes long
LONG_S = 20.0


def main(engine: str, size: int) -> None:
    """Print the rate, the processor's time, peak memory, largest error and cold time."""
    task = tasks.load()
    begun = time.perf_counter()
    solve = engines.module(engine).prepare(task, engines.tuned(engine))
    cold = time.perf_counter() - begun
    params = tasks.subjects(task, size)
    walls, cpu, found = _timed(solve, params)
    peak = _peak_mib()  # before the check, which reads what other processes wrote
    places, true = truth.cached(task, size)
    print(
        json.dumps(
            {
                "rate": size / statistics.median(walls),
                "core_rate": size / cpu,
                "runs": len(walls),
                "peak_mib": peak,
                "error": tasks.largest_error(task, found[:, places], true),
                "cold_s": cold,
            }
        )
    )


def _timed(solve: Solver, params: np.ndarray) -> tuple[list[float], float, np.ndarray]:
    """Return the wall time of each run, the least time of all cores together, and the output."""
    walls, cpus, found = [], [], np.empty(0)
    for _ in range(REPEATS):
        del found  # so that no run finds the last one's memory beside its own
        before, begun = core_seconds(), time.perf_counter()
        found = solve(params)
        walls.append(time.perf_counter() - begun)
        cpus.append(core_seconds() - before)
        if walls[-1] > LONG_S:
            break
    return walls, min(cpus), found


def _peak_mib() -> float:
    """Return the most memory this process and its largest child held, what they share twice.

    Units  MiB; Linux alone counts it this way
    """
    # not ru_maxrss, which begins at what the process held that started this one
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = int(status.partition("VmHWM:")[2].split()[0])
    return (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
