"""Other conditions than depression: printed sizes of effect, and nothing that moves.

None of these has enough data for a course over time of its own. What found no effect stands beside
what found one, in the order of the file, and is shown as plainly.
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

_ROWS = Path(__file__).parent.parent / "data" / "effect_sizes.csv"

MARK = "effect size, no dynamics"  # said of every overlay, wherever one is shown


class Condition(StrEnum):
    """What was treated."""

    SUICIDAL_IDEATION = "suicidal ideation"
    PTSD = "post-traumatic stress disorder"
    OCD = "obsessive-compulsive disorder"
    ANXIETY = "anxiety disorders"
    BIPOLAR = "bipolar depression"


class Finding(StrEnum):
    """What the source says of the drug against what it was compared with."""

    EFFECT = "effect"
    NONE = "no effect shown"
    NOT_STATED = "not stated here"


@record(frozen=True, kw_only=True, config=RECORD)
class EffectSize:
    """One printed effect: a size with its interval, two shares, or a finding without a number."""

    id: str
    condition: Condition
    drug: Drug
    comparator: str
    population: str
    design: str
    outcome: str
    measure: str
    unit: str = ""  # none where no number was read
    better: Literal["higher", "lower"]  # which direction is improvement
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""  # what low and high are
    drug_share: float | None = None  # of people, where a share is what was counted [%]
    control_share: float | None = None
    time: float | None = None
    time_to: float | None = None
    time_unit: str = ""
    n: int | None = None
    finding: Finding
    source: str
    locator: str
    status: Status
    note: str = ""

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None) or (self.low is None) != (not self.interval):
            raise ValueError("an interval has two ends, and says what it is")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low lies below high")
        if self._has_number() != bool(self.unit) or (self.time is None) != (not self.time_unit):
            raise ValueError("a number has a unit, and a unit a number")
        if self.drug_share is not None and self.control_share is None and self.comparator != "none":
            raise ValueError("a share stands beside that of its control")
        if not self._has_number() and self.finding is not Finding.NONE:
            raise ValueError("an effect has a number")

    def _has_number(self) -> bool:
        return any(x is not None for x in (self.estimate, self.low, self.drug_share))

    @property
    def mark(self) -> str:
        """Return what is said of every overlay: it has no course over time."""
        return MARK

    @property
    def is_null(self) -> bool:
        """Return whether no effect was shown."""
        return self.finding is Finding.NONE


@lru_cache(maxsize=1)
def effect_sizes() -> tuple[EffectSize, ...]:
    """Return every overlay, in the order of the file."""
    return records.load_rows(EffectSize, _ROWS)


def overlays(condition: Condition) -> tuple[EffectSize, ...]:
    """Return the overlays of one condition, those that found nothing among them."""
    return tuple(row for row in effect_sizes() if row.condition is condition)


def overlay(overlay_id: str) -> EffectSize:
    """Return the overlay with this id.

    Errors  ContractError where none has it
    """
    for found in effect_sizes():
        if found.id == overlay_id:
            return found
    raise ContractError(
        "effect size", expected="an id of effect_sizes.csv, such as SI-01", got=overlay_id,
        remedy="Look it up there.",
    )  # fmt: skip
