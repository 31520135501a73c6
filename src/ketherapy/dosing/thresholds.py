"""What is acted on during a visit: readings against limits, how long they last, and symptoms.

A danger sign that was measured stands until a later reading says otherwise: silence never clears
it, and where nobody measured again in time it has lasted. A symptom outranks every number and waits
for none.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.rulebook import SEVERITIES, Action, Jurisdiction
from ketherapy.dosing.visit import Reading, Visit, lasting, signs, symptoms
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

    def holds(self, value: float) -> bool:
        """Return whether ``value`` [unit of the sign] lies beyond the limit."""
        return _COMPARED[self.is_](value, self.limit)


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
class ThresholdPack:
    """One version of one file of thresholds."""

    id: str
    title: str
    jurisdiction: Jurisdiction
    since: date
    stale_after: date
    source: str
    status: Status
    note: str = ""
    threshold: tuple[Threshold, ...]
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Danger:
    """A finding of a visit, since when it stands, and the channel that it speaks on."""

    cause: str  # id of the threshold
    since: datetime
    finding: Finding


@lru_cache(maxsize=1)
def threshold_packs() -> tuple[ThresholdPack, ...]:
    """Return every pack of thresholds."""
    return tuple(_read(path) for path in sorted(_PACKS.glob("*.toml")))


def _read(path: Path) -> ThresholdPack:
    digest = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    where = f"dosing/data/thresholds/{path.name}"
    return records.check(ThresholdPack, records.read_table(path) | digest, where=where)


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
    return tuple(sorted(found, key=lambda one: (-one.finding.severity, one.cause)))


def _noticed(pack: ThresholdPack, one: Threshold, visit: Visit) -> Iterator[Danger]:
    there = {name: visit.symptoms[name] for name in one.symptoms if name in visit.symptoms}
    if there:
        observed = ", ".join(symptoms()[name].label for name in there)
        yield _danger(pack, one, min(there.values()), observed, severity=SEVERITIES[one.action])


def _read_beyond(
    pack: ThresholdPack, one: Threshold, visit: Visit, now: datetime
) -> Iterator[Danger]:
    runs = [(beyond, run) for beyond in one.any if (run := _run(one, beyond, visit))]
    if not runs:
        yield from _no_baseline(pack, one, visit)
        return
    needed = timedelta(0) if one.lasting is None else lasting(one.lasting)
    until = visit.left_at or now
    long = [pair for pair in runs if until - pair[1][0].at >= needed]
    observed = "; ".join(_said(one, beyond, run[-1], visit) for beyond, run in long or runs)
    since = min(run[0].at for _, run in long or runs)
    if long:
        yield _danger(pack, one, since, observed, severity=SEVERITIES[one.action])
    else:
        yield _danger(pack, one, since, observed, severity=Severity.CAUTION, says=one.first)


def _run(one: Threshold, beyond: Beyond, visit: Visit) -> tuple[Reading, ...]:
    """Return the latest readings that all lie beyond, the oldest first."""
    run: list[Reading] = []
    for reading in reversed(visit.readings[beyond.sign]):
        value = _value(one, reading, visit)
        if value is None or not beyond.holds(value):
            break
        run.insert(0, reading)
    return tuple(run)


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
