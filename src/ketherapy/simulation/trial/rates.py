"""Response and remission at one visit, and how far the arms are apart in them.

Of the people who were rated then. The interval of a difference is Newcombe's, from the score
intervals of both rates, which holds near 0 and 1 too; the p value is that of the pooled z test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import special


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """The rate in each arm and its difference to the control."""

    rate: Float[np.ndarray, "replicate arm"]
    RD: Float[np.ndarray, "replicate comparison"]
    low: Float[np.ndarray, "replicate comparison"]
    high: Float[np.ndarray, "replicate comparison"]
    p: Float[np.ndarray, "replicate comparison"]


def rates(
    did: Bool[np.ndarray, "replicate person"],
    is_rated: Bool[np.ndarray, "replicate person"],
    *,
    starts: Int[np.ndarray, " arm"],
    alpha: float,
) -> Rates:
    """Return the rate of ``did`` among those rated, and each arm against the first.

    Units   1
    Source  ketherapy
    """
    n = np.add.reduceat(is_rated.astype(float), starts, axis=1)
    events = np.add.reduceat((did & is_rated).astype(float), starts, axis=1)
    z = float(special.ndtri(1.0 - 0.5 * alpha))
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = events / n
        low, high = score_interval(rate, n, z)
        RD = rate[:, 1:] - rate[:, :1]
        below = np.hypot(rate[:, 1:] - low[:, 1:], high[:, :1] - rate[:, :1])
        above = np.hypot(high[:, 1:] - rate[:, 1:], rate[:, :1] - low[:, :1])
    return Rates(
        rate=rate, RD=RD, low=RD - below, high=RD + above, p=_pooled(events, n, RD)
    )  # fmt: skip


def score_interval(
    rate: Float[np.ndarray, "*every"], n: Float[np.ndarray, "*every"], z: float
) -> tuple[Float[np.ndarray, "*every"], Float[np.ndarray, "*every"]]:
    """Return the ends of Wilson's interval of rates among ``n``, ``z`` standard errors wide.

    Units   1
    Source  ketherapy
    """
    middle = (rate + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z * np.sqrt(rate * (1.0 - rate) / n + z * z / (4.0 * n * n)) / (1.0 + z * z / n)
    return middle - half, middle + half


def _pooled(events: np.ndarray, n: np.ndarray, RD: np.ndarray) -> np.ndarray:
    """Return two-sided p values; where nobody or everybody did, nothing tells the arms apart."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (events[:, 1:] + events[:, :1]) / (n[:, 1:] + n[:, :1])
        se = np.sqrt(both * (1.0 - both) * (1.0 / n[:, 1:] + 1.0 / n[:, :1]))
        p = 2.0 * special.ndtr(-np.abs(RD / se))
    return np.where((se == 0.0) & (RD == 0.0), 1.0, p)
