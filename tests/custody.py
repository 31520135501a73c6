"""A drug cupboard to test with: events of one vial, each with only what a test is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ketherapy.dosing.custody import Book, book
from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_events import Draw, Event, Give, Receipt

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
CALENDAR = Calendar(zone=UTC)


def minutes(count: float) -> datetime:
    """Return the instant so many minutes after noon."""
    return NOON + timedelta(minutes=count)


def receipt(
    event: str = "R", *, at: float = 0, vial: str = "v", microlitres: int = 1000
) -> Receipt:
    """Return a delivery of one vial into the safe."""
    return Receipt(
        id=event, at=minutes(at), by="ann", vial=vial, product="p", lot="l",
        expires_on=date(2026, 12, 31), microlitres=microlitres, location="safe",
    )  # fmt: skip


def draw(
    event: str = "D", *, at: float = 1, microlitres: int = 600, patient: str = "one",
    replaces: str | None = None,
) -> Draw:  # fmt: skip
    """Return a draw from that vial."""
    return Draw(
        id=event, at=minutes(at), by="ann", vial="v", location="safe", patient=patient,
        microlitres=microlitres, replaces=replaces,
    )  # fmt: skip


def give(
    event: str = "G", *, at: float = 2, microlitres: int | None = 500, patient: str = "one",
    draw: str = "D",
) -> Give:  # fmt: skip
    """Return a dose from that draw."""
    return Give(
        id=event, at=minutes(at), by="ann", vial="v", draw=draw, patient=patient,
        microlitres=microlitres,
    )  # fmt: skip


def kept(*events: Event, now: float = 600, **witnesses: int) -> Book:
    """Return the book of these events."""
    return book(events, now=minutes(now), calendar=CALENDAR, witnesses=witnesses)
