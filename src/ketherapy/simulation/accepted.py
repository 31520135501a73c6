"""What a simulation request may ask for: ranges and defaults, as data."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_ACCEPTED = Path(__file__).parent / "data" / "accepted.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Accepted:
    """The lowest and highest value a request may have, and the usual one."""

    low: Cited
    high: Cited
    usual: Cited | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class Device:
    """The nasal spray: mg in one device, how many in one visit, time between them."""

    amount: Cited
    most: Cited
    apart: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class AcceptedRanges:
    """Every range of ``data/accepted.toml``."""

    source: str
    status: Status
    dose: Accepted
    dose_per_kg: Accepted
    weight: Accepted
    age: Accepted
    over: Accepted
    until: Accepted
    device: Device


@lru_cache(maxsize=1)
def accepted() -> AcceptedRanges:
    """Return the accepted ranges."""
    return records.load(AcceptedRanges, _ACCEPTED)
