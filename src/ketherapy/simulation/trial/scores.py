"""The scores of some replicates of a trial: every person at every visit, as a rater writes them.

A replicate takes one draw of the estimates and effects of its own, a person one course of the
pool, a baseline, and two deviations that last. Everything is drawn by the number of the replicate
and of the person, so that a replicate is the same whatever is simulated beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int

from ketherapy.pharmacology import portable
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.simulation import draws
from ketherapy.simulation.draws import Stream
from ketherapy.simulation.effects.mood import between_trials, placebo, shares
from ketherapy.simulation.trial.estimates import Draws
from ketherapy.simulation.trial.planned import Trial, World
from ketherapy.simulation.trial.run_request import Chance, RunRequest

EFFECTS, PEOPLE, RATINGS, SKIPS = 1, 2, 3, 4  # places in the stream of trials


@dataclass(frozen=True, kw_only=True, slots=True)
class Rated:
    """What a trial has at its end."""

    baseline: Float[np.ndarray, "replicate person"]  # [points]
    score: Float[np.ndarray, "replicate person visit"]  # [points], also where nobody rated
    is_rated: Bool[np.ndarray, "replicate person visit"]
    has_left: Bool[np.ndarray, "replicate person"]  # by the last visit


@dataclass(frozen=True, kw_only=True, slots=True)
class _Person:
    """Uniform numbers of each person, by what they decide."""

    NUMBERS: ClassVar[int] = 5

    baseline: Float[np.ndarray, "replicate person"]
    placebo: Float[np.ndarray, "replicate person"]
    drug: Float[np.ndarray, "replicate person"]
    course: Float[np.ndarray, "replicate person"]
    leaving: Float[np.ndarray, "replicate person"]


def rated(request: RunRequest, found: World, *, first: int, count: int) -> Rated:
    """Return the scores of ``count`` replicates from number ``first`` on.

    Units   points
    Source  ketherapy
    """
    trial = found.trial
    seed, n = trial.design.seed, trial.n
    place = Stream.TRIAL.of(PEOPLE)
    u = draws.uniforms(seed, stream=place, first=first * n, count=count * n, width=_Person.NUMBERS)
    person = _Person(
        **dict(zip(_Person.__slots__, np.moveaxis(u.reshape(count, n, -1), -1, 0), strict=True))
    )
    draw = (first + np.arange(count)) % found.estimates.count
    own, effects = _numbers(found, draw), _effects(request, found, first, count)
    baseline = _baseline(trial, own, person.baseline)
    score = _left(found, own, draw, effects, person) * baseline[..., None]
    score += _error(trial, own, first, count)
    low, high = trial.instrument.score_range
    np.clip(score, low, high, out=score)  # no rater can write a total outside the scale
    is_rated, has_left = _kept(found, baseline, score, person.leaving, first)
    return Rated(baseline=baseline, score=score, is_rated=is_rated, has_left=has_left)


def _numbers(found: World, draw: np.ndarray) -> Draws:
    """Return the numbers of mood in each replicate."""
    return {name: values[draw] for name, values in found.estimates.values.items()}


def _effects(request: RunRequest, found: World, first: int, count: int) -> np.ndarray:
    """Return the two effects of each trial in standard deviations; shape (effect, replicate)."""
    if request.chance is Chance.SAMPLING:
        return np.zeros((2, count))
    seed, place = found.trial.design.seed, Stream.TRIAL.of(EFFECTS)
    return draws.normals(seed, stream=place, first=first, count=count, width=2).T


def _baseline(trial: Trial, own: Draws, u: np.ndarray) -> np.ndarray:
    """Return baselines from a normal distribution cut off at the criterion and at the scale."""
    sd = own["M0_sd"] if trial.baseline_sd is None else np.full(len(u), trial.baseline_sd)
    ends = (trial.entry, trial.instrument.score_range[1])
    low, high = (portable.normal_fraction((end - trial.baseline) / sd[:, None]) for end in ends)
    p = np.clip(low + u * (high - low), 2.0**-53, 1.0 - 2.0**-53)
    z = portable.normal_point(p)
    return np.clip(trial.baseline + sd[:, None] * z, *ends)


def _left(
    found: World, own: Draws, draw: np.ndarray, effects: np.ndarray, person: _Person
) -> Float[np.ndarray, "replicate person visit"]:
    """Return the share of the baseline that is left, before any rating error."""
    trial = found.trial
    kind = {name: values[draw] for name, values in found.estimates.setting.items()}
    kind["p1"] = np.asarray(between_trials(kind["p1"], tau=own["tau_p"], u=effects[1]))
    p = placebo(trial.t, setting=trial.setting, mood=Mood(**own), **kind)
    z = draws.normal(person.placebo)
    left = 1.0 - _shared(np.clip(p, 0.0, 1.0)[:, None, :], own["omega_p"], z)
    Dmax = between_trials(own["Dmax"], tau=own["tau_D"], u=effects[0])
    z = draws.normal(person.drug)
    for start, arm in zip(trial.starts, trial.arms, strict=True):
        if arm.id in found.courses:
            some = slice(int(start), int(start) + arm.n)
            mean = np.asarray(Dmax)[:, None, None] * _picked(
                found.courses[arm.id], draw, person.course[:, some]
            )
            left[:, some] *= 1.0 - _shared(mean, own["omega_D"], z[:, some])
    return left


def _shared(mean: np.ndarray, omega: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return each person's share; replicates with one omega are worked on together.

    Shapes  mean (replicate, person or 1, visit), omega (replicate), z (replicate, person)
    """
    if np.all(omega == omega[0]):
        return np.asarray(shares(mean, float(omega[0]), z[..., None]))
    each = (shares(mean[k], float(omega[k]), z[k][:, None]) for k in range(len(omega)))
    return np.stack([np.asarray(share) for share in each])


def _picked(
    course: Float[np.ndarray, "draw pooled visit"],
    draw: Int[np.ndarray, " replicate"],
    u: Float[np.ndarray, "replicate person"],
) -> Float[np.ndarray, "replicate person visit"]:
    """Return the course of the pooled person that each person is."""
    which = np.minimum((u * course.shape[1]).astype(np.int64), course.shape[1] - 1)
    return course[draw[:, None], which]


def _error(trial: Trial, own: Draws, first: int, count: int) -> np.ndarray:
    """Return the error of each rating [points]."""
    sigma = own["sigma"] if trial.sigma is None else np.full(count, trial.sigma)
    seed, place, n = trial.design.seed, Stream.TRIAL.of(RATINGS), trial.n
    z = draws.normals(seed, stream=place, first=first * n, count=count * n, width=len(trial.visits))
    return z.reshape(count, n, -1) * sigma[:, None, None]


def _kept(
    found: World, baseline: np.ndarray, score: np.ndarray, u: np.ndarray, first: int
) -> tuple[Bool[np.ndarray, "replicate person visit"], Bool[np.ndarray, "replicate person"]]:
    """Return which ratings are there, and who has left by the last visit."""
    trial, (count, n) = found.trial, baseline.shape
    skipped = trial.leaving.skipped
    if skipped:
        place = Stream.TRIAL.of(SKIPS)
        drawn = draws.uniforms(
            trial.design.seed, stream=place, first=first * n, count=count * n,
            width=len(trial.visits),
        )  # fmt: skip
        is_rated = drawn.reshape(score.shape) >= skipped
    else:
        is_rated = np.ones(score.shape, bool)
    if not trial.leaving.hazard:
        return is_rated, np.zeros((count, n), bool)
    stays = _stays(trial, baseline, score, u, is_rated)
    is_rated &= stays
    return is_rated, ~stays[..., -1]


def _stays(
    trial: Trial, baseline: np.ndarray, score: np.ndarray, u: np.ndarray, is_rated: np.ndarray
) -> Bool[np.ndarray, "replicate person visit"]:
    """Return who is still there at each visit."""
    leaving, limit = trial.leaving, -np.log(u)
    if leaving.worse == 1.0:
        return leaving.hazard * trial.t <= limit[..., None]
    stays, limit = np.empty(score.shape, bool), limit / leaving.hazard
    for visit, risk in enumerate(risks(trial, baseline, score, is_rated)):
        stays[..., visit] = risk <= limit
    return stays


def risks(
    trial: Trial,
    baseline: Float[np.ndarray, "replicate person"],
    score: Float[np.ndarray, "replicate person visit"],
    is_rated: Bool[np.ndarray, "replicate person visit"],
) -> Iterator[Float[np.ndarray, "replicate person"]]:
    """Return, visit after visit, the time each person was at risk of leaving.

    An hour counts as one where the last rating there was is the baseline, and as more or less
    where that was worse or better.

    Units   h
    Source  ketherapy
    """
    spans, steep = np.diff(trial.t, prepend=0.0), np.log(trial.leaving.worse) / 10.0
    change = np.where(is_rated, score - baseline[..., None], np.nan)
    last, gathered = np.zeros(baseline.shape), np.zeros(baseline.shape)
    for visit, span in enumerate(spans):
        # before a visit only earlier ratings are known: what drives it is never missing itself
        gathered += span * np.exp(steep * last)
        yield gathered
        seen = change[..., visit]
        last = np.where(np.isnan(seen), last, seen)
