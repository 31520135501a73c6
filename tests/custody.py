"""A drug cupboard to test with: events of one vial, each with only what a test is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ketherapy.dosing.custody import Book, book
from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_events import (
    Count,
    Counted,
    Destroyed,
    Discrepancy,
    Draw,
    Event,
    Give,
    Loss,
    LossKind,
    Move,
    Receipt,
    Resolved,
    Return,
    Transfer,
    Waste,
)
from ketherapy.dosing.custody_log import Rule
from ketherapy.dosing.custody_vial import Bucket

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


def waste(
    event: str = "W", *, at: float = 3, draw: str | None = "D", microlitres: int = 100,
    witnesses: tuple[str, ...] = (),
) -> Waste:  # fmt: skip
    """Return a waste of that draw, or of the vial where none is named."""
    return Waste(
        id=event, at=minutes(at), by="ann", vial="v", draw=draw, microlitres=microlitres,
        witnesses=witnesses,
    )  # fmt: skip


def back(event: str = "B", *, at: float = 3) -> Return:
    """Return that draw put back."""
    return Return(id=event, at=minutes(at), by="ann", vial="v", draw="D")


def away(microlitres: int, *, at: float = 5) -> Transfer:
    """Return a transfer of that vial to another registrant."""
    return Transfer(
        id="T", at=minutes(at), by="ann", vial="v", to="another registrant",
        microlitres=microlitres,
    )  # fmt: skip


def destroyed(
    microlitres: int = 1000, *, witnesses: tuple[str, ...] = (), at: float = 5
) -> Destroyed:
    """Return that vial destroyed."""
    return Destroyed(
        id="Z", at=minutes(at), by="ann", vial="v", microlitres=microlitres, witnesses=witnesses
    )


def found(difference: int, event: str = "X", *, at: float = 3) -> Discrepancy:
    """Return a discrepancy of that vial."""
    return Discrepancy(id=event, at=minutes(at), by="ann", vial="v", difference=difference)


def resolved(event: str = "Y", *, of: str = "X", at: float = 4) -> Resolved:
    """Return that discrepancy resolved."""
    return Resolved(id=event, at=minutes(at), by="ann", vial="v", discrepancy=of)


def loss(microlitres: int, *, at: float = 4, **more: str) -> Loss:
    """Return a theft from that vial."""
    return Loss(
        id="L", at=minutes(at), by="ann", vial="v", microlitres=microlitres,
        kind_of_loss=LossKind.THEFT, **more,
    )  # fmt: skip


def move(event: str = "M", *, at: float = 1, to: str = "room") -> Move:
    """Return a move of that vial."""
    return Move(id=event, at=minutes(at), by="ann", vial="v", to=to)


def count(*counted: Counted, at: float = 10, location: str = "safe") -> Count:
    """Return a count of the safe."""
    return Count(id="C", at=minutes(at), by="ann", location=location, counted=counted, moment=None)


def kept(*events: Event, now: float = 600, **witnesses: int) -> Book:
    """Return the book of these events."""
    return book(events, now=minutes(now), calendar=CALENDAR, witnesses=witnesses)


def amounts(*events: Event) -> dict[Bucket, int]:
    """Return what of that vial is where, nothing left out but zeros."""
    seen = kept(*events)
    return {bucket: part for bucket, part in seen.vials["v"].amounts.items() if part}


def refusal(*events: Event) -> tuple[str, Rule, str, str]:
    """Return the only finding, which does not count."""
    (finding,) = kept(*events).findings
    assert not finding.is_entered
    return finding.event, finding.rule, finding.expected, finding.got


def note(*events: Event, **witnesses: int) -> tuple[str, Rule, str, str]:
    """Return the only finding, which counts."""
    (finding,) = kept(*events, **witnesses).findings
    assert finding.is_entered
    return finding.event, finding.rule, finding.expected, finding.got
