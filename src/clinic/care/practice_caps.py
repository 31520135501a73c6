"""The caps that the practice clinic has set for itself; another clinic sets its own, or plans none.

A protocol that is not named here has no caps, and nothing can be planned under it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.dosing.planned import Cap, Caps
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent / "data" / "practice_caps.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class _Set:
    most: float | None = None  # None: its owner sets none, and says so
    unit: str
    set_by: str
    reason: str

    def cap(self, unit: str) -> Cap:
        most = None if self.most is None else units.convert(self.most, self.unit, to=unit)
        return Cap(most=most, set_by=self.set_by, reason=self.reason)


@record(frozen=True, kw_only=True, config=RECORD)
class _OfProtocols:
    ids: tuple[str, ...]
    clinic_visit: _Set
    clinic_week: _Set
    clinic_course: _Set
    prescriber_visit: _Set
    peak: _Set

    @property
    def caps(self) -> Caps:
        return Caps(
            clinic_visit=self.clinic_visit.cap("mg"),
            clinic_week=self.clinic_week.cap("mg"),
            clinic_course=self.clinic_course.cap("mg"),
            prescriber_visit=self.prescriber_visit.cap("mg"),
            peak=self.peak.cap("mg/L"),
        )


@record(frozen=True, kw_only=True, config=RECORD)
class _File:
    source: str
    status: Status
    leaving_level: Cited
    protocols: tuple[_OfProtocols, ...]


@lru_cache(maxsize=1)
def _shipped() -> _File:
    return records.load(_File, _FILE)


def practice_caps(protocol_id: str) -> Caps:
    """Return what the practice clinic and its prescriber have set; nothing where they have not."""
    for one in _shipped().protocols:
        if protocol_id in one.ids:
            return one.caps
    return Caps()


def leaving_level() -> Cited:
    """Return the level below which the practice clinic calls a prediction low."""
    return _shipped().leaving_level
