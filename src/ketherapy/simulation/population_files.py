"""Results of a population run as files: tidy CSV and NetCDF."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import ConfidenceLevel
from ketherapy.simulation.groups import EVERYONE

if TYPE_CHECKING:
    import xarray as xr

COLUMNS = (
    "group", "people", "model", "site", "confidence", "quantity", "time_h", "probability", "level",
    "from", "value", "unit", "over_draws",
)  # fmt: skip
_SHOWN = {"mg/L": "ng/mL", "mg2/L2": "ng2/mL2"}


def tidy(results: Mapping[str, xr.Dataset]) -> Iterator[tuple[str | int | float, ...]]:
    """Return one row for each number: its group, what it is, and at which time, quantile or level.

    Each names its model, where that one's samples were drawn, and how far it is trusted.
    A row with ``over_draws`` is a percentile of a quantile, over draws of the estimates.

    Units   time h; levels and concentrations ng/mL; areas mg h/L; from: the lower edge of a bin
    """
    factor = units.factor("mg/L", "ng/mL")
    for group, data in results.items():
        about = (group, int(data.attrs["n"]), *_origin(data))
        levels = data["level"].values * factor
        bins = data["bin_low"].values if "bin_low" in data.coords else np.empty(0)
        over = data["over_draws"].values if "over_draws" in data.coords else np.empty(0)
        for name, values in data.data_vars.items():
            unit = str(values.attrs["units"])
            scale = {"mg/L": factor, "mg2/L2": factor**2}.get(unit, 1.0)
            for place, value in np.ndenumerate(values.values):
                at = dict(zip(map(str, values.dims), place, strict=True))
                yield (
                    *about, str(name),
                    _at(at, "time", data["time"].values),
                    _at(at, "probability", data["probability"].values),
                    _at(at, "level", levels),
                    _at(at, "bin", bins),
                    float(value) * scale, _SHOWN.get(unit, unit),
                    _at(at, "over_draws", over),
                )  # fmt: skip


def _origin(data: xr.Dataset) -> tuple[str, str, str]:
    """Return the model, its site and its confidence, which of an extension may be less."""
    name = str(data.attrs["model"])
    model = next((model for model in catalog.models() if model.id == name), None)
    if model is None:  # one of the caller's own: nothing of it is in the catalogue
        return name, str(data.attrs["sampling_site"]), "not stated"
    used = [e for e in catalog.extensions() if e.id == data.attrs.get("extension", "")]
    levels = [model.confidence_level, *(entry.confidence_level for entry in used)]
    return name, model.site, max(levels, key=list(ConfidenceLevel).index).value  # best comes first


def _at(at: Mapping[str, int], dim: str, values: np.ndarray) -> float | str:
    return float(values[at[dim]]) if dim in at else ""


def write_csv(results: Mapping[str, xr.Dataset], file: TextIO) -> None:
    """Write the tidy table to an open text file."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tidy(results))


def write_netcdf(results: Mapping[str, xr.Dataset], path: Path) -> None:
    """Write everyone to the root of a NetCDF file, and each subgroup to a group of it."""
    import xarray as xr

    inside = {("/" if name == EVERYONE else name): data for name, data in results.items()}
    if list(inside) == ["/"]:
        results[EVERYONE].to_netcdf(path, engine="h5netcdf")
        return
    xr.DataTree.from_dict(inside).to_netcdf(path, engine="h5netcdf")
