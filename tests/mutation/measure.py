"""Try every change of one module against its tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import grimp

from tests.mutation import scores, trials
from tests.mutation.mutants import Mutant, Mutants, mutants
from tests.mutation.scores import ROOT, Score
from tests.mutation.trials import Outcome

BUILD = ROOT / "build" / "mutation"
UNNOTICED = Outcome.UNNOTICED


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came of all changes of one module."""

    score: Score
    survivors: tuple[str, ...]  # one line each
    faults: tuple[str, ...]  # of the list of changes that cannot be noticed


def measure(module: str, jobs: int) -> Verdict:
    """Return what the tests notice of every change of one module."""
    path = scores.modules()[module]
    changes = mutants(module, path)
    outcomes: dict[Mutant, Outcome] = {}
    if changes.found:
        trials.prepare(module)
        for files in unit_tests(module):
            left = [m for m in changes.found if outcomes.get(m, UNNOTICED) is UNNOTICED]
            if left and files:
                outcomes |= _tried(path, changes, left, files=files, jobs=jobs)
    return _judged(module, outcomes)


def unit_tests(module: str) -> tuple[list[Path], list[Path], list[Path]]:
    """Return the tests named after the module, after what imports it, and the room's others."""
    room = module.split(".")[1]
    beside = sorted((ROOT / "tests" / "unit" / "ketherapy" / room).rglob("test_*.py"))
    graph = grimp.build_graph("ketherapy", cache_dir=None)
    named = {_test_of(name) for name in graph.find_modules_that_directly_import(module)}
    own = [path for path in beside if path.stem == _test_of(module)]
    near = [path for path in beside if path.stem in named and path not in own]
    return own, near, [path for path in beside if path not in own and path not in near]


def _test_of(module: str) -> str:
    return f"test_{module.rpartition('.')[2]}"


def _tried(
    path: Path, changes: Mutants, left: list[Mutant], *, files: list[Path], jobs: int
) -> dict[Mutant, Outcome]:
    """Return how each change ended against the tests that run its line, the quickest first."""
    known = sorted(trials.baselines(path, files, jobs), key=lambda baseline: baseline.seconds)
    patience = trials.PATIENCE + 10.0 * sum(baseline.seconds for baseline in known)
    touching = {m: [b.tests for b in known if b.lines & set(m.lines)] for m in left}
    queue = [(m, _trial(path, changes, m, tests)) for m, tests in touching.items() if tests]
    outcomes = dict.fromkeys(left, UNNOTICED)
    control = (None, lambda: trials.trial(path, path.read_bytes(), files))
    for mutant, status in trials.in_parallel(
        [control, *queue, control], jobs=jobs, patience=patience
    ):
        if mutant is not None:
            outcomes[mutant] = trials.outcome(status)
        elif trials.outcome(status) is not UNNOTICED:
            raise SystemExit(f"{path}: expected no complaint of what is not changed, got {status}.")
    return outcomes


def _trial(path: Path, changes: Mutants, mutant: Mutant, tests: list[Path]) -> Callable[[], int]:
    return lambda: trials.trial(path, changes.source(mutant), tests)


def _judged(module: str, outcomes: dict[Mutant, Outcome]) -> Verdict:
    reasons = {name: why for name, why in scores.reasons().items() if name[0] == module}
    real = {m: end for m, end in outcomes.items() if end is not Outcome.NO_PROGRAM}
    unnoticed = [m for m, end in real.items() if end is UNNOTICED]
    survivors = [m for m in unnoticed if m.name not in reasons]
    _write(module, survivors)
    score = Score(
        module=module,
        on=f"{datetime.now(UTC):%Y-%m-%d}",
        tool=f"mutmut {version('mutmut')}",
        mutants=len(real),
        noticed=len(real) - len(unnoticed),
        unnoticeable=len(unnoticed) - len(survivors),
    )
    listed_wrongly = reasons.keys() - {m.name for m in unnoticed}
    return Verdict(
        score=score,
        survivors=tuple(map(str, survivors)),
        faults=tuple(f"{scores.UNNOTICEABLE.name}: {name}: expected a change that survives, got"
                     " one that is noticed or is no longer there. Remove it."
                     for name in sorted(listed_wrongly))
        + tuple(f"{scores.UNNOTICEABLE.name}: {name}: expected the reason, got none. Say why."
                for name, why in reasons.items() if not why.strip()),
    )  # fmt: skip


def _write(module: str, survivors: list[Mutant]) -> None:
    """Write the survivors as entries of the list, without a reason."""
    BUILD.mkdir(parents=True, exist_ok=True)
    keys = ("module", "where", "line", "was", "becomes", "nth")
    entries = [
        "\n".join(["[[change]]", *(f"{k} = {json.dumps(v, ensure_ascii=False)}"
                                   for k, v in zip(keys, m.name, strict=True)), 'why = ""', ""])
        for m in survivors
    ]  # fmt: skip
    (BUILD / f"{module}.toml").write_text("\n".join(entries), encoding="utf-8")
