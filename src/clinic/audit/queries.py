"""Reading the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from clinic.audit.models import Event

_AT_ONCE = 500  # events in memory while the log is walked
_MANGLED = (ValueError, TypeError, AttributeError, KeyError)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that no longer has the form of an event."""


def event_of(act: UUID) -> Event | None:
    """Return the event that an act left, if it left one."""
    return Event.objects.filter(act=act).first()


def events() -> Iterator[Event | Unreadable]:
    """Yield every event in the order of the chain; a mangled row does not stop the walk."""
    numbers = list(Event.objects.order_by("sequence").values_list("sequence", flat=True))
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        try:
            yield from _read(some)
        except _MANGLED:
            for number in some:
                yield _read_one(number)


def _read(numbers: Sequence[int]) -> list[Event]:
    found = Event.objects.in_bulk(numbers)
    return [found[number] for number in numbers]


def _read_one(number: int) -> Event | Unreadable:
    try:
        return _read([number])[0]
    except _MANGLED:
        return Unreadable()
