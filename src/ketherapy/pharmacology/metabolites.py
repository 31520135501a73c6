"""Structures with metabolites: formation, disposition, elimination."""

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
class ThreeCompartmentMetabolite(AbstractStructure):
    """Three-compartment parent whose whole elimination forms a two-compartment metabolite."""

    states: ClassVar[tuple[str, ...]] = ("A1", "A2", "A3", "M1", "M2", ELIMINATED)
    observed: ClassVar[dict[str, Observed]] = {
        "parent": Observed(state="A1", volume="V1"),
        "norketamine": Observed(state="M1", volume="V_nk"),
    }

    CL: Param  # [L/h]
    V1: Param  # [L]
    Q2: Param  # [L/h]
    V2: Param  # [L]
    Q3: Param  # [L/h]
    V3: Param  # [L]
    CL_nk: Param  # clearance of norketamine [L/h]
    V_nk: Param  # its central volume [L]
    Q2_nk: Param  # [L/h]
    V2_nk: Param  # [L]

    def flows(self) -> tuple[Flow, ...]:
        """Return parent exchange, formation of norketamine and its own disposition."""
        parent = (("A2", self.Q2, self.V2), ("A3", self.Q3, self.V3))
        return (
            *mammillary("A1", V1=self.V1, exchanges=parent),
            Flow("A1", "M1", self.CL / self.V1),
            *mammillary("M1", V1=self.V_nk, exchanges=(("M2", self.Q2_nk, self.V2_nk),)),
            Flow("M1", ELIMINATED, self.CL_nk / self.V_nk),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return the centre for an intravenous dose."""
        if dose.route is not Route.IV:
            raise no_door(dose.route, "iv")
        return (Door(state="A1"),)


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class FilmCascade(AbstractStructure):
    """Film or infusion, parent, and two metabolites formed through transit chains.

    Amounts are mg of parent throughout, so that formation conserves moles. The swallowed part of
    a film feeds the metabolites only; the metabolite shares the parent's central volume.
    """

    states: ClassVar[tuple[str, ...]] = (
        "film", "gut", "transit", "A1", "A2", "A3", "T1", "T2", "M1", "M2", "U1", "U2", "H1", "H2",
        ELIMINATED,
    )  # fmt: skip
    observed: ClassVar[dict[str, Observed]] = {
        "parent": Observed(state="A1", volume="V1"),
        "norketamine": Observed(state="M1", volume="V1", substance="norketamine"),
        "hydroxynorketamine": Observed(state="H1", volume="V_hnk", substance="hydroxynorketamine"),
    }

    F1: Param  # mucosal fraction of the film [1]
    D1: Param  # its zero-order duration [h]
    KA1: Param  # mucosal absorption [1/h]
    F2: Param  # swallowed fraction, on the scale of the metabolites [1]
    D2: Param  # [h]
    KA2: Param  # [1/h]
    MTT_gut: Param  # [h]
    CL: Param  # [L/h]
    V1: Param  # [L]
    Q2: Param  # [L/h]
    V2: Param  # [L]
    Q3: Param  # [L/h]
    V3: Param  # [L]
    MTT_nk: Param  # mean transit time to norketamine [h]
    fm: Param  # fraction that becomes norketamine [1]
    CL_nk: Param  # [L/h]
    Q2_nk: Param  # [L/h]
    V2_nk: Param  # [L]
    MTT_hnk: Param  # mean transit time to hydroxynorketamine [h]
    fm_hnk: Param  # fraction that becomes hydroxynorketamine [1]
    CL_hnk: Param  # [L/h]
    V_hnk: Param  # [L]
    Q2_hnk: Param  # [L/h]
    V2_hnk: Param  # [L]

    def flows(self) -> tuple[Flow, ...]:
        """Return absorption, the parent, and both metabolites with their transit chains."""
        return (*self._absorption(), *self._parent(), *self._norketamine(), *self._hydroxy())

    def _absorption(self) -> tuple[Flow, ...]:
        return (
            Flow("film", "A1", self.KA1),
            Flow("gut", "transit", self.KA2),
            Flow("transit", "T1", 1.0 / self.MTT_gut),
        )

    def _parent(self) -> tuple[Flow, ...]:
        exchanges = (("A2", self.Q2, self.V2), ("A3", self.Q3, self.V3))
        return (
            *mammillary("A1", V1=self.V1, exchanges=exchanges),
            Flow("A1", "T1", self.CL / self.V1),
        )

    def _norketamine(self) -> tuple[Flow, ...]:
        kt = 2.0 / self.MTT_nk
        return (
            Flow("T1", "T2", kt),
            Flow("T2", "M1", self.fm * kt),
            Flow("T2", ELIMINATED, (1.0 - self.fm) * kt),
            *mammillary("M1", V1=self.V1, exchanges=(("M2", self.Q2_nk, self.V2_nk),)),
            Flow("M1", "U1", self.CL_nk / self.V1),
        )

    def _hydroxy(self) -> tuple[Flow, ...]:
        ku = 2.0 / self.MTT_hnk
        return (
            Flow("U1", "U2", ku),
            Flow("U2", "H1", self.fm_hnk * ku),
            Flow("U2", ELIMINATED, (1.0 - self.fm_hnk) * ku),
            *mammillary("H1", V1=self.V_hnk, exchanges=(("H2", self.Q2_hnk, self.V2_hnk),)),
            Flow("H1", ELIMINATED, self.CL_hnk / self.V_hnk),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return the centre for an infusion; mucosa and gut for a film."""
        match dose.route:
            case Route.IV:
                return (Door(state="A1"),)
            case Route.SUBLINGUAL | Route.BUCCAL:
                return (
                    Door(state="film", fraction=self.F1, over=self.D1),
                    Door(state="gut", fraction=self.F2, over=self.D2),
                )
            case Route.INTRANASAL | Route.ORAL | Route.IM | Route.SC:
                raise no_door(dose.route, "iv, sublingual or buccal")
