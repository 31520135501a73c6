"""How far the scales reach on which outcomes are printed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Status

_FILE = Path(__file__).parent / "data" / "scales.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class _Scales:
    """The file of scales."""

    source: str
    status: Status
    unit: str
    scales: Mapping[str, tuple[float, float]]


@lru_cache(maxsize=1)
def scales() -> Mapping[str, tuple[float, float]]:
    """Return lowest and highest total by the printed name of a scale."""
    return records.load(_Scales, _FILE).scales
