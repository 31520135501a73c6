"""What is open in the book of controlled drugs, and what stops further dosing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ketherapy.dosing.custody import Book
from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_vial import Syringe, Vial


class OpenKind(StrEnum):
    """What is open, in one sentence with what to do."""

    UNSETTLED = "drawn and neither given, wasted nor put back by the end of its day: settle it"
    UNKNOWN_FATE = "nobody knows how much was given: find out, and correct the entry"
    REFUSED_DOSE = "a dose was entered that cannot be true, so nobody knows it: correct the entry"
    DISCREPANCY = "a vial holds another amount than the book says: resolve it, or enter the loss"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenItem:
    """One thing that is not settled."""

    kind: OpenKind
    about: str  # the draw, the dose or the discrepancy
    vial: str
    microlitres: int | None  # below zero where there is too much; None: nobody knows
    patient: str | None

    @property
    def is_blocking(self) -> bool:
        """Return whether this person is given nothing more before it is settled."""
        return self.kind in (OpenKind.UNKNOWN_FATE, OpenKind.REFUSED_DOSE)


def open_items(book: Book, *, now: datetime, calendar: Calendar) -> tuple[OpenItem, ...]:
    """Return everything that is open: what blocks a person, what is out, what differs."""
    found = [
        OpenItem(
            kind=OpenKind.REFUSED_DOSE, about=one.id, vial=one.vial,
            microlitres=one.microlitres, patient=one.patient,
        )
        for one in book.refused_doses
    ]  # fmt: skip
    for vial in book.vials.values():
        found += _syringes(vial, now, calendar)
        found += _discrepancies(vial)
    return tuple(found)


def blocked(items: tuple[OpenItem, ...], patient: str) -> tuple[OpenItem, ...]:
    """Return what must be settled before this person is given anything."""
    return tuple(one for one in items if one.is_blocking and one.patient == patient)


def _syringes(vial: Vial, now: datetime, calendar: Calendar) -> list[OpenItem]:
    found = []
    for syringe in vial.syringes.values():
        if syringe.unknown:
            item = _item(OpenKind.UNKNOWN_FATE, syringe, syringe.unknown, syringe.unknown_to)
            found.append(item)
        if syringe.left and now >= calendar.end(calendar.day(syringe.draw.at)):
            draw = syringe.draw
            found.append(_item(OpenKind.UNSETTLED, syringe, syringe.left, draw.patient))
    return found


def _item(kind: OpenKind, syringe: Syringe, microlitres: int, patient: str) -> OpenItem:
    draw = syringe.draw
    return OpenItem(
        kind=kind, about=draw.id, vial=draw.vial, microlitres=microlitres, patient=patient
    )


def _discrepancies(vial: Vial) -> list[OpenItem]:
    return [
        OpenItem(
            kind=OpenKind.DISCREPANCY, about=key, vial=vial.receipt.vial, microlitres=missing,
            patient=None,
        )
        for key, missing in vial.open.items()
    ]  # fmt: skip
