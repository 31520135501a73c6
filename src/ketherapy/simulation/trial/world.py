"""What all replicates of a run share: draws of the estimates, courses of the pool, tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int

from ketherapy.pharmacology.effects.catalog import effect, typical
from ketherapy.simulation.trial import courses, estimates, reading
from ketherapy.simulation.trial.design import MissingDesign
from ketherapy.simulation.trial.estimates import Estimates
from ketherapy.simulation.trial.planned import Trial
from ketherapy.simulation.trial.run_request import Chance, RunRequest
from ketherapy.simulation.trial.shares import Locations

_ENOUGH = 10_000  # people, for what does not depend on how many there are


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A trial with everything that is computed once for all of its replicates."""

    trial: Trial
    estimates: Estimates
    courses: dict[str, Float[np.ndarray, "draw person visit"]]  # by arm; fraction of Dmax
    of_placebo: Locations
    of_drug: Locations
    omega_p: Int[np.ndarray, " draw"]  # which table belongs to a draw
    omega_D: Int[np.ndarray, " draw"]
    rise: Float[np.ndarray, "part draw visit"]  # of the quick and of the slow placebo share

    def number(self, name: str) -> Float[np.ndarray, " draw"]:
        """Return a number of the mood model in each draw.

        Units   those of the structure
        """
        return self.estimates.values[name]


@lru_cache(maxsize=4)
def world(request: RunRequest) -> World:
    """Return what all replicates of this run share; the same wherever it is computed.

    Errors  ContractError as ``reading.read``
    """
    trial = reading.read(request.design)
    # courses do not depend on how many are enrolled, who leaves, or how it is analysed
    known, found = _courses(
        replace(
            request, replicates=1, with_mmrm=False,
            design=replace(request.design, n=_ENOUGH, missing=MissingDesign()),
        )
    )  # fmt: skip
    of_placebo, omega_p = _tables(known.values["omega_p"])
    of_drug, omega_D = _tables(known.values["omega_D"])
    taus = (known.values["tau_p1"], known.values["tau_p2"])
    return World(
        trial=trial,
        estimates=known,
        courses=found,
        of_placebo=of_placebo,
        of_drug=of_drug,
        omega_p=omega_p,
        omega_D=omega_D,
        rise=np.stack([1.0 - np.exp(-trial.t / tau[:, None]) for tau in taus]),
    )


@lru_cache(maxsize=4)
def _courses(request: RunRequest) -> tuple[Estimates, dict[str, np.ndarray]]:
    trial = reading.read(request.design)
    known = _estimates(trial, request)
    block = _block(request, known.count)
    return known, {
        arm.id: courses.courses(
            arm.treatment, trial.people, trial.t, mood=known.values, block=block,
            reference=trial.mood, pool=request.pool, seed=request.design.seed,
        )
        for arm in trial.arms if arm.treatment is not None
    }  # fmt: skip


def _estimates(trial: Trial, request: RunRequest) -> Estimates:
    if request.chance is Chance.SAMPLING:
        return estimates.certain(trial.mood, trial.setting)
    return estimates.uncertain(
        trial.mood, trial.setting, request.design.setting,
        count=request.draws, seed=request.design.seed,
    )  # fmt: skip


def _block(request: RunRequest, count: int) -> dict[str, np.ndarray]:
    """Return the numbers of the receptor block in each draw."""
    found = effect("nmda_block")
    if request.chance is Chance.SAMPLING:
        return {name: np.array([value]) for name, value in typical(found).items()}
    return estimates.spread(found, count=count, seed=request.design.seed)


def _tables(omega: np.ndarray) -> tuple[Locations, np.ndarray]:
    each, which = np.unique(omega, return_inverse=True)
    return Locations.of(each), which
