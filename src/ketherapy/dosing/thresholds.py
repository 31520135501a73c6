"""What is acted on during a visit: readings against limits, how long they last, and symptoms.

A danger sign that was measured stands until a later reading says otherwise: silence never clears
it, and where nobody measured again in time it has lasted. A symptom outranks every number and waits
for none.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import units
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.rulebook import SEVERITIES, Action
from ketherapy.dosing.version import AbstractVersion, Jurisdiction, read_version
from ketherapy.dosing.visit import Reading, Sign, Visit, lasting, monitoring, signs, symptoms
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_PACKS = Path(__file__).parent / "data" / "thresholds"
_COMPARED: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
)


@record(frozen=True, kw_only=True, config=RECORD)
class Beyond:
    """One sign against one limit."""

    sign: str
    is_: Literal[">", ">=", "<", "<="] = Field(alias="is")
    limit: float
    unit: str

    def __post_init__(self) -> None:
        if self.sign not in signs() or self.unit != signs()[self.sign].unit:
            raise ValueError("a limit of a sign is in the unit of that sign")
        if signs()[self.sign].step is None:
            raise ValueError("a sign that has a limit has a step by which it gets worse")

    def holds(self, value: float) -> bool:
        """Return whether ``value`` [unit of the sign] lies beyond the limit."""
        return _COMPARED[self.is_](value, self.limit)

    def by(self, value: float) -> float:
        """Return how far ``value`` [unit of the sign] lies beyond the limit, in the same unit."""
        return value - self.limit if self.is_ in (">", ">=") else self.limit - value


@record(frozen=True, kw_only=True, config=RECORD)
class Threshold:
    """One row: which readings or symptoms, for how long, and what follows."""

    id: str
    title: str
    says: str
    written: str
    resolves: str
    action: Action
    any: tuple[Beyond, ...] = ()
    symptoms: tuple[str, ...] = ()
    of: Literal["value", "rise"] = "value"  # rise: above the last reading before the dose
    lasting: Cited | None = None  # for how long before ``says``; until then ``first``
    first: str = ""
    locator: str
    source: str | None = None
    status: Status | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if bool(self.any) == bool(self.symptoms):
            raise ValueError("a threshold is about readings or about symptoms")
        if (self.lasting is None) != (self.first == ""):
            raise ValueError("what must last says what is done at first")
        if not set(self.symptoms) <= set(symptoms()):
            raise ValueError(f"symptoms are {', '.join(symptoms())}")


@record(frozen=True, kw_only=True, config=RECORD)
class ThresholdPack(AbstractVersion):
    """One version of one file of thresholds."""

    threshold: tuple[Threshold, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Danger:
    """A finding of a visit, since when it stands, and the channel that it speaks on."""

    cause: str  # id of the threshold
    since: datetime
    finding: Finding
    # by how much each sign that stands lies beyond its limit, at its worst [unit of the sign]
    beyond: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@lru_cache(maxsize=1)
def threshold_packs() -> tuple[ThresholdPack, ...]:
    """Return every pack of thresholds."""
    return tuple(read_version(ThresholdPack, path) for path in sorted(_PACKS.glob("*.toml")))


def dangers(visit: Visit, now: datetime) -> tuple[Danger, ...]:
    """Return what stands in a visit at ``now``, the gravest first.

    Source  ketherapy
    """
    found = [
        one
        for pack in threshold_packs()
        for threshold in pack.threshold
        for one in (*_noticed(pack, threshold, visit), *_read_beyond(pack, threshold, visit, now))
    ]
    found += _impossible(visit)
    return tuple(sorted(found, key=lambda one: (-one.finding.severity, one.cause)))


def _impossible(visit: Visit) -> list[Danger]:
    """Return what a value says that no person has: an arrest, or a probe that fell off."""
    found = []
    for sign in signs().values():
        one = visit.impossible(sign.id)
        if one is not None and one.value is not None:
            finding = Finding(
                rule=f"impossible.{sign.id}", severity=Severity.BLOCK,
                says="Look at the person now: this value is a danger, or a probe that fell off.",
                observed=f"{sign.label} {units.shown(one.value)} {sign.unit}".removesuffix(" 1"),
                limit=f"{_range(sign)} is a reading",
                resolves="Look at the person first, then at the probe; read it again.",
                source=monitoring().source, locator="what is taken for a reading",
                status=monitoring().status, jurisdiction=Jurisdiction.CLINIC,
            )  # fmt: skip
            found.append(Danger(cause=finding.rule, since=one.at, finding=finding))
    return found


def _range(sign: Sign) -> str:
    return f"{units.shown(sign.low)} to {units.shown(sign.high)} {sign.unit}".removesuffix(" 1")


def _noticed(pack: ThresholdPack, one: Threshold, visit: Visit) -> Iterator[Danger]:
    """Give each symptom on a channel of its own: to have seen one silences no other."""
    for name in one.symptoms:
        if name in visit.symptoms:
            found = _danger(
                pack, one, visit.symptoms[name], symptoms()[name].label,
                severity=SEVERITIES[one.action],
            )  # fmt: skip
            yield replace(found, cause=f"{one.id}.{name}")


def _read_beyond(
    pack: ThresholdPack, one: Threshold, visit: Visit, now: datetime
) -> Iterator[Danger]:
    hits = _hits(one, visit)
    if not hits:
        yield from _no_baseline(pack, one, visit)
        return
    needed = timedelta(0) if one.lasting is None else lasting(one.lasting)
    standing = [hit for hit in hits if not _is_over(hit[1], visit, needed)]
    if not standing:
        return
    beyond, newest = standing[-1]
    if one.lasting is None:
        since = min(_unbroken(hits, hit.sign, visit) for _, hit in standing)
    else:
        since = _since([reading.at for _, reading in hits], newest.at, needed * 2)
    ends = newest.at if _later(newest, visit) else visit.left_at or now
    observed, has_lasted = _said(one, beyond, newest, visit), ends - since >= needed
    found = _danger(
        pack, one, since, observed, says=one.says if has_lasted else one.first,
        severity=SEVERITIES[one.action] if has_lasted else Severity.CAUTION,
    )  # fmt: skip
    yield replace(found, beyond=_worst(one, standing, visit))


def _unbroken(hits: list[tuple[Beyond, Reading]], sign: str, visit: Visit) -> datetime:
    """Return since when a sign was beyond at every moment it was read; at the newest it is.

    Of two readings of one moment the worse stands: the better one ends nothing.
    """
    beyond = {hit.at for _, hit in hits if hit.sign == sign}
    run = takewhile(lambda one: one.at in beyond, reversed(visit.readings[sign]))
    return min(one.at for one in run)


def _worst(
    one: Threshold, standing: list[tuple[Beyond, Reading]], visit: Visit
) -> Mapping[str, float]:
    """Return by how much each sign that stands lies beyond its limit, at its worst."""
    found: dict[str, float] = {}
    for beyond, hit in standing:
        far = beyond.by(_value(one, hit, visit) or 0.0)
        found[hit.sign] = max(far, found.get(hit.sign, far))
    return MappingProxyType(found)


def _is_over(hit: Reading, visit: Visit, needed: timedelta) -> bool:
    """Return whether later readings of the sign were well for as long as it would have to last."""
    later = _later(hit, visit)
    return bool(later) and later[-1].at - hit.at >= needed


def _later(hit: Reading, visit: Visit) -> tuple[Reading, ...]:
    return tuple(one for one in visit.readings[hit.sign] if one.at > hit.at)


def _hits(one: Threshold, visit: Visit) -> list[tuple[Beyond, Reading]]:
    """Return every reading that lies beyond, of whichever sign, the oldest first."""
    found = [
        (beyond, reading)
        for beyond in one.any
        for reading in visit.readings[beyond.sign]
        if (value := _value(one, reading, visit)) is not None and beyond.holds(value)
    ]
    return sorted(found, key=lambda pair: (pair[1].at, pair[1].sign))


def _since(hits: list[datetime], newest: datetime, gap: timedelta) -> datetime:
    """Return when the stretch of hits began, none of which came long after the one before."""
    since = newest
    for at in sorted(hits, reverse=True):
        if at <= since and since - at <= gap:
            since = at
    return since


def _value(one: Threshold, reading: Reading, visit: Visit) -> float | None:
    if one.of == "value" or reading.value is None:
        return reading.value
    base = visit.baseline(reading.sign)
    return None if base is None or base.value is None else reading.value - base.value


def _no_baseline(pack: ThresholdPack, one: Threshold, visit: Visit) -> Iterator[Danger]:
    """Say that a rise cannot be told, where something was read and nothing before the dose."""
    names = [
        beyond.sign
        for beyond in one.any
        if one.of == "rise" and visit.last(beyond.sign) and not visit.baseline(beyond.sign)
    ]
    if names:
        observed = "no reading before the dose: " + ", ".join(signs()[n].label for n in names)
        since = min(visit.readings[name][0].at for name in names)
        says = "A rise of pressure cannot be told: nothing was read before the dose."
        yield _danger(pack, one, since, observed, severity=Severity.CAUTION, says=says)


def _said(one: Threshold, beyond: Beyond, reading: Reading, visit: Visit) -> str:
    sign, value = signs()[beyond.sign], _value(one, reading, visit) or 0.0
    word = "rise of " if one.of == "rise" else ""
    return f"{word}{sign.label} {units.shown(value)} {sign.unit}".removesuffix(" 1")


def _danger(
    pack: ThresholdPack,
    one: Threshold,
    since: datetime,
    observed: str,
    *,
    severity: Severity,
    says: str = "",
) -> Danger:
    finding = Finding(
        rule=one.id, severity=severity, says=says or one.says, observed=observed,
        limit=one.written, resolves=one.resolves, source=one.source or pack.source,
        locator=one.locator, status=one.status or pack.status, jurisdiction=pack.jurisdiction,
    )  # fmt: skip
    return Danger(cause=one.id, since=since, finding=finding)
