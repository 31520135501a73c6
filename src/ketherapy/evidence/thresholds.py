"""Where a guard refuses and where certainty is lowered: conventions, read from a file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent / "data" / "thresholds.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Thresholds:
    """The conventions of the guards and of certainty."""

    source: str
    status: Status
    time_ratio: Cited
    small_deviation: Cited
    error_fit: Cited
    deviations: Cited
    information: Cited
    very_few: Cited
    inconsistency: Cited


@lru_cache(maxsize=1)
def thresholds() -> Thresholds:
    """Return the conventions."""
    return records.load(Thresholds, _FILE)
