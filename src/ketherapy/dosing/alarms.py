"""Few alarms, each with its cause, since when, and one action; silence is an alarm of its own.

Each cause is a channel: to acknowledge one silences no other. The path of silence looks at nothing
but whether anything was read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ketherapy.dosing.findings import Severity
from ketherapy.dosing.monitoring import State, due_checks
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.thresholds import dangers
from ketherapy.dosing.visit import Visit, lasting, monitoring

SILENCE = "silence"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """What interrupts somebody."""

    cause: str  # the channel
    severity: Severity
    since: datetime
    says: str
    action: str  # the one thing to do


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledged:
    """That somebody has seen an alarm, and how grave it was then."""

    at: datetime
    severity: Severity


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
            )  # fmt: skip


def _of_overdue(protocol: Protocol, visit: Visit, now: datetime) -> Iterator[Alarm]:
    for item in due_checks(protocol, visit, now):
        if item.state is State.OVERDUE and item.due_at is not None:
            name = item.check.check.value
            yield Alarm(
                cause=f"overdue.{name}", severity=Severity.HOLD, since=item.due_at,
                says=f"A check is overdue: {name}.", action=f"Check {name} now.",
            )  # fmt: skip


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
    if seen is None or seen.at < one.since or one.severity > seen.severity:
        return True
    return now - seen.at >= lasting(monitoring().again)
