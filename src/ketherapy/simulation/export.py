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
from ketherapy.simulation.moments import distinct, input_edges
from ketherapy.simulation.request import SimulationRequest

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
    edges = [input_edges(model, request.regimen, request.person) for model in request.models]
    both = distinct(np.concatenate([minutes, *edges, [request.until]]))
    return both[both <= request.until]


def tidy(
    predictions: Mapping[str, xr.Dataset],
) -> Iterator[tuple[float, str, str, str, float, str]]:
    """Return one row for each time, model and analyte, concentrations in ng/mL.

    Units   time h; value ng/mL
    """
    factor = units.factor("mg/L", SHOWN)
    for model, data in predictions.items():
        if "patient" in data.dims:
            raise ContractError(
                f"prediction of {model}", expected="one person", got=dict(data.sizes),
                remedy="Choose one with isel(patient=...), or write NetCDF.",
            )  # fmt: skip
        hours = data["time"].values.tolist()
        for analyte, levels in data.data_vars.items():
            site = str(levels.attrs["sampling_site"])
            for hour, level in zip(hours, (levels.values * factor).tolist(), strict=True):
                yield hour, model, str(analyte), site, level, SHOWN


def tidy_effects(
    effects: Mapping[str, xr.Dataset],
) -> Iterator[tuple[float, str, str, str, float, str]]:
    """Return one row for each time and output of an effect, in its own unit.

    Units   time h; value as the unit of the row
    """
    for data in effects.values():
        hours = data["time"].values.tolist()
        model, site = str(data.attrs["model"]), str(data.attrs["sampling_site"])
        for output, values in data.data_vars.items():
            unit = str(values.attrs["units"])
            for hour, value in zip(hours, values.values.tolist(), strict=True):
                yield hour, model, str(output), site, value, unit


def write_csv(
    predictions: Mapping[str, xr.Dataset],
    file: TextIO,
    *,
    effects: Mapping[str, xr.Dataset] | None = None,
) -> None:
    """Write the tidy table to an open text file, outputs of effects behind the levels."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tidy(predictions))
    writer.writerows(tidy_effects(effects or {}))


def write_netcdf(
    predictions: Mapping[str, xr.Dataset],
    path: Path,
    *,
    effects: Mapping[str, xr.Dataset] | None = None,
) -> None:
    """Write one model to the root of a NetCDF file, or several to a group each.

    With effects every model has a group, ``levels/otto2021_iv``, and so has every effect,
    ``effects/pressure``.

    Errors  ContractError where there is nothing to write
    """
    import xarray as xr

    if not predictions:
        raise ContractError(
            "predictions", expected="at least one", got=0, remedy="Simulate a model first."
        )
    if effects:
        groups = {f"levels/{name}": data for name, data in predictions.items()}
        groups |= {f"effects/{name}": data for name, data in effects.items()}
        xr.DataTree.from_dict(groups).to_netcdf(path, engine="h5netcdf")
        return
    if len(predictions) == 1:
        next(iter(predictions.values())).to_netcdf(path, engine="h5netcdf")
        return
    xr.DataTree.from_dict(dict(predictions)).to_netcdf(path, engine="h5netcdf")
