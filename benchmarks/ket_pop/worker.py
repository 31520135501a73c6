"""Measure one engine at one size, in a process of its own; print the figures as JSON.

Sizes above the largest of the task are streamed: solved in pieces of that size, each into fresh
memory that is let go before the next.
"""

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
from benchmarks.ket_pop.task import OUTPUTS

REPEATS = 7  # fewer where they take long; the first finds pages that the machine never gave out
LONG_S = 40.0  # in all


def main(engine: str, size: int) -> None:
    """Print the rate, the processor's time, peak memory, largest error and cold time."""
    task = tasks.load()
    begun = time.perf_counter()
    solve = engines.module(engine).prepare(task, engines.tuned(engine))
    cold = time.perf_counter() - begun
    params = tasks.subjects(task, size)
    places, true = truth.cached(task, size)
    walls, cpu, sampled = _timed(solve, params, places, piece=max(task.sizes), times=task.times)
    peak = _peak_mib()
    print(
        json.dumps(
            {
                "rate": size / statistics.median(walls),
                "core_rate": size / cpu,
                "runs": len(walls),
                "peak_mib": peak,
                "error": tasks.largest_error(task, sampled, true),
                "cold_s": cold,
            }
        )
    )


def _timed(
    solve: Solver, params: np.ndarray, places: np.ndarray, *, piece: int, times: int
) -> tuple[list[float], float, np.ndarray]:
    """Return the wall time of each run, the least time of all cores together, and a sample.

    Reading the sample is not counted.
    """
    walls, cpus, sampled = [], [], np.empty(0)
    for _ in range(REPEATS):
        wall, cpu = 0.0, 0.0
        sampled = np.empty((len(OUTPUTS), len(places), times))
        for first in range(0, len(params), piece):
            before, begun = core_seconds(), time.perf_counter()
            found = solve(params[first : first + piece])
            wall += time.perf_counter() - begun
            cpu += core_seconds() - before
            is_here = (places >= first) & (places < first + piece)
            sampled[:, is_here] = [output[places[is_here] - first] for output in found]
            del found  # so that no run finds the last one's memory beside its own
        walls.append(wall)
        cpus.append(cpu)
        if sum(walls) > LONG_S:
            break
    return walls, min(cpus), sampled


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
