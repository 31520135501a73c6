"""How often unwanted effects were counted in trials, with the comparator where there was one.

A frequency belongs to its trial, its dose and its way of counting. None is a probability for a
person, and none is computed from another.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.regimen import Drug
from ketherapy.sources import Status

_ROWS = Path(__file__).parent.parent / "data" / "adverse_events.csv"

UNCOMPARED = "no comparison was read"  # said where there is none: a share alone misleads


class Group(StrEnum):
    """The table a frequency is shown in."""

    LABEL_TABLE = "label table"
    LABEL_TEXT = "label text"
    BLOOD_PRESSURE = "blood pressure"
    FIRST_WEEK = "first week"
    MAINTENANCE = "maintenance"
    SUICIDAL_INPATIENTS = "suicidal inpatients"
    INFUSIONS = "infusions"
    BREATHING = "breathing"
    BLADDER = "bladder"
    RISK_PROGRAMME = "risk programme"
    ANAESTHESIA = "anaesthesia"
    ANY_EVENT = "any event"


@record(frozen=True, kw_only=True, config=RECORD)
class Frequency:
    """One printed frequency, or one printed mean rise of pressure."""

    id: str
    group: Group
    event: str
    drug: Drug
    population: str
    period: str
    of: Literal["people", "sessions"]
    unit: Literal["%", "mmHg"]
    value: float | None = None
    low: float | None = None  # a range where the source prints one; high alone: fewer than
    high: float | None = None
    n: int | None = None
    comparator: str = ""
    comparator_value: float | None = None
    comparator_n: int | None = None
    row: str = ""  # the same number among the observed effects
    comparator_row: str = ""
    source: str
    locator: str
    status: Status
    note: str = ""

    def __post_init__(self) -> None:
        if self.value is None and self.high is None:
            raise ValueError("a value, a range or an upper bound is needed")
        if bool(self.comparator) != (self.comparator_value is not None):
            raise ValueError("a comparator has a number, and a number a comparator")
        numbers = (self.value, self.low, self.high, self.comparator_value)
        if self.unit == "%" and any(x is not None and not 0.0 <= x <= 100.0 for x in numbers):
            raise ValueError("a share lies between 0 and 100 %")

    @property
    def said(self) -> str:
        """Return the frequency as it may be read: never without its comparator or its absence."""
        beside = (
            UNCOMPARED
            if self.comparator_value is None
            else f"{self.comparator_value:g} {self.unit} with {self.comparator}"
        )
        of = f" of {self.of}" if self.unit == "%" else ""
        return f"{self._number()} {self.unit}{of} with {self.drug.value}, {beside}"

    def _number(self) -> str:
        if self.value is not None:
            return f"{self.value:g}"
        return f"fewer than {self.high:g}" if self.low is None else f"{self.low:g} to {self.high:g}"


@lru_cache(maxsize=1)
def frequencies() -> tuple[Frequency, ...]:
    """Return every frequency, in the order of the file."""
    return records.load_rows(Frequency, _ROWS)


def table(group: Group) -> tuple[Frequency, ...]:
    """Return the frequencies of one table."""
    return tuple(row for row in frequencies() if row.group is group)


def frequency(frequency_id: str) -> Frequency:
    """Return the frequency with this id.

    Errors  ContractError where none has it
    """
    for found in frequencies():
        if found.id == frequency_id:
            return found
    raise ContractError(
        "frequency", expected="an id of adverse_events.csv, such as AE-001", got=frequency_id,
        remedy="Look it up there.",
    )  # fmt: skip
