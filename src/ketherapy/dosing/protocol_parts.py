"""What a protocol is made of: what is given, how often, under which limits, watched how."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

GIVEN_IN = ("mg", "mg/kg", "mg/h", "mg/kg/h")
LIMITS = {  # every limit that something obeys, and its unit: one of another name is refused
    "amount_per_visit_max": "mg",
    "amount_per_visit_per_kg_max": "mg/kg",
    "bolus_per_kg_max": "mg/kg",
    "rate_max": "mg/h",
    "rate_per_kg_max": "mg/kg/h",
    "amount_per_week_max": "mg",
    "amount_per_course_max": "mg",
    "visits_per_week_max": "1",
    "visits_per_course_max": "1",
    "apart_min": "h",  # from the start of one visit to that of the next
    "over_min": "h",  # shorter is faster than anybody gave it
}
LEAST = frozenset({"apart_min", "over_min"})  # not to be gone below


@record(frozen=True, kw_only=True, config=RECORD)
class Limit:
    """One number that must not be passed, and since when it holds."""

    value: float
    unit: str
    locator: str
    since: date
    until: date | None = None
    source: str | None = None  # None: that of the file
    status: Status | None = None  # None: that of the file
    looser_because: str = ""  # in a variant: why it lets through more than what it varies
    note: str = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise ValueError("a limit ends after it begins")

    def holds_on(self, day: date) -> bool:
        """Return whether it holds on that day: the day on which it ends is no longer one."""
        return self.since <= day and (self.until is None or day < self.until)


ADVISED = {"amount_per_visit": "mg", "over": "h", "rate_per_kg": "mg/kg/h"}
_COMPARED: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


@record(frozen=True, kw_only=True, config=RECORD)
class Advice:
    """One number that a plan is told of where it lies beyond it; nothing is stopped."""

    of: Literal["amount_per_visit", "over", "rate_per_kg"]
    is_: Literal["<", "<=", ">", ">="] = Field(alias="is")
    value: float
    unit: str
    says: str
    locator: str
    source: str
    status: Status
    rule: str = ""

    def __post_init__(self) -> None:
        if not units.same_kind(self.unit, ADVISED[self.of]):
            raise ValueError(f"{self.of} is compared in {ADVISED[self.of]} or what converts to it")

    def speaks(self, planned: float) -> bool:
        """Return whether ``planned`` [the unit of ADVISED] is what it warns of."""
        limit = units.convert(self.value, self.unit, to=ADVISED[self.of])
        return _COMPARED[self.is_](planned, limit)


@record(frozen=True, kw_only=True, config=RECORD)
class Remark:
    """One sentence a reader needs, and whose it is."""

    text: str
    source: str
    status: Status
    locator: str = ""
    rule: str = ""  # id of the rule that asks for it, where one does


@record(frozen=True, kw_only=True, config=RECORD)
class Giving:
    """What is given in one visit: an amount, over a time or at once, or a rate for a time."""

    given: Cited  # the usual dose, in mg, mg/kg, mg/h or mg/kg/h; low and high: the range allowed
    over: Cited | None = None  # None: at once, as an injection, a spray or a swallow
    choices: tuple[float, ...] = ()  # the only doses allowed, in the unit of ``given``
    first: tuple[float, ...] = ()  # those allowed at the first visit of the course
    step: Cited | None = None  # how far the dose may move: to the next visit, or within a stay
    bolus: Cited | None = None  # given at once before an infusion
    titration: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        if not any(units.same_kind(self.given.unit, unit) for unit in GIVEN_IN):
            raise ValueError(f"given in one of {', '.join(GIVEN_IN)}")
        if self.over is not None and not units.same_kind(self.over.unit, "h"):
            raise ValueError("over a time")
        if not self.given.value > 0.0 or (self.over is not None and not self.over.value > 0.0):
            raise ValueError("more than nothing is given, over more than no time")
        if self.is_rate and self.over is None:
            raise ValueError("a rate is given over a time")
        if self.choices and self.given.value not in self.choices:
            raise ValueError("the usual dose is one of the choices")
        if not set(self.first) <= set(self.choices):
            raise ValueError("the first dose is one of the choices")
        low, high = self.span
        if not low <= self.given.value <= high:
            raise ValueError("the usual dose lies in its range")

    @property
    def time(self) -> Cited:
        """Return over which time it is given.

        Errors  ContractError for what is given at once
        """
        if self.over is None:
            raise ContractError(
                "time of giving", expected="what is given over a time", got="at once",
                remedy="It has no time.",
            )  # fmt: skip
        return self.over

    @property
    def is_rate(self) -> bool:
        """Return whether a rate is named, and not an amount."""
        return any(units.same_kind(self.given.unit, unit) for unit in ("mg/h", "mg/kg/h"))

    @property
    def is_per_kg(self) -> bool:
        """Return whether a weight is needed to know what to give."""
        return any(units.same_kind(self.given.unit, unit) for unit in ("mg/kg", "mg/kg/h"))

    @property
    def span(self) -> tuple[float, float]:
        """Return the lowest and the highest dose allowed, in the unit of ``given``."""
        if self.choices:
            return min(self.choices), max(self.choices)
        low, high, usual = self.given.low, self.given.high, self.given.value
        return (usual if low is None else low), (usual if high is None else high)


@record(frozen=True, kw_only=True, config=RECORD)
class Schedule:
    """How many visits a phase has, and on which days from its first."""

    days: tuple[int, ...]  # of an example; of an open phase, its first visits
    days_from: Remark
    visits: Cited | None = None  # None: open-ended
    apart: Cited | None = None  # the usual time between visits; low and high: the window allowed

    def __post_init__(self) -> None:
        if self.days[:1] != (0,) or sorted(set(self.days)) != list(self.days):
            raise ValueError("days run upwards from zero, each once")
        if self.visits is not None and len(self.days) != self.visits.value:
            raise ValueError("there is a day for each visit")

    @property
    def number(self) -> Cited:
        """Return how many visits there are.

        Errors  ContractError for a phase that is open-ended
        """
        if self.visits is None:
            raise ContractError(
                "number of visits", expected="a phase that ends", got="an open-ended one",
                remedy="Ask for its first days instead.",
            )  # fmt: skip
        return self.visits


@record(frozen=True, kw_only=True, config=RECORD)
class Phase:
    """One stretch of a course: the same doses to choose from, at the same spacing."""

    id: str
    title: str
    dose: Giving
    schedule: Schedule
    review: tuple[Remark, ...] = ()  # what is decided at its end, and by which answer


class Anchor(StrEnum):
    """What a time in a visit is counted from."""

    FIRST_DEVICE = "first_device"  # of a spray
    START = "start"  # of the infusion, the injection or the swallow
    END = "end"  # of the infusion; of what is given at once, its start


class Due(StrEnum):
    """What is checked in a visit."""

    PRESSURE = "pressure"
    PULSE = "pulse"
    SATURATION = "saturation"
    ECG = "ecg"
    CAPNOGRAPHY = "capnography"
    BREATHING = "breathing"
    SEDATION = "sedation"
    DISSOCIATION = "dissociation"
    MANIA = "mania"
    WEIGHT = "weight"


@record(frozen=True, kw_only=True, config=RECORD)
class DueCheck:
    """One check of a visit and when it is due."""

    check: Due
    when: Literal["before", "at", "every", "throughout", "leaving"]
    anchor: Anchor = Anchor.START
    minutes: Cited | None = None  # at: how long after the anchor; every: how far apart
    source: str
    status: Status
    locator: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if (self.when in ("at", "every")) != (self.minutes is not None):
            raise ValueError("minutes are for what is due at a time, or every so often")
        if self.minutes is not None and not units.same_kind(self.minutes.unit, "h"):
            raise ValueError("minutes are a time")


@record(frozen=True, kw_only=True, config=RECORD)
class Leaving:
    """What must be so before the person leaves."""

    observed_for: Cited  # at least so long
    anchor: Anchor
    rules: tuple[str, ...]  # ids of the discharge rules that hold too

    def __post_init__(self) -> None:
        if not units.same_kind(self.observed_for.unit, "h"):
            raise ValueError("observed for a time")
