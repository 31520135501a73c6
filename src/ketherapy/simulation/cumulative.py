"""What adds up over a course: amount, sessions, how dense they lie; with what is known beside it.

Counts and printed facts. No source turns a count into a probability for a person, so nothing here
does; an exposure at which harm was seen is a fact and not a limit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.regimen import Dose, Drug, Regimen
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent / "data" / "cumulative.toml"


class Topic(StrEnum):
    """What long or repeated exposure may harm."""

    BLADDER = "bladder"
    LIVER = "liver"
    DEPENDENCE = "dependence"
    COGNITION = "cognition"
    PRESSURE = "pressure"
    STOPPING = "stopping"


@record(frozen=True, kw_only=True, config=RECORD)
class SeenAt:
    """An exposure at which harm was seen: so many sessions of such a length, so close."""

    sessions: int
    over: Cited  # each at least so long
    apart: Cited  # the pause between one and the next at most so long


@record(frozen=True, kw_only=True, config=RECORD)
class CumulativeFact:
    """One thing known of repeated exposure, or said to be unknown."""

    topic: Topic
    text: str  # what the number counts; a whole sentence where there is none
    number: Cited | None = None
    seen_at: SeenAt | None = None
    source: str = ""  # of a sentence; none: it is our own remark
    locator: str = ""
    status: Status | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class CumulativeKnowledge:
    """Everything in ``data/cumulative.toml``."""

    source: str
    status: Status
    session_gap: Cited
    facts: tuple[CumulativeFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Doses without a long pause between them; what has been given of them by some time."""

    start: float  # [h]
    end: float  # [h]
    amount: float  # [mg of base]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cumulative:
    """What has added up by ``at``."""

    drug: Drug
    at: float  # [h]
    total: float  # [mg of base]
    sessions: tuple[Session, ...]
    most_in_7_days: int  # sessions that began within any 7 days
    most_in_30_days: int
    since_last: float | None  # [h] since the last dose ended; zero while one runs; None before any


@lru_cache(maxsize=1)
def known() -> CumulativeKnowledge:
    """Return what is known of long and repeated exposure."""
    return records.load(CumulativeKnowledge, _FILE)


def facts(topic: Topic) -> tuple[CumulativeFact, ...]:
    """Return what is known of one topic, or that it is not."""
    return tuple(fact for fact in known().facts if fact.topic is topic)


def cumulative(regimen: Regimen, *, at: float | None = None) -> Cumulative:
    """Return what ``regimen`` adds up to by ``at``, or by the end of its last dose.

    Of an infusion that still runs, what has gone in by then counts.

    Units   at h
    Errors  ContractError where ``at`` is no time
    """
    now = regimen.edges[-1] if at is None else at
    if not math.isfinite(now):
        raise ContractError("time [h]", expected="a number of hours", got=now, remedy="Correct it.")
    found = sessions(regimen, at=now)
    return Cumulative(
        drug=regimen.drug,
        at=now,
        total=math.fsum(session.amount for session in found),
        sessions=found,
        most_in_7_days=_most(found, window=7.0),
        most_in_30_days=_most(found, window=30.0),
        since_last=max(0.0, now - found[-1].end) if found else None,
    )


def sessions(regimen: Regimen, *, at: float) -> tuple[Session, ...]:
    """Return the sessions that have begun by ``at``.

    Units   at h
    """
    gap = _hours(known().session_gap)
    groups: list[list[Dose]] = []
    end = -math.inf
    for dose in sorted((d for d in regimen.doses if d.at <= at), key=lambda d: d.at):
        if dose.at - end > gap:
            groups.append([])
        groups[-1].append(dose)
        end = max(end, dose.ends)
    return tuple(
        Session(
            start=group[0].at,
            end=max(dose.ends for dose in group),
            amount=math.fsum(_given(dose, at) for dose in group),
        )
        for group in groups
    )


def reached(fact: CumulativeFact, found: Cumulative) -> bool:
    """Return whether an exposure is at least that at which the harm of ``fact`` was seen.

    Errors  ContractError for a fact whose source states no such exposure
    """
    if fact.seen_at is None:
        raise ContractError(
            f"exposure of a fact on {fact.topic.value}", expected="one that its source states",
            got=None, remedy="No threshold is known: show the fact and the count side by side.",
        )  # fmt: skip
    over, apart = _hours(fact.seen_at.over), _hours(fact.seen_at.apart)
    run, before = 0, -math.inf
    for session in found.sessions:
        if min(session.end, found.at) - session.start < over:
            continue
        run = run + 1 if session.start - before <= apart else 1
        before = session.end
        if run >= fact.seen_at.sessions:
            return True
    return False


def _given(dose: Dose, at: float) -> float:
    return dose.amount if dose.ends <= at else dose.amount * (at - dose.at) / dose.over


def _most(found: Sequence[Session], *, window: float) -> int:
    """Return the most sessions that begin within ``window`` days, its end left out."""
    starts = [session.start for session in found]
    length = units.convert(window, "day", to="h")
    return max((sum(0.0 <= s - first < length for s in starts) for first in starts), default=0)


def _hours(number: Cited) -> float:
    return units.convert(number.meant, number.unit, to="h")
