"""Screenings of people who do not exist, to practise on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from clinic.care.local_times import read_zone
from clinic.care.refusals import Entries
from clinic.care.screening_entries import STAGES, ZONE
from ketherapy import records
from ketherapy.records import RECORD

_EXAMPLES = Path(__file__).parent / "data" / "screening_examples.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Example:
    """One invented person, as somebody would have typed the answers."""

    id: str
    title: str
    shows: str  # what there is to learn
    stages: tuple[str, ...]
    entries: dict[str, str]  # beside the usual ones
    minutes_ago: dict[str, int] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # usual ones that are not known here


@record(frozen=True, kw_only=True, config=RECORD)
class _File:
    source: str
    status: str
    note: str
    usual: dict[str, str]
    usual_minutes_ago: dict[str, int]
    example: tuple[Example, ...]


@lru_cache(maxsize=1)
def _file() -> _File:
    return records.load(_File, _EXAMPLES)


def examples() -> tuple[Example, ...]:
    """Return every invented person."""
    return _file().example


def example_entries(example_id: str, *, zone: str, now: datetime) -> Entries | None:
    """Return what would have been typed, by the clock of ``zone``; None for nobody's id."""
    found = next((one for one in examples() if one.id == example_id), None)
    if found is None:
        return None
    usual = _file()
    ago = usual.usual_minutes_ago | found.minutes_ago
    typed = usual.usual | found.entries | _times(ago, read_zone(zone), now)
    kept = {name: (text,) for name, text in typed.items() if name not in found.left_out}
    return {**kept, STAGES: found.stages, ZONE: (zone,)}


def _times(ago: Mapping[str, int], zone: ZoneInfo | None, now: datetime) -> dict[str, str]:
    there = now.astimezone(UTC if zone is None else zone)
    return {
        name: f"{there - timedelta(minutes=minutes):%Y-%m-%d %H:%M}"
        for name, minutes in ago.items()
    }
