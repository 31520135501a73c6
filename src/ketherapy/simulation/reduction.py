"""What is kept of a group of simulated people once their curves are let go.

Reductions merge: of two groups, or of two parts of one group, without their people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from ketherapy.simulation.sketch import Sketch
from ketherapy.simulation.spread import Spread

_PER_DECADE = 20
_DECADES = (-6, 4)  # of mg/L and mg h/L; bins below and above these take what is outside
METRICS = ("Cmax", "AUC", "Tmax")  # then the time above each level
COUNTED = 2  # of these metrics, from the first, are counted in bins


def bin_edges() -> Float[np.ndarray, " edge"]:
    """Return the fixed edges between the bins of every histogram, even on a logarithmic scale.

    Units   mg/L for Cmax, mg h/L for AUC
    """
    low, high = _DECADES
    return 10.0 ** (np.arange(low * _PER_DECADE, high * _PER_DECADE + 1) / _PER_DECADE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """The people of one block: their curves and what follows from each curve.

    ``exposures`` holds METRICS and then the time above each level. ``readings`` are the curves
    with the error of an assay, where that was asked for; nothing else follows from them.
    """

    curves: Shaped[np.ndarray, "analyte time patient"]  # [mg/L]
    exposures: Shaped[np.ndarray, "analyte metric patient"]  # [mg/L], [mg h/L], [h], [h] …
    peaks: Shaped[np.ndarray, " patient"]  # [mg/L] of the parent, or of its higher enantiomer
    readings: Shaped[np.ndarray, "analyte time patient"] | None = None  # [mg/L]

    def of(self, chosen: Shaped[np.ndarray, " patient"] | slice) -> Block:
        """Return the block of those who are chosen: of a slice, a view.

        Units   chosen is a mask
        """
        return Block(
            curves=self.curves[..., chosen],
            exposures=self.exposures[..., chosen],
            peaks=self.peaks[chosen],
            readings=None if self.readings is None else self.readings[..., chosen],
        )

    @property
    def shown(self) -> Shaped[np.ndarray, "analyte time patient"]:
        """Return what quantile curves are made of: the readings where there are any.

        Units   mg/L
        """
        return self.curves if self.readings is None else self.readings


@dataclass(frozen=True, kw_only=True, slots=True)
class Reduction:
    """Quantile sketches, spreads and counts of the curves and exposures of ``n`` people."""

    n: int
    curves: Sketch
    curves_spread: Spread
    above: Int[np.ndarray, "level analyte time"]  # people above each level at each time
    ever: Int[np.ndarray, "level analyte"]  # people above it at any time of the grid
    exposures: Sketch
    exposures_spread: Spread
    bins: Int[np.ndarray, "analyte metric bin"]

    @classmethod
    def of(cls, block: Block, *, levels: tuple[float, ...], k: int) -> Reduction:
        """Return what is kept of ``block``.

        Units   levels mg/L
        """
        people = block.curves.shape[-1]
        curves = block.shown.reshape(-1, people)
        exposures = block.exposures.reshape(-1, people)
        above, ever = _above(block.curves, levels)
        return cls(
            n=people,
            curves=_sketched(curves, k),
            curves_spread=Spread.of(curves),
            above=above,
            ever=ever,
            exposures=_sketched(exposures, k),
            exposures_spread=Spread.of(exposures),
            bins=_binned(block.exposures[:, :COUNTED]),
        )

    def merged(self, other: Reduction) -> Reduction:
        """Return what is kept of both."""
        return Reduction(
            n=self.n + other.n,
            curves=self.curves.merged(other.curves),
            curves_spread=self.curves_spread.merged(other.curves_spread),
            above=self.above + other.above,
            ever=self.ever + other.ever,
            exposures=self.exposures.merged(other.exposures),
            exposures_spread=self.exposures_spread.merged(other.exposures_spread),
            bins=self.bins + other.bins,
        )


def _sketched(values: np.ndarray, k: int) -> Sketch:
    return Sketch.empty(len(values), k=k, dtype=str(values.dtype)).added(values)


def _above(
    curves: np.ndarray, levels: tuple[float, ...]
) -> tuple[Int[np.ndarray, "level analyte time"], Int[np.ndarray, "level analyte"]]:
    above = np.zeros((len(levels), *curves.shape[:2]), np.int64)
    ever = np.zeros((len(levels), curves.shape[0]), np.int64)
    for place, level in enumerate(levels):
        is_above = curves > level
        above[place] = np.count_nonzero(is_above, axis=-1)
        ever[place] = np.count_nonzero(is_above.any(axis=1), axis=-1)
    return above, ever


def _binned(values: np.ndarray) -> Int[np.ndarray, "analyte metric bin"]:
    edges = bin_edges()
    places = np.searchsorted(edges, values, side="right")
    size = len(edges) + 1
    rows = places.reshape(-1, values.shape[-1])
    found = np.stack([np.bincount(row, minlength=size) for row in rows])
    return found.reshape(*values.shape[:2], size)
