"""Analysis of covariance of the change at one visit, for many trials at once.

Change on baseline and arm, observed cases: the people who were rated then. The people of an arm
follow each other, and the first arm is the control.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import special


@dataclass(frozen=True, slots=True)
class Contrast:
    """Each arm against the control: the difference, how well it is known, and its p value.

    What a trial cannot tell, because too few are left in it, is NaN.
    """

    difference: Float[np.ndarray, "replicate comparison"]  # [points]
    se: Float[np.ndarray, "replicate comparison"]  # [points]
    df: Float[np.ndarray, "replicate comparison"]  # degrees of freedom
    low: Float[np.ndarray, "replicate comparison"]  # of the interval at 1 - alpha [points]
    high: Float[np.ndarray, "replicate comparison"]
    p: Float[np.ndarray, "replicate comparison"]  # two-sided


def ancova(
    change: Float[np.ndarray, "replicate person"],
    baseline: Float[np.ndarray, "replicate person"],
    is_rated: Bool[np.ndarray, "replicate person"],
    *,
    starts: Int[np.ndarray, " arm"],
    alpha: float,
) -> Contrast:
    """Return every arm against the first: the difference of adjusted means.

    The slope on the baseline is one for all arms; the residual variance too.

    Units   points
    Source  ketherapy
    """
    w = is_rated.astype(float)
    n = _sums(w, starts)
    with np.errstate(divide="ignore", invalid="ignore"):  # an arm that nobody is left in: NaN
        x_mean, y_mean = (_sums(w * v, starts) / n for v in (baseline, change))
        sizes = np.diff(np.append(starts, change.shape[1]))
        x = w * (baseline - np.repeat(x_mean, sizes, axis=1))
        y = w * (change - np.repeat(y_mean, sizes, axis=1))
        xx, xy = (x * x).sum(axis=1), (x * y).sum(axis=1)
        slope = xy / xx
        df = n.sum(axis=1) - len(starts) - 1.0
        residual = y - slope[:, None] * x
        variance = (residual * residual).sum(axis=1) / np.where(df > 0.0, df, np.nan)
        apart = x_mean[:, 1:] - x_mean[:, :1]
        difference = y_mean[:, 1:] - y_mean[:, :1] - slope[:, None] * apart
        spread = 1.0 / n[:, 1:] + 1.0 / n[:, :1] + apart * apart / xx[:, None]
        se = np.sqrt(variance[:, None] * spread)
    return contrast(difference, se, np.broadcast_to(df[:, None], se.shape), alpha=alpha)


def contrast(
    difference: Float[np.ndarray, "replicate comparison"],
    se: Float[np.ndarray, "replicate comparison"],
    df: Float[np.ndarray, "replicate comparison"],
    *,
    alpha: float,
) -> Contrast:
    """Return the contrasts with their intervals and p values by Student's t.

    Units   points; df 1
    Source  ketherapy
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2.0 * special.stdtr(df, -np.abs(difference / se))
    wide = special.stdtrit(df, 1.0 - 0.5 * alpha) * se
    return Contrast(
        difference=difference,
        se=se,
        df=np.asarray(df, float),
        low=difference - wide,
        high=difference + wide,
        p=p,
    )


def _sums(
    values: Float[np.ndarray, "replicate person"], starts: Int[np.ndarray, " arm"]
) -> Float[np.ndarray, "replicate arm"]:
    return np.add.reduceat(values, starts, axis=1)
