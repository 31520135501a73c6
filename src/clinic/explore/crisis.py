"""Whom to call in a crisis: lines whose own or official page was read, and not too long ago.

A number nobody has looked at for long is hidden, for a wrong one does harm. What stays on every
page is the sentence about the local emergency services.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data"
_LINES = _DATA / "crisis_lines.csv"
_RULES = _DATA / "crisis.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Line:
    """One crisis line or emergency number, as an official page prints it."""

    id: str
    place: str
    service: str
    kind: Literal["crisis line", "emergency number"]
    number: str
    text_number: str = ""  # the same service by text message
    hours: str = ""  # "" where the page that was read does not say
    languages: str = ""
    url: str
    locator: str
    checked_on: date  # when the page was last read by us
    source: str
    status: Status

    def __post_init__(self) -> None:
        """Refuse a number that was not read at its source, or that is none."""
        if self.status is not Status.VERIFIED:
            raise ValueError("only a number that was read on an official page is shown")
        digits = [self.number, *filter(None, [self.text_number])]
        if not all(one.replace(" ", "").isdigit() for one in digits):
            raise ValueError("a number has digits and spaces only")

    @property
    def dialled(self) -> str:
        """Return the number as a telephone takes it."""
        return self.number.replace(" ", "")


@record(frozen=True, kw_only=True, config=RECORD)
class _Rules:
    """How long a line is shown after it was read."""

    source: str
    status: Status
    longest_age: Cited


def lines(today: date) -> tuple[Line, ...]:
    """Return the lines that were read recently enough, in the order of the file."""
    return tuple(line for line in _every() if today - line.checked_on <= longest_age())


@lru_cache(maxsize=1)
def longest_age() -> timedelta:
    """Return for how long a line is shown after it was read."""
    return timedelta(days=records.load(_Rules, _RULES).longest_age.value)


@lru_cache(maxsize=1)
def _every() -> tuple[Line, ...]:
    return records.load_rows(Line, _LINES)
