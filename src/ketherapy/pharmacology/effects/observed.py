"""Published effects over time, as printed: what effect models are fitted to and held against."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Status

_ROWS = Path(__file__).parent.parent / "data" / "effect_observations.csv"


@record(frozen=True, kw_only=True, config=RECORD)
class Observed:
    """One printed number: one arm or contrast, one endpoint, one time."""

    id: str
    trial: str  # our id of the study, or of its part
    endpoint: str
    locator: str = ""
    source: str
    status: Status
    drug: str = ""
    regimen: str = ""
    population: str = ""
    arm: str = ""
    time: float | None = None
    time_unit: str = ""
    n: int | None = None
    mean: float | None = None
    sd: float | None = None


@lru_cache(maxsize=1)
def observed() -> tuple[Observed, ...]:
    """Return every printed effect, in the order of the file."""
    return records.load_rows(Observed, _ROWS)


def row(observed_id: str) -> Observed:
    """Return the printed effect with this id.

    Errors  ContractError where none has it
    """
    for found in observed():
        if found.id == observed_id:
            return found
    raise ContractError(
        "observed effect", expected="an id of effect_observations.csv, such as P001",
        got=observed_id, remedy="Look it up there.",
    )  # fmt: skip
