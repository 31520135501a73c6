"""Check the file of a trial: everything that is wrong with it at once, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from ketherapy import records
from ketherapy.errors import DataFileError
from ketherapy.evidence.check_numbers import NUMBERS
from ketherapy.evidence.check_words import WORDS, shared_people
from ketherapy.evidence.problems import Problem, Severity, Table, words
from ketherapy.evidence.trials import DATA, Trial
from ketherapy.records import Fault

_TOLD = "Value error, "  # what pydantic puts before a sentence of ours
_REMEDY = {
    "unknown": "Mend the key, or take it out: the how-to lists what there is.",
    "missing": "Add it, as its document prints it.",
    "wrong": "Compare it with the document it was read in.",
}


def shipped() -> tuple[Path, ...]:
    """Return the files of the trials that ship, in the order of their ids."""
    return tuple(sorted(DATA.glob("*.toml")))


def check(path: Path) -> tuple[Problem, ...]:
    """Return everything that is wrong with the file of a trial, errors first.

    A file without an error loads; a warning is a number to look at once more.

    Source  ketherapy
    """
    try:
        table = records.read_table(path)
    except DataFileError as error:
        unread = Problem(file=path.name, key="", expected=error.expected, got=error.got,
                         remedy=error.remedy)  # fmt: skip
        return (unread,)
    found = list(check_table(table, others=_others(path), file=path.name))
    if words(table, "id") and words(table, "id") != path.stem:
        found.append(
            Problem(file=path.name, key="id", expected=f"the name of the file, {path.stem}",
                    got=words(table, "id"), remedy="Rename one of them.")
        )  # fmt: skip
    return _sorted(found)


def check_table(
    table: Table, *, others: tuple[Table, ...] = (), file: str = ""
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a trial that was read and is no record yet.

    ``others`` are the trials with which it may share people.

    Source  ketherapy
    """
    own = [problem for rule in (*WORDS, *NUMBERS) for problem in rule(table)]
    own += shared_people(table, others)
    told = {problem.key for problem in own if problem.severity is Severity.ERROR}
    unfit = ((_key(table, fault), fault) for fault in records.faults(Trial, table))
    own += [_unfit(key, fault) for key, fault in unfit if not _is_told(key, fault, told)]
    return _sorted([replace(problem, file=file) for problem in own])


def _is_told(key: str, fault: Fault, told: set[str]) -> bool:
    """Return whether a rule of ours has said it better: of the key, or of one within it."""
    within = f"{key}." if key else ""
    return key in told or (_is_ours(fault) and any(one.startswith(within) for one in told))


def _is_ours(fault: Fault) -> bool:
    return fault.expected.startswith(_TOLD)


def _unfit(key: str, fault: Fault) -> Problem:
    expected = fault.expected.removeprefix(_TOLD).removeprefix("Input should be ")
    said = {"unknown": "no such key", "missing": "this key"}.get(fault.kind, expected)
    return Problem(key=key, expected=said, got=_got(fault), remedy=_REMEDY[fault.kind])


def _got(fault: Fault) -> object:
    whole = fault.kind == "missing" or isinstance(fault.got, Mapping | list | tuple)
    return None if whole else fault.got


def _key(table: Table, fault: Fault) -> str:
    """Return the key with ids where the record has places."""
    at: object = table
    parts: list[str] = []
    for part in fault.key.split("."):
        at, name = _step(at, part)
        parts.append(name)
    return ".".join(parts)


def _step(at: object, part: str) -> tuple[object, str]:
    if isinstance(at, list) and part.isdigit() and int(part) < len(at):
        inner: object = at[int(part)]
        own = words(inner, "id") if isinstance(inner, dict) else ""
        return inner, own or str(int(part) + 1)
    return (at.get(part) if isinstance(at, dict) else None), part


def _others(path: Path) -> tuple[Table, ...]:
    own = path.resolve()
    return tuple(table for other, table in shipped_tables() if other.resolve() != own)


@lru_cache(maxsize=1)
def shipped_tables() -> tuple[tuple[Path, Table], ...]:
    """Return what can be read of the trials that ship; each file has its own check."""
    return tuple((path, table) for path in shipped() if (table := _read(path)) is not None)


def _read(path: Path) -> Table | None:
    try:
        return records.read_table(path)
    except DataFileError:  # said where that file itself is checked
        return None


def _sorted(found: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.ERROR))
