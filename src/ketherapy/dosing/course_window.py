"""When the next visit of a course may be, is due, and has been missed; and what was had so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from ketherapy import units
from ketherapy.dosing.course_so_far import Attended, CourseSoFar
from ketherapy.dosing.ladder import phase
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.protocol_parts import Phase
from ketherapy.errors import ContractError

_WEEK, _DAY = timedelta(days=7), timedelta(days=1)


class Timing(StrEnum):
    """How a visit now would stand to its window."""

    FREE = "free"  # nothing says when: the first visit, or a phase without a spacing
    EARLY = "early"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"  # the visit after it would be due too


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """When the next visit is due."""

    opens_at: datetime
    closes_at: datetime
    missed_from: datetime
    leeway: timedelta  # two visits are not at the same time of the day

    def timing(self, now: datetime) -> Timing:
        """Return how a visit at ``now`` stands to it."""
        if now >= self.missed_from:
            return Timing.MISSED
        if now < self.opens_at - self.leeway:
            return Timing.EARLY
        return Timing.DUE if now <= self.closes_at + self.leeway else Timing.LATE


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a course stands before its next visit."""

    phase: Phase  # of the next visit
    before: Phase | None  # of the last visit
    visits: tuple[Attended, ...]  # the earliest first
    in_phase: int  # visits since this phase was last entered; none while another was the last

    @property
    def last(self) -> datetime | None:
        """Return when the last visit started."""
        return self.visits[-1].at if self.visits else None


def standing(protocol: Protocol, course: CourseSoFar, now: datetime) -> Standing:
    """Return where the course stands at ``now``.

    Errors  ContractError for a phase that the protocol does not have, or a visit yet to come
    """
    asked, visits = phase(protocol, course.phase), course.in_order
    of = [phase(protocol, one.phase) for one in visits]
    if visits and visits[-1].at > now:
        raise ContractError(
            "course.visits", expected="visits before now", got=visits[-1].at.isoformat(),
            remedy="Record a visit once it has begun.",
        )  # fmt: skip
    return Standing(
        phase=asked, before=of[-1] if of else None, visits=visits, in_phase=_run(of, asked)
    )


def _run(of: list[Phase], asked: Phase) -> int:
    """Return how many of the last visits, without a break, were of the phase asked for."""
    others = [place for place, one in enumerate(of, start=1) if one.id != asked.id]
    return len(of) - max(others, default=0)


def spacing(asked: Phase) -> tuple[timedelta, timedelta] | None:
    """Return the shortest and the longest usual time between visits; None where none is said."""
    apart, days = asked.schedule.apart, asked.schedule.days
    if apart is not None:
        ends = (apart.low or apart.value, apart.high or apart.value)
        short, long = (units.convert(one, apart.unit, to="h") for one in ends)
        return timedelta(hours=short), timedelta(hours=long)
    gaps = [later - earlier for earlier, later in pairwise(days)]
    return (timedelta(days=min(gaps)), timedelta(days=max(gaps))) if gaps else None


def window(
    protocol: Protocol, where: Standing, *, now: datetime, leeway: timedelta
) -> Window | None:
    """Return when the next visit is due; None for the first one, or where no spacing is said.

    The first visit of a phase may come as soon as in the phase before it. What the limits of the
    protocol forbid is never in the window.

    Source  ketherapy
    """
    usual, last = spacing(where.phase), where.last
    if usual is None or last is None:
        return None
    entered = usual if where.before is None else spacing(where.before) or usual
    short = usual[0] if where.in_phase else min(usual[0], entered[0])
    opens_at = max(last + short, earliest(protocol, where, now) or last)
    closes_at = max(opens_at, last + usual[1])
    return Window(
        opens_at=opens_at, closes_at=closes_at, missed_from=closes_at + usual[1], leeway=leeway
    )


def earliest(protocol: Protocol, where: Standing, now: datetime) -> datetime | None:
    """Return before when the limits of the protocol allow no next visit; None: they do not say.

    Source  ketherapy
    """
    apart = protocol.in_force("apart_min", now.date())
    weekly = protocol.in_force("visits_per_week_max", now.date())
    found: list[datetime] = []
    if apart is not None and where.visits:
        hours = units.convert(apart.value, apart.unit, to="h")
        found.append(where.visits[-1].at + timedelta(hours=hours))
    if weekly is not None and len(where.visits) >= weekly.value:
        found.append(where.visits[-int(weekly.value)].at + _WEEK)
    return max(found, default=None)


def drives_from(visit: datetime) -> date:
    """Return the day after a visit: before it nobody drives, and then only after restful sleep.

    Source  spravato_dosing_page
    """
    return (visit + _DAY).date()
