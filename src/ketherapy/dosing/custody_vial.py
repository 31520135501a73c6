"""One vial, step by step: what an event makes of it, or why the event cannot be true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ketherapy.dosing.custody_events import (
    Destroyed,
    Discrepancy,
    Draw,
    Event,
    Give,
    Loss,
    Move,
    Receipt,
    Resolved,
    Return,
    Transfer,
    VialEvent,
    Waste,
)
from ketherapy.dosing.custody_log import CustodyFinding, Log, Rule, refused


class Bucket(StrEnum):
    """Where a part of what was received is."""

    IN_VIAL = "in the vial"
    DRAWN = "drawn, neither given nor wasted yet"
    GIVEN = "given"
    UNKNOWN = "given in an amount that nobody knows"
    WASTED = "wasted"
    DESTROYED = "destroyed"
    LOST = "lost"
    TRANSFERRED = "transferred"
    DISCREPANCY = "discrepancy"  # missing; below zero where there is too much


_TO: Mapping[type[Event], Bucket] = {
    Draw: Bucket.DRAWN, Give: Bucket.GIVEN, Waste: Bucket.WASTED, Transfer: Bucket.TRANSFERRED,
    Destroyed: Bucket.DESTROYED, Loss: Bucket.LOST,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Syringe:
    """What was drawn and is still out, or was."""

    draw: Draw
    left: int  # [micro-litres]
    unknown: int = 0  # [micro-litres] of which nobody knows how much was given
    unknown_to: str = ""  # the person it was given to


@dataclass(frozen=True, kw_only=True, slots=True)
class Vial:
    """One vial and all that came out of it."""

    receipt: Receipt
    location: str
    amounts: Mapping[Bucket, int]  # [micro-litres]
    syringes: Mapping[str, Syringe]  # by the id of their draw
    open: Mapping[str, int]  # missing by each discrepancy that is not resolved [micro-litres]

    @property
    def is_opened(self) -> bool:
        """Return whether it no longer holds what came in."""
        return self.amounts[Bucket.IN_VIAL] != self.receipt.microlitres


def entered(event: VialEvent, vial: Vial | None, log: Log) -> Vial | CustodyFinding:
    """Return the vial as it is after the event, or why the event cannot be true."""
    match event:
        case Receipt():
            return _received(event, vial)
        case _ if vial is None:
            return refused(
                event, Rule.KNOWN_VIAL, f"{event.vial} in the book", "nothing of it before"
            )
        case Move():
            return _moved(event, vial)
        case Draw() if event.location != vial.location:
            return refused(event, Rule.IN_ITS_PLACE, vial.location, event.location)
        case Waste() | Destroyed() if event.by in event.witnesses:
            return refused(event, Rule.ANOTHER_WITNESS, "somebody else", event.by)
        case Discrepancy() | Resolved():
            return _differing(event, vial, log)
        case Give() | Return():
            return _out_of_syringe(event, event.draw, vial, log)
        case Waste() | Loss() if event.draw is not None:
            return _out_of_syringe(event, event.draw, vial, log)
        case Loss() if event.discrepancy is not None:
            return _out_of_discrepancy(event, event.discrepancy, vial, log)
        case _:
            return _out_of_vial(event, vial)


def _received(event: Receipt, vial: Vial | None) -> Vial | CustodyFinding:
    if vial is not None:
        return refused(event, Rule.RECEIVED_ONCE, "a vial that is new", vial.receipt.id)
    return Vial(
        receipt=event,
        location=event.location,
        amounts={bucket: 0 for bucket in Bucket} | {Bucket.IN_VIAL: event.microlitres},
        syringes={},
        open={},
    )


def _moved(event: Move, vial: Vial) -> Vial | CustodyFinding:
    if event.to == vial.location:
        return refused(event, Rule.MOVED_ELSEWHERE, f"away from {vial.location}", event.to)
    return replace(vial, location=event.to)


def _shifted(vial: Vial, source: Bucket, to: Bucket, part: int) -> dict[Bucket, int]:
    amounts = dict(vial.amounts)
    amounts[source] -= part
    amounts[to] += part
    return amounts


def _differing(event: Discrepancy | Resolved, vial: Vial, log: Log) -> Vial | CustodyFinding:
    """Return the vial after what is missing, or too much, was found or explained."""
    if isinstance(event, Discrepancy):
        missing, still_open = event.missing, {**vial.open, event.id: event.missing}
    else:
        name = log.name(event.discrepancy)
        if name not in vial.open:
            return refused(event, Rule.FOUND_BEFORE, "one that is open", event.discrepancy)
        missing = -vial.open[name]
        still_open = {key: one for key, one in vial.open.items() if key != name}
    there = vial.amounts[Bucket.IN_VIAL]
    if missing > there:
        return _too_much(event, there, missing)
    amounts = _shifted(vial, Bucket.IN_VIAL, Bucket.DISCREPANCY, missing)
    return replace(vial, amounts=amounts, open=still_open)


def _too_much(event: VialEvent, there: int, wanted: int) -> CustodyFinding:
    return refused(event, Rule.NO_MORE_THAN_THERE_IS, f"at most {there} micro-litres", f"{wanted}")


def _out_of_vial(
    event: Draw | Waste | Loss | Transfer | Destroyed, vial: Vial
) -> Vial | CustodyFinding:
    there, part = vial.amounts[Bucket.IN_VIAL], event.microlitres
    if isinstance(event, Transfer | Destroyed) and part != there:
        return refused(event, Rule.WHOLE_VIAL, f"{there} micro-litres", f"{part}")
    if part > there:
        return _too_much(event, there, part)
    after = replace(vial, amounts=_shifted(vial, Bucket.IN_VIAL, _TO[type(event)], part))
    if isinstance(event, Draw):
        return replace(after, syringes={**vial.syringes, event.id: Syringe(draw=event, left=part)})
    return after


def _out_of_syringe(
    event: Give | Return | Waste | Loss, draw: str, vial: Vial, log: Log
) -> Vial | CustodyFinding:
    name = log.name(draw)
    syringe = vial.syringes.get(name)
    if syringe is None:
        return refused(event, Rule.DRAWN_BEFORE, f"a draw out of {vial.receipt.vial}", draw)
    if isinstance(event, Return):
        return _put_back(event, name, syringe, vial)
    if isinstance(event, Give) and event.microlitres is None:
        # all that is left may have been given, or nothing; of an empty syringe nothing was
        to, part = Bucket.UNKNOWN, max(syringe.left, 1)
        after = replace(syringe, left=0, unknown=part, unknown_to=event.patient)
    else:
        to, part = _TO[type(event)], event.microlitres or 0
        after = replace(syringe, left=syringe.left - part)
    if part > syringe.left:
        return _too_much(event, syringe.left, part)
    amounts = _shifted(vial, Bucket.DRAWN, to, part)
    return replace(vial, amounts=amounts, syringes={**vial.syringes, name: after})


def _put_back(event: Return, name: str, syringe: Syringe, vial: Vial) -> Vial | CustodyFinding:
    drawn = syringe.draw.microlitres
    if syringe.left != drawn:
        return refused(event, Rule.WHOLE_DRAW, f"{drawn} micro-litres", f"{syringe.left}")
    amounts = _shifted(vial, Bucket.DRAWN, Bucket.IN_VIAL, drawn)
    left = {key: one for key, one in vial.syringes.items() if key != name}
    return replace(vial, amounts=amounts, syringes=left)


def _out_of_discrepancy(
    event: Loss, discrepancy: str, vial: Vial, log: Log
) -> Vial | CustodyFinding:
    name = log.name(discrepancy)
    if name not in vial.open:
        return refused(event, Rule.FOUND_BEFORE, "one that is open", discrepancy)
    missing = vial.open[name]
    if event.microlitres != missing:
        return refused(event, Rule.WHOLE_DISCREPANCY, f"{missing}", f"{event.microlitres}")
    left = {key: one for key, one in vial.open.items() if key != name}
    amounts = _shifted(vial, Bucket.DISCREPANCY, Bucket.LOST, missing)
    return replace(vial, amounts=amounts, open=left)
