"""Few alarms, each with its cause, since when, and one action; silence is an alarm of its own.

Each cause is a channel: to acknowledge one silences no other. What was acknowledged sounds again
when it got worse, and after a while. The path of silence looks at nothing but whether anything was
read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from ketherapy import units
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.monitoring import State, due_checks
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.protocol_parts import DueCheck
from ketherapy.dosing.thresholds import dangers
from ketherapy.dosing.visit import Visit, lasting, monitoring, step_of

SILENCE = "silence"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """What interrupts somebody."""

    cause: str  # the channel
    severity: Severity
    since: datetime
    says: str
    action: str  # the one thing to do
    # how far each sign lies beyond its limit [unit of the sign]
    beyond: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledged:
    """That somebody has seen an alarm, how grave it was then, and what it showed."""

    at: datetime
    severity: Severity
    # what the alarm showed, not what had been read by then: a reading may be told late
    beyond: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


def alarms(
    protocol: Protocol,
    visit: Visit,
    now: datetime,
    *,
    acknowledged: Mapping[str, Acknowledged],
) -> tuple[Alarm, ...]:
    """Return the alarms that sound at ``now``, the gravest first.

    Source  ketherapy
    """
    if visit.left_at is not None:
        return ()
    found = [*_of_dangers(visit, now), *_of_overdue(protocol, visit, now), *silence(visit, now)]
    sounding = [one for one in found if _sounds(one, acknowledged.get(one.cause), now)]
    return tuple(sorted(sounding, key=lambda one: (-one.severity, one.since, one.cause)))


def _of_dangers(visit: Visit, now: datetime) -> Iterator[Alarm]:
    for one in dangers(visit, now):
        if one.finding.stops:
            yield Alarm(
                cause=one.cause, severity=one.finding.severity, since=one.since,
                says=f"{one.finding.says} ({one.finding.observed})", action=one.finding.resolves,
                beyond=one.beyond,
            )  # fmt: skip


def _of_overdue(protocol: Protocol, visit: Visit, now: datetime) -> Iterator[Alarm]:
    for item in due_checks(protocol, visit, now):
        if item.state is State.OVERDUE and item.due_at is not None:
            one, when = item.check, _when(item.check)
            yield Alarm(
                # two checks of one kind are two channels: each has its own clock
                cause=".".join(("overdue", one.check, one.when, one.anchor, *when)),
                severity=Severity.HOLD, since=item.due_at,
                says=f"A check is overdue: {one.check}, {' '.join((one.when, *when))}.",
                action=f"Check {one.check} now.",
            )  # fmt: skip


def _when(check: DueCheck) -> tuple[str, ...]:
    """Return the minutes of a check in words; nothing where it has none."""
    at = check.minutes
    return () if at is None else (f"{units.shown(at.value)} {at.unit}",)


def silence(visit: Visit, now: datetime) -> Iterator[Alarm]:
    """Give an alarm where nothing at all was read for long: silence is never read as safety."""
    if visit.started_at is None:
        return
    read = [run[-1].at for run in visit.readings.values() if run]
    last = max([visit.started_at, *read])
    if now - last >= lasting(monitoring().silence):
        yield Alarm(
            cause=SILENCE, severity=Severity.HOLD, since=last,
            says="Nothing was read for too long.",
            action="Look at the person, then at the monitor and its cables.",
        )  # fmt: skip


def _sounds(one: Alarm, seen: Acknowledged | None, now: datetime) -> bool:
    """Return whether an alarm sounds: nobody saw it, it got worse, or it was seen long ago."""
    if seen is None or seen.at < one.since or one.severity > seen.severity or _is_worse(one, seen):
        return True
    return now - seen.at >= lasting(monitoring().again)


def _is_worse(one: Alarm, seen: Acknowledged) -> bool:
    """Return whether a further limit is crossed, or a sign is a whole step worse than was seen.

    A step is more than one reading differs from the next by chance, so that noise never sounds, and
    it is counted from what was seen, so that a slow fall is not missed in small pieces.
    """
    return any(
        sign not in seen.beyond or far - seen.beyond[sign] >= step_of(sign)
        for sign, far in one.beyond.items()
    )
