"""The structures of effects: equations without numbers, from levels to what they do.

Levels come as labelled arrays whose last axis is time; a parameter is a number or an array that
broadcasts against them. Concentrations are mg/L, rates 1/h.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.regimen import substances

HALVES = ("esketamine", "arketamine", "esnorketamine", "arnorketamine")  # what can block


def rate_of(half_life: Param) -> Param:
    """Return the first-order rate with this half-life.

    Units   half_life h; result 1/h
    Source  ketherapy
    """
    return math.log(2.0) / half_life


class AbstractEffect(abc.ABC):
    """What every effect declares: the units of its numbers, and whose levels it reads."""

    units: ClassVar[dict[str, str]]  # of each parameter, canonical
    reads: ClassVar[tuple[str, ...]] = HALVES[:1]  # analytes; S-ketamine alone
    positive: ClassVar[tuple[str, ...]] = ()  # numbers above zero
    shares: ClassVar[tuple[str, ...]] = ()  # numbers from 0 to 1
    signed: ClassVar[tuple[str, ...]] = ()  # any finite number; what is in none is zero or more

    def __post_init__(self) -> None:
        for name, unit in self.units.items():
            _possible(self, name, unit, np.asarray(getattr(self, name), float))


def _possible(effect: AbstractEffect, name: str, unit: str, values: np.ndarray) -> None:
    """Refuse a number that the equations have no meaning for."""
    expected, is_right = "zero or more", values >= 0.0
    if name in effect.positive:
        expected, is_right = "more than zero", values > 0.0
    elif name in effect.shares:
        expected, is_right = "0 to 1", (values >= 0.0) & (values <= 1.0)
    elif name in effect.signed:
        expected, is_right = "a finite number", np.isfinite(values)
    wrong = ~(is_right & np.isfinite(values))
    if np.any(wrong):
        raise ContractError(
            f"{name} of {type(effect).__name__}", expected=f"{expected} [{unit}]",
            got=float(values[wrong].flat[0]), remedy="Correct the number.",
        )  # fmt: skip


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class ReceptorBlock(AbstractEffect):
    """Block of the NMDA receptor's open channel by unbound drug, at equilibrium with plasma.

    An uncompetitive block: nothing competes with glutamate. Drug and norketamine of either hand
    compete with one another for one site in the channel.

    RO = X / (1 + X), X the sum over drug and norketamine of either hand of fu C / (MW IC50).
    """

    reads: ClassVar[tuple[str, ...]] = HALVES
    units: ClassVar[dict[str, str]] = {
        "fu": "1",
        "IC50_S": "mmol/L",
        "IC50_R": "mmol/L",
        "IC50_SN": "mmol/L",
        "IC50_RN": "mmol/L",
    }

    shares: ClassVar[tuple[str, ...]] = ("fu",)
    positive: ClassVar[tuple[str, ...]] = ("IC50_S", "IC50_R", "IC50_SN", "IC50_RN")

    fu: Param  # fraction unbound [1]
    IC50_S: Param  # unbound concentration of half block [mmol/L]
    IC50_R: Param
    IC50_SN: Param
    IC50_RN: Param

    def block(self, levels: Mapping[str, Array]) -> Array:
        """Return the fraction of receptors blocked; what is absent from ``levels`` blocks none.

        Units   levels mg/L; result 1
        Source  shaffer2014
        """
        found: Array | float = 0.0
        potencies = (self.IC50_S, self.IC50_R, self.IC50_SN, self.IC50_RN)
        for analyte, IC50 in zip(HALVES, potencies, strict=True):
            if analyte in levels:
                found = found + self.fu * levels[analyte] / (molar_mass_of(analyte) * IC50)
        return found / (1.0 + found)  # pyright: ignore[reportReturnType]


def molar_mass_of(analyte: str) -> float:
    """Return the molar mass of ketamine or norketamine of either hand.

    Units   g/mol
    Source  ketherapy
    """
    name = "norketamine" if "norketamine" in analyte else "ketamine"
    return substances()[name]["molar_mass"].value


class AbstractAcuteEffect(AbstractEffect):
    """An effect that follows the S-ketamine level at an effect site, from moment to moment."""

    t_half_ke0: Param  # half-life of the way to the effect site [h]; zero: none

    @abc.abstractmethod
    def outputs(self, Ce: Array) -> dict[str, Array]:
        """Return each output at effect-site concentration ``Ce``.

        Units   Ce mg/L
        """


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Pressure(AbstractAcuteEffect):
    """Rise of pressure, heart rate and cardiac output, each linear in the level."""

    units: ClassVar[dict[str, str]] = {
        "t_half_ke0": "h",
        "s_SBP": "mmHg*L/mg",
        "s_DBP": "mmHg*L/mg",
        "s_HR": "L/mg/min",
        "s_CO": "L/mg",
        "noise_SBP": "mmHg",
        "noise_DBP": "mmHg",
        "max_sd_SBP": "mmHg",
        "max_sd_DBP": "mmHg",
        "placebo_max_sd_SBP": "mmHg",
        "placebo_max_sd_DBP": "mmHg",
    }

    signed: ClassVar[tuple[str, ...]] = ("s_SBP", "s_DBP", "s_HR", "s_CO")

    t_half_ke0: Param
    s_SBP: Param  # [mmHg per mg/L]
    s_DBP: Param
    s_HR: Param  # [1/min per mg/L]
    s_CO: Param  # fraction of the resting output [1 per mg/L]
    noise_SBP: Param  # SD of one reading around its own mean during a visit [mmHg]
    noise_DBP: Param
    max_sd_SBP: Param  # SD between people of their highest rise in four weeks, on the drug [mmHg]
    max_sd_DBP: Param
    placebo_max_sd_SBP: Param  # and on placebo
    placebo_max_sd_DBP: Param

    def outputs(self, Ce: Array) -> dict[str, Array]:
        """Return the rises: sbp_change, dbp_change, hr_change, co_change.

        Units   Ce mg/L; results mmHg, mmHg, 1/min, 1
        Source  rivaposse2018
        """
        return {
            "sbp_change": self.s_SBP * Ce,
            "dbp_change": self.s_DBP * Ce,
            "hr_change": self.s_HR * Ce,
            "co_change": self.s_CO * Ce,
        }


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Dissociation(AbstractAcuteEffect):
    """Feeling high, hyperbolic in the level, and the dissociation score that goes with it.

    A later session of a course dissociates less: the score of session n is that of the first
    times f + (1 - f) exp(-(n - 1) / n0).
    """

    units: ClassVar[dict[str, str]] = {
        "t_half_ke0": "h", "C50": "mg/L", "scale": "1", "f": "1", "n0": "1",
    }  # fmt: skip

    positive: ClassVar[tuple[str, ...]] = ("C50", "n0")
    shares: ClassVar[tuple[str, ...]] = ("f",)

    t_half_ke0: Param
    C50: Param  # [mg/L]
    scale: Param  # score where high is all [points of the CADSS]
    f: Param  # share that never wears off [1]
    n0: Param  # sessions in which the rest falls to 1/e [1]

    def outputs(self, Ce: Array) -> dict[str, Array]:
        """Return the fraction of the strongest high, and the score in the first session.

        Units   Ce mg/L; results 1, points
        Source  simons2022_pd
        """
        high = Ce / (self.C50 + Ce)
        return {"high": high, "cadss": self.scale * high}


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class AcutePain(AbstractAcuteEffect):
    """Relief of acute pain, hyperbolic in the level."""

    units: ClassVar[dict[str, str]] = {"t_half_ke0": "h", "C50": "mg/L"}

    positive: ClassVar[tuple[str, ...]] = ("C50",)

    t_half_ke0: Param
    C50: Param

    def outputs(self, Ce: Array) -> dict[str, Array]:
        """Return the fraction of acute pain that is taken away.

        Units   Ce mg/L; result 1
        Source  simons2022_pd
        """
        return {"acute_relief": Ce / (self.C50 + Ce)}


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class ChronicPain(AbstractAcuteEffect):
    """Relief of chronic pain through an effect compartment of days; in responders alone."""

    units: ClassVar[dict[str, str]] = {
        "t_half_ke0": "h", "C50": "mg/L", "p_drug": "1", "p_placebo": "1",
    }  # fmt: skip

    positive: ClassVar[tuple[str, ...]] = ("C50",)
    shares: ClassVar[tuple[str, ...]] = ("p_drug", "p_placebo")

    t_half_ke0: Param
    C50: Param
    p_drug: Param  # probability of a response to the drug [1]
    p_placebo: Param  # and to placebo; one stands in place of the other, they do not add

    def outputs(self, Ce: Array) -> dict[str, Array]:
        """Return the fraction of chronic pain that is taken away in one who responds.

        Units   Ce mg/L; result 1
        Source  dahan2011
        """
        return {"chronic_relief": Ce / (self.C50 + Ce)}


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Respiration(AbstractAcuteEffect):
    """How far the drug counters remifentanil's depression of breathing; nothing else is known."""

    units: ClassVar[dict[str, str]] = {"t_half_ke0": "h", "C_doubling": "mg/L"}

    positive: ClassVar[tuple[str, ...]] = ("C_doubling",)

    t_half_ke0: Param
    C_doubling: Param  # level that doubles the remifentanil needed for half depression [mg/L]

    def outputs(self, Ce: Array) -> dict[str, Array]:
        """Return by how much the remifentanil concentration of half depression is multiplied.

        Units   Ce mg/L; result 1
        Source  jonkman2018
        """
        return {"remifentanil_C50_ratio": 1.0 + Ce / self.C_doubling}


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Sedation(AbstractEffect):
    """Chance of any sedation in a session, from the highest effect-site level in it."""

    units: ClassVar[dict[str, str]] = {
        "t_half_ke0": "h", "intercept": "1", "slope": "1", "reference": "mg/L",
    }  # fmt: skip

    signed: ClassVar[tuple[str, ...]] = ("intercept", "slope")
    positive: ClassVar[tuple[str, ...]] = ("reference",)

    t_half_ke0: Param
    intercept: Param  # log odds at the reference level [1]
    slope: Param  # of the log odds on the logarithm of the level [1]
    reference: Param  # [mg/L]


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Mood(AbstractEffect):
    """Improvement of a depression score in a trial: of its placebo part and of the drug's.

    The drug's part: a trace A that exposure leaves, one for a reference session, falls with its
    own half-life; it acts with saturation, D = Dmax A / (A50 + A); the response R follows D with
    the half-life of onset. The placebo's part p has a quick share p1 and a slow one p2. The score
    is M0 (1 - p) (1 - R).
    """

    reads: ClassVar[tuple[str, ...]] = HALVES  # through the block that leaves the trace
    units: ClassVar[dict[str, str]] = {
        "Dmax": "1",
        "A50": "1",
        "t_half_A": "h",
        "t_half_onset": "h",
        "tau_p1": "h",
        "tau_p2": "h",
        "omega_p": "1",
        "omega_D": "1",
        "sigma": "1",
        "M0_sd": "1",
        "tau_D": "1",
        "tau_p": "1",
    }

    shares: ClassVar[tuple[str, ...]] = ("Dmax",)
    positive: ClassVar[tuple[str, ...]] = ("A50", "t_half_A", "t_half_onset", "tau_p1", "tau_p2")

    Dmax: Param  # [1]
    A50: Param  # in reference sessions [1]
    t_half_A: Param  # [h]
    t_half_onset: Param  # [h]
    tau_p1: Param  # [h]
    tau_p2: Param  # [h]
    omega_p: Param  # SD between people of the placebo part, on the logit [1]
    omega_D: Param  # and of the drug's part [1]
    sigma: Param  # SD of one rating around the person's own score [points]
    M0_sd: Param  # SD of baselines between people [points]
    tau_D: Param  # SD between trials of Dmax, on the logit [1]
    tau_p: Param  # SD between trials of the placebo part, on the logit [1]
