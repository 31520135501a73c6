"""When instruments are due around a course of treatment; a schedule is off until adopted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.instruments.rules import Adopted
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data" / "schedules"


class Anchor(StrEnum):
    """What an instrument is due around."""

    COURSE_START = "course start"  # the first dose
    VISIT = "visit"  # each dose
    INDUCTION_END = "induction end"
    COURSE_END = "course end"  # the last dose


@record(frozen=True, kw_only=True, config=RECORD)
class Entry:
    """One instrument around one kind of occasion, with its window after it (minus: before)."""

    id: str
    instrument: str  # or a screener
    anchor: Anchor
    opens: Cited
    closes: Cited
    why: str
    locator: str  # where that it is due was read; the window is a convention
    status: Status
    source: str

    def __post_init__(self) -> None:
        if _after(self.opens) > _after(self.closes):
            raise ValueError("a window opens before it closes")


@record(frozen=True, kw_only=True, config=RECORD)
class Schedule:
    """What is due around a course; a convention, which a clinic adopts by the id."""

    id: str
    title: str
    note: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """One course start, dose, end of an induction or end of a course."""

    id: str
    anchor: Anchor
    at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry of a schedule at one occasion, by their ids."""

    entry: str
    occasion: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """An instrument whose window has opened and that is not done."""

    slot: Slot
    instrument: str
    opens_at: datetime
    closes_at: datetime
    is_overdue: bool  # the window has closed; it stays on the list until it is done


@lru_cache(maxsize=1)
def schedules() -> tuple[Schedule, ...]:
    """Return every schedule, in the order of their ids."""
    return tuple(records.load(Schedule, path) for path in sorted(_DATA.glob("*.toml")))


def schedule(schedule_id: str) -> Schedule:
    """Return the schedule with this id.

    Errors  ContractError where none has it
    """
    for found in schedules():
        if found.id == schedule_id:
            return found
    raise ContractError(
        "schedule", expected=f"one of {', '.join(s.id for s in schedules())}", got=schedule_id,
        remedy="Choose one of these, or add its file.",
    )  # fmt: skip


def due(
    schedule: Schedule,
    occasions: Sequence[Occasion],
    *,
    done: Collection[Slot],
    now: datetime,
    adopted: Adopted = frozenset(),
) -> tuple[Due, ...]:
    """Return what is due or overdue ``now``, the earliest end of a window first.

    Errors  ContractError for a schedule that is not adopted, and for a time without a zone
    """
    if schedule.id not in adopted:
        raise ContractError(
            f"schedule {schedule.id}", expected="one that this clinic has adopted", got=None,
            remedy="The medical director adopts it; its intervals are conventions.",
        )  # fmt: skip
    _refuse_naive(now, "now")
    for occasion in occasions:
        _refuse_naive(occasion.at, f"occasion {occasion.id}")
    found = [
        one for entry in schedule.entries for occasion in occasions
        if occasion.anchor is entry.anchor
        for one in [_due(entry, occasion, now)]
        if one.opens_at <= now and one.slot not in done
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.closes_at))


def _due(entry: Entry, occasion: Occasion, now: datetime) -> Due:
    closes_at = occasion.at + _after(entry.closes)
    return Due(
        slot=Slot(entry.id, occasion.id),
        instrument=entry.instrument,
        opens_at=occasion.at + _after(entry.opens),
        closes_at=closes_at,
        is_overdue=now > closes_at,
    )


def _after(time: Cited) -> timedelta:
    return timedelta(hours=units.convert(time.value, time.unit, to="h"))


def _refuse_naive(time: datetime, what: str) -> None:
    if time.utcoffset() is None:
        raise ContractError(
            what, expected="a time with its zone", got=time.isoformat(), remedy="Give it in UTC."
        )
