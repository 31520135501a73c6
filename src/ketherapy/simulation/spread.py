"""Mean and variance of many series at once, merged without loss (Chan's formula)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped

_AT_ONCE = 16  # series


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How many values of each series there were, their mean, and their squared distances from it.

    Always in 64-bit floats, whatever the values are kept in.
    """

    n: int
    mean: Float[np.ndarray, " series"]
    squares: Float[np.ndarray, " series"]

    @classmethod
    def of(cls, values: Shaped[np.ndarray, "series value"]) -> Spread:
        """Return the spread of these values.

        Units   those of the values
        """
        mean = np.asarray(np.mean(values, axis=1, dtype=np.float64))
        squares = np.empty_like(mean)
        for first in range(0, len(mean), _AT_ONCE):  # distances of a few series stay in the cache
            rows = slice(first, first + _AT_ONCE)
            far = values[rows] - mean[rows, None]
            squares[rows] = np.einsum("sv,sv->s", far, far)
        return cls(n=values.shape[1], mean=mean, squares=squares)

    def merged(self, other: Spread) -> Spread:
        """Return the spread of the values of both."""
        n = self.n + other.n
        apart = other.mean - self.mean
        return Spread(
            n=n,
            mean=self.mean + apart * (other.n / n),
            squares=self.squares + other.squares + apart * apart * (self.n * other.n / n),
        )

    @property
    def variance(self) -> Float[np.ndarray, " series"]:
        """Return the variance: squared distances over the number of values.

        Units   those of the values, squared
        """
        return self.squares / self.n
