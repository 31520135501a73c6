"""What is wrong with a file of a trial: where, what was expected, what came, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from ketherapy.errors import shown

Table = Mapping[str, object]  # of a TOML file, before it is a record


class Severity(StrEnum):
    """Whether a file can be used with it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong, or looks wrong."""

    file: str = ""
    key: str  # with the tables it stands in; empty for the whole file
    expected: str
    got: object
    remedy: str
    severity: Severity = Severity.ERROR

    @property
    def sentence(self) -> str:
        """Return it as one line for a reader."""
        where = ", ".join(part for part in (self.file, self.key) if part)
        return f"{self.severity}: {where}: {self.told}"

    @property
    def told(self) -> str:
        """Return what was expected, what came and what to do, without where."""
        return f"expected {self.expected}, got {shown(self.got)}. {self.remedy}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The numbers of one arm in one outcome, as the file has them."""

    key: str
    outcome: Table
    arm: str
    numbers: Table


def named(trial: Table, kind: str) -> Iterator[tuple[str, Table]]:
    """Give each outcome or contrast with its key: by its id, or by its place from one."""
    found = trial.get(kind)
    for place, one in enumerate(found if isinstance(found, list | tuple) else (), start=1):
        if isinstance(one, Mapping):
            yield f"{kind}.{words(one, 'id') or place}", one


def arms(trial: Table) -> dict[str, Table]:
    """Return the arms of a trial by their names."""
    return _tables(trial.get("arms"))


def groups(trial: Table) -> Iterator[Group]:
    """Give each group of each outcome."""
    for key, outcome in named(trial, "outcomes"):
        for arm, numbers in _tables(outcome.get("results")).items():
            yield Group(key=f"{key}.results.{arm}", outcome=outcome, arm=arm, numbers=numbers)


def _tables(entry: object) -> dict[str, Table]:
    if not isinstance(entry, Mapping):
        return {}
    return {str(name): one for name, one in entry.items() if isinstance(one, Mapping)}


def words(table: Table, key: str) -> str:
    """Return the text of a key, stripped, or nothing where it holds none."""
    found = table.get(key)
    return found.strip() if isinstance(found, str) else ""


def number(table: Table, key: str) -> float | None:
    """Return the finite number of a key, or None where it holds none."""
    found = table.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        return float(found) if isfinite(found) else None
    except OverflowError:  # a whole number of more than 308 digits
        return None
