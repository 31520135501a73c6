"""A run for other tools: NetCDF, as ArviZ groups it where ArviZ is installed, and a tidy table."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ketherapy.errors import ContractError
from ketherapy.simulation import export
from ketherapy.simulation.trial.run_request import Chance

if TYPE_CHECKING:
    import arviz as az
    import xarray as xr

COLUMNS = ("chance", "replicate", "arm", "quantity", "value", "unit")
_GROUPS = {Chance.ALL: "posterior_predictive", Chance.SAMPLING: "predictions"}
_CONSTANTS = {Chance.ALL: "constant_data", Chance.SAMPLING: "predictions_constant_data"}

Runs = Mapping[Chance, "xr.Dataset"]


def inference_data(runs: Runs) -> az.InferenceData:
    """Return the replicates as draws of one chain, as ArviZ and its users expect them.

    The run in which all is uncertain is the posterior predictive; that of the typical numbers
    stands as predictions. The mean courses, which fewer replicates have, are constant data.

    Units   as each variable says
    Source  ketherapy
    Errors  ContractError without ArviZ
    """
    if find_spec("arviz") is None:
        raise ContractError(
            "InferenceData", expected="ArviZ, which defines it", got=None,
            remedy="Install it with: pip install 'ketherapy[calibration]'.",
        )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # ArviZ announces its next version daily
        import arviz as az

    groups = {}
    for chance, data in runs.items():
        drawn = data.drop_vars("course").expand_dims("chain").rename(replicate="draw")
        groups[_GROUPS[chance]] = drawn.assign_coords(chain=[0])
        groups[_CONSTANTS[chance]] = data[["course"]]
    return az.InferenceData(**groups)


def write_netcdf(runs: Runs, path: Path) -> None:
    """Write the runs, as InferenceData where ArviZ is installed, else a group for each."""
    if find_spec("arviz") is None:
        export.write_netcdf({chance.value: data for chance, data in runs.items()}, path)
        return
    inference_data(runs).to_netcdf(str(path), engine="h5netcdf")


def tidy(runs: Runs) -> Iterator[tuple[str, int, str, str, float, str]]:
    """Return one row for each replicate, arm and quantity; mean courses are left to NetCDF.

    Units   as each row says
    """
    for chance, data in runs.items():
        for name, values in data.drop_vars("course").data_vars.items():
            along = str(values.dims[-1]) if values.ndim == 2 else ""
            arms = [str(arm) for arm in data[along].values] if along else [""]
            table = values.values.reshape(values.shape[0], -1).tolist()
            for replicate, cells in enumerate(table):
                for arm, value in zip(arms, cells, strict=True):
                    yield chance.value, replicate, arm, str(name), value, values.attrs["units"]


def write_csv(runs: Runs, file: TextIO) -> None:
    """Write the tidy table to an open text file."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(tidy(runs))
