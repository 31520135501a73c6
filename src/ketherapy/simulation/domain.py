"""Where a prediction stands: what a model was made for, and what a request asks beyond that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import Extension, PublishedModel, Range
from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.covariates import LinearAbove, Person
from ketherapy.regimen import Drug, Regimen, Route


def offer(model: PublishedModel) -> str:
    """Return which drugs and routes ``model`` describes, in words."""
    routes = [
        f"{' or '.join(drug.value for drug in catalog.drugs(model, route))} {route.value}"
        for route in model.domain.routes
    ]
    return "; ".join(routes)


def fits(model: PublishedModel, drug: Drug, route: Route) -> bool:
    """Return whether ``model`` describes ``drug`` by ``route``."""
    return drug in catalog.drugs(model, route)


def extension_used(model: PublishedModel, drug: Drug) -> Extension | None:
    """Return the extension that a simulation of ``drug`` on ``model`` rests on, or None."""
    if drug is model.drug:
        return None
    return catalog.extension(model, Drug.ARKETAMINE)


def spread(model: PublishedModel) -> str:
    """Return what is known of the differences between people, in words."""
    if not model.variability:
        return "typical person only; between-person variability is not known for this model"
    return "typical person; the figure shows the 5th to 95th percentile between people"


def cautions(
    model: PublishedModel, regimen: Regimen, *, person: Person, until: float
) -> tuple[str, ...]:
    """Return every way in which the request goes beyond what ``model`` was made for.

    Units   until h
    """
    return tuple(_cautions(model, regimen, person, until))


def _cautions(
    model: PublishedModel, regimen: Regimen, person: Person, until: float
) -> Iterator[str]:
    domain, name = model.domain, model.name
    yield from _outside(domain.weight, person.weight, "kg", f"{name}: weight")
    yield from _outside(domain.age, person.age, "year", f"{name}: age")
    if until < max(dose.ends for dose in regimen.doses):
        yield "The time shown ends before the dosing does."
    yield from _outside(domain.horizon, until, "h", f"{name}: time shown")
    for route in sorted(regimen.routes):
        limits = domain.routes[route]
        doses = [dose for dose in regimen.doses if dose.route is route]
        total = sum(dose.amount for dose in doses) * _share(model, regimen.drug)
        what = f"{name}: {route.value} dose of {model.drug.value}"
        if len({dose.device for dose in doses}) == len(doses):
            yield from _outside(limits.amount, total, "mg", what)
        over = max(dose.over for dose in doses)
        if over > 0:
            yield from _outside(limits.over, over, "h", f"{name}: duration")
        if limits.amount is None:
            yield f"{name}: the range of doses it was fitted to is not known."
    if person.age is None and any(isinstance(c, LinearAbove) for c in model.covariates):
        yield f"{name}: age not given; drawn for a person below the age at which it changes."
    if entry := extension_used(model, regimen.drug):
        yield (
            f"{name}: the R-ketamine part is derived, not published ({entry.id}). "
            f"{entry.confidence}"
        )


def _share(model: PublishedModel, drug: Drug) -> float:
    is_half = drug is Drug.KETAMINE and model.drug is not Drug.KETAMINE
    return 0.5 if is_half else 1.0


def _outside(limits: Range | None, value: Param | None, unit: str, what: str) -> Iterator[str]:
    if limits is None or value is None:
        return
    low, high = float(np.min(value)), float(np.max(value))
    if limits.holds(low, unit) and limits.holds(high, unit):
        return
    given = units.convert(high if limits.holds(low, unit) else low, unit, to=limits.unit)
    extent = units.shown(limits.low)
    if limits.high != limits.low:
        extent += f" to {units.shown(limits.high)}"
    yield (
        f"{what} {units.shown(given)} {limits.unit} is outside what the model was made for "
        f"({extent} {limits.unit})."
    )
