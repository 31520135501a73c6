"""Predictions as files that other people's tools read: tidy CSV and NetCDF."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np
from jaxtyping import Float

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.simulation.request import SimulationRequest
from ketherapy.simulation.solve import parts
from ketherapy.simulation.solvers.inputs import pulses

if TYPE_CHECKING:
    import xarray as xr

COLUMNS = ("time_h", "model", "analyte", "site", "value", "unit")
SHOWN = "ng/mL"  # concentrations are stored in mg/L and shown in this


def grid(request: SimulationRequest) -> Float[np.ndarray, " time"]:
    """Return every minute from zero to the end asked for, and every instant an input changes.

    The ends of a model's own absorption inputs are among them.

    Units   h
    """
    minutes = np.arange(0.0, np.floor(request.until * 60.0 + 1e-9) + 1.0) / 60.0
    edges = [edge for edge in _edges(request) if 0.0 <= edge <= request.until]
    return distinct(np.concatenate([minutes, edges, [request.until]]))


def distinct(t: Float[np.ndarray, " time"]) -> Float[np.ndarray, " moment"]:
    """Return ``t`` in order; of times that differ by rounding alone, the latest.

    The latest, so that a look at an input edge sees what the edge has brought.

    Units   h
    """
    ordered = np.unique(t)
    return ordered[np.append(np.diff(ordered) > 1e-9, True)]


def _edges(request: SimulationRequest) -> set[float]:
    found = set(request.regimen.edges)
    for model in request.models:
        for part in parts(model, request.regimen, person=request.person):
            given = pulses(part.structure, part.regimen, np, states=part.structure.states)
            found |= set(np.asarray(given.start + given.over).ravel().tolist())
    return found


def tidy(
    predictions: Mapping[str, xr.Dataset],
) -> Iterator[tuple[float, str, str, str, float, str]]:
    """Return one row for each time, model and analyte, concentrations in ng/mL.

    Units   time h; value ng/mL
    """
    factor = units.factor("mg/L", SHOWN)
    for model, data in predictions.items():
        hours = data["time"].values.tolist()
        for analyte, levels in data.data_vars.items():
            site = str(levels.attrs["sampling_site"])
            for hour, level in zip(hours, (levels.values * factor).tolist(), strict=True):
                yield hour, model, str(analyte), site, level, SHOWN


def write_csv(predictions: Mapping[str, xr.Dataset], file: TextIO) -> None:
    """Write the tidy table to an open text file."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tidy(predictions))


def write_netcdf(predictions: Mapping[str, xr.Dataset], path: Path) -> None:
    """Write one model to the root of a NetCDF file, or several to a group each.

    Errors  ContractError where there is nothing to write
    """
    import xarray as xr

    if not predictions:
        raise ContractError(
            "predictions", expected="at least one", got=0, remedy="Simulate a model first."
        )
    if len(predictions) == 1:
        next(iter(predictions.values())).to_netcdf(path, engine="h5netcdf")
        return
    xr.DataTree.from_dict(dict(predictions)).to_netcdf(path, engine="h5netcdf")
