"""Read our own data files: TOML and CSV become frozen, validated records.

A record is a pydantic dataclass, frozen, keyword-only, refusing keys it does not know. What is
wrong in a file is named by path and key.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from ketherapy.errors import DataFileError

RECORD = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)
Kind = TypeVar("Kind")


def _time(value: object) -> datetime:
    """Return a time that is written as one: a bare number would be read as seconds since 1970."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    raise ValueError("a time with its zone, such as 2026-01-31T09:05:00Z")


Instant = Annotated[AwareDatetime, BeforeValidator(_time)]

FaultKind = Literal["unknown", "missing", "wrong"]
_FAULTS: Mapping[str, FaultKind] = {
    "unexpected_keyword_argument": "unknown", "extra_forbidden": "unknown",
    "missing": "missing", "missing_keyword_only_argument": "missing",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One key of a table that does not fit its record."""

    key: str  # with the tables it stands in; one of several tables by its number, from zero
    expected: str
    got: object
    kind: FaultKind  # no such key, none given, or one that does not fit


@lru_cache(maxsize=64)
def _adapter(kind: type[Kind]) -> TypeAdapter[Kind]:
    return TypeAdapter(kind)


def _short(path: Path) -> str:
    parts = path.parts
    return "/".join(parts[parts.index("ketherapy") + 1 :] if "ketherapy" in parts else parts[-2:])


def read_table(path: Path) -> dict[str, object]:
    """Return the TOML file at ``path`` as plain tables.

    Errors  DataFileError where the file is absent or is not TOML
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise DataFileError(
            _short(path), expected="a data file", got="none", remedy="Restore the file."
        ) from error
    except OSError as error:
        raise DataFileError(
            _short(path), expected="a readable file", got=error.strerror, remedy="Look at the path."
        ) from error
    except (ValueError, RecursionError) as error:  # bad TOML or UTF-8, or beyond what is read
        raise DataFileError(
            _short(path), expected="readable TOML", got=str(error), remedy="Mend that line."
        ) from error


def faults(kind: type[object], entries: Mapping[str, object]) -> tuple[Fault, ...]:
    """Return every key of ``entries`` that does not fit ``kind``, and nothing where all do."""
    try:
        _adapter(kind).validate_python(dict(entries))
    except ValidationError as error:
        return tuple(
            Fault(
                key=".".join(str(part) for part in one["loc"]),
                expected=one["msg"],
                got=one["input"],
                kind=_FAULTS.get(one["type"], "wrong"),
            )
            for one in error.errors()
        )
    return ()


def check(kind: type[Kind], entries: Mapping[str, object], *, where: str) -> Kind:
    """Return ``entries`` as a validated record of ``kind``.

    Errors  DataFileError naming the first key that does not fit
    """
    try:
        return _adapter(kind).validate_python(dict(entries))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise DataFileError(
            f"{where}, {key}",
            expected=first["msg"],
            got=first["input"],
            remedy="Compare the file with the table named in its locator.",
        ) from error


def load(kind: type[Kind], path: Path) -> Kind:
    """Return the TOML file at ``path`` as one record of ``kind``.

    Errors  DataFileError naming the path and the key
    """
    return check(kind, read_table(path), where=_short(path))


def load_rows(kind: type[Kind], path: Path) -> tuple[Kind, ...]:
    """Return the CSV file at ``path`` as one record of ``kind`` for each row.

    An empty cell is left out, so that it is ``None`` or an error, never a default in disguise.

    Errors  DataFileError naming the path, the line and the column
    """
    return tuple(check(kind, row, where=f"{_short(path)}, line {k}") for k, row in _rows(path))


def _rows(path: Path) -> list[tuple[int, dict[str, object]]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file, restkey="more cells than the header", restval=None)
            rows = [(reader.line_num, row) for row in reader]
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise DataFileError(
            _short(path), expected="a readable table", got=str(error), remedy="Restore the file."
        ) from error
    for line, row in rows:
        if None in row.values():
            raise DataFileError(
                f"{_short(path)}, line {line}",
                expected="a cell for each column of the header",
                got=f"{sum(cell is not None for cell in row.values())} of {len(row)}",
                remedy="Write an empty cell for what is not known.",
            )
    return [(line, {key: cell for key, cell in row.items() if cell != ""}) for line, row in rows]
