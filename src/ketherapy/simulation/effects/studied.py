"""Whether what is given was studied in the kind of trial that a curve is the average of."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ketherapy import units
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects.catalog import Setting, Studied
from ketherapy.pharmacology.observations import conventions
from ketherapy.regimen import Dose, Regimen, Route
from ketherapy.simulation.cumulative import sessions

_ROUNDING = 1e-9  # a dose per kg that was made mg and is made a dose per kg again


def cautions(trial: Setting, regimen: Regimen, person: Person) -> Iterator[str]:
    """Give every way in which ``regimen`` is outside what was studied in this kind of trial."""
    if trial.caution:
        yield trial.caution
    for route in sorted(regimen.routes):
        fitting = [s for s in trial.studied if s.drug is regimen.drug and s.route is route]
        if not fitting:
            yield (
                f"{regimen.drug.value} {route.value} was not studied in this kind of trial"
                f" ({_offer(trial)})."
            )
        for found in fitting:
            yield from _of_doses(found, regimen, person)


def _offer(trial: Setting) -> str:
    return f"{trial.text}: {'; '.join(found.text for found in trial.studied)}"


def _of_doses(found: Studied, regimen: Regimen, person: Person) -> Iterator[str]:
    low, high = found.lowest.meant, found.highest.meant
    given = _doses(regimen, found.route, person, unit=found.lowest.unit)
    outside = [x for x in given if not low * (1 - _ROUNDING) <= x <= high * (1 + _ROUNDING)]
    if not outside:
        return
    furthest = max(outside, key=lambda x: abs(math.log(x / math.sqrt(low * high))))
    yield (
        f"extrapolated. A session of {units.shown(furthest)} {found.lowest.unit}"
        f"{_weight_said(found, person)} is outside what was studied in this kind of trial"
        f" ({found.text})."
    )


def _weight_said(found: Studied, person: Person) -> str:
    if person.weight is not None or not _is_per_kg(found.lowest.unit):
        return ""
    return f" (no weight given: {units.shown(_weights(person)[0])} kg taken)"


def _doses(regimen: Regimen, route: Route, person: Person, *, unit: str) -> list[float]:
    """Return the dose of each session by this route, in the lightest and the heaviest person."""
    amounts = [math.fsum(dose.amount for dose in one) for one in _sessions(regimen, route)]
    if not _is_per_kg(unit):
        return [units.convert(amount, "mg", to=unit) for amount in amounts]
    return [
        units.convert(amount / weight, "mg/kg", to=unit)
        for amount in amounts
        for weight in _weights(person)
    ]


def _sessions(regimen: Regimen, route: Route) -> list[list[Dose]]:
    starts = np.array([one.start for one in sessions(regimen, at=regimen.edges[-1])])
    mine = [dose for dose in regimen.doses if dose.route is route]
    place = np.searchsorted(starts, [dose.at for dose in mine], side="right")
    return [
        [dose for dose, at in zip(mine, place, strict=True) if at == number]
        for number in sorted(set(place))
    ]


def _is_per_kg(unit: str) -> bool:
    return units.same_kind(unit, "mg/kg")


def _weights(person: Person) -> tuple[float, float]:
    if person.weight is None:
        typical = conventions().typical_weight
        weight = units.convert(typical.meant, typical.unit, to="kg")
        return weight, weight
    return float(np.min(person.weight)), float(np.max(person.weight))
