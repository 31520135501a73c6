"""A visit as its events tell it: what was given when, what was read, what was noticed.

State is folded from events, never kept beside them: the same events in another order, or one of
them twice, are the same visit. A reading that is none is missing, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.dosing.protocol_parts import Anchor, Due
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_MONITORING = Path(__file__).parent / "data" / "monitoring.toml"


class Act(StrEnum):
    """What can be done in a visit that starts or ends a clock."""

    OPENED = "opened"
    FIRST_DEVICE = "first_device"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDED = "ended"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """Something that was done at one moment."""

    id: str
    at: datetime
    act: Act


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One sign, read by a person or a device; None where it could not be had."""

    id: str
    at: datetime
    sign: str
    value: float | None  # canonical unit of the sign
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Noticed:
    """A symptom, from when it was noticed; ``is_over`` where it has passed."""

    id: str
    at: datetime
    symptom: str
    is_over: bool = False


Event = Done | Reading | Noticed
_RUN = (Act.STARTED, Act.FIRST_DEVICE, Act.RESUMED, Act.ENDED)


@record(frozen=True, kw_only=True, config=RECORD)
class Sign:
    """What can be read, and between which values it is a reading at all."""

    id: str
    label: str
    unit: str
    low: float
    high: float
    check: Due
    step: float | None = None  # worse by this much is worse, and no noise; None: it has no limit

    def __post_init__(self) -> None:
        if self.step is not None and not self.step > 0.0:
            raise ValueError("a step is more than nothing")


@record(frozen=True, kw_only=True, config=RECORD)
class Symptom:
    """What can be noticed."""

    id: str
    label: str


@record(frozen=True, kw_only=True, config=RECORD)
class Monitoring:
    """How readings are taken, and how late is late."""

    source: str
    status: Status
    sentinels: tuple[float, ...]
    early: Cited
    shown: Cited
    escalated: Cited
    throughout: Cited
    leaving: Cited
    silence: Cited
    again: Cited
    pressure_near: Cited
    saturation_near: Cited
    awake: Cited
    sbp_safe: Cited
    dbp_safe: Cited
    dissociated: Cited
    sign: tuple[Sign, ...]
    symptom: tuple[Symptom, ...]

    def signs_of(self, check: Due) -> tuple[str, ...]:
        """Return the ids of the signs that a check is made of."""
        return tuple(one.id for one in self.sign if one.check is check)


@lru_cache(maxsize=1)
def monitoring() -> Monitoring:
    """Return how readings are taken here."""
    return records.load(Monitoring, _MONITORING)


@lru_cache(maxsize=1)
def signs() -> Mapping[str, Sign]:
    """Return every sign by its id."""
    return MappingProxyType({one.id: one for one in monitoring().sign})


def step_of(sign: str) -> float:
    """Return by how much a sign that has a limit must change to have become worse.

    Units   the step is in the unit of the sign
    Errors  ContractError for a sign that has no limit
    """
    step = signs()[sign].step
    if step is None:
        raise ContractError(
            f"step of {sign}", expected="a sign that has a limit", got="one that has none",
            remedy="Write its step in monitoring.toml.",
        )  # fmt: skip
    return step


@lru_cache(maxsize=1)
def symptoms() -> Mapping[str, Symptom]:
    """Return every symptom by its id."""
    return MappingProxyType({one.id: one for one in monitoring().symptom})


def lasting(number: Cited) -> timedelta:
    """Return a cited time as a time."""
    return timedelta(hours=units.convert(number.value, number.unit, to="h"))


def is_reading(one: Reading) -> bool:
    """Return whether a reading is one: not what a monitor sends for none, and not impossible."""
    sign = signs()[one.sign]
    if one.value is None or one.value in monitoring().sentinels:
        return False
    return sign.low <= one.value <= sign.high


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """What is known of a visit at one moment."""

    opened_at: datetime | None
    first_device_at: datetime | None
    started_at: datetime | None  # of the infusion, the injection or the first device
    ended_at: datetime | None
    left_at: datetime | None
    readings: Mapping[str, tuple[Reading, ...]]  # real ones, of every sign, the oldest first
    unread: tuple[Reading, ...]  # those that are none
    symptoms: Mapping[str, datetime]  # those that have not passed, and since when

    def anchor(self, anchor: Anchor) -> datetime | None:
        """Return the moment that a time is counted from."""
        return {
            Anchor.FIRST_DEVICE: self.first_device_at,
            Anchor.START: self.started_at,
            Anchor.END: self.ended_at,
        }[anchor]

    def impossible(self, sign: str) -> Reading | None:
        """Return a value that cannot be, where it is newer than every reading of the sign."""
        last = self.last(sign)
        found = [
            one
            for one in self.unread
            if one.sign == sign and one.value is not None
            and one.value not in monitoring().sentinels and (last is None or one.at > last.at)
        ]  # fmt: skip
        return found[0] if found else None

    def last(self, sign: str) -> Reading | None:
        """Return the latest reading of a sign."""
        found = self.readings[sign]
        return found[-1] if found else None

    def fresh(self, sign: str, now: datetime) -> Reading | None:
        """Return the latest reading after the dose began that is not too old to leave on."""
        last, given = self.last(sign), self.started_at
        if last is None or given is None or last.at < given:
            return None
        return last if now - last.at <= lasting(monitoring().leaving) else None

    def baseline(self, sign: str) -> Reading | None:
        """Return the last reading of a sign in this visit, before anything was given."""
        given = self.started_at
        opened = self.opened_at
        before = [
            one
            for one in self.readings[sign]
            if (given is None or one.at < given) and (opened is None or one.at >= opened)
        ]
        return before[-1] if before else None


def folded(events: Iterable[Event], now: datetime) -> Visit:
    """Return the visit that ``events`` tell of at ``now``; what is still to come is not in it.

    Errors  ContractError for an event without a zone, of a sign or symptom that is none, or one
            id with two contents
    """
    seen = sorted(_once(events).values(), key=lambda one: (one.at, one.id))
    past = [one for one in seen if one.at <= now]
    read = [one for one in past if isinstance(one, Reading)]
    first = {act: _first(past, act) for act in Act}
    started = [at for act in (Act.STARTED, Act.FIRST_DEVICE) if (at := first[act]) is not None]
    return Visit(
        opened_at=first[Act.OPENED],
        first_device_at=first[Act.FIRST_DEVICE],
        started_at=min(started, default=None),
        ended_at=_ended(past),
        left_at=_left(past),
        readings=MappingProxyType({name: _of(read, name) for name in signs()}),
        unread=tuple(one for one in read if not is_reading(one)),
        symptoms=MappingProxyType(_lasting_symptoms(past)),
    )


def _once(events: Iterable[Event]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for one in events:
        _refuse_unknown(one)
        if found.setdefault(one.id, one) != one:
            raise ContractError(
                f"event {one.id}", expected="one content for one id", got="two",
                remedy="A correction is an event of its own.",
            )  # fmt: skip
    return found


def _refuse_unknown(one: Event) -> None:
    if one.at.utcoffset() is None:
        raise ContractError(
            f"event {one.id}, at", expected="a time with its zone", got=one.at.isoformat(),
            remedy="Write the zone: minutes are counted.",
        )  # fmt: skip
    if isinstance(one, Reading) and one.sign not in signs():
        raise ContractError(
            f"event {one.id}, sign", expected=f"one of {', '.join(signs())}", got=one.sign,
            remedy="Choose one of these.",
        )  # fmt: skip
    if isinstance(one, Noticed) and one.symptom not in symptoms():
        raise ContractError(
            f"event {one.id}, symptom", expected=f"one of {', '.join(symptoms())}",
            got=one.symptom, remedy="Choose one of these.",
        )  # fmt: skip


def _first(past: Iterable[Event], act: Act) -> datetime | None:
    return next((one.at for one in past if isinstance(one, Done) and one.act is act), None)


def _ended(past: Iterable[Event]) -> datetime | None:
    """Return when giving ended, and nothing while it was begun again after an end."""
    running = [one for one in past if isinstance(one, Done) and one.act in _RUN]
    return running[-1].at if running and running[-1].act is Act.ENDED else None


def _left(past: Iterable[Event]) -> datetime | None:
    """Return when the person left; whoever is read or shows a symptom afterwards has not left."""
    left = _first(past, Act.LEFT)
    seen = [one.at for one in past if isinstance(one, Reading | Noticed)]
    return None if left is None or any(at > left for at in seen) else left


def _of(read: Iterable[Reading], sign: str) -> tuple[Reading, ...]:
    return tuple(one for one in read if one.sign == sign and is_reading(one))


def _lasting_symptoms(past: Iterable[Event]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for one in past:
        if isinstance(one, Noticed) and one.is_over:
            found.pop(one.symptom, None)
        elif isinstance(one, Noticed):
            found.setdefault(one.symptom, one.at)
    return found
