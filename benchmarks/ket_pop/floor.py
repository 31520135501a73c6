"""What the task costs at the least on this machine: writing its outputs, and its arithmetic.

Memory is measured as the best of several passes in which both cores fill one array of outputs that
already has its pages. Arithmetic is measured as the best rate of a matrix product, which
comes closest to what the machine's fused multiply-adds can do. The floor of a task is the longer
of the two: no engine that writes every output can be faster, whatever its method.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.ket_pop.task import OUTPUTS, Task, segments

HEADS = ("floor", "value", "unit")
PASSES = 50
BYTES = 8
PRODUCT = 400  # rows of the square matrices: they stay in cache, and a run is over in a millisecond
POW_FLOPS = 40  # convention: a logarithm, a product and an exponential, as polynomials
EIGEN_FLOPS = 600  # convention: three roots of a cubic, their vectors, two norketamine roots


def best_seconds(work: Callable[[], object]) -> float:
    """Return the shortest of several runs: the one that others disturbed least."""
    times = []
    for _ in range(PASSES):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def written_per_second(count: int = 1 << 26) -> float:
    """Return the bytes that both cores together write into memory that has its pages.

    Units  1/s
    """
    memory = np.zeros(count)
    halves = np.array_split(memory, 2)

    def fill() -> None:
        with ThreadPoolExecutor(2) as both:  # filling holds no interpreter lock
            list(both.map(lambda half: half.fill(1.0), halves))

    fill()
    return count * BYTES / best_seconds(fill)


def flops_per_second() -> float:
    """Return the floating-point operations of a matrix product; a fused one counts as two.

    Units  1/s
    """
    a = np.random.default_rng(1).standard_normal((PRODUCT, PRODUCT))
    return 2.0 * PRODUCT**3 / best_seconds(lambda: a @ a)


def minimal_flops(task: Task) -> dict[str, float]:
    """Return the operations of a minimal algorithm: per step, per subject, and in all per subject.

    A step goes from one time asked for to the next. The six linear states are carried as six modes,
    each a product with its own exponential and a sum; C is a sum of three modes, Cm of five, Ce of
    four (three and its own). The response costs one power, one quotient and one fused update.
    """
    modes = 6 * 2
    outputs = (3 + 5 + 4) * 2
    response = POW_FLOPS + 1 + 2 * 2
    step = modes + outputs + response
    edges = len(segments(task)) * 6 * 2 * 6  # between modes and amounts at each edge of the input
    return {
        "modes per step": modes,
        "outputs per step": outputs,
        "response per step": response,
        "step": step,
        "eigenvalues per subject": EIGEN_FLOPS,
        "edges per subject": edges,
        "subject": step * task.times + EIGEN_FLOPS + edges,
    }


def rows(task: Task) -> list[tuple[str, float, str]]:
    """Return the measured rates of this machine and the floor they set, as a table's rows."""
    written, flops = written_per_second(), flops_per_second()
    each = minimal_flops(task)["subject"]
    by_memory = written / (len(OUTPUTS) * task.times * BYTES)
    by_flops = flops / each
    return [
        ("memory, both cores writing", written / 1e9, "GB/s"),
        ("matrix product, both cores", flops / 1e9, "GFLOP/s"),
        ("minimal operations", each, "per subject"),
        ("memory allows", by_memory, "subjects/s"),
        ("arithmetic allows", by_flops, "subjects/s"),
        ("the floor", min(by_memory, by_flops), "subjects/s"),
    ]
