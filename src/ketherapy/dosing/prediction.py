"""The peak level that a planned dose is predicted to reach, as the limit ladder takes it.

Where several models cover a route, the one whose band ends highest decides, and is named. A route
without a model that can be relied on for a peak has no prediction, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from ketherapy import __version__
from ketherapy.dosing.ladder import asked_of
from ketherapy.dosing.planned import PlannedDose, Predicted
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.rungs import Asked, Visit
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import ConfidenceLevel, PublishedModel, extremes
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.accepted import sprays
from ketherapy.simulation.band import deviations
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.solve import simulate

BAND = "5 to 95 % of people"
_ENDS = (0.05, 0.5, 0.95)
_PEOPLE, _SEED = 128, 20260101  # the same virtual people each time: a ladder does not flicker
_BEHIND = 12.0  # [h] in which a peak is looked for; convention
_GROWTH = 1.2  # of the steps behind each input; convention


@dataclass(frozen=True, kw_only=True, slots=True)
class NotPredicted:
    """Why no peak is predicted."""

    reason: str


def predicted(
    protocol: Protocol, dose: PlannedDose, person: Person, *, visit: Visit
) -> Predicted | NotPredicted:
    """Return the highest level of ``dose`` with its band between people, or why there is none.

    Units   result mg, h and mg/L
    Source  ketherapy
    Errors  ContractError for a phase that the protocol does not have
    """
    asked = asked_of(protocol, dose, visit)
    if person.weight is None:
        return NotPredicted(reason="No peak is predicted without a body weight: none is assumed.")
    amount = dose.amount or asked.mg(asked.phase.dose.given.value)
    if amount is None:
        return NotPredicted(reason="No peak is predicted without an amount.")
    models = _relied_on(protocol.drug, protocol.route)
    if not models:
        return NotPredicted(reason=_why_none(protocol.drug, protocol.route))
    try:
        regimen = _regimen(asked, amount)
        found = [_of(model, regimen, person, over=asked.over) for model in models]
    except ContractError as error:
        return NotPredicted(reason=str(error))
    known = [one for one in found if one is not None]
    if not known:
        return NotPredicted(reason="How much people differ is not known for any model of it.")
    return _highest(known)


def _highest(known: list[Predicted]) -> Predicted:
    """Return the prediction whose band ends highest, and of how many it is that."""
    most = max(known, key=lambda one: one.high)
    if len(known) == 1:
        return most
    return replace(most, model=f"{most.model}, the highest of {len(known)} models")


def _relied_on(drug: Drug, route: Route) -> tuple[PublishedModel, ...]:
    uses = [one for one in catalog.uses() if drug in one.drugs and route in one.routes]
    good = [one.model for one in uses if one.confidence_level is not ConfidenceLevel.LOW]
    return tuple(catalog.published(key) for key in dict.fromkeys(good))


def _why_none(drug: Drug, route: Route) -> str:
    uses = [one for one in catalog.uses() if drug in one.drugs and route in one.routes]
    said = " ".join(f"{one.why} {one.confidence}" for one in uses)
    named = f"{drug.value} by this route ({route.value})"
    if not said:
        return f"No model of {named} is shipped."
    return f"No model of {named} can be relied on for a peak: {said}"


def _regimen(asked: Asked, amount: float) -> Regimen:
    drug, route = asked.protocol.drug, asked.protocol.route
    if route is Route.INTRANASAL:
        return sprays(drug, amount)
    return Regimen.of(Dose(drug=drug, route=route, amount=amount, over=asked.over))


def _of(
    model: PublishedModel, regimen: Regimen, person: Person, *, over: float
) -> Predicted | None:
    peaks = _peaks(model, regimen, person)
    if peaks is None:
        return None
    low, median, high = peaks
    return Predicted(
        amount=regimen.total, over=over, low=low, median=median, high=high, band=BAND,
        model=f"{model.id} ({model.site_text})", population=model.population.text,
        engine=f"ketherapy {__version__}",
    )  # fmt: skip


def _peaks(
    model: PublishedModel, regimen: Regimen, person: Person
) -> tuple[float, float, float] | None:
    """Return the ends and the middle of the band of peaks, as wide as what is known only roughly.

    Units   mg/L
    """
    eta = deviations(model, _PEOPLE, seed=_SEED)
    if not eta:
        return None
    t = _times(model, regimen, person)
    bands = []
    for one in (model, *extremes(model)):
        data = simulate(one, regimen, t, person=person, eta=eta)
        bands.append(np.quantile(np.max(data[regimen.drug.value].values, axis=-1), _ENDS))
    lows, middles, highs = np.array(bands).T
    return float(lows.min()), float(middles[0]), float(highs.max())


def _times(model: PublishedModel, regimen: Regimen, person: Person) -> Float[np.ndarray, " time"]:
    edges = distinct(np.append(input_edges(model, regimen, person), 0.0))
    return distinct(behind(edges, float(edges[-1]) + _BEHIND, growth=_GROWTH))
