"""Quantiles of many series at once, in little memory: a mergeable sketch with a known error.

Values of each series are kept in buffers of ``k``. Whenever there are four buffers of one weight
they are sorted together and every fourth value is kept, with four times the weight. Such a
collapse moves the rank of no value by more than twice the weight, so that the worst possible
error is known by counting. Until the first collapse nothing is lost and quantiles are exact.
Nothing is drawn by chance: the same values in the same order give the same sketch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float, Shaped

from ketherapy.errors import ContractError, SolverError

ARITY = 4  # buffers that collapse into one
SMALLEST = 2048  # values in a buffer, unless so many are expected that the error needs more
RANK_ERROR = 1e-3  # the promise, as a fraction of the number of values
_CHUNK = 64  # series looked up at once when quantiles are read, so that little memory is needed
_SORTED = 8  # series sorted at once when buffers collapse

Buffer = Shaped[np.ndarray, "series _"]


def buffer_size(n: int, *, rank_error: float = RANK_ERROR) -> int:
    """Return how many values a buffer holds so that ``n`` values keep the promised rank error.

    Units   1
    Source  ketherapy
    """
    k = SMALLEST
    while _collapsing_levels(n, k) / (2.0 * k) > rank_error:
        k *= 2
    return k


def _collapsing_levels(n: int, k: int) -> int:
    """Return at how many weights buffers collapse; each costs up to ``n / (2 k)`` in rank."""
    count, full = 0, n // (ARITY * k)
    while full:
        count, full = count + 1, full // ARITY
    return count


def most_kept(n: int, k: int) -> int:
    """Return how many values of a series are kept of ``n`` at most, in buffers of ``k``.

    Units   1
    Source  ketherapy
    """
    # of each weight up to ARITY - 1 buffers wait, and less than one is loose
    weights = _collapsing_levels(n, k) + 1
    return min(n, k * (1 + (ARITY - 1) * weights))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """What is kept of ``n`` values of each series.

    Shapes  loose (series, fewer than k); each buffer (series, k), by level, of weight 4**level
    """

    k: int
    n: int
    loose: Buffer
    levels: tuple[tuple[Buffer, ...], ...] = ()
    turns: tuple[int, ...] = ()  # collapses made at each level
    error: int = 0  # how far any rank can be off, in values

    @classmethod
    def empty(cls, series: int, *, k: int, dtype: str = "float64") -> Sketch:
        """Return the sketch of no values of ``series`` series."""
        return cls(k=k, n=0, loose=np.empty((series, 0), dtype))

    @property
    def rank_error(self) -> float:
        """Return the worst possible error of a rank, as a fraction of the number of values."""
        return self.error / self.n if self.n else 0.0

    def added(self, values: Buffer) -> Sketch:
        """Return the sketch with one more value of each series for each column of ``values``.

        Units   those of the values
        Errors  SolverError for a value that is not finite
        """
        if not np.all(np.isfinite(values)):
            raise SolverError(
                "simulated value: expected a finite number, got another. Report the request."
            )
        grown = _Growing(self)
        grown.append(values)
        return grown.sketch(self.n + values.shape[1])

    def merged(self, other: Sketch) -> Sketch:
        """Return the sketch of the values of both; the order matters to the last rank.

        Errors  ContractError for a sketch of other series or another size
        """
        if (self.k, len(self.loose)) != (other.k, len(other.loose)):
            raise ContractError(
                "sketch", expected=f"{len(self.loose)} series in buffers of {self.k}",
                got=(len(other.loose), other.k), remedy="Merge parts of one run.",
            )  # fmt: skip
        grown = _Growing(self)
        for level, buffers in enumerate(other.levels):
            for buffer in buffers:
                grown.push(buffer, level)
        grown.error += other.error
        grown.append(other.loose)
        return grown.sketch(self.n + other.n)

    def quantiles(
        self, probabilities: tuple[float, ...]
    ) -> Float[np.ndarray, "probability series"]:
        """Return the lower empirical quantiles: the smallest value that so many do not exceed.

        Units   those of the values; probabilities 1
        Source  ketherapy
        Errors  ContractError without values, or for a probability outside 0 to 1
        """
        if not self.n or not all(0.0 < p <= 1.0 for p in probabilities):
            raise ContractError(
                "quantiles", expected="values, and probabilities above 0 and up to 1",
                got=(self.n, probabilities), remedy="Correct them.",
            )  # fmt: skip
        pieces, weights = self._kept()
        # as the decimals say it: 0.07 of 100 is 7, which floats make a hair more
        targets = np.array([math.ceil(Fraction(str(p)) * self.n) for p in probabilities])
        found = np.empty((len(targets), len(self.loose)))
        for first in range(0, len(self.loose), _CHUNK):
            chunk = slice(first, first + _CHUNK)
            pool = np.concatenate([piece[chunk] for piece in pieces], axis=1)
            found[:, chunk] = _picked(pool, weights, targets)
        return found

    def _kept(self) -> tuple[list[Buffer], np.ndarray]:
        pairs = [(self.loose, 1)]
        for level, buffers in enumerate(self.levels):
            pairs += [(buffer, ARITY**level) for buffer in buffers]
        weights = np.concatenate([np.full(piece.shape[1], weight) for piece, weight in pairs])
        return [piece for piece, _ in pairs], weights


def _picked(pool: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> np.ndarray:
    order = np.argsort(pool, axis=1, kind="stable")
    reached = np.cumsum(weights[order], axis=1)
    place = np.stack([np.argmax(reached >= target, axis=1) for target in targets])
    return np.take_along_axis(pool, np.take_along_axis(order, place.T, axis=1), axis=1).T


class _Growing:
    """A sketch while values are being added to it."""

    def __init__(self, start: Sketch) -> None:
        self.k, self.error, self.loose = start.k, start.error, start.loose
        self.levels = [list(buffers) for buffers in start.levels]
        self.turns = list(start.turns)

    def append(self, values: Buffer) -> None:
        pool = np.concatenate([self.loose, values], axis=1) if self.loose.size else values
        whole = pool.shape[1] - pool.shape[1] % self.k
        for first in range(0, whole, self.k):
            self.push(pool[:, first : first + self.k], 0)
        self.loose = pool[:, whole:].copy()

    def push(self, buffer: Buffer, level: int) -> None:
        while len(self.levels) <= level:
            self.levels.append([])
            self.turns.append(0)
        self.levels[level].append(buffer)
        if len(self.levels[level]) == ARITY:
            self._collapse(level)

    def _collapse(self, level: int) -> None:
        buffers, self.levels[level] = self.levels[level], []
        # the second and the third of each four, in turn: neither side is favoured
        start = 1 + self.turns[level] % 2
        kept = np.empty_like(buffers[0], order="C")
        for first in range(0, len(kept), _SORTED):  # a few series at a time stay in the cache
            rows = slice(first, first + _SORTED)
            pool = np.concatenate([buffer[rows] for buffer in buffers], axis=1)
            pool.sort(axis=1)
            kept[rows] = pool[:, start::ARITY]
        self.turns[level] += 1
        self.error += 2 * ARITY**level
        self.push(kept, level + 1)

    def sketch(self, n: int) -> Sketch:
        return Sketch(
            k=self.k, n=n, loose=self.loose, levels=tuple(map(tuple, self.levels)),
            turns=tuple(self.turns), error=self.error,
        )  # fmt: skip
