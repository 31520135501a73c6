"""How people, occasions and measurements differ from the typical: omega, kappa, residual error."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from jaxtyping import Float
from pydantic.dataclasses import dataclass as record

from ketherapy.errors import ContractError
from ketherapy.pharmacology import portable
from ketherapy.pharmacology.compartments import Param
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status


class Level(StrEnum):
    """What differs."""

    SUBJECT = "subject"  # between people
    OCCASION = "occasion"  # between occasions of one person


class Scale(StrEnum):
    """On which scale a deviation is added."""

    LOG = "log"
    LOGIT = "logit"


@record(frozen=True, kw_only=True, config=RECORD)
class Variability:
    """One block of jointly normal deviations, as printed: a covariance or a CV in per cent."""

    parameters: tuple[str, ...]
    level: Level
    scale: Scale
    unit: str
    locator: str
    covariance: tuple[tuple[float, ...], ...] | None = None
    cv: float | None = None
    status: Status | None = None
    source: str | None = None
    note: str = ""

    def omega2(self) -> Float[np.ndarray, "deviation deviation"]:
        """Return the covariance of the deviations.

        Units   1
        Source  the model's file; variance = ln(1 + CV^2) for a printed CV
        """
        if self.covariance is not None:
            return np.array(self.covariance)
        if self.cv is not None:
            return np.array([[float(portable.log(1.0 + (self.cv / 100.0) * (self.cv / 100.0)))]])
        raise ContractError(
            f"variability of {', '.join(self.parameters)}",
            expected="a covariance or a cv",
            got=None,
            remedy="Copy the block from the source.",
        )


@record(frozen=True, kw_only=True, config=RECORD)
class Residual:
    """Measurement and model error of one analyte: any of its parts may be absent."""

    proportional: Cited | None = None
    additive: Cited | None = None
    log: Cited | None = None


def deviate(
    typical: Mapping[str, Param], blocks: tuple[Variability, ...], eta: Mapping[str, Param]
) -> dict[str, Param]:
    """Return the parameters of people whose deviations are ``eta``.

    Shapes  each deviation is an array over patients
    Units   those of the parameters; eta 1
    Source  ketherapy
    """
    scales = {name: block.scale for block in blocks for name in block.parameters}
    unknown = sorted(set(eta) - set(scales))
    if unknown:
        raise ContractError(
            "deviations",
            expected=f"among {', '.join(scales) or 'none: this model records no variability'}",
            got=", ".join(unknown),
            remedy="Only a parameter with recorded variability can deviate.",
        )
    return {
        name: _deviated(value, scales[name], eta[name]) if name in eta else value
        for name, value in typical.items()
    }


def _deviated(value: Param, scale: Scale, eta: Param) -> Param:
    match scale:
        case Scale.LOG:
            return value * portable.exp(eta)
        case Scale.LOGIT:
            odds = value / (1.0 - value) * portable.exp(eta)
            return odds / (1.0 + odds)
