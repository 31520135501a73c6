"""Our engine: the same call that every catalogue model goes through, with this task's structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.setting import Setting, Solver
from benchmarks.ket_pop.task import PARAMETERS, Task
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
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.engine import Engine, Kind
from ketherapy.simulation.solve import levels, precision

METHODS = ("compiled", "jax")


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class Course(AbstractStructure):
    """Three compartments, two of norketamine, and an effect site that watches the first."""

    states: ClassVar[tuple[str, ...]] = ("A1", "A2", "A3", "M1", "M2", "E", ELIMINATED)
    observed: ClassVar[dict[str, Observed]] = {
        "parent": Observed(state="A1", volume="V1"),
        "norketamine": Observed(state="M1", volume="V1_nk"),
        "site": Observed(state="E", volume="V1"),
    }

    CL: Param
    V1: Param
    Q2: Param
    V2: Param
    Q3: Param
    V3: Param
    fm: Param
    CL_nk: Param
    V1_nk: Param
    Q_nk: Param
    V2_nk: Param
    ke0: Param

    def flows(self) -> tuple[Flow, ...]:
        """Return exchange, elimination by way of norketamine, and the tap to the effect site."""
        parent = (("A2", self.Q2, self.V2), ("A3", self.Q3, self.V3))
        k10 = self.CL / self.V1
        return (
            *mammillary("A1", V1=self.V1, exchanges=parent),
            Flow("A1", "M1", self.fm * k10),
            Flow("A1", ELIMINATED, (1.0 - self.fm) * k10),
            *mammillary("M1", V1=self.V1_nk, exchanges=(("M2", self.Q_nk, self.V2_nk),)),
            Flow("M1", ELIMINATED, self.CL_nk / self.V1_nk),
            Flow("A1", "E", self.ke0, is_tap=True),
            Flow("E", ELIMINATED, self.ke0),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return the centre."""
        return (Door(state="A1"),)


def prepare(task: Task, setting: Setting) -> Solver:
    """Return our solver, compiled and warm; ``setting.rtol`` is what the response is held to.

    Errors  SolverError without a compiler, where the method is "compiled"
    """
    engine = Engine(kind=Kind(setting.method))
    nk = task.fixed
    regimen = Regimen(
        doses=tuple(
            Dose(drug=Drug.KETAMINE, route=Route.IV, amount=task.dose, at=start, over=task.over)
            for start in task.starts
        )
    )
    t = np.concatenate([start + task.window for start in task.starts])
    response = Turnover(
        driver="site", kin=nk["kout"], kout=nk["kout"], Emax=nk["Emax"], EC50=nk["EC50"],
        gamma=nk["gamma"],
    )  # fmt: skip
    shared = {name: nk[name] for name in ("fm", "CL_nk", "V1_nk", "Q_nk", "V2_nk", "ke0")}

    def solve(params: np.ndarray) -> tuple[np.ndarray, ...]:
        structure = Course(**dict(zip(PARAMETERS, params.T, strict=True)), **shared)
        with precision():
            found = levels(structure, regimen, t, turnover=response, engine=engine)
        return tuple(found[role] for role in ("parent", "norketamine", "site", "response"))

    solve(tasks.subjects(task, 64))
    return solve
