"""What trials and reviews found of either infusion, treated and control side by side.

A row names the groups of a trial or the pool of a review, and its numbers come from there; it
holds numbers of its own only where the document is not in the evidence set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass as plain
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import effects_of, pooled_of, reproduce
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.reviews import Input, review
from ketherapy.evidence.selection import Study, of_inputs
from ketherapy.evidence.synthesis.pooled import Choices
from ketherapy.evidence.trials import trial
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
    groups: str = ""  # trial/outcome/treated/control
    pooled: str = ""  # "pool", "computed", "contrast" or "groups", and which
    treated: float | None = None
    control: float | None = None
    unit: str | None = None
    treated_n: int | None = None
    control_n: int | None = None
    measure: str = ""
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    trials: int | None = None
    people: int | None = None
    certainty: str
    remark: str
    locator: str
    source: str
    status: Status


Numbers = Mapping[str, float | None]


@lru_cache(maxsize=1)
def findings() -> tuple[Finding, ...]:
    """Return every finding, in the order of the file.

    Errors  DataFileError, ContractError where a row names what the evidence set does not have
    """
    return tuple(_finding(row) for row in records.load_rows(_Row, _ROWS))


def _finding(row: _Row) -> Finding:
    study = _study(row.groups) if row.groups else None
    groups = _groups(study, row.unit) if study is not None else {}
    pooled = _pooled(row.pooled, study) if row.pooled else {}
    entries = {key: value for key, value in asdict(row).items() if value not in (None, "")}
    entries = {key: value for key, value in entries.items() if key not in ("groups", "pooled")}
    return records.check(
        Finding, {**entries, **groups, **pooled}, where=f"infusion_evidence.csv, {row.id}"
    )


def _study(groups: str) -> Study:
    named, outcome, treated, control = groups.split("/")
    one = Input(trial=named, outcome=outcome, treated=(treated,), control=(control,))
    return of_inputs((one,))[0]


def _groups(study: Study, unit: str | None) -> Numbers:
    """Return both groups of a study in the unit of the row: shares, counts or means."""
    sides = [study.outcome.results[arm] for arm in (*study.treated, *study.control)]
    people = dict(zip(("treated_n", "control_n"), study.people, strict=True))
    if unit == "points":
        shown = [side.mean for side in sides]
    else:
        counts = [int(count.read()[0].item()) for count in study.counts()]
        shares = zip(counts, study.people, strict=True)
        shown = [round(100.0 * e / n, 1) for e, n in shares] if unit == "%" else counts
    values = dict(zip(("treated", "control"), shown, strict=True))
    return values | people | {"people": sum(study.people)}


@plain(frozen=True, kw_only=True, slots=True)
class _Interval:
    """A comparison with its interval."""

    difference: float | None
    low: float | None
    high: float | None


def _pooled(named: str, study: Study | None) -> Numbers:
    """Return the comparison a row names, and how many trials and people are behind it."""
    kind, _, which = named.partition(" ")
    match kind:
        case "groups" if study is not None:
            found = pooled_of(effects_of((study,), Measure[which]), Choices())
            return asdict(_rounded(found.estimate, found.low, found.high))
        case "contrast":
            one = trial(which.partition("/")[0]).contrast(which.partition("/")[2])
            return asdict(_Interval(difference=one.estimate, low=one.low, high=one.high))
        case "pool":
            pool = review(which.partition("/")[0]).pool(which.partition("/")[2])
            numbers = asdict(_Interval(difference=pool.estimate, low=pool.low, high=pool.high))
            numbers = {key: value and round(value, 2) for key, value in numbers.items()}
            return numbers | {"trials": pool.k, "people": pool.people}
        case "computed":
            of = review(which.partition("/")[0])
            pool = of.pool(which.partition("/")[2])
            shown = reproduce(of, pool).pooled
            if shown is not None:
                found = asdict(_rounded(shown.estimate, shown.low, shown.high))
                return found | {"trials": pool.k, "people": pool.people}
    raise ContractError(
        "infusion_evidence.csv, pooled", expected="a pool, a contrast or the groups of the row",
        got=named, remedy="Name one as 'pool review/id', 'contrast trial/id' or 'groups MD'.",
    )  # fmt: skip


def _rounded(estimate: object, low: object, high: object) -> _Interval:
    ends = (round(float(np.asarray(x)), 1) for x in (estimate, low, high))
    difference, lower, upper = ends
    return _Interval(difference=difference, low=lower, high=upper)


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
