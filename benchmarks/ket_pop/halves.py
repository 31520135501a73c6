"""Both cores for an engine without threads: two processes fill the two halves of one output."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable

import numpy as np

from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.setting import Solver
from benchmarks.ket_pop.task import Task

Fill = Callable[[np.ndarray, np.ndarray], None]  # rates of each subject, output to fill


def in_two_processes(task: Task, fill: Fill) -> Solver:
    """Return a solver whose second half is filled by a child process of each call.

    The child is a copy of this process, so that what is compiled and warm here is so there too; it
    writes into memory that both see, fresh for each call.

    Errors  RuntimeError where the child fails
    """

    def solve(params: np.ndarray) -> np.ndarray:
        of_each, half = tasks.rates(task, params), (len(params) + 1) // 2
        shape = (4, len(params), task.times)
        memory = mmap.mmap(-1, int(np.prod(shape)) * 8)
        out = np.frombuffer(memory, dtype=float).reshape(shape)
        child = os.fork()
        if child == 0:
            _fill_and_leave(fill, of_each[half:], out[:, half:])
        fill(of_each[:half], out[:, :half])
        _, status = os.waitpid(child, 0)
        if status != 0:
            raise RuntimeError(f"the second process: expected to end well, got status {status}")
        return out

    return solve


def _fill_and_leave(fill: Fill, of_each: np.ndarray, out: np.ndarray) -> None:
    status = 1
    try:
        fill(of_each, out)
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's may run twice
