"""What a finished population run says, in the units and words a screen shows: ng/mL and minutes."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinic.explore.names import ANALYTES
from clinic.explore.origins import Origin, origin
from clinic.explore.population_jobs import Run
from clinic.explore.predictions import OFF_LABEL
from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.regimen import Drug
from ketherapy.sources import cite

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

_MIN = 60.0  # minutes in an hour
_NG = 1000.0  # ng/mL in a mg/L, ng h/mL in a mg h/L
EXPOSURES = (("Cmax", "ng/mL"), ("AUC", "ng h/mL"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """How many people have an exposure from ``low`` to ``high``."""

    low: float
    high: float
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Exposure:
    """How one exposure is spread between people."""

    name: str  # "Cmax" or "AUC"
    unit: str
    quantiles: tuple[float, ...]  # at the probabilities of the fan
    mean: float
    bins: tuple[Bin, ...]  # the occupied ones and those between


@dataclass(frozen=True, kw_only=True, slots=True)
class Fan:
    """The quantiles of one analyte between people at each time, and its exposures."""

    analyte: str
    analyte_name: str
    minutes: tuple[float, ...]
    probabilities: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]  # [ng/mL] for each probability, at each time
    exposures: tuple[Exposure, ...]
    level: float | None  # [ng/mL] that was asked about
    ever_above: float | None  # share of people above it at any time
    above_minutes: tuple[float, ...]  # [min] above it, at the probabilities


@dataclass(frozen=True, kw_only=True, slots=True)
class PopulationResult:
    """A run as a page tells it."""

    regimen: str
    n: int
    seed: int
    people: str  # who they are
    people_from: str  # where their covariates come from
    origin: Origin  # of the model
    dosing: tuple[float, float]  # [min]
    quantiles_are: str  # which definition, and its rank error
    variability: str
    cautions: tuple[str, ...]
    analytes: tuple[tuple[str, str], ...]  # id and name of each that is there


def told(run: Run, data: xr.Dataset) -> PopulationResult:
    """Return what is said of a whole run."""
    request = run.question.request
    doses = request.regimen.doses
    return PopulationResult(
        regimen=run.question.text,
        n=request.n,
        seed=request.seed,
        people=request.people.text,
        people_from=f"{cite(request.people.source).rstrip('.')} ({request.people.status.value})",
        origin=origin(request.model, request.regimen.routes),
        dosing=(min(d.at for d in doses) * _MIN, max(d.ends for d in doses) * _MIN),
        quantiles_are=str(data.attrs["quantiles"]),
        variability=str(data.attrs["variability"]),
        cautions=_cautions(request.regimen.drug, str(data.attrs["cautions"])),
        analytes=tuple((name, ANALYTES[name][0]) for name in request.analytes),
    )


def _cautions(drug: Drug, said: str) -> tuple[str, ...]:
    first = (OFF_LABEL,) if drug is Drug.KETAMINE else ()
    return (*first, *said.splitlines())


def fan(data: xr.Dataset, analyte: str) -> Fan:
    """Return one analyte of a result.

    Errors  ContractError for an analyte that is not in it
    """
    if analyte not in ANALYTES or analyte not in data:
        raise ContractError(
            "analyte", expected="one of this run", got=analyte[:40], remedy="Choose one."
        )
    levels = data["level"].values * _NG
    asked = len(levels) > 0
    return Fan(
        analyte=analyte,
        analyte_name=ANALYTES[analyte][0],
        minutes=_plain(data["time"].values * _MIN),
        probabilities=_plain(data["probability"].values),
        quantiles=tuple(_plain(row * _NG) for row in data[analyte].values),
        exposures=tuple(_exposure(data, analyte, name, unit) for name, unit in EXPOSURES),
        level=float(levels[0]) if asked else None,
        ever_above=float(data[f"{analyte}_ever_above"].values[0]) if asked else None,
        above_minutes=_plain(data[f"{analyte}_time_above"].values[0] * _MIN) if asked else (),
    )


def _plain(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _exposure(data: xr.Dataset, analyte: str, name: str, unit: str) -> Exposure:
    counts = [int(count) for count in data[f"{analyte}_{name}_counts"].values]
    edges = zip(data["bin_low"].values * _NG, data["bin_high"].values * _NG, strict=True)
    every = [
        Bin(low=float(low), high=float(high), people=people)
        for (low, high), people in zip(edges, counts, strict=True)
    ]
    filled = [place for place, people in enumerate(counts) if people]
    return Exposure(
        name=name,
        unit=unit,
        quantiles=_plain(data[f"{analyte}_{name}"].values * _NG),
        mean=float(data[f"{analyte}_{name}_mean"].values) * _NG,
        bins=tuple(every[filled[0] : filled[-1] + 1]),
    )


COLUMNS = ("model", "n", "seed", "rank_error", "analyte", "quantity", "probability", "time_h",
           "bin_low", "bin_high", "value", "unit")  # fmt: skip


def csv_text(run: Run, data: xr.Dataset) -> str:
    """Return the curves, exposures and histograms as one tidy table, levels in ng/mL."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    request = run.question.request
    about = (request.model.id, request.n, request.seed, data.attrs["rank_error"])
    for analyte in request.analytes:
        writer.writerows((*about, analyte, *row) for row in _rows(fan(data, analyte)))
    return file.getvalue()


def _rows(found: Fan) -> Iterator[tuple[object, ...]]:
    """Give quantity, probability, time, bin edges, value and unit of each number."""
    for p, levels in zip(found.probabilities, found.quantiles, strict=True):
        for minutes, level in zip(found.minutes, levels, strict=True):
            yield "level", p, minutes / _MIN, "", "", level, "ng/mL"
    for one in found.exposures:
        for p, value in zip(found.probabilities, one.quantiles, strict=True):
            yield one.name, p, "", "", "", value, one.unit
        yield f"{one.name} mean", "", "", "", "", one.mean, one.unit
        for bar in one.bins:
            yield f"people by {one.name}", "", "", bar.low, bar.high, bar.people, "1"
    if found.level is not None:
        name = f"above {units.shown(found.level)} ng/mL"
        yield f"share of people ever {name}", "", "", "", "", found.ever_above, "1"
        for p, minutes in zip(found.probabilities, found.above_minutes, strict=True):
            yield f"time {name}", p, "", "", "", minutes / _MIN, "h"


def netcdf_bytes(data: xr.Dataset) -> bytes:
    """Return the whole result as a NetCDF file."""
    with tempfile.TemporaryDirectory(prefix="ketherapy-") as folder:
        path = Path(folder) / "population.nc"
        data.to_netcdf(path, engine="h5netcdf")
        return path.read_bytes()
