"""What the drug takes away over time, in a pool of virtual people and for draws of the estimates.

Each pooled person has levels of his own, from the exact engine; what follows from them is the
cascade of ``effects``, once for each draw. The course is given without its scale Dmax, which
differs between trials and multiplies it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.covariates import Person, needed
from ketherapy.pharmacology.effects.structures import Mood, ReceptorBlock
from ketherapy.simulation.effects import courses as cascade
from ketherapy.simulation.effects.courses import Drive
from ketherapy.simulation.effects.reference import reference_area
from ketherapy.simulation.effects.upstream import Upstream, upstream
from ketherapy.simulation.individuals import deviations
from ketherapy.simulation.people import AbstractPeople
from ketherapy.simulation.trial.estimates import Draws
from ketherapy.simulation.trial.planned import Treatment


def courses(
    given: Treatment,
    people: AbstractPeople,
    t: Float[np.ndarray, " visit"],
    *,
    mood: Draws,
    block: Draws,
    pool: int,
    seed: int,
) -> Float[np.ndarray, "draw person visit"]:
    """Return the response at the visits as a fraction of Dmax, for each draw and pooled person.

    ``mood`` and ``block`` are draws of the numbers of the two effects, as many of one as of the
    other.

    Units   t h; result 1
    Source  ketherapy
    """
    person = people.take(0, pool, seed=seed)
    up = pooled(given, person, pool=pool, seed=seed)
    drives = _drives(given, person, mood, block)
    samples = cascade.sampled(up, float(t[-1]), drive=drives[0])
    found = np.empty((len(drives), pool, len(t)))
    for k, drive in enumerate(drives):
        found[k] = cascade.drug_share(samples, t, drive=drive) / drive.mood.Dmax
    return found


def pooled(given: Treatment, person: Person, *, pool: int, seed: int) -> Upstream:
    """Return the levels of the pooled people, who differ as the model of the levels says.

    Units   mg, L, h
    Source  the model's file
    """
    eta = deviations(given.model, first=0, count=pool, seed=seed)
    times = np.asarray(needed(person.weight, "weight")) if given.is_per_kg else np.ones(pool)
    return upstream(given.model, given.regimen, person=person, eta=eta, times=times)


def _drives(given: Treatment, person: Person, mood: Draws, block: Draws) -> list[Drive]:
    """Return what drives mood by each draw; a session counts as one in a person of mean weight."""
    weight = None if person.weight is None else float(np.mean(person.weight))
    # one course of levels serves every draw of the block that follows from them
    areas = reference_area(given.model, Person(weight=weight), block=ReceptorBlock(**block))
    return [
        Drive(block=ReceptorBlock(**blocked), mood=Mood(**own), session=float(area))
        for blocked, own, area in zip(_each(block), _each(mood), areas, strict=True)
    ]


def _each(draws: Draws) -> Iterator[dict[str, float]]:
    """Give the numbers of one draw after the other."""
    for values in zip(*draws.values(), strict=True):
        yield dict(zip(draws, map(float, values), strict=True))
