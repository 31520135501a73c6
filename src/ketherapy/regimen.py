"""What is given, when and by which route: Drug, Route, Dose, Regimen.

Amounts are mg of base; a salt is converted when it is loaded. Times are hours from a stated zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.sources import Cited

_SUBSTANCES = Path(__file__).parent / "data" / "substances.toml"


class Drug(StrEnum):
    """What the vial, spray or film contains."""

    KETAMINE = "ketamine"  # the racemate
    ESKETAMINE = "esketamine"  # S
    ARKETAMINE = "arketamine"  # R


class Route(StrEnum):
    """The way into the body."""

    IV = "iv"
    INTRANASAL = "intranasal"
    ORAL = "oral"  # swallowed
    SUBLINGUAL = "sublingual"  # film, wafer or lozenge held under the tongue
    BUCCAL = "buccal"  # the same, held in the cheek
    IM = "im"  # into a muscle, at once
    SC = "sc"  # under the skin: at once, or as a continuous infusion


def _positive(value: float, *, what: str, example: str) -> float:
    if not (math.isfinite(value) and value > 0):
        raise ContractError(
            what, expected=f"more than zero, such as {example}", got=value, remedy="Correct it."
        )
    return value


def _not_negative(value: float, *, what: str) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise ContractError(what, expected="zero or more", got=value, remedy="Correct it.")
    return value


@lru_cache(maxsize=1)
def substances() -> dict[str, dict[str, Cited]]:
    """Return molar masses [g/mol] and salt factors [1] by substance."""
    tables = records.read_table(_SUBSTANCES)
    return {
        name: {
            key: records.check(Cited, number, where=f"data/substances.toml, {name}.{key}")
            for key, number in entry.items()
            if isinstance(number, dict)
        }
        for name, entry in tables.items()
        if isinstance(entry, dict)
    }


def base_from_salt(amount: float) -> float:
    """Return the mg of base in ``amount`` mg of ketamine hydrochloride (racemic, S or R)."""
    return amount * substances()["ketamine_hydrochloride"]["base_fraction"].value


@dataclass(frozen=True, kw_only=True, slots=True)
class Dose:
    """One giving of one drug: an instant (``over`` zero) or a constant rate over ``over`` hours."""

    drug: Drug
    route: Route
    amount: float  # [mg of base]
    at: float = 0.0  # [h] start
    over: float = 0.0  # [h] duration; zero is a bolus, a spray, a swallow
    device: int = 1  # which spray device of this visit; the first is absorbed best

    def __post_init__(self) -> None:
        _positive(self.amount, what="dose", example="35 mg")
        _not_negative(self.over, what="duration [h]")
        _not_negative(self.at, what="start [h]")
        if self.device < 1:
            raise ContractError(
                "device", expected="1, 2, 3 …", got=self.device, remedy="Count from one."
            )

    @classmethod
    def per_kg(
        cls,
        amount_per_kg: float,
        *,
        weight: float | None,
        drug: Drug,
        route: Route,
        at: float = 0.0,
        over: float = 0.0,
    ) -> Dose:
        """Return the dose for ``amount_per_kg`` mg/kg in a person of ``weight`` kg.

        Errors  ContractError without a weight: none is ever assumed
        """
        if weight is None:
            raise ContractError(
                "weight",
                expected="a body weight, because the dose is per kg",
                got=None,
                remedy="Give the weight, or the dose in mg.",
            )
        _positive(weight, what="weight [kg]", example="71")
        return cls(drug=drug, route=route, amount=amount_per_kg * weight, at=at, over=over)

    @property
    def ends(self) -> float:
        """Return when the input ends [h]."""
        return self.at + self.over

    def later(self, hours: float) -> Dose:
        """Return the same dose ``hours`` later."""
        return replace(self, at=self.at + hours)


@dataclass(frozen=True, kw_only=True, slots=True)
class Regimen:
    """The doses of one drug, in any order; two may share an instant."""

    doses: tuple[Dose, ...]

    def __post_init__(self) -> None:
        if not self.doses:
            raise ContractError(
                "regimen", expected="at least one dose", got=0, remedy="Add a dose."
            )
        if len({dose.drug for dose in self.doses}) > 1:
            raise ContractError(
                "regimen",
                expected="one drug",
                got=sorted({dose.drug.value for dose in self.doses}),
                remedy="Simulate each drug on its own.",
            )

    @property
    def drug(self) -> Drug:
        """Return the drug of every dose."""
        return self.doses[0].drug

    @property
    def routes(self) -> frozenset[Route]:
        """Return the routes used."""
        return frozenset(dose.route for dose in self.doses)

    @property
    def total(self) -> float:
        """Return the whole amount [mg of base]."""
        return math.fsum(dose.amount for dose in self.doses)

    @property
    def edges(self) -> tuple[float, ...]:
        """Return every instant at which an input starts or stops [h], in order."""
        return tuple(sorted({t for dose in self.doses for t in (dose.at, dose.ends)}))

    @classmethod
    def of(cls, *doses: Dose) -> Regimen:
        """Return the regimen of these doses."""
        return cls(doses=doses)

    @classmethod
    def steps(cls, rates: Sequence[tuple[float, float]], *, drug: Drug, at: float = 0.0) -> Regimen:
        """Return an intravenous infusion that changes rate: pairs of (rate [mg/h], hours).

        A rate of zero is a pause.
        """
        doses, start = [], at
        for rate, hours in rates:
            _not_negative(rate, what="rate [mg/h]")
            _positive(hours, what="duration of a rate step [h]", example="0.5")
            if rate > 0:
                doses.append(
                    Dose(drug=drug, route=Route.IV, amount=rate * hours, at=start, over=hours)
                )
            start += hours
        return cls(doses=tuple(doses))

    @classmethod
    def devices(
        cls, amount: float, count: int, *, drug: Drug, apart: float, at: float = 0.0
    ) -> Regimen:
        """Return ``count`` nasal spray devices of ``amount`` mg each, ``apart`` hours apart."""
        if count < 1:
            raise ContractError("devices", expected="1 or more", got=count, remedy="Correct it.")
        _not_negative(apart, what="time between devices [h]")
        return cls(
            doses=tuple(
                Dose(
                    drug=drug,
                    route=Route.INTRANASAL,
                    amount=amount,
                    at=at + k * apart,
                    device=k + 1,
                )
                for k in range(count)
            )
        )

    def repeated(self, count: int, *, every: float) -> Regimen:
        """Return this regimen given ``count`` times, ``every`` hours."""
        if count < 1:
            raise ContractError("repeats", expected="1 or more", got=count, remedy="Correct it.")
        _positive(every, what="interval [h]", example="24")
        return Regimen(
            doses=tuple(dose.later(k * every) for k in range(count) for dose in self.doses)
        )

    def __add__(self, other: Regimen) -> Regimen:
        """Return both regimens on one time axis."""
        return Regimen(doses=self.doses + other.doses)


def dose_text(dose: Dose) -> str:
    """Return the dose as a person reads it."""
    over = f" over {units.shown(dose.over * 60)} min" if dose.over else ""
    return f"{dose.drug.value} {units.shown(dose.amount, digits=4)} mg {dose.route.value}{over}"
