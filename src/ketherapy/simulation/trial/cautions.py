"""What a reader of a trial must know of how it was asked for: control, doses, levels, model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects.catalog import Setting, effect
from ketherapy.regimen import Regimen
from ketherapy.simulation import domain
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.people import AbstractPeople
from ketherapy.simulation.solve import parents, simulate
from ketherapy.simulation.trial.design import TrialDesign
from ketherapy.simulation.trial.planned import Arm, Treatment
from ketherapy.simulation.trial.run_request import POOL


def cautions(
    design: TrialDesign,
    arms: tuple[Arm, ...],
    kind: Setting,
    people: AbstractPeople,
    *,
    until: float,
) -> tuple[str, ...]:
    """Return what a reader of the result must know of how it was asked for.

    Of each arm everything that a simulation of its levels and of mood would say, each line once
    with the arms that it is said of.

    Units   until h
    """
    person = people.take(0, POOL, seed=design.seed)
    said: dict[str, list[str]] = {}
    for arm in arms:
        for line in _of(arm.treatment, person, design.setting, until) if arm.treatment else ():
            said.setdefault(line, []).append(arm.id)
    of_arms = (
        f"{'Arm' if len(ids) == 1 else 'Arms'} {', '.join(ids)}: {line}"
        for line, ids in said.items()
    )
    return (*_of_control(design, kind), *of_arms, *effect("mood").limits)


def _of_control(design: TrialDesign, kind: Setting) -> Iterator[str]:
    control = next(arm.control for arm in design.arms if arm.control is not None)
    if control != kind.control and not (kind.control == "anaesthesia" and control == "saline"):
        yield (
            f"The setting {design.setting} is drawn from trials against {kind.control}; here the"
            f" control is {control}."
        )


def _of(given: Treatment, person: Person, setting: str, until: float) -> tuple[str, ...]:
    """Return what is to be said of one arm, each line once."""
    weights = np.atleast_1d(np.asarray(person.weight, float))
    found: list[str] = []
    for weight in (weights.min(), weights.max()) if given.is_per_kg else (1.0,):
        found += domain.cautions(
            given.model, _times(given.regimen, float(weight)), person=person, until=until
        )
    found += _of_typical(
        given.model.id, _times(given.regimen, float(weights.mean()) if given.is_per_kg else 1.0),
        setting, float(weights.mean()),
        None if person.age is None else float(np.mean(person.age)), until,
    )  # fmt: skip
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=32)
def _of_typical(
    model_id: str, regimen: Regimen, setting: str, weight: float, age: float | None, until: float
) -> tuple[str, ...]:
    """Return what is said of the levels, and of mood behind them, in a person of mean weight."""
    model, person = catalog.published(model_id), Person(weight=weight, age=age)
    t = distinct(behind(input_edges(model, regimen, person), until))
    levels = simulate(model, regimen, t, person=person)
    highest = max(float(levels[name].max()) for name in parents([*map(str, levels)]))
    asked = Asked(effects=(effect("mood"),), setting=setting)
    mood = effects(model, regimen, np.array([until]), asked=asked, person=person)
    lines = (domain.above_studied(model, highest) or "", *str(mood.attrs["cautions"]).split("\n"))
    return tuple(line for line in lines if line)


def _times(regimen: Regimen, weight: float) -> Regimen:
    return Regimen(doses=tuple(replace(d, amount=d.amount * weight) for d in regimen.doses))
