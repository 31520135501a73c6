"""The one door to the samplers, which come with an extra."""

from __future__ import annotations

import importlib
import warnings
from types import ModuleType

from ketherapy.errors import ContractError


def numpyro() -> ModuleType:
    """Return NumPyro.

    Errors  ContractError where it is not installed
    """
    return _extra("numpyro")


def arviz() -> ModuleType:
    """Return ArviZ.

    Errors  ContractError where it is not installed
    """
    return _extra("arviz")


def _extra(name: str) -> ModuleType:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # ArviZ announces its next version
            return importlib.import_module(name)
    except ImportError as error:
        raise ContractError(
            "calibration of mood", expected="NumPyro and ArviZ", got=f"no {name}",
            remedy='Install them: pip install "ketherapy[calibration]".',
        ) from error  # fmt: skip
