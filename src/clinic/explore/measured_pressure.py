"""What was measured of pressure under a drug and route, to be read before what is predicted.

The predicted rise is the mean of a model and comes out below the rises that were measured in care.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status, cite, source

_FILE = Path(__file__).parent / "data" / "measured_pressure.csv"
UNDER = (
    "The predicted rise is the mean of a model, of low confidence, fitted to means and to highest"
    " readings of different people; it under-predicts what was measured in care. Measure."
)


@record(frozen=True, kw_only=True, config=RECORD)
class _Row:
    drug: Drug
    route: Route
    text: str
    locator: str
    source: str
    status: Status


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredRise:
    """One measured rise, in words, and whose it is."""

    text: str
    citation: str
    address: str
    locator: str
    status: str


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    return records.load_rows(_Row, _FILE)


def measured_pressure(drug: Drug, route: Route) -> tuple[MeasuredRise, ...]:
    """Return the rises of pressure that were measured, in the order of the file."""
    return tuple(
        MeasuredRise(
            text=one.text, citation=cite(one.source).rstrip("."), address=_address(one.source),
            locator=one.locator, status=one.status.value,
        )
        for one in _rows() if (one.drug, one.route) == (drug, route)
    )  # fmt: skip


def _address(key: str) -> str:
    cited = source(key)
    return f"https://doi.org/{cited.doi}" if cited.doi else cited.url
