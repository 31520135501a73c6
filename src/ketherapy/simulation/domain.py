"""Where a prediction stands: what a model was made for, and what a request asks beyond that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ketherapy import units
from ketherapy.pharmacology import catalog, interactions
from ketherapy.pharmacology.catalog import ConfidenceLevel, Extension, PublishedModel, Range
from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.covariates import Factor, Person, is_known
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.sources import Status


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


def is_for_adults(model: PublishedModel) -> bool:
    """Return whether ``model`` was made in adults outside intensive care, or also in them."""
    return model.population.group in ("adults", "children and adults")


def extension_used(model: PublishedModel, drug: Drug) -> Extension | None:
    """Return the extension that a simulation of ``drug`` on ``model`` rests on, or None."""
    if drug is model.drug:
        return None
    return catalog.extension(model, Drug.ARKETAMINE)


def spread(model: PublishedModel) -> str:
    """Return what is known of the differences between people, in words."""
    if model.assumed:
        return f"between-person variability is assumed, not published: {model.assumed}"
    if not model.variability:
        return "typical person only; between-person variability is not known for this model"
    told = (
        "typical person; between-person variability is recorded with the model and not drawn here"
    )
    found = ranges(model)
    return f"{told}; known only as a range: {found}" if found else told


def ranges(model: PublishedModel) -> str:
    """Return the numbers of ``model`` that are known only as a range, in words, or nothing."""
    return ", ".join(
        f"{name} {units.shown(number.low)} to {units.shown(number.high)}"
        + ("" if number.unit == "1" else f" {number.unit}")
        for name, number in model.printed.items()
        if number.low is not None and number.high is not None
    )


def spread_drawn(model: PublishedModel) -> str:
    """Return what the differences between the people of a result are, in words."""
    if model.assumed:
        return f"people differ as assumed, not published: {model.assumed}"
    conventions = [b for b in model.variability if b.status is Status.CONVENTION]
    names = ", ".join(name for block in conventions for name in block.parameters)
    but = f", but for {names}, whose spread is a convention" if names else ""
    return (
        f"people differ as published with the model{but}; uncertainty of its estimates is not added"
    )


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
    if model.confidence_level is ConfidenceLevel.LOW:
        yield f"{name}: low confidence. {model.confidence}"
    yield from _others(model, person)
    yield from _person(model, person)
    yield from interactions.cautions(regimen, person)
    yield from _unpredicted(model, regimen, person)
    if until < max(dose.ends for dose in regimen.doses):
        yield "The time shown ends before the dosing does."
    yield from _outside(domain.horizon, until, "h", f"{name}: time shown")
    if until > _QUANTITATIVE and "norketamine" in model.analytes:
        yield f"{name}: norketamine beyond 24 h is not quantitative; it is probably too high."
    for route in sorted(regimen.routes):
        limits = domain.routes[route]
        for visit in _visits([dose for dose in regimen.doses if dose.route is route]):
            amount = sum(dose.amount for dose in visit) * _share(model, regimen.drug)
            what = f"{name}: {route.value} dose of {model.drug.value}"
            yield from _outside(limits.amount, amount, "mg", what)
            over = np.array([dose.over for dose in visit])
            yield from _outside(limits.over, over, "h", f"{name}: duration")
        if route is Route.SC and any(dose.over > 0 for dose in regimen.doses):
            yield (
                f"{name}: an infusion under the skin is taken as one into a vein; read the level "
                "it comes to, not the first hours."
            )
        if limits.amount is None:
            yield f"{name}: the range of doses it was fitted to is not known."
    if entry := extension_used(model, regimen.drug):
        yield (
            f"{name}: the R-ketamine part is derived, not published ({entry.id}). "
            f"{entry.confidence}"
        )


def _unpredicted(model: PublishedModel, regimen: Regimen, person: Person) -> Iterator[str]:
    """Name the metabolites that the model describes and that another drug takes away."""
    beside = dict.fromkeys(row.agent for row in interactions.applied(regimen, person))
    whole = regimen.drug is Drug.KETAMINE and model.drug is not Drug.KETAMINE
    halves = (Drug.ESKETAMINE, Drug.ARKETAMINE) if whole else (regimen.drug,)
    lost = [
        name
        for half in halves
        for role, name in catalog.analytes(model, half).items()
        if role != "parent"
    ]
    if beside and lost:
        yield f"{model.name}: beside {' and '.join(beside)} not predicted: {', '.join(lost)}."


_QUANTITATIVE = 24.0  # [h] beyond a day no shipped model of norketamine is (see their notes)
_VISIT = 24.0  # [h] doses that start within a day of the first are judged together


def _visits(doses: list[Dose]) -> list[list[Dose]]:
    visits: list[list[Dose]] = []
    for dose in sorted(doses, key=lambda dose: dose.at):
        if visits and dose.at < visits[-1][0].at + _VISIT:
            visits[-1].append(dose)
        else:
            visits.append([dose])
    return visits


def _others(model: PublishedModel, person: Person) -> Iterator[str]:
    """Say of a model of special people that it is not for others, also where age is not given."""
    match model.population.group:
        case "children":
            if not _is_studied_age(model, person):
                yield f"{model.name}: made in children; not for adults."
        case "intensive care":
            yield f"{model.name}: made in intensive care; not for anyone outside it."
        case "adults" | "children and adults":
            pass


def _is_studied_age(model: PublishedModel, person: Person) -> bool:
    ages = model.domain.age
    if person.age is None or ages is None:
        return False
    return all(ages.holds(float(age), "year") for age in (np.min(person.age), np.max(person.age)))


def _person(model: PublishedModel, person: Person) -> Iterator[str]:
    domain, name = model.domain, model.name
    for what, value, limits, unit in (
        ("weight", person.weight, domain.weight, "kg"),
        ("age", person.age, domain.age, "year"),
    ):
        if value is None and limits is not None:
            studied = f"{units.shown(limits.low)} to {units.shown(limits.high)} {limits.unit}"
            yield f"{name}: {what} not given; people of {studied} were studied."
        yield from _outside(limits, value, unit, f"{name}: {what}")
    if domain.weight is None or domain.age is None:
        yield f"{name}: who was studied is not known well enough to say whom it fits."
    if not is_known(person.ancestry) and any(isinstance(c, Factor) for c in model.covariates):
        yield f"{name}: ancestry not given; levels differ in people of Asian ancestry."
    used = {covariate.of for covariate in model.covariates}
    for what in ("sex", "ancestry"):
        if is_known(getattr(person, what)) and what not in used:
            yield f"{name}: {what} is given and changes nothing: this model does not use it."


def above_studied(model: PublishedModel, highest: float) -> str | None:
    """Return the caution for a predicted parent level above what the model was fitted to.

    Units   highest mg/L
    """
    limits = model.domain.level
    if limits is None or limits.holds(highest, "mg/L"):
        return None
    reached = units.convert(highest, "mg/L", to=limits.unit)
    return (
        f"{model.name}: a level of {units.shown(reached)} {limits.unit} is above those it was "
        f"fitted to (up to about {units.shown(limits.high)} {limits.unit})."
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
