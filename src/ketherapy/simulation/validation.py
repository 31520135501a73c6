"""Prediction beside measurement: every usable observation under every model that fits it.

Arterial is never compared with venous. Rows that helped to make a model are marked in-sample.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.observations import (
    Observation,
    molar_mass,
    observations,
    regimen_of,
)
from ketherapy.regimen import Drug
from ketherapy.simulation import domain, exposure
from ketherapy.simulation.solve import simulate

_SITELESS = ("CL", "F")  # quantities that do not depend on where blood is drawn


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One observation under one model, both in the unit that was printed."""

    row: Observation
    model: PublishedModel
    observed: float
    predicted: float
    is_in_sample: bool

    @property
    def ratio(self) -> float:
        """Return predicted over observed."""
        return self.predicted / self.observed


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Comparisons of one model, site, analyte and kind of quantity."""

    model: PublishedModel
    site: str
    analyte: str
    quantity: str
    is_in_sample: bool
    members: tuple[Comparison, ...]

    @property
    def GMR(self) -> float:
        """Return the geometric mean of predicted over observed."""
        return math.exp(math.fsum(math.log(c.ratio) for c in self.members) / len(self.members))

    @property
    def median_error(self) -> float:
        """Return the median of |predicted / observed - 1|, in per cent."""
        return 100.0 * float(np.median([abs(c.ratio - 1.0) for c in self.members]))


def comparisons() -> tuple[Comparison, ...]:
    """Return every comparison that may be made."""
    return tuple(_compared())


def _compared() -> Iterator[Comparison]:
    for row in observations():
        if row.use == "no" or row.value is None:
            continue
        for model in catalog.models():
            if fits(row, model):
                yield Comparison(
                    row=row,
                    model=model,
                    observed=row.value,
                    predicted=predicted(row, model),
                    is_in_sample=_in_sample(row, model),
                )


def fits(row: Observation, model: PublishedModel) -> bool:
    """Return whether ``row`` may be held against ``model``: same analyte, drug, route and site."""
    if not domain.is_for_adults(model):
        return False  # every measurement that is scored is of adults outside intensive care
    if row.metric in _SITELESS and row.metric == "CL":
        return _describes(model, Drug(row.analyte))
    if row.use == "implementation" and row.in_sample != model.id:
        return False
    if row.drug is None or row.route is None:
        return False
    if row.metric not in _SITELESS and row.site != model.site:
        return False
    routes = regimen_of(row).routes
    return all(domain.fits(model, row.drug, route) for route in routes) and (
        row.analyte in _analytes(model, row.drug)
    )


def _describes(model: PublishedModel, drug: Drug) -> bool:
    return any(route == "iv" and domain.fits(model, drug, route) for route in model.domain.routes)


def _analytes(model: PublishedModel, drug: Drug) -> set[str]:
    if drug is Drug.KETAMINE and model.drug is not Drug.KETAMINE:
        halves = (Drug.ESKETAMINE, Drug.ARKETAMINE)
        both = {name for half in halves for name in catalog.analytes(model, half).values()}
        return both | {"ketamine", "norketamine"}
    return set(catalog.analytes(model, drug).values())


def _in_sample(row: Observation, model: PublishedModel) -> bool:
    if not row.in_sample:
        return False
    uses = {model.id}
    if row.analyte != model.drug.value:
        uses |= {entry.id for entry in catalog.extensions() if model.id in entry.extends}
    return row.in_sample in uses


def predicted(row: Observation, model: PublishedModel) -> float:
    """Return what ``model`` predicts for ``row``, in the unit of the row.

    Units   those of the row
    Errors  ContractError for a quantity that is not predicted
    """
    person = row.person()
    if row.metric == "CL":
        CL = exposure.CL(model, Drug(row.analyte), person=person)
        is_per_kg = row.unit.endswith("/kg")
        value = CL / float(person.weight) if is_per_kg else CL  # pyright: ignore[reportArgumentType]
        return units.convert(value, "L/h/kg" if is_per_kg else "L/h", to=row.unit)
    regimen = regimen_of(row)
    match row.metric:
        case "concentration":
            data = simulate(model, regimen, np.array([row.time_h]), person=person)
            return _level(row, float(data[row.analyte].values[0]))
        case "Cmax":
            until = row.end_h or 24.0
            return _level(
                row, exposure.Cmax(model, regimen, row.analyte, until=until, person=person)
            )
        case "Tmax":
            until = row.end_h or 24.0
            Tmax = exposure.Tmax(model, regimen, row.analyte, until=until, person=person)
            return units.convert(Tmax, "h", to=row.unit)
        case "AUC":
            interval = (0.0, row.end_h or math.inf)
            area = exposure.AUC(model, regimen, row.analyte, interval=interval, person=person)
            return units.convert(area, "mg*h/L", to=row.unit)
        case "F":
            return units.convert(exposure.F(model, regimen, person=person), "1", to=row.unit)
        case "other":
            raise ContractError(
                f"observation {row.id}", expected="a quantity that is predicted",
                got=row.statistic, remedy="Mark the row as not used, with the reason.",
            )  # fmt: skip


def _level(row: Observation, level: float) -> float:
    ng = units.convert(level, "mg/L", to="ng/mL")
    if units.same_kind(row.unit, "nmol/mL"):
        return ng / molar_mass(row.analyte)
    return units.convert(ng, "ng/mL", to=row.unit)


_QUANTITY = {
    "concentration": "concentration",
    "Cmax": "concentration",
    "AUC": "AUC",
    "Tmax": "time of peak",
    "CL": "clearance",
    "F": "bioavailability",
}


def groups(found: tuple[Comparison, ...]) -> tuple[Group, ...]:
    """Return ``found`` by model, site, analyte, quantity and in-sample or not, in that order."""
    gathered: dict[tuple[str, str, str, str, bool, bool], list[Comparison]] = {}
    for c in found:
        site = "any" if c.row.metric in _SITELESS else c.row.site
        is_check = c.row.use == "implementation"
        key = (c.model.id, site, c.row.analyte, _QUANTITY[c.row.metric], c.is_in_sample, is_check)
        gathered.setdefault(key, []).append(c)
    return tuple(
        Group(
            model=members[0].model,
            site=key[1],
            analyte=key[2],
            quantity=key[3],
            is_in_sample=key[4],
            members=tuple(members),
        )
        for key, members in sorted(gathered.items())
    )
