"""Published measurements of concentration and exposure, as printed, with what was given.

Rows are kept whether usable or not; a row that is not used says why.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Ancestry, Person
from ketherapy.records import RECORD
from ketherapy.regimen import Dose, Drug, Regimen, Route, substances
from ketherapy.sources import Cited, Status

_ROWS = Path(__file__).parent / "data" / "observations.csv"

_CONVENTIONS = Path(__file__).parent / "data" / "conventions.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Observation:
    """One printed number."""

    id: str
    source: str
    locator: str
    status: Status
    given: str  # route, formulation, dose and duration in the source's words
    population: str
    analyte: str
    site: Literal["venous", "arterial", "not stated", "several"]
    metric: Literal["concentration", "Cmax", "Tmax", "AUC", "CL", "F", "other"]
    statistic: str
    unit: str
    use: Literal["score", "implementation", "no"]
    drug: Drug | None = None
    route: Route | None = None
    regimen: str = ""
    weight_kg: float | None = None
    ancestry: Ancestry | None = None
    n: int | None = None
    time_h: float | None = None
    end_h: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    spread: str = ""
    also: str = ""  # the document it was read in, where that is not the source itself
    in_sample: str = ""  # the model or extension that this row helped to make
    reason: str = ""  # why it is not used
    note: str = ""

    @property
    def site_text(self) -> str:
        """Return the sampling site in words."""
        match self.site:
            case "venous" | "arterial":
                return f"{self.site} plasma"
            case "several":
                return "several sites"
            case "not stated":
                return "sampling site not stated"

    def person(self) -> Person:
        """Return the typical person of this row; 70 kg where the weight was not printed."""
        return Person(weight=weight_of(self), ancestry=self.ancestry)


@record(frozen=True, kw_only=True, config=RECORD)
class Conventions:
    """What we assume about a row where its source says nothing."""

    source: str
    status: Status
    typical_weight: Cited  # where a dose or a clearance is per kg and no weight is printed
    comparable_within: Cited  # how far a dose or a duration may differ and still be comparable


@lru_cache(maxsize=1)
def conventions() -> Conventions:
    """Return the conventions of ``data/conventions.toml``."""
    return records.load(Conventions, _CONVENTIONS)


@lru_cache(maxsize=1)
def observations() -> tuple[Observation, ...]:
    """Return every row, in the order of the file."""
    return records.load_rows(Observation, _ROWS)


def weight_of(row: Observation) -> float:
    """Return the printed weight [kg], or the convention where none is printed."""
    if row.weight_kg is not None:
        return row.weight_kg
    typical = conventions().typical_weight
    return units.convert(typical.value, typical.unit, to="kg")


def ng_per_ml(value: float, unit: str, analyte: str) -> float:
    """Return a printed concentration of ``analyte`` in ng/mL.

    Units   value in ``unit``; result ng/mL
    Source  simons2022
    """
    if units.same_kind(unit, "nmol/mL"):
        return units.convert(value, unit, to="nmol/mL") * molar_mass(analyte)
    return units.convert(value, unit, to="ng/mL")


def molar_mass(analyte: str) -> float:
    """Return the molar mass of ``analyte`` [g/mol], whichever its handedness.

    Units   g/mol
    Source  simons2022
    """
    for substance in ("ketamine", "norketamine", "hydroxynorketamine"):
        if analyte in (substance, f"es{substance}", f"ar{substance}"):
            return substances()[substance]["molar_mass"].value
    raise ContractError(
        "analyte", expected="one whose molar mass is known", got=analyte, remedy="Add it."
    )


def regimen_of(row: Observation) -> Regimen:
    """Return what was given, with doses per kg at the row's weight.

    Errors  ContractError where the row does not say what was given
    """
    if row.drug is None or not row.regimen:
        raise ContractError(
            f"observation {row.id}", expected="a drug and a regimen", got=row.regimen,
            remedy="This row can only be used for what needs no regimen.",
        )  # fmt: skip
    weight = weight_of(row)
    doses, start = [], 0.0
    for place, text in enumerate(part.strip() for part in row.regimen.split(";")):
        dose = _dose(text, row.drug, row.route, weight, start, place + 1)
        doses.append(dose)
        start = dose.ends
    return Regimen(doses=tuple(doses))


def _dose(
    text: str, drug: Drug, route: Route | None, weight: float, start: float, place: int
) -> Dose:
    """Read '<amount> [route] [over|for <duration>] [at <time>]'; 'for' follows a rate."""
    text, _, at = text.partition(" at ")
    given, word, duration = _halves(text)
    words = given.split(" ")
    way = Route(words.pop()) if len(words) > 2 else route
    value, unit = units.split(" ".join(words), what="observation", example="10 mg")
    over = units.read(duration, what="duration", to="h", example="40 min") if duration else 0.0
    amount = _mg(value, unit, weight, hours=over if word == " for " else None)
    begin = units.read(at, what="start", to="h", example="6 h") if at else start
    if way is None:
        raise ContractError("route", expected="a route", got=text, remedy="Name it in the row.")
    device = place if way is Route.INTRANASAL else 1
    return Dose(
        drug=drug,
        route=way,
        amount=amount,
        at=0.0 if way is Route.INTRANASAL and not at else begin,
        over=over,
        device=device,
    )


def _halves(text: str) -> tuple[str, str, str]:
    word = " for " if " for " in text else " over "
    return text.partition(word)


def _mg(value: float, unit: str, weight: float, *, hours: float | None) -> float:
    """Return the amount; a rate takes 'for' and its hours, an amount takes neither."""
    taken = ("mg", "mg/kg") if hours is None else ("mg/h", "mg/kg/h")
    for to in taken:
        if units.same_kind(unit, to):
            scale = weight if "/kg" in to else 1.0
            return units.convert(value, unit, to=to) * scale * (1.0 if hours is None else hours)
    raise ContractError(
        "amount", expected=" or ".join(taken), got=unit,
        remedy="A rate is given 'for' a time, an amount 'over' one.",
    )  # fmt: skip
