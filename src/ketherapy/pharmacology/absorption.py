"""Structures with absorption and first pass: nose, gut, liver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from ketherapy.pharmacology.compartments import (
    ELIMINATED,
    AbstractStructure,
    Door,
    Flow,
    Observed,
    Param,
    mammillary,
    no_door,
)
from ketherapy.regimen import Dose, Route


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Hepatoportal(AbstractStructure):
    """Spray, solution or infusion with a liver compartment in which first pass happens.

    The nasal fraction is absorbed through the mucosa; the rest is swallowed, passes the gut wall
    and then the liver. Later spray devices of one visit are absorbed less than the first.
    """

    states: ClassVar[tuple[str, ...]] = (
        "nose", "swallowed", "oral", "A1", "A2", "A3", "liver", "M1", "M2", ELIMINATED,
    )  # fmt: skip
    observed: ClassVar[dict[str, Observed]] = {
        "parent": Observed(state="A1", volume="V1"),
        "norketamine": Observed(state="M1", volume="V_nk"),
    }

    FRn: Param  # fraction of the first device absorbed in the nose [1]
    FR_later: Param  # factor on FRn for later devices [1]
    KA_nasal: Param  # [1/h]
    Dsw: Param  # duration of the swallowed input [h]
    KA_swallowed: Param  # [1/h]
    Dpo: Param  # duration of the oral input [h]
    KA_oral: Param  # [1/h]
    Fgut: Param  # fraction that passes the gut wall [1]
    V1: Param  # [L]
    Q2: Param  # [L/h]
    V2: Param  # [L]
    Q3: Param  # [L/h]
    V3: Param  # [L]
    Qh: Param  # flow between centre and liver [L/h]
    Vh: Param  # liver volume [L]
    kel: Param  # elimination in the liver to other metabolites [1/h]
    kmet: Param  # formation of norketamine in the liver [1/h]
    CL_nk: Param  # [L/h]
    V_nk: Param  # [L]
    Q2_nk: Param  # [L/h]
    V2_nk: Param  # [L]

    def flows(self) -> tuple[Flow, ...]:
        """Return absorption, the parent with its liver, and norketamine."""
        exchanges = (
            ("A2", self.Q2, self.V2),
            ("A3", self.Q3, self.V3),
            ("liver", self.Qh, self.Vh),
        )
        return (
            Flow("nose", "A1", self.KA_nasal),
            Flow("swallowed", "liver", self.KA_swallowed),
            Flow("oral", "liver", self.KA_oral),
            *mammillary("A1", V1=self.V1, exchanges=exchanges),
            Flow("liver", ELIMINATED, self.kel),
            Flow("liver", "M1", self.kmet),
            *mammillary("M1", V1=self.V_nk, exchanges=(("M2", self.Q2_nk, self.V2_nk),)),
            Flow("M1", ELIMINATED, self.CL_nk / self.V_nk),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return nose and swallowed for a spray, gut for a solution, centre for an infusion."""
        match dose.route:
            case Route.IV:
                return (Door(state="A1"),)
            case Route.ORAL:
                return (Door(state="oral", fraction=self.Fgut, over=self.Dpo),)
            case Route.INTRANASAL:
                FR = self.FRn if dose.device == 1 else self.FRn * self.FR_later
                return (
                    Door(state="nose", fraction=FR, over=0.0),
                    Door(state="swallowed", fraction=(1.0 - FR) * self.Fgut, over=self.Dsw),
                )
            case Route.SUBLINGUAL | Route.BUCCAL | Route.IM | Route.SC:
                raise no_door(dose.route, "intranasal, oral or iv")

    def hepatic_extraction(self) -> Param:
        """Return the fraction removed in one pass through the liver.

        Units   1
        Source  perezruixo2021
        """
        CLint = self.Vh * (self.kel + self.kmet)
        return CLint / (self.Qh + CLint)


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class DepotMetabolite(AbstractStructure):
    """First-order depot under the skin or in a muscle, before a parent with its metabolite.

    An infusion under the skin enters the centre at its own rate and whole: what is asked of it is
    the level it comes to, which does not depend on the depot.
    """

    states: ClassVar[tuple[str, ...]] = ("depot", "A1", "A2", "A3", "M1", "M2", ELIMINATED)
    observed: ClassVar[dict[str, Observed]] = {
        "parent": Observed(state="A1", volume="V1"),
        "norketamine": Observed(state="M1", volume="V_nk"),
    }

    F_im: Param  # bioavailability from the muscle [1]
    F_sc: Param  # bioavailability from under the skin [1]
    KA: Param  # absorption from the depot [1/h]
    CL: Param  # [L/h]
    V1: Param  # [L]
    Q2: Param  # [L/h]
    V2: Param  # [L]
    Q3: Param  # [L/h]
    V3: Param  # [L]
    CL_nk: Param  # [L/h]
    V_nk: Param  # [L]
    Q2_nk: Param  # [L/h]
    V2_nk: Param  # [L]

    def flows(self) -> tuple[Flow, ...]:
        """Return absorption, parent exchange, formation of norketamine and its disposition."""
        parent = (("A2", self.Q2, self.V2), ("A3", self.Q3, self.V3))
        return (
            Flow("depot", "A1", self.KA),
            *mammillary("A1", V1=self.V1, exchanges=parent),
            Flow("A1", "M1", self.CL / self.V1),
            *mammillary("M1", V1=self.V_nk, exchanges=(("M2", self.Q2_nk, self.V2_nk),)),
            Flow("M1", ELIMINATED, self.CL_nk / self.V_nk),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return the depot for an injection, the centre for a continuous infusion."""
        match dose.route:
            case Route.IV:
                return (Door(state="A1"),)
            case Route.IM:
                return (Door(state="depot", fraction=self.F_im),)
            case Route.SC if dose.over > 0:
                return (Door(state="A1"),)
            case Route.SC:
                return (Door(state="depot", fraction=self.F_sc),)
            case Route.INTRANASAL | Route.ORAL | Route.SUBLINGUAL | Route.BUCCAL:
                raise no_door(dose.route, "im, sc or iv")


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class HeldOrSwallowed(AbstractStructure):
    """A wafer, lozenge or solution: zero-order release, first-order absorption, the parent alone.

    The rest is lost before it counts; what it forms in gut and liver is not described.
    """

    states: ClassVar[tuple[str, ...]] = ("depot", "A1", "A2", "A3", ELIMINATED)
    observed: ClassVar[dict[str, Observed]] = {"parent": Observed(state="A1", volume="V1")}

    F: Param  # bioavailability [1]
    D: Param  # duration of the zero-order input [h]
    KA: Param  # first-order absorption behind it [1/h]
    CL: Param  # [L/h]
    V1: Param  # [L]
    Q2: Param  # [L/h]
    V2: Param  # [L]
    Q3: Param  # [L/h]
    V3: Param  # [L]

    def flows(self) -> tuple[Flow, ...]:
        """Return absorption, parent exchange and elimination."""
        parent = (("A2", self.Q2, self.V2), ("A3", self.Q3, self.V3))
        return (
            Flow("depot", "A1", self.KA),
            *mammillary("A1", V1=self.V1, exchanges=parent),
            Flow("A1", ELIMINATED, self.CL / self.V1),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return the depot for what is held in the mouth or swallowed."""
        match dose.route:
            case Route.IV:
                return (Door(state="A1"),)
            case Route.ORAL | Route.SUBLINGUAL | Route.BUCCAL:
                return (Door(state="depot", fraction=self.F, over=self.D),)
            case Route.INTRANASAL | Route.IM | Route.SC:
                raise no_door(dose.route, "oral, sublingual, buccal or iv")
