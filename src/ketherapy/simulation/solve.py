"""Simulate a regimen under a published model: the one way from a dose to a concentration.

The numerical engine is loaded on first use and works in 64-bit floats inside its own scope,
whatever the caller's setting is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from ketherapy import __version__
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog, interactions
from ketherapy.pharmacology.catalog import Extension, PublishedModel
from ketherapy.pharmacology.compartments import (
    ELIMINATED,
    AbstractStructure,
    Array,
    Observed,
    Param,
    rate_matrix,
    reached,
)
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects.turnover import Turnover
from ketherapy.regimen import Dose, Drug, Regimen, dose_text, substances
from ketherapy.simulation import domain
from ketherapy.simulation.engine import AUTOMATIC, Engine
from ketherapy.sources import Status, cite

if TYPE_CHECKING:
    import xarray as xr

ENGINE = f"ketherapy {__version__}, exact propagator"

# A total is offered only where both enantiomers are simulated.
TOTALS = {
    "ketamine": ("esketamine", "arketamine"),
    "norketamine": ("esnorketamine", "arnorketamine"),
    "hydroxynorketamine": ("eshydroxynorketamine", "arhydroxynorketamine"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One drug species simulated on its own: the whole drug, or one half of the racemate."""

    drug: Drug
    regimen: Regimen
    structure: AbstractStructure
    analytes: dict[str, str]  # role in the structure -> analyte, of what is predicted


def precision() -> AbstractContextManager[object]:
    """Return the scope in which the engine's arrays are 64-bit; needed to take gradients."""
    import jax

    return jax.enable_x64(True)


def parts(
    model: PublishedModel,
    regimen: Regimen,
    *,
    person: Person,
    eta: Mapping[str, Param] | None = None,
    values: Mapping[str, Param] | None = None,
) -> tuple[Part, ...]:
    """Return what has to be simulated: one part, or S and R for a racemate on an S model.

    ``values`` stand in place of the typical ones, as in ``catalog.structure``.

    Units   mg, L, h
    Errors  ContractError for a drug or route the model was not made for
    """
    _check(model, regimen)
    return split(model, regimen, person=person, eta=eta, values=values)


def split(
    model: PublishedModel,
    regimen: Regimen,
    *,
    person: Person,
    eta: Mapping[str, Param] | None = None,
    values: Mapping[str, Param] | None = None,
) -> tuple[Part, ...]:
    """Return the parts as ``parts`` does, also by a route that the model is not offered for.

    Units   mg, L, h
    Errors  ContractError for a drug the model cannot describe
    """
    regimen, predicted = _with_other_drugs(regimen, person)
    is_split = regimen.drug is Drug.KETAMINE and model.drug is not Drug.KETAMINE
    species = (Drug.ESKETAMINE, Drug.ARKETAMINE) if is_split else (regimen.drug,)
    return tuple(
        Part(
            drug=drug,
            regimen=_share(regimen, drug, 1.0 / len(species)),
            structure=catalog.structure(model, person, drug=drug, eta=eta, values=values),
            analytes={
                role: analyte
                for role, analyte in catalog.analytes(model, drug).items()
                if predicted is None or role in predicted
            },
        )
        for drug in species
    )


def _with_other_drugs(regimen: Regimen, person: Person) -> tuple[Regimen, tuple[str, ...] | None]:
    """Return what acts as ``regimen`` does beside other drugs, and the roles still predicted."""
    if not interactions.applied(regimen, person):
        return regimen, None
    return interactions.effective(regimen, person), ("parent",)


def _check(model: PublishedModel, regimen: Regimen) -> None:
    for route in sorted(regimen.routes):
        offered = catalog.drugs(model, route)
        if regimen.drug not in offered:
            raise ContractError(
                f"{model.id}",
                expected=domain.offer(model),
                got=f"{regimen.drug.value} {route.value}",
                remedy="Choose another model, drug or route.",
            )


def _share(regimen: Regimen, drug: Drug, share: float) -> Regimen:
    return Regimen(
        doses=tuple(
            Dose(
                drug=drug,
                route=dose.route,
                amount=dose.amount * share,
                at=dose.at,
                over=dose.over,
                device=dose.device,
            )
            for dose in regimen.doses
        )
    )


def amounts(
    structure: AbstractStructure, regimen: Regimen, t: Float[Array, " time"]
) -> Float[Array, "*patients time state"]:
    """Return the amount in each state of ``structure``; differentiable inside ``precision()``.

    Units   t h; result mg
    Source  ketherapy
    """
    from ketherapy.simulation.solvers import exact
    from ketherapy.simulation.solvers.inputs import pulses

    states = structure.states
    xp = exact.namespace(*structure.parameters())
    K = rate_matrix(states, structure.flows(), xp)
    return exact.states(K, pulses(structure, regimen, xp, states=states), t)


def levels(
    structure: AbstractStructure,
    regimen: Regimen,
    t: Float[Array, " time"],
    *,
    times_dose: Param = 1.0,
    turnover: Turnover | None = None,
    engine: Engine = AUTOMATIC,
) -> dict[str, Array]:
    """Return the concentration of each observed role; differentiable inside ``precision()``.

    States that this regimen never reaches, and what has been eliminated, are not computed. Every
    amount is multiplied by ``times_dose``, so that a regimen in mg/kg is given by weight. Where a
    ``turnover`` is driven, its course is returned as ``response``.

    Shapes  each is (*patients, time); times_dose is a number or one for each patient
    Units   t h; result mg/L
    Source  ketherapy
    Errors  ContractError for a driver that is not observed
    """
    from ketherapy.simulation.solvers import chosen
    from ketherapy.simulation.solvers.inputs import Driven, network, pulses

    doors = {door.state for dose in regimen.doses for door in structure.doors(dose)}
    inside = reached(structure.flows(), doors) - {ELIMINATED}
    states = tuple(state for state in structure.states if state in inside)
    scales = {role: _scale(structure, role) for role in structure.observed}
    net = network(structure, states, scales=scales)
    xp = chosen.namespace(*structure.parameters(), times_dose, t)
    given = pulses(structure, regimen, xp, states=states, times=times_dose)
    driven = None
    if turnover is not None:
        driver = _observed(structure, turnover.driver)
        driven = Driven(
            state=states.index(driver.state),
            kin=turnover.kin,
            kout=turnover.kout,
            Emax=turnover.Emax,
            EC50=turnover.EC50,
            gamma=turnover.gamma,
            scale=scales[turnover.driver],
        )
    found = chosen.levels(net, given, t, driven=driven, engine=engine)
    return dict(zip([*scales, *(["response"] if driven else [])], found, strict=True))


def _observed(structure: AbstractStructure, role: str) -> Observed:
    if role not in structure.observed:
        raise ContractError(
            "driver",
            expected=f"one of {', '.join(structure.observed)}",
            got=role,
            remedy="Only an observed level can drive a response.",
        )
    return structure.observed[role]


def _scale(structure: AbstractStructure, role: str) -> Param:
    observed = structure.observed[role]
    return molar_ratio(observed.substance) / getattr(structure, observed.volume)


def molar_ratio(substance: str | None) -> float:
    """Return the mass of ``substance`` formed from one mass of ketamine, or 1 where none is named.

    Units   1
    Source  simons2022
    """
    if substance is None:
        return 1.0
    masses = substances()
    return masses[substance]["molar_mass"].value / masses["ketamine"]["molar_mass"].value


def simulate(
    model: PublishedModel,
    regimen: Regimen,
    t: Float[np.ndarray, " time"],
    *,
    person: Person | None = None,
    eta: Mapping[str, Param] | None = None,
    values: Mapping[str, Param] | None = None,
    engine: Engine = AUTOMATIC,
) -> xr.Dataset:
    """Return the predicted concentration of every analyte that ``model`` describes.

    One variable for each analyte, over ``time`` and, where the person or ``eta`` is an array,
    ``patient``. For racemic ketamine on an S-ketamine model the enantiomers are simulated apart
    and their sums added as ``ketamine``, ``norketamine`` and so on. ``values`` stand in place of
    the typical values: one draw of their uncertainty, or a sensitivity.

    Shapes  t may be in any order
    Units   t h; result mg/L
    Source  ketherapy
    Errors  ContractError for a drug, route or person the model cannot describe
    """
    person = person or Person()
    t = _times(t)
    halves = parts(model, regimen, person=person, eta=eta, values=values)
    found = concentrations(halves, t, engine=engine)
    data = _labelled(model, regimen, person, t, _broadcast(found, person, eta))
    if eta:
        data.attrs["uncertainty"] = domain.spread_drawn(model)
    if values is not None:
        data.attrs["values"] = "other than the typical ones, as the caller gave them"
    return data


def concentrations(
    split: tuple[Part, ...], t: Float[np.ndarray, " time"], *, engine: Engine = AUTOMATIC
) -> dict[str, Float[np.ndarray, "*patients time"]]:
    """Return the concentration of every analyte of the parts, totals of a racemate among them.

    Units   t h; result mg/L
    Source  ketherapy
    """
    found: dict[str, np.ndarray] = {}
    with precision():
        for part in split:
            for role, level in levels(part.structure, part.regimen, t, engine=engine).items():
                if role in part.analytes:
                    found[part.analytes[role]] = np.asarray(level)
    for total, (S, R) in TOTALS.items():
        if S in found and R in found:
            found[total] = found[S] + found[R]
    return found


def parents(found: Collection[str]) -> list[str]:
    """Return which analytes are the drug as it was fitted: its enantiomers, or the whole."""
    halves = [name for name in ("esketamine", "arketamine") if name in found]
    return halves or [name for name in ("ketamine",) if name in found]


def _broadcast(
    found: Mapping[str, np.ndarray], person: Person, eta: Mapping[str, Param] | None
) -> dict[str, np.ndarray]:
    """Give every analyte one row for each person asked for, also where the model ignores them."""
    asked = np.broadcast_shapes(person.shape, *(np.shape(v) for v in (eta or {}).values()))
    return {
        name: np.broadcast_to(v, (*asked, v.shape[-1])) if v.ndim <= len(asked) else v
        for name, v in found.items()
    }


def _times(t: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    t = np.asarray(t, float)
    if t.ndim != 1 or t.size == 0 or not np.all(np.isfinite(t)):
        raise ContractError(
            "times", expected="finite hours on one axis", got=t.shape, remedy="Correct them."
        )
    return t


def _labelled(
    model: PublishedModel,
    regimen: Regimen,
    person: Person,
    t: Float[np.ndarray, " time"],
    found: Mapping[str, np.ndarray],
) -> xr.Dataset:
    import xarray as xr

    dims = ("patient", "time") if any(v.ndim == 2 for v in found.values()) else ("time",)
    variables = {
        analyte: (
            dims,
            values,
            {
                "units": "mg/L",
                "long_name": f"predicted {analyte} concentration",
                "sampling_site": model.site,
                "matrix": model.matrix,
            },
        )
        for analyte, values in found.items()
    }
    hours = {"units": "h", "long_name": "time since the start of the regimen"}
    data = xr.Dataset(variables, coords={"time": ("time", t, hours)})
    if "patient" in data.dims:
        data = data.assign_coords(patient=np.arange(data.sizes["patient"]))
    provenance = _provenance(model, regimen, person, float(np.max(t)))
    highest = max(float(np.max(found[name])) for name in parents(found))
    if beyond := domain.above_studied(model, highest):
        provenance["cautions"] = "\n".join(filter(None, (provenance["cautions"], beyond)))
    return data.assign_attrs(provenance)


def _status(model: PublishedModel, extended: Extension | None) -> str:
    """Return how well the result is known: a convention stays one, also when it is extended."""
    is_choice = model.status is Status.CONVENTION
    return (model.status if is_choice or extended is None else extended.status).value


def _provenance(
    model: PublishedModel, regimen: Regimen, person: Person, until: float
) -> dict[str, str]:
    extended = domain.extension_used(model, regimen.drug)
    keys = [model.source, *model.also]
    if extended is not None:
        keys += [extended.source, *extended.also]
    keys += [row.source for row in interactions.applied(regimen, person)]
    return {
        "model": model.id,
        "extension": extended.id if extended else "",
        "status": _status(model, extended),
        "drug": regimen.drug.value,
        "regimen": "; ".join(f"{dose_text(dose)} at {dose.at:g} h" for dose in regimen.doses),
        "sampling_site": model.site_text,
        "population": model.population.text,
        "uncertainty": domain.spread(model),
        "sources": "\n".join(cite(key) for key in dict.fromkeys(keys)),
        "cautions": "\n".join(domain.cautions(model, regimen, person=person, until=until)),
        "engine": ENGINE,
        "nature": "predicted, not measured; a simulation, not a dose order",
    }
