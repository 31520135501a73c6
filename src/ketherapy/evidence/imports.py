"""Bring a table of new trials in: every row reported, a file for each trial without a refused one.

The columns are those of ``import_cells.COLUMNS``: one row for each arm and outcome. Nothing is
written here: the files come back as texts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ketherapy.errors import ContractError
from ketherapy.evidence.check import check_table, shipped_tables
from ketherapy.evidence.import_cells import COLUMNS, Cells, Remark, Row, row
from ketherapy.evidence.import_trial import assembled, said, slug, toml
from ketherapy.evidence.problems import Table


class Outcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowReport:
    """What is said of one row."""

    line: int  # of the file, where the row begins
    trial: str
    arm: str
    remarks: tuple[Remark, ...]

    @property
    def outcome(self) -> Outcome:
        """Return what became of the row."""
        if any(remark.is_refusal for remark in self.remarks):
            return Outcome.REFUSED
        return Outcome.FLAGGED if self.remarks else Outcome.ACCEPTED

    @property
    def text(self) -> str:
        """Return it as lines for a reader."""
        name = ", ".join(part for part in (self.trial, self.arm) if part)
        lines = [f"line {self.line}: {self.outcome} ({name or 'no name'})"]
        lines += [f"    {remark.field}: {remark.sentence}" for remark in self.remarks]
        return "\n".join(lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is said of every row, and the files that come of them."""

    rows: tuple[RowReport, ...]
    files: Mapping[str, str]  # the text of each file by the id of its trial

    @property
    def is_refused(self) -> bool:
        """Return whether a row was refused."""
        return any(one.outcome is Outcome.REFUSED for one in self.rows)

    @property
    def text(self) -> str:
        """Return it as lines for a reader."""
        counts = [f"{sum(one.outcome is kind for one in self.rows)} {kind}" for kind in Outcome]
        files = f"{len(self.files)} {'trial' if len(self.files) == 1 else 'trials'} can be written"
        return "\n".join([*(one.text for one in self.rows), f"{', '.join(counts)}; {files}."])


def read(path: Path) -> Report:
    """Return what comes of a CSV table of trials.

    Source  ketherapy
    Errors  ContractError where the file is no such table at all
    """
    return read_text(_text(path))


def read_text(text: str) -> Report:
    """Return what comes of the text of such a table.

    Source  ketherapy
    Errors  ContractError where it is no such table at all
    """
    every = tuple(_cells(text))
    rows = [found for cells in every if (found := row(cells)) is not None]
    files: dict[str, str] = {}
    others = [table for _, table in shipped_tables()]
    for trial in dict.fromkeys(one.trial for one in rows):
        table = _checked([one for one in rows if one.trial == trial], tuple(others))
        others.append(table)
        if not any(
            cells.is_refused for cells in every if _letters(cells) == trial.replace("_", "")
        ):
            files[trial] = toml(table)
    told = tuple(
        RowReport(line=cells.line, trial=cells.text["trial_id"], arm=cells.text["arm"],
                  remarks=tuple(dict.fromkeys(cells.remarks)))
        for cells in every
    )  # fmt: skip
    return Report(rows=told, files=files)


def _letters(cells: Cells) -> str:
    """Return the id of a trial without its spaces and signs: one may be a slip for another."""
    return slug(cells.text["trial_id"]).replace("_", "")


def _checked(rows: list[Row], others: tuple[Table, ...]) -> dict[str, object]:
    """Return the table of one trial, with all that is wrong with it said to its rows."""
    found = assembled(rows)
    for problem in check_table(found.table, others=others):
        said(problem, found)
    return found.table


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _refusal(path.name, "a file that can be read", error.strerror) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        got = f"line {line} is in another encoding"
        raise _refusal(path.name, "text in UTF-8", got, "Save it as CSV UTF-8.") from error


def _cells(text: str) -> Iterator[Cells]:
    """Give the rows below the header, each with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    header: list[str] | None = None
    try:
        for row in reader:
            if header is None:
                header = _header(row)
            elif row:
                yield _named(header, row, line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refusal(f"line {line}", "cells that can be read", str(error)) from error
    if header is None:
        raise _refusal("table", "a line of column names", "nothing")


def _header(row: list[str]) -> list[str]:
    names = [cell.strip() for cell in row]
    if len(names) == 1 and ";" in names[0]:
        raise _refusal("table", "cells separated by commas", "semicolons",
                       "Save it with commas; write numbers with a point.")  # fmt: skip
    lacking = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    twice = [name for name in COLUMNS if names.count(name) > 1]
    for what, wrong in (("missing", lacking), ("unknown", unknown), ("twice", twice)):
        if wrong:
            raise _refusal("columns", f"just {', '.join(COLUMNS)}",
                           f"{what}: {', '.join(wrong)}")  # fmt: skip
    return names


def _named(header: list[str], row: list[str], line: int) -> Cells:
    cells = dict.fromkeys(COLUMNS, "")
    cells |= {name: cell.strip() for name, cell in zip(header, row, strict=False)}
    found = Cells(line=line, text=cells)
    if len(row) != len(header):
        found.refuse("row", f"expected {len(header)} cells, got {len(row)}. A cell that holds a"
                     " comma stands in quotation marks.")  # fmt: skip
    return found


def _refusal(what: str, expected: str, got: object, remedy: str = "Mend it.") -> ContractError:
    return ContractError(what, expected=expected, got=got, remedy=remedy)
