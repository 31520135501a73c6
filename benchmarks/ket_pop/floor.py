"""What the task costs at the least on this machine: writing its outputs, and its arithmetic.

Memory is measured as the best of several passes in which both cores write, past the cache, one
array of outputs that already has its pages; arithmetic as the best rate of fused multiply-adds in
registers (``floor.cpp``). Without a compiler numpy fills and multiplies matrices instead, which is
slower. The floor of a task is the longer of the two: no engine that writes every output can be
faster, whatever its method.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.ket_pop.task import OUTPUTS, Task, segments
from ketherapy.simulation.solvers.kernel.build import compiler

HEADS = ("floor", "value", "unit")
PASSES = 50
BYTES = 8
COUNT = 1 << 26  # numbers written
PRODUCT = 400  # rows of the square matrices: they stay in cache, and a run is over in a millisecond
POW_FLOPS = 40  # convention: a logarithm, a product and an exponential, as polynomials
EIGEN_FLOPS = 600  # convention: three roots of a cubic, their vectors, two norketamine roots


def rates() -> tuple[float, float]:
    """Return the bytes and the operations of both cores together; a fused one counts as two.

    Units  1/s
    """
    found = compiler()
    if found is None:
        return written_per_second(), flops_per_second()
    with tempfile.TemporaryDirectory() as folder:
        program, source = Path(folder) / "floor", Path(__file__).with_suffix(".cpp")
        flags = ["-O3", "-march=native", "-std=c++17", "-pthread"]
        subprocess.run([found, *flags, str(source), "-o", str(program)], check=True)
        printed = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
    written, flops = map(float, printed.split())
    return written, flops


def best_seconds(work: Callable[[], object]) -> float:
    """Return the shortest of several runs: the one that others disturbed least."""
    times = []
    for _ in range(PASSES):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def written_per_second() -> float:
    """Return the bytes that both cores together fill by numpy, in memory that has its pages.

    Units  1/s
    """
    memory = np.zeros(COUNT)
    halves = np.array_split(memory, 2)

    def fill() -> None:
        with ThreadPoolExecutor(2) as both:  # filling holds no interpreter lock
            list(both.map(lambda half: half.fill(1.0), halves))

    fill()
    return COUNT * BYTES / best_seconds(fill)


def flops_per_second() -> float:
    """Return the floating-point operations of a matrix product.

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
    """Return the measured rates of this machine and, last, the floor they set: a table's rows."""
    written, flops = rates()
    each = minimal_flops(task)["subject"]
    by_memory = written / (len(OUTPUTS) * task.times * BYTES)
    by_flops = flops / each
    return [
        ("memory, both cores writing", written / 1e9, "GB/s"),
        ("multiply-adds, both cores", flops / 1e9, "GFLOP/s"),
        ("minimal operations", each, "per subject"),
        ("memory allows", by_memory, "subjects/s"),
        ("arithmetic allows", by_flops, "subjects/s"),
        ("the floor", min(by_memory, by_flops), "subjects/s"),
    ]
