"""What all replicates of a run share: draws of the estimates, and courses of the pool."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from ketherapy.pharmacology.effects.catalog import Level, effect, typical
from ketherapy.simulation.effects import numbers
from ketherapy.simulation.trial import courses, estimates, leaving, reading
from ketherapy.simulation.trial.design import MissingDesign
from ketherapy.simulation.trial.estimates import Draws, Estimates
from ketherapy.simulation.trial.planned import Trial, World
from ketherapy.simulation.trial.run_request import Chance, RunRequest

_ENOUGH = 10_000  # people, for what does not depend on how many there are


@lru_cache(maxsize=4)
def world(request: RunRequest) -> World:
    """Return what all replicates of this run share; the same wherever it is computed.

    Errors  ContractError as ``reading.read``
    """
    trial = reading.read(request.design)
    if request.with_mmrm:
        reading.refuse_too_many_visits(request.design)
    if trial.leaving.by_end is not None:
        # the plan is for the typical trial: the hazard is the same whatever else differs
        asked = replace(request, chance=Chance.SAMPLING, replicates=1, with_mmrm=False)
        found = _hazard(replace(asked, design=replace(request.design, n=_ENOUGH)))
        trial = replace(trial, leaving=replace(trial.leaving, hazard=found))
    known, of_arms = _courses(_any(request))
    return World(trial=trial, estimates=known, courses=of_arms)


def _any(request: RunRequest) -> RunRequest:
    """Return the request without what courses do not depend on: who is enrolled, who leaves."""
    design = replace(request.design, n=_ENOUGH, missing=MissingDesign())
    draws = min(request.draws, request.replicates)
    draws = 1 if request.chance is Chance.SAMPLING else draws
    return replace(request, replicates=draws, draws=draws, with_mmrm=False, design=design)


@lru_cache(maxsize=4)
def _hazard(request: RunRequest) -> float:
    known, of_arms = _courses(_any(request))
    trial = reading.read(request.design)
    return leaving.hazard(request, World(trial=trial, estimates=known, courses=of_arms))


@lru_cache(maxsize=8)
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
