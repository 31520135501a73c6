"""How a number of an effect model follows from printed effects: one function, one derivation.

Each takes what derivations.toml names, as numbers or as draws of them, in the units printed there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.integrate import quad
from scipy.special import logit
from scipy.stats import norm

from ketherapy.pharmacology.compartments import Param

Inputs = Mapping[str, Param]
_PER_CENT = 100.0


def itself(x: Inputs) -> Param:
    """Return the printed number.

    Source  ketherapy
    """
    return x["printed"]


def potent_half(x: Inputs) -> Param:
    """Return the potency of the stronger enantiomer of a racemate whose halves act alike.

    Half of the racemate is each: 2 / racemate = 1 / potent + 1 / weak.

    Source  ebert1997
    """
    return 0.5 * x["racemate"] * (1.0 + x["potent"] / x["weak"])


def weak_half(x: Inputs) -> Param:
    """Return the potency of the weaker enantiomer.

    Source  ebert1997
    """
    return potent_half(x) * x["weak"] / x["potent"]


def unbound(x: Inputs) -> Param:
    """Return the fraction unbound.

    Source  dayton1983
    """
    return 1.0 - x["bound"]


def slope(x: Inputs) -> Param:
    """Return the effect over the level.

    Source  ketherapy
    """
    return x["effect"] / x["level"]


def mean_slope(x: Inputs) -> Param:
    """Return the mean of a slope of mean change and one of mean highest rise beyond placebo.

    Source  rivaposse2018, doherty2020
    """
    second = (x["drug"] - x["placebo"]) / x["second_level"]
    return 0.5 * (x["first"] / x["first_level"] + second)


def noise(x: Inputs) -> Param:
    """Return the SD of a reading from the mean of the highest of several.

    Source  ketherapy
    """
    return np.asarray(x["highest"]) / _highest_of(float(np.ravel(x["readings"])[0]))


def _highest_of(count: float) -> float:
    """Return the mean of the highest of ``count`` standard normals."""

    def weighted(z: float) -> float:
        return float(z * count * norm.pdf(z) * norm.cdf(z) ** (count - 1.0))

    return float(quad(weighted, -12.0, 12.0)[0])


def exceeding(x: Inputs) -> Param:
    """Return the SD of a normal with this mean of which this share exceeds the limit.

    Source  spravato_uspi
    """
    return np.asarray((x["limit"] - x["mean"]) / norm.isf(x["share"] / _PER_CENT))


def full_scale(x: Inputs) -> Param:
    """Return the score where the effect is all, from that at one level of a hyperbola.

    Source  goldway2025
    """
    return x["score"] * (x["C50"] + x["level"]) / x["level"]


def middle_potency(x: Inputs) -> Param:
    """Return the geometric mean of a printed C50 and the one that a change at one level implies.

    Source  simons2022_pd, goldway2025
    """
    relief = -x["change"] / x["control"]
    return np.asarray(np.sqrt(x["printed"] * x["level"] * (1.0 - relief) / relief))


def share(x: Inputs) -> Param:
    """Return per cent as a share.

    Source  ketherapy
    """
    return x["percent"] / _PER_CENT


def log_odds(x: Inputs) -> Param:
    """Return the log odds of per cent.

    Source  ketherapy
    """
    return np.asarray(logit(x["percent"] / _PER_CENT))


RULES: dict[str, Callable[[Inputs], Param]] = {
    rule.__name__: rule
    for rule in (
        itself, potent_half, weak_half, unbound, slope, mean_slope, noise, exceeding,
        full_scale, middle_potency, share, log_odds,
    )
}  # fmt: skip
