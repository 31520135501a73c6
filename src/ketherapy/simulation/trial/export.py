"""A run for other tools: InferenceData where ArviZ is installed, a tidy table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ketherapy.errors import ContractError
from ketherapy.simulation.export import write_netcdf as _plain
from ketherapy.simulation.trial.run_request import Chance

if TYPE_CHECKING:
    import arviz as az
    import xarray as xr

_GROUP = {Chance.SAMPLING: "sample_stats", Chance.ALL: "posterior_predictive"}
