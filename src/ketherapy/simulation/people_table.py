"""Read a table of people: every cell checked, every bad row reported, none left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import LABELLED, Person
from ketherapy.simulation.accepted import Accepted, accepted
from ketherapy.simulation.people import PeopleTable
from ketherapy.sources import Status

_MEASURED = {"weight_kg": ("weight", "kg"), "age_year": ("age", "year")}
COLUMNS = (*_MEASURED, *LABELLED)


def read_people(
    path: Path,
    *,
    source: str = "a table of the reader's own",
    status: Status = Status.CONVENTION,
) -> PeopleTable:
    """Return the people in the CSV file at ``path``, which may have any of ``COLUMNS``.

    A label may be empty: not known. A weight or an age may not: leave out the whole column.

    Errors  ContractError naming the line and the column of every bad cell, never its content
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets mark their files so
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(
            path.name, expected="a readable table", got=type(error).__name__,
            remedy="Give a CSV file in UTF-8.",
        ) from error  # fmt: skip
    return parse_people(text, name=path.name, source=source, status=status)


def parse_people(text: str, *, name: str, source: str, status: Status) -> PeopleTable:
    """Return the people in the CSV ``text`` of a file called ``name``.

    Errors  ContractError naming the line and the column of every bad cell, never its content
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise ContractError(
            f"{name}, line {reader.line_num}", expected="readable CSV", got=str(error),
            remedy="Mend that line.",
        ) from error  # fmt: skip
    _check_header(header, name)
    problems = [said for line, row in rows for said in _problems(header, line, row)]
    if problems or not rows:
        raise ContractError(
            name, expected="a table of people without a mistake",
            got=f"{len(problems)} mistakes" if rows else "no rows",
            remedy=" ".join(problems) or "Write one row for each person.",
        )  # fmt: skip
    columns = dict(zip(header, zip(*(row for _, row in rows), strict=True), strict=True))
    text = f"the {len(rows)} people of {name}"
    return PeopleTable(person=_person(columns), text=text, source=source, status=status)


def _check_header(header: Sequence[str], name: str) -> None:
    unknown = [column for column in header if column not in COLUMNS]
    if unknown or not header or len(set(header)) < len(header):
        raise ContractError(
            f"{name}, line 1", expected=f"columns among {', '.join(COLUMNS)}, each once",
            got=", ".join(unknown or header), remedy="Rename or remove the others.",
        )  # fmt: skip


def _problems(header: Sequence[str], line: int, row: Sequence[str]) -> Iterator[str]:
    if len(row) != len(header):
        yield f"Line {line}: expected {len(header)} cells, got {len(row)}."
        return
    for column, cell in zip(header, row, strict=True):
        if expected := _expected(column, cell):
            yield f"Line {line}, {column}: expected {expected}."


def _expected(column: str, cell: str) -> str | None:
    """Return what should have stood in a cell, or None where it is right."""
    if kind := LABELLED.get(column):
        allowed = [member.value for member in kind]
        right = cell == "" or cell in allowed
        return None if right else f"{', '.join(allowed)} or nothing"
    name, unit = _MEASURED[column]
    low, high = _limits(getattr(accepted(), name), unit)
    try:
        is_right = low <= units.read_number(cell, what=column, example="71.5") <= high
    except ContractError:
        is_right = False
    return None if is_right else f"a number from {units.shown(low)} to {units.shown(high)}"


def _limits(limits: Accepted, unit: str) -> tuple[float, float]:
    low, high = limits.low, limits.high
    return (
        units.convert(low.value, low.unit, to=unit),
        units.convert(high.value, high.unit, to=unit),
    )


def _person(columns: dict[str, tuple[str, ...]]) -> Person:
    measured: dict[str, np.ndarray] = {
        _MEASURED[column][0]: np.array([float(cell) for cell in cells])
        for column, cells in columns.items()
        if column in _MEASURED
    }
    labelled = {column: np.array(cells) for column, cells in columns.items() if column in LABELLED}
    return replace(Person(), **measured, **labelled)
