"""What trials and reviews found of either infusion, treated and control side by side."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Status

_DATA = Path(__file__).parent / "data"
_ROWS = _DATA / "infusion_evidence.csv"
_MONITORING = _DATA / "infusion_monitoring.csv"


@record(frozen=True, kw_only=True, config=RECORD)
class Finding:
    """One printed comparison; never one group alone."""

    id: str
    about: Literal["depression", "pain"]
    finding: str  # what was counted or scored
    scale: str
    time: str
    treated_name: str
    control_name: str
    treated: float | None = None  # in ``unit``; None where only the comparison is printed
    control: float | None = None
    unit: Literal["%", "points", "counted"] | None = None
    treated_n: int | None = None
    control_n: int | None = None
    measure: str = ""  # of the comparison
    difference: float | None = None
    low: float | None = None  # of its 95 % interval
    high: float | None = None
    trials: int | None = None
    people: int | None = None
    certainty: str
    remark: str
    locator: str
    source: str
    status: Status

    def __post_init__(self) -> None:
        if (self.treated is None) != (self.control is None):
            raise ValueError("both groups are needed, or neither: one alone is not shown")
        if self.treated is None and None in (self.difference, self.low, self.high):
            raise ValueError("both groups are needed, or a comparison with its interval")


@lru_cache(maxsize=1)
def findings() -> tuple[Finding, ...]:
    """Return every finding, in the order of the file."""
    return records.load_rows(Finding, _ROWS)


@record(frozen=True, kw_only=True, config=RECORD)
class Monitoring:
    """How people were watched during such infusions, by those who reported it."""

    about: Literal["depression", "pain"]
    text: str
    locator: str
    source: str
    status: Status


@lru_cache(maxsize=1)
def monitoring() -> tuple[Monitoring, ...]:
    """Return how either infusion was watched, in the order of the file."""
    return records.load_rows(Monitoring, _MONITORING)
