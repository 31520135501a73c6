"""A protocol in virtual people: what its first visit does, as far as there are models for it.

Everybody is given the usual dose for the own body weight, lowered by the limits. Predicted, never
measured; and never a reason to give anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ketherapy import units
from ketherapy.dosing.protocol import Protocol, least_stay, regimen
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import ConfidenceLevel, PublishedModel
from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog as effects_catalog
from ketherapy.pharmacology.effects.catalog import Effect, Level
from ketherapy.pharmacology.effects.structures import Dissociation
from ketherapy.regimen import Regimen
from ketherapy.simulation.effects import courses, numbers
from ketherapy.simulation.effects.conventions import horizon_end
from ketherapy.simulation.effects.driving import driver
from ketherapy.simulation.effects.entries import EffectsRequest
from ketherapy.simulation.effects.predict import effects_and_highest
from ketherapy.simulation.effects.readouts import horizon_times
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.effects.upstream import Upstream, upstream
from ketherapy.simulation.individuals import deviations
from ketherapy.simulation.people import AbstractPeople
from ketherapy.sources import cite

MOST = 2000  # people: their curves are in memory together
_SAID = "as the protocol says"
_PARENTS = ("esketamine", "arketamine")
_HIGHEST = {  # effect: its outputs of which the highest value is told
    "pressure": ("sbp_change", "dbp_change"),
    "dissociation": ("cadss",),
}
_NOT_MODELLED = (
    "when anybody is fit to leave: the time in the chair is the least that the protocol asks for",
    "later visits, doses that are raised or lowered, a bolus, pauses and stops",
    "other medicines, food and illness",
    "how well the estimates are known: the spread is that between people alone",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """One thing told of a visit: its median and 5 to 95 % over people, and what it rests on."""

    name: str
    unit: str
    low: float
    median: float
    high: float
    model: str  # the published model, or what else it rests on
    confidence: str
    sources: tuple[str, ...]  # ids of the bibliography


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulated:
    """What the first visit of a protocol does in virtual people."""

    protocol: Protocol
    n: int
    seed: int
    people: str
    people_source: str
    people_status: str
    measures: tuple[Measure, ...]
    refused: tuple[str, ...]  # what cannot be predicted here, with the reason
    not_modelled: tuple[str, ...]
    cautions: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Visit:
    """One visit of many people: the dose of the first of them, and the others' beside it."""

    regimen: Regimen
    times: Float[np.ndarray, " patient"]  # each person's dose by that of the first
    person: Person
    n: int
    seed: int

    def eta(self, model: PublishedModel) -> Mapping[str, Param]:
        return deviations(model, first=0, count=self.n, seed=self.seed)

    def upstream(self, model: PublishedModel) -> Upstream:
        eta = self.eta(model)
        return upstream(model, self.regimen, person=self.person, eta=eta, times=self.times)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Predicted:
    """What is told of one effect, or why nothing is."""

    measures: tuple[Measure, ...] = ()
    cautions: tuple[str, ...] = ()
    refused: str = ""


def simulated(protocol: Protocol, *, people: AbstractPeople, n: int, seed: int) -> Simulated:
    """Return what the first visit does in ``n`` of ``people``.

    Units   as each measure says
    Source  ketherapy
    Errors  ContractError for a route without a model whose peak can be relied on, or too many
            people
    """
    if not 1 <= n <= MOST:
        raise ContractError(
            "people", expected=f"1 to {MOST}", got=n, remedy="Correct the number."
        )  # fmt: skip
    models = _models(protocol)
    visit = _visit(protocol, people.take(0, n, seed=seed), n=n, seed=seed)
    found = [*_doses(protocol, visit), *_levels(models, visit)]
    predicted = [_predicted(effects_catalog.effect(name), models, visit) for name in _HIGHEST]
    measures = (*found, *(one for part in predicted for one in part.measures), _chair(protocol))
    cautions = (*_cautions(protocol, visit.person), *(c for p in predicted for c in p.cautions))
    return Simulated(
        protocol=protocol, n=n, seed=seed, people=people.text, people_source=people.source,
        people_status=people.status.value, measures=measures, not_modelled=_NOT_MODELLED,
        refused=tuple(one.refused for one in predicted if one.refused),
        cautions=tuple(dict.fromkeys(cautions)),
        sources=tuple(dict.fromkeys(cite(key) for one in measures for key in one.sources)),
    )  # fmt: skip


def _models(protocol: Protocol) -> tuple[PublishedModel, ...]:
    """Return the models drawn for its drug and route, where one can be relied on for a peak."""
    drug, route = protocol.drug, protocol.route
    uses = [use for use in catalog.uses() if drug in use.drugs and route in use.routes]
    good = [use.model for use in uses if use.confidence_level is not ConfidenceLevel.LOW]
    if good:
        return tuple(catalog.published(key) for key in dict.fromkeys(good))
    why = " ".join(f"{use.why} {use.confidence} Not for: {' '.join(use.not_for)}" for use in uses)
    raise ContractError(
        f"{drug.value}, {route.value}",
        expected="a route with a model whose peak can be relied on",
        got=protocol.id,
        remedy=why or "No model of this drug by this route is shipped.",
    )


def _visit(protocol: Protocol, person: Person, *, n: int, seed: int) -> _Visit:
    weights = np.atleast_1d(np.asarray(person.weight, dtype=float))
    given = [regimen(protocol, weight=float(weight)) for weight in weights]
    amounts = np.array([one.total for one in given])
    times = amounts / amounts[0]
    return _Visit(regimen=given[0], times=times, person=person, n=n, seed=seed)


def _spread(
    values: Float[np.ndarray, " patient"],
    *,
    name: str,
    unit: str,
    rests_on: tuple[str, str],
    sources: tuple[str, ...],
) -> Measure:
    """Return the median and 5 to 95 % of ``values``; ``rests_on`` is a model and its confidence."""
    low, median, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    model, confidence = rests_on
    return Measure(
        name=name, unit=unit, low=low, median=median, high=high, model=model,
        confidence=confidence, sources=sources,
    )  # fmt: skip


def _doses(protocol: Protocol, visit: _Visit) -> Iterator[Measure]:
    yield _spread(
        visit.times * visit.regimen.total, name="dose", unit="mg",
        rests_on=(protocol.id, _SAID), sources=(protocol.source,),
    )  # fmt: skip


def _levels(models: tuple[PublishedModel, ...], visit: _Visit) -> Iterator[Measure]:
    for model in models:
        up = visit.upstream(model)
        t = np.unique([*horizon_times(model, visit.regimen, visit.person), *up.edges])
        found = up.levels(t)
        level = np.sum([found[name] for name in _PARENTS if name in found], axis=0)
        yield _spread(
            np.max(level, axis=-1) * units.factor("mg/L", "ng/mL"),
            name=f"highest level, {model.site_text}", unit="ng/mL",
            rests_on=(model.id, model.confidence_level.value),
            sources=(model.source,),
        )  # fmt: skip


def _predicted(effect: Effect, models: tuple[PublishedModel, ...], visit: _Visit) -> _Predicted:
    try:
        model = driver(effect, models, visit.regimen, asked=EffectsRequest(effects=(effect,)))
        own = numbers.drawn(effect, count=visit.n, seed=visit.seed, levels=(Level.PERSON,))
        data, _ = effects_and_highest(
            model, visit.regimen, horizon_times(model, visit.regimen, visit.person),
            asked=Asked(effects=(effect,)), person=visit.person, times=visit.times,
            eta=visit.eta(model), numbers={effect.id: own},
        )  # fmt: skip
    except ContractError as error:
        return _Predicted(refused=str(error))
    told = {"rests_on": (f"{model.id} + {effect.id}", effect.confidence_level.value),
            "sources": (model.source, effect.source)}  # fmt: skip
    highest = {name: np.max(data[name].values, axis=-1) for name in _HIGHEST[effect.id]}
    measures = [
        _spread(
            np.broadcast_to(values, visit.n), name=f"highest {effect.outputs[name].name}",
            unit=effect.outputs[name].unit, **told,
        ) for name, values in highest.items()
    ]  # fmt: skip
    if (peak := _at_the_site(effect, model, visit)) is not None:
        name = "highest S-ketamine level where it arises"
        measures.insert(0, _spread(peak, name=f"{effect.name}: {name}", unit="ng/mL", **told))
    said = "\n".join(str(data.attrs[key]) for key in ("cautions", "model_cautions", "limits"))
    return _Predicted(
        measures=tuple(measures), cautions=tuple(line for line in said.splitlines() if line)
    )


def _at_the_site(
    effect: Effect, model: PublishedModel, visit: _Visit
) -> Float[np.ndarray, " patient"] | None:
    """Return the highest level [ng/mL] behind the delay of an effect; none without a delay."""
    structure = effects_catalog.structure(effect, effects_catalog.typical(effect))
    if not isinstance(structure, Dissociation):
        return None
    up = visit.upstream(model)
    samples = courses.sampled(up, horizon_end(up.edges))
    nodes = samples.over.nodes.ravel()
    Ce = courses.site(up, samples, nodes, t_half_ke0=structure.t_half_ke0)
    return np.max(Ce, axis=-1) * units.factor("mg/L", "ng/mL")


def _chair(protocol: Protocol) -> Measure:
    return _spread(
        np.array([least_stay(protocol)]), name="time in the chair, at the least", unit="h",
        rests_on=(protocol.id, _SAID),
        sources=(protocol.leaving.observed_for.source or protocol.source,),
    )  # fmt: skip


def _cautions(protocol: Protocol, person: Person) -> Iterator[str]:
    if protocol.is_off_label:
        yield "Off-label: no label names this use."
    if protocol.is_research:
        yield "Research: no guideline carries this protocol."
    if protocol.check_against:
        yield f"Check against {protocol.check_against}."
    age = np.atleast_1d(np.asarray(person.age, dtype=float))
    outside = np.zeros(len(age), dtype=bool)
    if protocol.age_from is not None:
        outside |= age < protocol.age_from.value
    if protocol.age_below is not None:
        outside |= age >= protocol.age_below.value
    if outside.any():
        yield f"{outside.sum()} of {len(age)} people are not of the age that the protocol is for."
