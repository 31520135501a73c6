"""What other drugs, the kidney, the liver and a genotype do to levels, as far as it was measured.

An interaction belongs to a route: what changes an oral dose seven-fold may leave an infusion as it
is. Only what was measured is applied; everything else is said and not computed.

How it is applied is our assumption: the printed change of the area under the curve by a route
multiplies the amount given by that route, so that the curve keeps its shape. Of metabolites that
would be wrong, since these change in other ways; they are then not predicted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Function, Label, Person, has
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Regimen, Route
from ketherapy.sources import Status, cite

_ROWS = Path(__file__).parent / "data" / "interactions.csv"
_IMPAIRED = (Function.MILD, Function.MODERATE, Function.SEVERE)


class Kind(StrEnum):
    """What acts on the levels."""

    DRUG = "drug"
    KIDNEY = "kidney"
    GENOTYPE = "genotype"


@record(frozen=True, kw_only=True, config=RECORD)
class Interaction:
    """One measured change of exposure by one route, as printed: a number or a range."""

    id: str
    kind: Kind
    agent: str
    drug: Drug  # with which it was measured
    route: Route
    metric: Literal["AUC", "Cmax", "CL"]
    form: Literal["change", "fold"]
    unit: str
    design: str
    source: str
    locator: str
    status: Status
    value: float | None = None
    low: float | None = None
    high: float | None = None
    rule: str = ""  # id of the clinical rule on the same pair
    also: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        is_range = self.low is not None and self.high is not None
        if (self.value is None) != is_range:
            raise ValueError("a value or a range is needed, and not both")
        if not self.factor(self.low if self.value is None else self.value) > 0.0:
            raise ValueError("a change leaves something above zero")

    def factor(self, printed: float | None) -> float:
        """Return a printed number as what multiplies the metric.

        Errors  ContractError where this row prints no such number
        """
        if printed is None:
            raise ContractError(
                f"interaction {self.id}", expected="a number", got=None,
                remedy="It prints a range, which is shown and not applied.",
            )  # fmt: skip
        fold = units.convert(printed, self.unit, to="1")
        return 1.0 + fold if self.form == "change" else fold

    @property
    def cited(self) -> str:
        """Return the source and the clinical rule in words."""
        return f"{cite(self.source)}{f' Rule {self.rule}.' if self.rule else ''}"

    @property
    def printed(self) -> str:
        """Return the magnitude as it is printed."""
        if self.value is None:
            return f"{self.low:+g} to {self.high:+g} {self.unit}"
        return f"{self.value:+g} {self.unit}" if self.form == "change" else f"× {self.value:g}"


@lru_cache(maxsize=1)
def interactions() -> tuple[Interaction, ...]:
    """Return every interaction of known magnitude, in the order of the file."""
    return records.load_rows(Interaction, _ROWS)


def interacting_drugs() -> tuple[str, ...]:
    """Return the drugs whose effect on levels was measured by some route."""
    return tuple(dict.fromkeys(row.agent for row in interactions() if row.kind is Kind.DRUG))


def rows(kind: Kind, *, agent: str, route: Route, metric: str = "AUC") -> tuple[Interaction, ...]:
    """Return the rows on one agent by one route."""
    return tuple(
        row
        for row in interactions()
        if (row.kind, row.agent, row.route, row.metric) == (kind, agent, route, metric)
    )


def applied(regimen: Regimen, person: Person) -> tuple[Interaction, ...]:
    """Return the interactions that change what is computed for ``person``.

    Errors  ContractError for a drug nothing is known of, or for two that act on one route
    """
    if unknown := sorted(set(person.drugs) - set(interacting_drugs())):
        raise ContractError(
            "other drugs", expected=f"among {', '.join(interacting_drugs())}",
            got=", ".join(unknown),
            remedy="For others no change of levels is known: leave them out, knowing that.",
        )  # fmt: skip
    return tuple(row for route in sorted(regimen.routes) for row in acting(route, person.drugs))


def acting(route: Route, drugs: Collection[str]) -> tuple[Interaction, ...]:
    """Return the interactions of other drugs with a dose by ``route``.

    Errors  ContractError for two that act on it
    """
    found = tuple(
        row for name in sorted(set(drugs)) for row in rows(Kind.DRUG, agent=name, route=route)
    )
    if len(found) > 1:
        raise ContractError(
            f"other drugs with an {route.value} dose", expected="one that changes levels",
            got=", ".join(row.agent for row in found),
            remedy="What two do together was not measured, so nothing is predicted.",
        )  # fmt: skip
    return found


def effective(regimen: Regimen, person: Person) -> Regimen:
    """Return ``regimen`` with each amount as it would have to be to act without the other drugs.

    Units   mg
    Source  derived: AUC is proportional to the amount, so its printed change multiplies it
    Errors  ContractError as ``applied`` raises it
    """
    by_route = {row.route: row.factor(row.value) for row in applied(regimen, person)}
    if not by_route:
        return regimen
    return Regimen(
        doses=tuple(
            replace(dose, amount=dose.amount * by_route.get(dose.route, 1.0))
            for dose in regimen.doses
        )
    )


def cautions(regimen: Regimen, person: Person) -> Iterator[str]:
    """Give what is said of other drugs, kidney and liver: what is applied and what is not.

    Errors  ContractError as ``applied`` raises it
    """
    used = applied(regimen, person)
    for row in used:
        yield from _said_of(row, regimen.drug)
    for route in sorted(regimen.routes):
        for name in dict.fromkeys(person.drugs):
            if not any((row.agent, row.route) == (name, route) for row in used):
                yield f"{name}: its effect on {route.value} doses was not found and is left out."
        if _impaired(person.kidney):
            yield from _kidney(route)
    if _impaired(person.liver):
        yield (
            "Impaired liver: no numbers on levels were found, so nothing is changed for it; real"
            " levels may be higher and last longer. The label of the nasal spray asks for longer"
            " observation in moderate impairment and advises against the spray in severe."
            f" {cite('spravato_label')}"
        )


def _impaired(label: Label) -> bool:
    return bool(np.any(has(label, _IMPAIRED)))


def _said_of(row: Interaction, drug: Drug) -> Iterator[str]:
    factor = units.shown(row.factor(row.value))
    other = "" if drug is row.drug else f" It was measured with {row.drug.value} only."
    yield (
        f"{row.agent}: its measured effect on the area under {row.route.value} {row.drug.value} is"
        f" {row.printed} ({row.design}). The {row.route.value} amount counts {factor} times here,"
        f" which assumes that the curve keeps its shape and that everybody changes alike.{other}"
        f" Metabolites are not predicted."
        f" {row.cited}"
    )
    for peak in rows(row.kind, agent=row.agent, route=row.route, metric="Cmax"):
        yield (
            f"{row.agent}: the peak changed otherwise than the area ({peak.printed}), so the"
            " predicted peak is not to be relied on."
        )


def _kidney(route: Route) -> Iterator[str]:
    agent = "impaired kidney"
    found = rows(Kind.KIDNEY, agent=agent, route=route)
    if not found:
        yield f"Impaired kidney: its effect on {route.value} doses was not found and is left out."
    for row in found:
        peaks = rows(Kind.KIDNEY, agent=agent, route=route, metric="Cmax")
        also = "".join(f", peak {peak.printed}" for peak in peaks)
        yield (
            f"Impaired kidney: by the {route.value} route the area changed {row.printed}{also}"
            f" ({row.design}). A range is not applied: real levels may be so much higher."
            f" {row.cited}"
        )


def genotypes() -> tuple[str, ...]:
    """Return the genotypes whose effect on clearance can be tried."""
    return tuple(row.agent for row in interactions() if row.kind is Kind.GENOTYPE)


def sensitivity(model: PublishedModel, genotype: str) -> dict[str, float]:
    """Return the typical values of ``model`` with the clearance of people of ``genotype``.

    A sensitivity, never applied by itself: pass it to ``simulate`` as ``values``. The evidence is
    on long infusions, and a single oral dose showed no effect.

    Units   those of ``catalog.typical``
    Source  li2015
    Errors  ContractError for another genotype, or a model in which clearance is no parameter
    """
    found = [row for row in interactions() if (row.kind, row.agent) == (Kind.GENOTYPE, genotype)]
    if not found:
        raise ContractError(
            "genotype", expected=f"one of {', '.join(genotypes())}", got=genotype,
            remedy="For no other a change of clearance is known.",
        )  # fmt: skip
    values = catalog.typical(model)
    clearance = next((name for name in ("CL", "k10") if name in values), None)
    if clearance is None:
        raise ContractError(
            f"clearance of {model.id}", expected="a parameter of the model", got=None,
            remedy="Its liver forms metabolites in a way that the factor does not describe.",
        )  # fmt: skip
    return values | {clearance: values[clearance] * found[0].factor(found[0].value)}
