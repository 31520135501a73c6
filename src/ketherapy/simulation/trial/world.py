"""What all replicates of a run share: draws of the estimates, and courses of the pool."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.effects.catalog import Level, effect, typical
from ketherapy.simulation.effects import numbers
from ketherapy.simulation.trial import courses, estimates, reading
from ketherapy.simulation.trial.design import MissingDesign
from ketherapy.simulation.trial.estimates import Draws, Estimates
from ketherapy.simulation.trial.planned import Trial
from ketherapy.simulation.trial.run_request import Chance, RunRequest

_ENOUGH = 10_000  # people, for what does not depend on how many there are


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A trial with everything that is computed once for all of its replicates."""

    trial: Trial
    estimates: Estimates
    courses: dict[str, Float[np.ndarray, "draw person visit"]]  # by arm; fraction of Dmax


@lru_cache(maxsize=4)
def world(request: RunRequest) -> World:
    """Return what all replicates of this run share; the same wherever it is computed.

    Errors  ContractError as ``reading.read``
    """
    trial = reading.read(request.design)
    if request.with_mmrm:
        reading.refuse_too_many_visits(request.design)
    # courses do not depend on how many are enrolled, who leaves, or how it is analysed
    any_number = replace(request.design, n=_ENOUGH, missing=MissingDesign())
    draws = min(request.draws, request.replicates)
    known, found = _courses(
        replace(request, replicates=draws, draws=draws, with_mmrm=False, design=any_number)
    )
    return World(trial=trial, estimates=known, courses=found)


@lru_cache(maxsize=4)
def _courses(request: RunRequest) -> tuple[Estimates, dict[str, np.ndarray]]:
    trial = reading.read(request.design)
    known = _estimates(trial, request)
    block = _block(request)
    return known, {
        arm.id: courses.courses(
            arm.treatment, trial.people, trial.t, mood=known.values, block=block,
            pool=request.pool, seed=request.design.seed,
        )
        for arm in trial.arms if arm.treatment is not None
    }  # fmt: skip


def _estimates(trial: Trial, request: RunRequest) -> Estimates:
    if request.chance is Chance.SAMPLING:
        return estimates.certain(trial.mood, trial.setting)
    return estimates.uncertain(
        trial.mood, request.design.setting, count=request.draws, seed=request.design.seed
    )


def _block(request: RunRequest) -> Draws:
    """Return the numbers of the receptor's block in each draw."""
    found = effect("nmda_block")
    if request.chance is Chance.SAMPLING:
        return estimates.columns(typical(found), 1)
    drawn = numbers.drawn(
        found, count=request.draws, seed=request.design.seed, levels=(Level.ESTIMATE,)
    )
    return estimates.columns(drawn, request.draws)
