"""What the law, or the clinic, wants done about controlled drugs and by when: duties as data.

A duty that nobody has read in a source is a convention, and is off until a clinic adopts it. Only
what was read is here: for a country without a file there are no rules, not lenient ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.custody_calendar import Calendar, years_after
from ketherapy.dosing.custody_events import AbstractEvent, Count, Loss, Move, Receipt, Reported
from ketherapy.dosing.custody_log import Log, read_log
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FOLDER = Path(__file__).parent / "data" / "custody"
_FILES = {"US": _FOLDER / "us_dea_2026_01.toml"}  # by jurisdiction: whose rules were read


class DutyKind(StrEnum):
    """What a duty asks for."""

    KEEP = "keep"  # records, for so long
    FIRST = "first"  # an inventory on the first day
    REPEAT = "repeat"  # an inventory, again within so long
    REPORT = "report"  # something is sent, within so long where a limit was read
    WITNESS = "witness"  # so many see it
    NOTE = "note"  # to be known; nothing is computed from it


_AT_ONCE = datetime.min.replace(tzinfo=UTC)  # what has no limit stands before everything else
_UNITS = {
    DutyKind.KEEP: ("year",), DutyKind.REPEAT: ("year",), DutyKind.WITNESS: ("person",),
    DutyKind.REPORT: ("day", "business day"), DutyKind.FIRST: (), DutyKind.NOTE: (),
}  # fmt: skip


@record(frozen=True, kw_only=True, config=RECORD)
class DutyEntry:
    """One duty as its file has it; what it does not say of its source is said by the file."""

    kind: DutyKind
    says: str
    on: str = ""  # the occasion, such as loss, waste or outpatient_treatment
    number: Cited | None = None
    source: str = ""
    locator: str = ""
    status: Status | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.number is None:
            if self.kind in (DutyKind.KEEP, DutyKind.REPEAT, DutyKind.WITNESS):
                raise ValueError(f"a duty to {self.kind.value} has a number")
        elif self.number.unit not in _UNITS[self.kind]:
            raise ValueError(f"a duty to {self.kind.value} is not in {self.number.unit}")
        elif not (self.number.value >= 1 and self.number.value.is_integer()):
            raise ValueError("the number is whole, and one or more")


@record(frozen=True, kw_only=True, config=RECORD)
class DutyFile:
    """The duties of one jurisdiction, since when they hold, and what was not read."""

    id: str
    jurisdiction: str
    title: str
    since: date
    source: str
    status: Status
    note: str
    duties: dict[str, DutyEntry]


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """One duty with its source."""

    id: str
    kind: DutyKind
    says: str
    on: str
    count: int | None  # in ``unit``
    unit: str
    source: str
    locator: str
    status: Status
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What is to be done, about which event or place, and by when."""

    duty: Duty
    about: str
    due_at: datetime | None  # None: no limit was read, so it is due at once

    def is_late(self, now: datetime) -> bool:
        """Return whether the time is over; without a limit nothing is called late."""
        return self.due_at is not None and now > self.due_at


@lru_cache(maxsize=8)
def read_duties(path: Path) -> tuple[Duty, ...]:
    """Return the duties in the file at ``path``, each with its source.

    Errors  DataFileError naming the path and the key
    """
    file = records.load(DutyFile, path)
    return tuple(_duty(key, entry, file) for key, entry in file.duties.items())


def _duty(key: str, entry: DutyEntry, file: DutyFile) -> Duty:
    number = entry.number
    return Duty(
        id=key,
        kind=entry.kind,
        says=entry.says,
        on=entry.on,
        count=None if number is None else int(number.value),
        unit="" if number is None else number.unit,
        source=(number and number.source) or entry.source or file.source,
        locator=(number and number.locator) or entry.locator,
        status=(number and number.status) or entry.status or file.status,
        note=entry.note,
    )


def custody_duties(jurisdiction: str) -> tuple[Duty, ...]:
    """Return the duties of a jurisdiction about controlled drugs, those that are off as well.

    Errors  ContractError where none were read: that is not the same as there being none
    """
    return duties_in(_FILES, jurisdiction)


def duties_in(files: Mapping[str, Path], jurisdiction: str) -> tuple[Duty, ...]:
    """Return the duties of a jurisdiction out of the files of those that were read.

    Errors  ContractError where none were read
    """
    if jurisdiction not in files:
        raise ContractError(
            "jurisdiction", expected=f"one whose rules were read: {', '.join(files)}",
            got=jurisdiction, remedy="Its rules hold, and are not here; ask who knows them.",
        )  # fmt: skip
    return read_duties(files[jurisdiction])


def in_force(duties: Iterable[Duty], *, adopted: Collection[str] = frozenset()) -> tuple[Duty, ...]:
    """Return the duties that hold: those that were read, and the conventions that were adopted.

    Errors  ContractError where something else was adopted
    """
    duties = tuple(duties)
    choices = {one.id for one in duties if one.status is Status.CONVENTION}
    if strange := sorted(set(adopted) - choices):
        raise ContractError(
            "adopted", expected=f"conventions: {', '.join(sorted(choices))}",
            got=", ".join(strange), remedy="What was read in a source holds without being adopted.",
        )  # fmt: skip
    return tuple(one for one in duties if one.id not in choices or one.id in adopted)


def witnesses(duties: Iterable[Duty]) -> dict[str, int]:
    """Return how many witnesses an event of each kind needs, as the book asks for it."""
    return {one.on: one.count for one in duties if one.kind is DutyKind.WITNESS and one.count}


def kept_until(duties: Iterable[Duty], at: datetime, *, calendar: Calendar) -> datetime | None:
    """Return until when a record of ``at`` is kept at least, or None where no duty says."""
    years = [one.count for one in duties if one.kind is DutyKind.KEEP and one.count]
    # from the day after, so that a record of 28 February is never a day short
    day = calendar.day(at) + timedelta(days=1)
    return calendar.end(years_after(day, max(years))) if years else None


def due_at(duty: Duty, at: datetime, *, calendar: Calendar) -> datetime | None:
    """Return the last moment for a duty that began at ``at``, or None where no limit was read.

    Days are of 24 hours, to the minute; business days and years end with their last day.
    """
    if duty.count is None:
        return None
    match duty.unit:
        case "business day":
            return calendar.end(calendar.business_days_after(calendar.day(at), duty.count))
        case "year":
            return calendar.end(years_after(calendar.day(at), duty.count))
        case _:
            return at + timedelta(days=duty.count)


def duties_due(
    duties: Iterable[Duty],
    events: Iterable[AbstractEvent],
    *,
    now: datetime,
    calendar: Calendar,
) -> tuple[Due, ...]:
    """Return what is to be done about controlled drugs, the soonest first.

    Errors  ContractError as ``custody.book`` raises it
    """
    log, duties = read_log(events, now=now), tuple(duties)
    found = [*reports(duties, log, calendar=calendar, occasions=losses)]
    found += _inventories(duties, log, calendar)
    return soonest_first(found)


def soonest_first(found: Iterable[Due]) -> tuple[Due, ...]:
    """Return what is due in the order of its time; what has no limit is due at once, so first."""
    return tuple(sorted(found, key=lambda one: (one.due_at or _AT_ONCE, one.duty.id, one.about)))


def reports(
    duties: Iterable[Duty],
    log: Log,
    *,
    calendar: Calendar,
    occasions: Callable[[AbstractEvent], Collection[str]],
) -> Iterator[Due]:
    """Give every report that is owed and was not sent, also about events that cannot be true."""
    sent = {
        (one.duty, log.name(one.about), one.at) for one in log.events if isinstance(one, Reported)
    }
    for event in log.stated:
        for duty in duties:
            if duty.kind is not DutyKind.REPORT or duty.on not in occasions(event):
                continue
            if not any((duty.id, event.id) == (d, e) and at >= event.at for d, e, at in sent):
                until = due_at(duty, event.at, calendar=calendar)
                yield Due(duty=duty, about=event.id, due_at=until)


def losses(event: AbstractEvent) -> Collection[str]:
    """Return the occasion for duties that a loss is, where it is one."""
    return ("loss",) if isinstance(event, Loss) and event.is_notifiable else ()


def _inventories(duties: Iterable[Duty], log: Log, calendar: Calendar) -> Iterator[Due]:
    """Give the inventories that are to be taken in every place that ever held anything."""
    first: dict[str, datetime] = {}
    for event in log.events:
        if isinstance(event, Receipt | Move):
            place = event.location if isinstance(event, Receipt) else event.to
            first.setdefault(place, event.at)
    counted = {  # events are in order, so the last one stays
        one.location: one.at for one in log.events if isinstance(one, Count) and one.moment
    }
    for place, since in first.items():
        for duty in duties:
            if duty.kind is DutyKind.REPEAT:
                last = counted.get(place, since)
                yield Due(duty=duty, about=place, due_at=due_at(duty, last, calendar=calendar))
            elif duty.kind is DutyKind.FIRST and place not in counted:
                yield Due(duty=duty, about=place, due_at=calendar.end(calendar.day(since)))
