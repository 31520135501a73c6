"""The bibliography: sources, numbers that carry their source, and how to cite them."""

from __future__ import annotations

import re
from dataclasses import dataclass as plain
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from ketherapy.errors import ContractError
from ketherapy.records import RECORD, check, read_table

_BIBLIOGRAPHY = Path(__file__).parent / "data" / "sources.toml"


class Status(StrEnum):
    """How well a number is known to be what its source prints."""

    VERIFIED = "verified"  # read in the source itself
    SECONDARY = "secondary"  # read in another document that cites the source
    DERIVED = "derived"  # computed here from such numbers
    CONVENTION = "convention"  # our choice or the clinic's, without a source


@dataclass(frozen=True, kw_only=True, config=RECORD)
class Source:
    """One citable document."""

    id: str
    kind: str  # article, label, thesis, code, page, monograph
    authors: str = ""
    title: str = ""
    container: str = ""  # journal, repository or publisher
    year: int | None = None
    volume: str = ""
    pages: str = ""
    doi: str = ""
    url: str = ""
    note: str = ""


class ErrorScale(StrEnum):
    """How a printed standard error is meant."""

    FIXED = "fixed"  # the number was not estimated
    RELATIVE = "relative"  # to the number
    ABSOLUTE = "absolute"  # in the unit of the number


@plain(frozen=True, kw_only=True, slots=True)
class StandardError:
    """A printed standard error, read."""

    scale: ErrorScale
    value: float = 0.0  # [1] where relative, else in the unit of the number


_ERROR = re.compile(r"(?:(?:RSE|SEE|SE) )?([0-9]+(?:\.[0-9]+)?)( %| percentage points)?")


def standard_error(text: str, *, unit: str) -> StandardError | None:
    """Return what a printed standard error of a number in ``unit`` says, or None for nothing.

    A bare number is in the unit of what it belongs to. "5.7 %" is relative to it, also where that
    is itself in per cent: an error in that unit is written in "percentage points".

    Errors  ContractError for a text that can be read in two ways or in none
    """
    if text == "":
        return None
    if text == "fixed":
        return StandardError(scale=ErrorScale.FIXED)
    match = _ERROR.fullmatch(text)
    if match is None or (match[2] == " percentage points") != (unit == "%" and match[2] != " %"):
        raise ContractError(
            "standard error", expected=f"'fixed', '3.77 %' or an error in {unit}", got=text,
            remedy="Write 'percentage points' for an absolute error of a percentage.",
        )  # fmt: skip
    if match[2] == " %":
        return StandardError(scale=ErrorScale.RELATIVE, value=float(match[1]) / 100.0)
    return StandardError(scale=ErrorScale.ABSOLUTE, value=float(match[1]))


@dataclass(frozen=True, kw_only=True, config=RECORD)
class Cited:
    """One printed number with its unit, where it stands, and how well that is known."""

    value: float
    unit: str
    locator: str = ""
    status: Status | None = None  # None: that of the file
    source: str | None = None  # None: that of the file
    printed_as: str = ""  # the symbol the source uses, where it is not ours
    se: str = ""  # standard error as printed; ``standard_error`` reads it
    corrected: float | None = None  # the number meant, where the source has a misprint
    why: str = ""  # why it was corrected
    low: float | None = None  # lowest and highest value to be reckoned with, where the number is
    high: float | None = None  # known only as a range; in the same unit
    note: str = ""

    def __post_init__(self) -> None:
        standard_error(self.se, unit=self.unit)  # an unreadable one is refused with the file

    @property
    def standard_error(self) -> StandardError | None:
        """Return the printed standard error, or None where none is printed."""
        return standard_error(self.se, unit=self.unit)

    @property
    def meant(self) -> float:
        """Return the value to use: the printed one, or the one meant where that is a misprint."""
        return self.value if self.corrected is None else self.corrected


@lru_cache(maxsize=1)
def bibliography() -> dict[str, Source]:
    """Return every source by its id."""
    tables = read_table(_BIBLIOGRAPHY)
    return {
        key: check(Source, {"id": key, **_table(entry)}, where=f"data/sources.toml, {key}")
        for key, entry in tables.items()
    }


def _table(entry: object) -> dict[str, object]:
    return entry if isinstance(entry, dict) else {"kind": entry}


def source(key: str) -> Source:
    """Return the source with id ``key``.

    Errors  ContractError where the bibliography has no such entry
    """
    try:
        return bibliography()[key]
    except KeyError:
        raise ContractError(
            "source", expected="an id of data/sources.toml", got=key, remedy="Add the entry."
        ) from None


def cite(key: str) -> str:
    """Return the source as one line for a reader."""
    entry = source(key)
    where = f"{entry.container} {entry.year or ''}".strip()
    if entry.volume:
        where += f";{entry.volume}" + (f":{entry.pages}" if entry.pages else "")
    link = f"doi:{entry.doi}" if entry.doi else entry.url
    parts = (entry.authors, entry.title, where, link)
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def bibtex(key: str) -> str:
    """Return the source as one BibTeX entry."""
    entry = source(key)
    fields = {
        "author": _tex(_bibtex_authors(entry.authors)),
        "title": f"{{{_tex(entry.title)}}}" if entry.title else "",
        "journal" if entry.kind == "article" else "howpublished": _tex(entry.container),
        "year": str(entry.year or ""),
        "volume": entry.volume,
        "pages": entry.pages.replace("-", "--"),
        "doi": entry.doi,
        "url": entry.url,
        "note": _tex(entry.note),
    }
    kind = "article" if entry.kind == "article" else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{entry.id},", *lines, "}"])


def _bibtex_authors(authors: str) -> str:
    """Return 'Otto ME, van Esdonk MJ and others' as BibTeX wants it."""
    names, others, _ = authors.partition(" and others")
    turned = [_bibtex_author(name) for name in names.split(", ") if name]
    return " and ".join([*turned, *(["others"] if others else [])])


def _bibtex_author(name: str) -> str:
    """Return 'van Esdonk MJ' turned round, and a group's name, which has no initials, in braces."""
    family, _, initials = name.rpartition(" ")
    if family and re.fullmatch("[A-Z]{1,4}", initials):
        return f"{family}, {initials}"
    return f"{{{name}}}" if family else name


def _tex(text: str) -> str:
    """Return ``text`` with the characters escaped that TeX would read as commands."""
    return re.sub(r"([&%$#_])", r"\\\1", text)
