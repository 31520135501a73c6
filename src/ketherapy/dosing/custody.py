"""The book of controlled drugs: what every vial holds and what became of the rest, to the drop.

What cannot be true is not entered and is named; what is true and against a rule is entered and
named. Nothing is clipped. For every stream of events received is the sum of all buckets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_events import (
    Count,
    Counted,
    Destroyed,
    Draw,
    Event,
    Give,
    VialEvent,
    Waste,
)
from ketherapy.dosing.custody_log import CustodyFinding, Log, Rule, noted, read_log
from ketherapy.dosing.custody_vial import Bucket, Vial, entered


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """Every vial, and everything that does not fit."""

    vials: Mapping[str, Vial]
    findings: tuple[CustodyFinding, ...]
    refused_doses: tuple[Give, ...]  # given to somebody, and not as it was entered


def book(
    events: Iterable[Event],
    *,
    now: datetime,
    calendar: Calendar,
    witnesses: Mapping[str, int],
) -> Book:
    """Return what every vial holds, whatever the order in which the events are passed.

    ``witnesses`` says how many an event of a kind needs under the rules in force.

    Errors  ContractError where one id has two contents, or corrections run in a circle
    """
    log = read_log(events, now=now)
    vials: dict[str, Vial] = {}
    findings = list(log.findings)
    for event in log.events:
        if isinstance(event, Count):
            findings += _counted(event, vials)
        elif isinstance(event, VialEvent):
            step = entered(event, vials.get(event.vial), log)
            if isinstance(step, Vial):
                findings += _against_rules(
                    event, step, log=log, calendar=calendar, witnesses=witnesses
                )
                vials[event.vial] = step
            else:
                findings.append(step)
    refused = {one.event for one in findings if not one.is_entered}
    doses = (one for one in log.stated if isinstance(one, Give) and one.id in refused)
    return Book(vials=vials, findings=tuple(findings), refused_doses=tuple(doses))


def totals(book: Book, *, by: Callable[[Vial], str]) -> Mapping[str, Mapping[Bucket, int]]:
    """Return the micro-litres in every bucket, by product, lot, place or whatever ``by`` names."""
    found: dict[str, Counter[Bucket]] = {}
    for vial in book.vials.values():
        found.setdefault(by(vial), Counter()).update(vial.amounts)
    return found


def _against_rules(
    event: VialEvent, vial: Vial, *, log: Log, calendar: Calendar, witnesses: Mapping[str, int]
) -> Iterator[CustodyFinding]:
    """Give what is against a rule about an event that has been entered."""
    match event:
        case Draw():
            yield from _badly_drawn(event, vial, calendar)
        case Give():
            if event.patient != vial.syringes[log.name(event.draw)].draw.patient:
                yield noted(event, Rule.SAME_PATIENT, "the person it was drawn for", "another")
        case Waste() | Destroyed():
            seen, wanted = len(set(event.witnesses)), witnesses.get(event.kind, 0)
            if seen < wanted:
                yield noted(event, Rule.ENOUGH_WITNESSES, f"{wanted}", f"{seen}")
        case _:
            pass


def _badly_drawn(event: Draw, vial: Vial, calendar: Calendar) -> Iterator[CustodyFinding]:
    last, day = vial.receipt.expires_on, calendar.day(event.at)
    if day > last:
        yield noted(event, Rule.NOT_EXPIRED, f"{last} at the latest", f"{day}")
    others = [one.draw.id for one in vial.syringes.values() if one.draw.patient != event.patient]
    if others:
        yield noted(event, Rule.ONE_PATIENT, "one person", f"another in {', '.join(others)}")


def _counted(event: Count, vials: Mapping[str, Vial]) -> Iterator[CustodyFinding]:
    """Give every vial of a place that does not hold what the book says."""
    found = {one.vial: one for one in event.counted}
    booked = {
        key: vial.amounts[Bucket.IN_VIAL]
        for key, vial in vials.items() if vial.location == event.location
    }  # fmt: skip
    for key in sorted(found.keys() | booked.keys()):
        seen = found.get(key, Counted(vial=key, found=0))
        if seen.found != booked.get(key, 0):
            expected = f"{booked.get(key, 0)} micro-litres in {key}"
            yield noted(event, Rule.AS_BOOKED, expected, f"{seen.found}")
        if seen.is_estimated and not (key in vials and vials[key].is_opened):
            yield noted(event, Rule.OPENED_TO_ESTIMATE, f"an exact count of {key}", "an estimate")
