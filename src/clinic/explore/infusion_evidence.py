"""What trials and reviews found of either infusion, treated and control side by side.

A row names the groups or the printed difference of a trial, or the pool of a review; its numbers,
source, locator, status and warnings come from there. It holds numbers of its own only where the
document is not in the evidence set, and shares that a review worked out.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from clinic.explore import infusion_numbers
from clinic.explore.infusion_numbers import Numbers
from ketherapy import records
from ketherapy.records import RECORD
from ketherapy.sources import Status

_DATA = Path(__file__).parent / "data"
_ROWS = _DATA / "infusion_evidence.csv"
_MONITORING = _DATA / "infusion_monitoring.csv"


@record(frozen=True, kw_only=True, config=RECORD)
class Finding:
    """One printed comparison; never one group alone."""

    id: str
    about: Literal["depression", "pain"]
    finding: str  # what was counted or scored
    scale: str
    time: str
    treated_name: str
    control_name: str
    treated: float | None = None  # in ``unit``; None where only the comparison is printed
    control: float | None = None
    unit: Literal["%", "points", "counted"] | None = None
    treated_n: int | None = None
    control_n: int | None = None
    worked_out: str = ""  # from what, where the shares are those of nobody counted
    measure: str = ""  # of the comparison
    difference: float | None = None
    low: float | None = None  # of its 95 % interval
    high: float | None = None
    trials: int | None = None
    people: int | None = None
    certainty: str
    remark: str
    locator: str
    source: str
    status: Status

    def __post_init__(self) -> None:
        if (self.treated is None) != (self.control is None):
            raise ValueError("both groups are needed, or neither: one alone is not shown")
        if self.treated is None and None in (self.difference, self.low, self.high):
            raise ValueError("both groups are needed, or a comparison with its interval")
        is_counted = self.treated_n is not None
        if self.unit == "%" and self.treated is not None and is_counted == bool(self.worked_out):
            raise ValueError("shares are of people counted, or say from what they are worked out")
        if not self.certainty:
            raise ValueError("certainty is needed, also where it was not read")


@record(frozen=True, kw_only=True, config=RECORD)
class _Row:
    """A row of the file: a finding whose numbers stand in the evidence set, or in the row."""

    id: str
    about: str
    finding: str
    scale: str
    time: str
    treated_name: str
    control_name: str
    built_on: Literal["groups", "contrast", "pool", "inputs"] | None = None
    named: str = ""  # trial/outcome/treated/control, trial/contrast or review/pool
    compared: str = ""  # measure of the difference of groups: MD or RD
    treated: float | None = None
    control: float | None = None
    unit: str | None = None
    treated_n: int | None = None
    control_n: int | None = None
    worked_out: str = ""
    measure: str = ""
    trials: int | None = None
    people: int | None = None
    certainty: str = ""
    remark: str
    locator: str = ""
    source: str = ""
    status: Status | None = None

    def __post_init__(self) -> None:
        typed = (self.locator, self.source, self.status, self.trials, self.people)
        if self.built_on is not None and any(typed):
            raise ValueError("a row built on the evidence set takes source and people from there")
        if self.built_on in ("pool", "inputs") and self.certainty:
            raise ValueError("a row built on a pool takes the certainty from there")
        if (self.built_on is None) == bool(self.named):
            raise ValueError("built_on and named are needed both, or neither")


@lru_cache(maxsize=1)
def findings() -> tuple[Finding, ...]:
    """Return every finding, in the order of the file.

    Errors  DataFileError, ContractError where a row names what the evidence set does not have
    """
    return tuple(_finding(row) for row in records.load_rows(_Row, _ROWS))


def _finding(row: _Row) -> Finding:
    built = _numbers(row)
    entries = {key: value for key, value in asdict(row).items() if value not in (None, "")}
    for key in ("built_on", "named", "compared"):
        entries.pop(key, None)
    if built is not None:
        entries |= _entries(built)
    warnings = built.warnings if built is not None else ()
    entries["remark"] = " ".join((*_worked_out(row), row.remark, *warnings))
    return records.check(Finding, entries, where=f"infusion_evidence.csv, {row.id}")


def _numbers(row: _Row) -> Numbers | None:
    match row.built_on:
        case None:
            return None
        case "groups":
            return infusion_numbers.of_groups(row.named, row.unit, row.compared)
        case "contrast":
            return infusion_numbers.of_contrast(row.named)
        case "pool":
            return infusion_numbers.of_pool(row.named)
        case "inputs":
            return infusion_numbers.of_inputs_of(row.named)


def _entries(built: Numbers) -> dict[str, object]:
    """Return what the evidence set gives, and nothing where it gives nothing."""
    given = {
        "source": built.source, "locator": built.locator, "status": built.status,
        "trials": built.trials, "people": built.people, "certainty": built.certainty,
        **asdict(built.comparison), **(asdict(built.groups) if built.groups is not None else {}),
    }  # fmt: skip
    return {key: value for key, value in given.items() if value not in (None, "")}


def _worked_out(row: _Row) -> tuple[str, ...]:
    if not row.worked_out:
        return ()
    return (f"These shares are worked out from {row.worked_out}, not counted.",)


@record(frozen=True, kw_only=True, config=RECORD)
class Monitoring:
    """How people were watched during such infusions, by those who reported it."""

    about: Literal["depression", "pain"]
    text: str
    locator: str
    source: str
    status: Status


@lru_cache(maxsize=1)
def monitoring() -> tuple[Monitoring, ...]:
    """Return how either infusion was watched, in the order of the file."""
    return records.load_rows(Monitoring, _MONITORING)
