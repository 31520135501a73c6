"""Published measurements under nearly the same dosing, to stand beside a prediction."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from clinic.explore.names import ANALYTES
from ketherapy import units
from ketherapy.pharmacology.interactions import applied
from ketherapy.pharmacology.observations import (
    Observation,
    conventions,
    ng_per_ml,
    observations,
    regimen_of,
    weight_of,
)
from ketherapy.simulation.request import SimulationRequest
from ketherapy.sources import cite

_MIN = 60.0  # minutes in an hour


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One published measurement under a comparable regimen; never a prediction."""

    minutes: float
    level: float | None  # [ng/mL]; None where only a range was published
    low: float | None  # [ng/mL]
    high: float | None
    statistic: str  # "median of 17 people", "typical peak" ...
    analyte: str
    analyte_name: str
    group: str
    site: str
    population: str
    source: str
    status: str
    note: str  # e.g. "the model was fitted to this trial"; "" where there is nothing to say


_STATISTICS = re.compile(r" ?\bC at [0-9.]+ h")  # the time of a level stands beside it


def comparable(request: SimulationRequest) -> tuple[Measured, ...]:
    """Return published measurements under the same drug and route and nearly the same dosing.

    None beside another drug that changes levels: nobody measured took it.
    """
    return () if applied(request.regimen, request.person) else _like(request)


def is_left_out(request: SimulationRequest) -> bool:
    """Return whether there are measurements, but of people without the other drug."""
    return bool(applied(request.regimen, request.person) and _like(request))


def _like(request: SimulationRequest) -> tuple[Measured, ...]:
    return tuple(
        _measured(row, request)
        for row in observations()
        if row.metric in ("concentration", "Cmax") and _is_comparable(row, request)
    )


def _is_comparable(row: Observation, request: SimulationRequest) -> bool:
    if row.use == "implementation" or row.drug is not request.regimen.drug or not row.regimen:
        return False
    theirs, ours = regimen_of(row), request.regimen
    if len(theirs.doses) != len(ours.doses) or row.analyte not in ANALYTES:
        return False
    weight = request.person.weight
    scale = 1.0
    if "mg/kg" in row.regimen or (row.weight_kg is not None and weight is not None):
        # per kg beside per kg, also for mg given to people whose weight was printed
        if weight is None:
            return False
        scale = float(np.max(weight)) / weight_of(row)
    nearly = units.convert(conventions().comparable_within.value, "%", to="1")
    return all(
        a.route is b.route
        and abs(a.amount * scale - b.amount) <= nearly * b.amount
        and abs(a.over - b.over) <= nearly * b.over
        for a, b in zip(theirs.doses, ours.doses, strict=True)
    )


def _measured(row: Observation, request: SimulationRequest) -> Measured:
    def level(value: float | None) -> float | None:
        return None if value is None else ng_per_ml(value, row.unit, row.analyte)

    at = row.time_h if row.time_h is not None else _peak_hour(row, request)
    name, group = ANALYTES[row.analyte]
    people = f", {row.n} people" if row.n else ""
    return Measured(
        minutes=at * _MIN,
        level=level(row.value),
        low=level(row.low),
        high=level(row.high),
        statistic=f"{_STATISTICS.sub('', row.statistic) or 'mean curve'}{people}",
        analyte=row.analyte,
        analyte_name=name,
        group=group,
        site=row.site_text,
        population=row.population,
        source=f"{cite(row.source)} ({row.locator})",
        status=row.status.value,
        note=_note(row),
    )


def _peak_hour(row: Observation, request: SimulationRequest) -> float:
    """Return where a published peak is drawn: its own time if printed, else the end of input."""
    for other in observations():
        is_same = other.id[:-3] == row.id[:-3] and other.analyte == row.analyte
        if other.metric == "Tmax" and is_same and other.value is not None:
            return units.convert(other.value, other.unit, to="h")
    return max(dose.ends for dose in request.regimen.doses)


def _note(row: Observation) -> str:
    parts = [row.note]
    if row.in_sample:
        parts.append(f"{row.in_sample} was fitted to this")
    if row.metric == "Cmax":
        parts.append("a peak; drawn at its printed time or, without one, at the end of the input")
    return "; ".join(part for part in parts if part)
