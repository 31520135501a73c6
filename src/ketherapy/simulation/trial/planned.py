"""A trial that can be simulated: a design whose every number has been read and every id found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from ketherapy.instruments.instrument import Instrument
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.effects.catalog import Effect, Setting
from ketherapy.regimen import Regimen
from ketherapy.simulation.people import AbstractPeople
from ketherapy.simulation.trial.design import TrialDesign
from ketherapy.simulation.trial.estimates import Estimates


@dataclass(frozen=True, kw_only=True, slots=True)
class Treatment:
    """What an arm is given, and the model of its levels."""

    regimen: Regimen  # amounts in mg, or in mg per kg of each person's weight
    is_per_kg: bool
    model: PublishedModel


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """One arm; without a treatment nothing that acts is given."""

    id: str
    text: str
    n: int
    treatment: Treatment | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaving:
    """How ratings come to be missing."""

    hazard: float  # [1/h] of one whose last rating is the baseline; before ``by_end`` is met
    by_end: float | None  # share that leaves by the last visit, where the hazard depends on it [1]
    worse: float  # hazard ratio for each 10 points less improvement [1]
    skipped: float  # share of the other ratings [1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One trial, ready to be simulated; the control arm comes first."""

    design: TrialDesign
    mood: Effect
    setting: Setting
    instrument: Instrument
    arms: tuple[Arm, ...]
    people: AbstractPeople
    baseline: float  # mean of the scores before the criterion cuts them off [points]
    baseline_sd: float | None  # None: the model's [points]
    entry: float  # least score let in [points]
    sigma: float | None  # of one rating; None: the model's [points]
    visits: tuple[float, ...]  # [h]
    primary: int  # place of the primary visit
    analysed: tuple[int, ...]  # places of the visits the repeated-measures model takes
    leaving: Leaving
    alpha: float
    cautions: tuple[str, ...]

    @property
    def n(self) -> int:
        """Return how many people are randomised."""
        return sum(arm.n for arm in self.arms)

    @property
    def t(self) -> Float[np.ndarray, " visit"]:
        """Return the visits [h]."""
        return np.array(self.visits)

    @property
    def starts(self) -> Int[np.ndarray, " arm"]:
        """Return the number of the first person of each arm; the arms follow each other."""
        return np.cumsum([0, *(arm.n for arm in self.arms[:-1])])

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Return the arms that are compared with the control."""
        return tuple(arm.id for arm in self.arms[1:])


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """A trial with everything that is computed once for all of its replicates."""

    trial: Trial
    estimates: Estimates
    courses: dict[str, Float[np.ndarray, "draw person visit"]]  # by arm; fraction of Dmax


def shared_out(n: int, ratios: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many of ``n`` people each arm gets: the largest remainders are rounded up.

    Units   1
    Source  ketherapy
    """
    exact = [n * ratio / sum(ratios) for ratio in ratios]
    floors = [math.floor(x + 1e-9) for x in exact]
    order = sorted(range(len(ratios)), key=lambda k: (floors[k] - exact[k], k))
    for k in order[: n - sum(floors)]:
        floors[k] += 1
    return tuple(floors)
