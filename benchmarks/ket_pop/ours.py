"""Our engine: it has no response models of this kind yet, and says so."""

from __future__ import annotations

from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import Task

METHODS = ("exact",)


def prepare(task: Task, setting: Setting) -> Solver:
    """Return our solver, compiled and warm.

    Errors  NotImplementedError until the population path exists
    """
    raise NotImplementedError("our engine: expected a population path with responses, got none yet")
