"""A structure with an effect site, so that a response can be driven: what the tests of it share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from ketherapy.pharmacology.compartments import (
    ELIMINATED,
    AbstractStructure,
    Door,
    Flow,
    Observed,
    Param,
    mammillary,
)
from ketherapy.pharmacology.effects.turnover import Turnover
from ketherapy.regimen import Dose

KE0 = 6.0
PEOPLE = 21


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class EffectSite(AbstractStructure):
    """Two compartments and an effect site that watches the first."""

    states: ClassVar[tuple[str, ...]] = ("A1", "A2", "E", ELIMINATED)
    observed: ClassVar[dict[str, Observed]] = {
        "parent": Observed(state="A1", volume="V1"),
        "site": Observed(state="E", volume="V1"),
    }

    CL: Param
    V1: Param
    Q2: Param
    V2: Param

    def flows(self) -> tuple[Flow, ...]:
        return (
            *mammillary("A1", V1=self.V1, exchanges=(("A2", self.Q2, self.V2),)),
            Flow("A1", ELIMINATED, self.CL / self.V1),
            Flow("A1", "E", KE0, is_tap=True),
            Flow("E", ELIMINATED, KE0),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        return (Door(state="A1"),)


def linked(people: int = PEOPLE, seed: int = 0) -> EffectSite:
    """Return the structure for people who differ in everything."""
    draw = np.exp(0.4 * np.random.default_rng(seed).standard_normal((4, people)))
    CL, V1, Q2, V2 = np.array([80.0, 15.0, 90.0, 120.0])[:, None] * draw
    return EffectSite(CL=CL, V1=V1, Q2=Q2, V2=V2)


def turnover(gamma: float = 2.0, Emax: float = 0.3) -> Turnover:
    """Return a response of the usual kind: half-life about half an hour."""
    return Turnover(driver="site", kin=2.4, kout=1.2, Emax=Emax, EC50=0.2, gamma=gamma)
