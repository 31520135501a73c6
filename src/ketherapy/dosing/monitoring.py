"""What is due in a visit, from its protocol, its events and now: never from a clock that ticks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.protocol_parts import Anchor, Due, DueCheck
from ketherapy.dosing.visit import Visit, lasting, monitoring


class State(StrEnum):
    """How a check stands."""

    WAITING = "waiting"  # its clock has not begun, or it is not due yet
    DUE = "due"
    LATE = "late"  # shown
    OVERDUE = "overdue"  # somebody is called
    DONE = "done"
    MISSED = "missed"  # its time has passed for good, and it was not done


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One check of a visit, and how it stands."""

    check: DueCheck
    state: State
    due_at: datetime | None = None  # None: its clock has not begun
    done_at: datetime | None = None  # when it was last done


def due_checks(protocol: Protocol, visit: Visit, now: datetime) -> tuple[Item, ...]:
    """Return every check of the protocol, and how it stands at ``now``.

    Source  ketherapy
    """
    return tuple(_item(check, visit, now) for check in protocol.due)


def _item(check: DueCheck, visit: Visit, now: datetime) -> Item:
    return _HOW[check.when](check, visit, now)


def _before(check: DueCheck, visit: Visit, _now: datetime) -> Item:
    """Return a check that belongs to this visit and comes before anything is given."""
    done = _last_done(check.check, visit, since=visit.opened_at, until=visit.started_at)
    if done is not None:
        return Item(check=check, state=State.DONE, due_at=visit.opened_at, done_at=done)
    state = State.DUE if visit.started_at is None else State.MISSED
    return Item(check=check, state=state, due_at=visit.opened_at)


def _at(check: DueCheck, visit: Visit, now: datetime) -> Item:
    anchor = visit.anchor(check.anchor)
    if anchor is None:
        return Item(check=check, state=State.WAITING)
    due = anchor + _minutes(check)
    done = _last_done(check.check, visit, since=due - lasting(monitoring().early))
    if done is not None:
        return Item(check=check, state=State.DONE, due_at=due, done_at=done)
    return Item(check=check, state=_late(due, visit, now), due_at=due)


def _every(check: DueCheck, visit: Visit, now: datetime) -> Item:
    """Return a check that comes again: from the start until the end, or from the end on."""
    anchor = visit.anchor(check.anchor)
    if anchor is None:
        return Item(check=check, state=State.WAITING)
    done = _last_done(check.check, visit, since=anchor)
    due = (done or anchor) + _minutes(check)
    ends = visit.left_at if check.anchor is Anchor.END else visit.ended_at or visit.left_at
    if ends is not None and due >= ends:
        return Item(check=check, state=State.DONE, due_at=due, done_at=done)
    if ends is not None:
        return Item(check=check, state=State.MISSED, due_at=due, done_at=done)
    return Item(check=check, state=_late(due, visit, now), due_at=due, done_at=done)


def _throughout(check: DueCheck, visit: Visit, now: datetime) -> Item:
    """Return a check whose last reading may not be old while anything is being given or watched."""
    if visit.started_at is None:
        return Item(check=check, state=State.WAITING)
    done = _last_done(check.check, visit, since=visit.opened_at)
    due = (done or visit.started_at) + lasting(monitoring().throughout)
    if visit.left_at is not None:
        state = State.DONE if due >= visit.left_at else State.MISSED
        return Item(check=check, state=state, due_at=due, done_at=done)
    return Item(check=check, state=_late(due, visit, now), due_at=due, done_at=done)


def _leaving(check: DueCheck, visit: Visit, now: datetime) -> Item:
    """Return a check that is made last, and is not old when the person leaves."""
    if visit.started_at is None:
        return Item(check=check, state=State.WAITING)
    at = visit.left_at or now
    done = _last_done(check.check, visit, since=max(
        visit.started_at, at - lasting(monitoring().leaving)
    ))  # fmt: skip
    if done is not None:
        return Item(check=check, state=State.DONE, done_at=done)
    return Item(check=check, state=State.DUE if visit.left_at is None else State.MISSED)


def _minutes(check: DueCheck) -> timedelta:
    return timedelta(0) if check.minutes is None else lasting(check.minutes)


def _late(due: datetime, visit: Visit, now: datetime) -> State:
    if visit.left_at is not None:
        return State.MISSED
    if now < due:
        return State.WAITING
    over = now - due
    if over >= lasting(monitoring().escalated):
        return State.OVERDUE
    return State.LATE if over >= lasting(monitoring().shown) else State.DUE


def _last_done(
    check: Due, visit: Visit, *, since: datetime | None, until: datetime | None = None
) -> datetime | None:
    """Return when every sign of the check was last read in that time; None where one was not."""
    lasts: list[datetime] = []
    for sign in monitoring().signs_of(check):
        within = [
            one.at
            for one in visit.readings[sign]
            if (since is None or one.at >= since) and (until is None or one.at <= until)
        ]
        if not within:
            return None
        lasts.append(within[-1])
    return min(lasts, default=None)


_HOW: Mapping[str, Callable[[DueCheck, Visit, datetime], Item]] = MappingProxyType(
    {
        "before": _before, "at": _at, "every": _every, "throughout": _throughout,
        "leaving": _leaving,
    }
)  # fmt: skip
