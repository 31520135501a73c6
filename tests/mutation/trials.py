"""Run tests in a process of their own, against a module as it stands or with one change made.

Everything that the module does not touch is imported once; each trial is a fork, which imports the
module, what rests on it and the tests anew. So no cache of one trial is there in the next, and what
happens while a module is imported is tried as well.
"""

from __future__ import annotations

import gc
import importlib
import json
import math
import os
import resource
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib.machinery import SourceFileLoader
from pathlib import Path

import coverage
import grimp
import hypothesis
import pytest
from jaxtyping import install_import_hook

from tests.checked import checked

NO_PROGRAM, OUR_FAULT = 71, 70  # exit statuses that pytest does not use
PATIENCE = 10.0  # [s] for a trial, beside ten times what the tests take on an unchanged module
ASLEEP = (
    10.0  # times that on the clock: a busy machine must not look like a change that was noticed
)
HURRY = 0.005  # [s] between two looks at what has ended
OPTIONS = (
    *("-x", "-q", "--no-header", "--no-summary", "--tb=no", "-p", "no:cacheprovider"),
    *("-p", "no:xdist", "-m", "not slow and not database and not browser"),
    # what Django needs stays out: tests/conftest.py is above this folder
    "--confcutdir=tests/unit/ketherapy",
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # Hypothesis is imported once for all
)


class Outcome(Enum):
    """How a trial ended."""

    UNNOTICED = "unnoticed"
    NOTICED = "noticed"
    NO_PROGRAM = "no program"  # Python does not read it: no change at all


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What one file of tests does with the module as it stands."""

    tests: Path
    lines: frozenset[int]  # of the module that were run, also while it was imported
    seconds: float  # of the processor


def prepare(module: str) -> None:
    """Import what ``module`` and its room rest on, and nothing that rests on it."""
    install_import_hook("ketherapy", f"{checked.__module__}.checked")
    hypothesis.settings.register_profile(
        "mutation",
        derandomize=True,  # the same change is noticed each time, or never
        database=None,
        deadline=None,
        max_examples=50,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutation")
    for name in sorted(_beneath(module)):
        importlib.import_module(name)
    _warm()
    gc.freeze()


def _beneath(module: str) -> set[str]:
    """Return the modules that the room of ``module`` is built on, without what rests on it."""
    graph = grimp.build_graph("ketherapy", cache_dir=None)
    room = ".".join(module.split(".")[:2])
    roomful = {name for name in graph.modules if f"{name}.".startswith(f"{room}.")}
    beneath = {name for one in roomful for name in graph.find_upstream_modules(one)}
    return beneath - graph.find_downstream_modules(module) - roomful


def _warm() -> None:
    """Fill what every test would fill again: the table of units and the bibliography."""
    from ketherapy import sources, units

    units.convert(1.0, "mg", to="g")
    sources.source("ketherapy")


def baselines(path: Path, tests: Iterable[Path], jobs: int) -> list[Baseline]:
    """Return what each file of tests does with the module at ``path``, which must satisfy them."""
    with tempfile.TemporaryDirectory() as folder:
        notes = {test: Path(folder) / str(n) for n, test in enumerate(tests)}
        trials = (
            (test, lambda t=test, n=note: _measure(path, t, n)) for test, note in notes.items()
        )
        for test, status in in_parallel(trials, jobs=jobs, patience=600.0):
            if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
                raise SystemExit(
                    f"{test}: expected tests that pass, got status {status}. Mend them first."
                )
        return [_noted(test, note) for test, note in notes.items()]


def _noted(test: Path, note: Path) -> Baseline:
    seen = json.loads(note.read_text())
    return Baseline(tests=test, lines=frozenset(seen["lines"]), seconds=seen["seconds"])


def _measure(path: Path, test: Path, note: Path) -> int:
    # no file of settings: those of `make test` would measure what a test starts as well
    watch = coverage.Coverage(data_file=None, config_file=False, include=[str(path)])
    start = time.process_time()
    watch.start()
    status = _run(test)
    watch.stop()
    lines = watch.get_data().lines(str(path)) or []
    note.write_text(json.dumps({"lines": lines, "seconds": time.process_time() - start}))
    return status


def _run(test: Path) -> int:
    # a folder of its own: pytest looks through the one that all would share, and stumbles there
    with tempfile.TemporaryDirectory(prefix="ketherapy-trial-") as folder:
        return pytest.main([*OPTIONS, f"--basetemp={folder}/tests", str(test)])


def outcome(status: int) -> Outcome:
    """Return what the exit status of a trial says about the change."""
    if status == OUR_FAULT:
        raise RuntimeError("a trial: expected a verdict of pytest, got a fault of the trial itself")
    if status == NO_PROGRAM:
        return Outcome.NO_PROGRAM
    passed = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return Outcome.UNNOTICED if status in passed else Outcome.NOTICED


def trial(path: Path, source: bytes, tests: Iterable[Path]) -> int:
    """Run each file of tests against ``source`` in the place of ``path``, until one fails."""
    try:
        compile(source, str(path), "exec", dont_inherit=True)
    except SyntaxError:
        return NO_PROGRAM
    _stand_in(path, source)
    status = 0
    for test in tests:
        status = _run(test)
        if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            break
    return status


def _stand_in(path: Path, source: bytes) -> None:
    """Let an import of ``path`` read ``source``; neither a cache nor the disk learns of it."""
    read, stats = SourceFileLoader.get_data, SourceFileLoader.path_stats

    def get_data(self: SourceFileLoader, name: str) -> bytes:
        return source if name == str(path) else read(self, name)

    def path_stats(self: SourceFileLoader, name: str) -> object:
        if name == str(path):
            raise OSError("no time of change, hence no compiled file")
        return stats(self, name)

    SourceFileLoader.get_data, SourceFileLoader.path_stats = get_data, path_stats


def in_parallel(
    trials: Iterable[tuple[object, Callable[[], int]]], *, jobs: int, patience: float
) -> Iterator[tuple[object, int]]:
    """Give each trial's exit status, as they end; one that takes too long is ended.

    Units   patience s of the processor
    """
    waiting, running = iter(trials), {}
    while True:
        while len(running) < jobs and (following := next(waiting, None)) is not None:
            running[_fork(following[1], patience)] = (
                following[0],
                time.monotonic() + ASLEEP * patience,
            )
        if not running:
            return
        time.sleep(HURRY)
        for pid, (what, until) in list(running.items()):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                del running[pid]
                yield what, os.waitstatus_to_exitcode(status)


def _fork(task: Callable[[], int], patience: float) -> int:
    if pid := os.fork():
        return pid
    status, heard = OUR_FAULT, os.dup(2)
    try:
        _silence()
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(patience),) * 2)
        status = int(task())
    except BaseException:
        os.write(heard, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
