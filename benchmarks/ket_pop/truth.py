"""The reference's answers for the subjects that are checked, kept between runs."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np

from benchmarks.ket_pop import reference
from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.task import Task

CHECKED = 200
KEPT = Path(__file__).parents[2] / "build" / "ket_pop"


def cached(task: Task, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the checked subjects and their true outputs, solved once.

    Shapes  place; output subject time
    """
    places = reference.sampled(task, CHECKED, size)
    path = KEPT / f"reference-{size}-{_mark()}.npy"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        solved = reference.solve(task, tasks.subjects(task, size)[places])
        part = path.with_suffix(f".{os.getpid()}.npy")
        np.save(part, solved)
        part.replace(path)  # whole or not at all
    return places, np.load(path)


def _mark() -> str:
    """Return what changes when the task or the reference does."""
    here = Path(__file__).parent
    read = b"".join((here / name).read_bytes() for name in ("task.toml", "task.py", "reference.py"))
    return hashlib.sha256(read + str(CHECKED).encode()).hexdigest()[:16]
