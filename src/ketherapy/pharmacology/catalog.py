"""The published models: structure plus cited parameters, found by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import inheritance
from ketherapy.pharmacology.absorption import DepotMetabolite, HeldOrSwallowed, Hepatoportal
from ketherapy.pharmacology.compartments import (
    AbstractStructure,
    Param,
    ThreeCompartment,
    TwoCompartment,
    from_micro_constants,
)
from ketherapy.pharmacology.covariates import Covariate, Person, individual, needed
from ketherapy.pharmacology.metabolites import FilmCascade, ThreeCompartmentMetabolite
from ketherapy.pharmacology.variability import Residual, Variability, deviate
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data"

STRUCTURES: dict[str, type[AbstractStructure]] = {
    "two_compartment": TwoCompartment,
    "three_compartment": ThreeCompartment,
    "three_compartment_metabolite": ThreeCompartmentMetabolite,
    "film_cascade": FilmCascade,
    "hepatoportal": Hepatoportal,
    "depot_metabolite": DepotMetabolite,
    "held_or_swallowed": HeldOrSwallowed,
}


class ConfidenceLevel(StrEnum):
    """How far a model may be trusted for what it offers; its own sentence says why."""

    GOOD = "good"
    MODERATE = "moderate"
    LOW = "low"


@record(frozen=True, kw_only=True, config=RECORD)
class Range:
    """From where to where a model was fitted."""

    low: float
    high: float
    unit: str
    locator: str
    status: Status | None = None
    source: str | None = None

    def holds(self, value: float, unit: str) -> bool:
        """Return whether ``value`` lies inside, edges included."""
        given = units.convert(value, unit, to=self.unit)
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        return self.low - slack <= given <= self.high + slack


@record(frozen=True, kw_only=True, config=RECORD)
class RouteDomain:
    """What was given by one route; None is not stated."""

    amount: Range | None = None
    over: Range | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class Domain:
    """Where a model holds; None is not stated."""

    routes: dict[Route, RouteDomain]
    age: Range | None = None
    weight: Range | None = None
    horizon: Range | None = None
    level: Range | None = None  # of the parent


@record(frozen=True, kw_only=True, config=RECORD)
class Population:
    """Who was studied."""

    text: str
    group: Literal["adults", "children", "children and adults", "intensive care"]
    n: int | None = None
    locator: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class PublishedModel:
    """One published model: a structure, its printed numbers, and where they hold."""

    id: str
    name: str
    title: str
    drug: Drug  # what the parameters describe
    structure: str
    parameterisation: Literal["clearances", "micro_constants"]
    source: str
    status: Status
    matrix: str
    site: Literal["venous", "arterial", "not stated"]
    confidence: str
    confidence_level: ConfidenceLevel
    not_for: tuple[str, ...]  # what it must not be used for, a sentence each
    population: Population
    domain: Domain
    analytes: dict[str, str]  # role in the structure -> analyte
    printed: dict[str, Cited]
    based_on: str = ""  # the model whose numbers it inherits
    offers: tuple[Drug, ...] | None = None  # the only drugs offered; None: all it can describe
    also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    covariates: tuple[Covariate, ...] = ()
    variability: tuple[Variability, ...] = ()
    residual: dict[str, Residual] = Field(default_factory=dict)
    assumed: str = ""  # label of variability that is assumed, not published; never in a file

    @property
    def label(self) -> str:
        """Return the name, which says so where confidence is low."""
        is_low = self.confidence_level is ConfidenceLevel.LOW
        return f"{self.name} (low confidence)" if is_low else self.name

    @property
    def site_text(self) -> str:
        """Return the sampling site in words."""
        if self.site == "not stated":
            return f"{self.matrix}, sampling site not stated"
        return f"{self.site} {self.matrix}"


@record(frozen=True, kw_only=True, config=RECORD)
class Extension:
    """A derived variant of published models for another drug."""

    id: str
    name: str
    title: str
    extends: dict[str, tuple[Route, ...]]  # model -> the routes by which it may be used there
    drug: Drug
    source: str
    status: Status
    confidence: str
    confidence_level: ConfidenceLevel
    not_for: tuple[str, ...]
    analytes: dict[str, str]  # analyte of the base model -> analyte of this one
    factors: dict[str, Cited]
    also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@record(frozen=True, kw_only=True, config=RECORD)
class Use:
    """What somebody wants to predict, and which model is drawn for it when none is asked for."""

    id: str
    text: str
    drugs: tuple[Drug, ...]
    routes: tuple[Route, ...]
    model: str
    why: str
    not_for: tuple[str, ...]
    confidence_level: ConfidenceLevel
    confidence: str


@record(frozen=True, kw_only=True, config=RECORD)
class _Uses:
    source: str
    status: Status
    uses: tuple[Use, ...]


@lru_cache(maxsize=1)
def uses() -> tuple[Use, ...]:
    """Return every use with its default model, in the order in which models are drawn."""
    return records.load(_Uses, _DATA / "uses.toml").uses


def defaults(drug: Drug, route: Route) -> tuple[str, ...]:
    """Return the ids of the models drawn for ``drug`` by ``route`` when none is asked for."""
    found = [use.model for use in uses() if drug in use.drugs and route in use.routes]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1)
def models() -> tuple[PublishedModel, ...]:
    """Return every published model, in the order of their ids."""
    return tuple(read_model(path) for path in sorted((_DATA / "models").glob("*.toml")))


def read_model(path: Path) -> PublishedModel:
    """Return the model in the file at ``path``, with the numbers of the one it is based on.

    Errors  DataFileError naming the path and the key
    """
    own = records.read_table(path)
    where = f"{path.parent.name}/{path.name}"
    if base := own.get("based_on"):
        inherited = records.read_table(_DATA / "models" / f"{base}.toml")
        names = _parameter_names(own.get("structure"))
        own = inheritance.whole(own, inherited, parameters=names)
    return records.check(PublishedModel, own, where=where)


def _parameter_names(name: object) -> frozenset[str]:
    kind = STRUCTURES.get(name) if isinstance(name, str) else None
    return frozenset(getattr(kind, "__dataclass_fields__", {}))


def extremes(model: PublishedModel) -> tuple[PublishedModel, ...]:
    """Return ``model`` with each number known only as a range at either end, in every combination.

    Empty where every number is a single one. Between these corners a level may lie a little
    outside those at the corners: the band they span is rough.
    """
    ranged = {
        name: (number.low, number.high)
        for name, number in model.printed.items()
        if number.low is not None and number.high is not None
    }
    if not ranged:
        return ()
    return tuple(
        replace(model, printed=_at(model.printed, dict(zip(ranged, ends, strict=True))))
        for ends in product(*ranged.values())
    )


def _at(printed: Mapping[str, Cited], values: Mapping[str, float]) -> dict[str, Cited]:
    moved = {name: replace(printed[name], value=value) for name, value in values.items()}
    return {**printed, **moved}


@lru_cache(maxsize=1)
def extensions() -> tuple[Extension, ...]:
    """Return every extension, in the order of their ids."""
    paths = sorted((_DATA / "extensions").glob("*.toml"))
    return tuple(records.load(Extension, path) for path in paths)


def published(model_id: str) -> PublishedModel:
    """Return the published model with this id.

    Errors  ContractError where no model has it
    """
    for model in models():
        if model.id == model_id:
            return model
    raise ContractError(
        "model",
        expected="the id of a published model, such as otto2021_iv",
        got=model_id,
        remedy="'ketherapy models' lists them.",
    )


def extension(model: PublishedModel, drug: Drug) -> Extension | None:
    """Return what lets ``model`` describe ``drug``, or None."""
    for entry in extensions():
        if model.id in entry.extends and entry.drug is drug:
            return entry
    return None


def drugs(model: PublishedModel, route: Route) -> tuple[Drug, ...]:
    """Return the drugs that ``model`` can describe by ``route``."""
    if route not in model.domain.routes:
        return ()
    other = extension(model, Drug.ARKETAMINE)
    described = (model.drug,)
    if model.drug is Drug.ESKETAMINE and other is not None and route in other.extends[model.id]:
        described = (Drug.KETAMINE, Drug.ESKETAMINE, Drug.ARKETAMINE)
    return tuple(drug for drug in described if model.offers is None or drug in model.offers)


def typical(model: PublishedModel) -> dict[str, float]:
    """Return the printed parameters in canonical units, misprints corrected.

    Units   L, L/h, 1/h, h, 1 or L/kg
    Source  the model's file
    """
    return {
        name: units.convert(
            number.meant,
            number.unit,
            to=units.canonical(number.unit),
        )
        for name, number in model.printed.items()
    }


def structure(
    model: PublishedModel,
    person: Person,
    *,
    drug: Drug,
    eta: Mapping[str, Param] | None = None,
    values: Mapping[str, Param] | None = None,
) -> AbstractStructure:
    """Return the equations of ``model`` with the parameters of ``person``.

    ``eta`` are deviations from the typical, by parameter; the extension to another drug uses the
    same ones. ``values`` stand in place of the printed typical values, all of them, where these
    are varied: one draw of their uncertainty, a sensitivity.

    Units   mg, L, h
    Errors  ContractError where the model needs a covariate that is not known
    """
    values = dict(typical(model) if values is None else values)
    if set(values) != set(model.printed):
        raise ContractError(
            f"values of {model.id}", expected=f"one each for {', '.join(model.printed)}",
            got=", ".join(values), remedy="Start from the typical values.",
        )  # fmt: skip
    for name, number in model.printed.items():
        if units.canonical(number.unit) == "L/kg":
            values[name] = values[name] * needed(person.weight, "weight")
    values = individual(values, model.covariates, person)
    values = deviate(values, model.variability, eta or {})
    if drug is not model.drug:
        values = _extended(values, model, drug)
    if model.parameterisation == "micro_constants":
        values = from_micro_constants(**values)
    return STRUCTURES[model.structure](**values)


def _extended(values: dict[str, Param], model: PublishedModel, drug: Drug) -> dict[str, Param]:
    entry = extension(model, drug)
    if entry is None:
        raise _not_described(model, drug)
    return {
        name: value * entry.factors[name].meant if name in entry.factors else value
        for name, value in values.items()
    }


def _not_described(model: PublishedModel, drug: Drug) -> ContractError:
    return ContractError(
        f"drug for {model.id}",
        expected=model.drug.value,
        got=drug.value,
        remedy="Choose a model of that drug; a racemate is simulated as its halves.",
    )


def analytes(model: PublishedModel, drug: Drug) -> dict[str, str]:
    """Return the analyte of each role of the structure, for ``drug``."""
    if drug is model.drug:
        return model.analytes
    entry = extension(model, drug)
    if entry is None:
        raise _not_described(model, drug)
    return {role: entry.analytes[analyte] for role, analyte in model.analytes.items()}
