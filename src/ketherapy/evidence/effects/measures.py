"""The effect measures: the scale on which they are pooled, and the one on which they are printed.

Ratios are pooled as logarithms, proportions as logits or by the double arcsine. Studies are the
last axis everywhere; leading axes are syntheses, so that many are pooled at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Bool, Float, Shaped
from scipy import special

from ketherapy.errors import ContractError

Numbers = float | Float[np.ndarray, "..."]
Flags = np.bool | Bool[np.ndarray, "..."]
Checked = np.bool | float | Shaped[np.ndarray, "..."]


class Measure(StrEnum):
    """What an effect is; its value is the field's abbreviation."""

    MD = "MD"  # mean difference
    SMD = "SMD"  # standardised mean difference, Hedges' g
    RR = "RR"  # risk ratio
    OR = "OR"  # odds ratio
    RD = "RD"  # risk difference
    HR = "HR"  # hazard ratio
    ROM = "ROM"  # ratio of means
    PLO = "PLO"  # proportion, as its log odds
    PFT = "PFT"  # proportion, by the double arcsine of Freeman and Tukey

    @property
    def is_ratio(self) -> bool:
        """Return whether the measure is pooled as a logarithm and printed as a ratio."""
        return self in (Measure.RR, Measure.OR, Measure.HR, Measure.ROM)

    @property
    def is_proportion(self) -> bool:
        """Return whether the measure describes one group and compares it with nothing."""
        return self in (Measure.PLO, Measure.PFT)

    @property
    def null(self) -> float | None:
        """Return no effect on the printed scale; a proportion has no such value."""
        if self.is_proportion:
            return None
        return 1.0 if self.is_ratio else 0.0

    def shown(self, x: Numbers) -> Numbers:
        """Return ``x`` of the analysis scale on the printed one.

        The double arcsine is undone without a number of people: ``sin(x)**2``, its limit in large
        groups. ``proportions.miller`` is the inverse that needs one, and says which.
        """
        if self.is_ratio:
            with np.errstate(over="ignore"):  # a ratio without end is told as one
                return _like(x, np.exp(x))
        if self is Measure.PLO:
            return _like(x, special.expit(x))
        if self is Measure.PFT:
            return _like(x, np.sin(np.clip(x, 0.0, 0.5 * np.pi)) ** 2)  # beyond: nobody, everybody
        return x

    def analysed(self, x: Numbers) -> Numbers:
        """Return ``x`` of the printed scale on that of the analysis, NaN where it has none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.is_ratio:
                return _like(x, np.log(x))
            if self is Measure.PLO:
                return _like(x, special.logit(x))
            if self is Measure.PFT:
                return _like(x, np.arcsin(np.sqrt(x)))
        return x


def _like(x: Numbers, found: Numbers) -> Numbers:
    return np.asarray(found, float) if isinstance(x, np.ndarray) else float(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dropped:
    """A study that could not be used, and why."""

    label: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Effects:
    """The effect of each study on the analysis scale, with its variance."""

    measure: Measure
    y: Float[np.ndarray, "*runs study"]
    v: Float[np.ndarray, "*runs study"]  # variance, not standard error
    labels: tuple[str, ...]
    dropped: tuple[Dropped, ...] = ()

    def __post_init__(self) -> None:
        if self.y.ndim == 0 or self.y.shape != self.v.shape or not self.y.shape[-1]:
            raise ContractError(
                "effects", expected="one y and one v for each of at least one study",
                got=f"shapes {self.y.shape} and {self.v.shape}",
                remedy="Studies are the last axis of both; leave out what has no effect.",
            )  # fmt: skip
        if len(self.labels) != self.k:
            raise ContractError(
                "labels", expected=f"{self.k}, one for each study", got=len(self.labels),
                remedy="Name each study once, in the order of its effects.",
            )  # fmt: skip
        refuse(~np.isfinite(self.y), self.y, "y", "a finite effect", self.labels)
        refuse(
            ~(np.isfinite(self.v) & (self.v > 0.0)), self.v, "v", "a variance above 0", self.labels
        )

    @property
    def k(self) -> int:
        """Return the number of studies."""
        return self.y.shape[-1]

    @property
    def se(self) -> Float[np.ndarray, "*runs study"]:
        """Return the standard errors on the analysis scale."""
        return np.sqrt(self.v)


def named(labels: Sequence[str], k: int) -> tuple[str, ...]:
    """Return the labels, or ``study 1`` and so on where none are given."""
    return tuple(labels) if labels else tuple(f"study {i + 1}" for i in range(k))


def refuse(
    is_wrong: Flags,
    values: Checked,
    field: str,
    expected: str,
    labels: Sequence[str] = (),
) -> None:
    """Return nothing where all is well.

    Errors  ContractError naming the field and the first study of which it is wrong
    """
    if not np.any(is_wrong):
        return
    is_wrong, values = (np.atleast_1d(a) for a in np.broadcast_arrays(is_wrong, values))
    place = tuple(int(axis[0]) for axis in np.nonzero(is_wrong))
    label = named(labels, is_wrong.shape[-1])[place[-1]]
    raise ContractError(
        f"{field} of {label}", expected=expected, got=float(values[place]),
        remedy="Compare the number with the report it comes from.",
    )  # fmt: skip
