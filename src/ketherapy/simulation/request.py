"""From what a person typed to what is simulated, or every reason why not.

Input is refused, never repaired; all reasons return at once, each beside its field. The command
line and the page read their entries here, so that both accept and refuse the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog, interactions
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import domain
from ketherapy.simulation.accepted import accepted, read_within, sprays, within
from ketherapy.simulation.request_person import LONGEST, PERSON_FIELDS, chosen, read_person

_EXAMPLES = {"over": "40 min", "until": "8 h"}
_GIVEN = ("drug", "route", "dose", "over", "until")
_FIELDS = (*_GIVEN, *PERSON_FIELDS)

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One refused entry: the field it stands beside and one clear sentence."""

    field: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Everything that was wrong, at once."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulationRequest:
    """What is to be simulated."""

    regimen: Regimen
    person: Person
    models: tuple[PublishedModel, ...]
    until: float  # [h]
    text: str  # the regimen as a person reads it


def read_request(
    entries: Mapping[str, str], *, models: Sequence[str] = ()
) -> SimulationRequest | Refusal:
    """Return the request in ``entries``, or every problem with it.

    ``entries`` may hold drug, route, dose, over and until, and of the person weight, age, sex,
    ancestry, kidney, liver and drugs, each as typed; an absent or empty one is not given.

    Errors  ContractError for a field that is none of these: a slip of the caller
    """
    if unknown := sorted(set(entries) - set(_FIELDS)):
        raise ContractError(
            "entries", expected=f"among {', '.join(_FIELDS)}", got=unknown, remedy="Correct it."
        )
    return _Reading(entries=entries, models=tuple(models)).request()


def _needs_weight(dose: str) -> ContractError:
    return ContractError(
        "weight",
        expected=f"a body weight, because the dose is per kg ({dose})",
        got="",
        remedy="Give the weight, or the dose in mg.",
    )


class _Reading:
    """One reading of one set of entries; collects problems as it goes."""

    def __init__(self, *, entries: Mapping[str, str], models: tuple[str, ...]) -> None:
        self._entries = entries
        self._asked = models
        self._problems: dict[str, str] = {}

    def request(self) -> SimulationRequest | Refusal:
        drug = self._try("drug", lambda: chosen("drug", Drug, self._typed("drug")))
        route = self._try("route", lambda: chosen("route", Route, self._typed("route")))
        person, problems = read_person(self._entries)
        self._problems |= problems
        weight = person.weight if isinstance(person.weight, float) else None  # of one person
        dose = self._try("dose", lambda: self._dose(weight))
        over = self._over(route)
        until = self._until(over or 0.0)
        models = self._models(drug, route) if drug and route else self._known()
        if route is not None:
            self._try("drugs", lambda: interactions.acting(route, person.drugs))
        if "weight" not in self._problems:
            self._try("weight", lambda: self._fits_person(models, drug, person))
        if drug is None or route is None or dose is None or over is None:
            return self._refusal()
        amount, text = dose
        built = self._try("dose", lambda: _regimen(drug, route, amount, over))
        if self._problems or built is None or until is None:
            return self._refusal()
        return SimulationRequest(
            regimen=built,
            person=person,
            models=models,
            until=until,
            text=_text(built, text, person),
        )

    def _refusal(self) -> Refusal:
        return Refusal(
            problems=tuple(Problem(field=f, sentence=s) for f, s in self._problems.items())
        )

    def _typed(self, field: str) -> str:
        return self._entries.get(field, "").strip(" ")

    def _try(self, field: str, read: Callable[[], Value]) -> Value | None:
        try:
            return read()
        except ContractError as error:
            self._problems.setdefault(field, str(error))
            return None

    def _dose(self, weight: float | None) -> tuple[float, str] | None:
        typed = self._typed("dose")
        example = "0.5 mg/kg' or '35 mg"
        _, unit = units.split(typed, what="dose", example=example)
        if units.same_kind(unit, "mg/kg"):
            if weight is None:
                # A weight that was given and refused has its own sentence already.
                self._problems.setdefault("weight", str(_needs_weight(typed)))
            limits = accepted().dose_per_kg
            per_kg = read_within(typed, "dose", "mg/kg", limits, example=example)
            if weight is None:
                return None
            amount = per_kg * weight
            text = f"{units.shown(per_kg, digits=6)} mg/kg × {units.shown(weight, digits=6)} kg"
            got = f"{text} = {units.shown(amount, digits=4)} mg"
            return within(amount, "dose", "mg", accepted().dose, got), text
        return read_within(typed, "dose", "mg", accepted().dose, example=example), ""

    def _over(self, route: Route | None) -> float | None:
        typed = self._typed("over")
        if route is None and not typed:
            return None
        if route is Route.SC and typed in ("", "bolus"):
            return 0.0  # an injection; a duration makes it a continuous infusion
        if route not in (None, Route.IV, Route.SC):
            if not typed:
                return 0.0
            return self._try("over", lambda: _no_duration(route, typed))
        if typed == "bolus":
            return 0.0
        return self._try("over", lambda: self._read_over(typed))

    def _read_over(self, typed: str) -> float:
        if not typed:
            raise ContractError(
                "over", expected="how long the infusion lasts, such as '40 min'", got="",
                remedy="Write 'bolus' if it is given all at once.",
            )  # fmt: skip
        if typed.isalpha():
            raise ContractError(
                "over", expected="a duration such as '40 min', or 'bolus'", got=typed,
                remedy="Write one of these, in small letters.",
            )  # fmt: skip
        return read_within(typed, "over", "h", accepted().over, example=_EXAMPLES["over"])

    def _until(self, over: float) -> float | None:
        usual = accepted().until.usual
        if not self._typed("until") and usual is not None:
            # a longer infusion is shown to its end and as long again
            return max(units.convert(usual.value, usual.unit, to="h"), 2.0 * over)
        limits = accepted().until
        example = _EXAMPLES["until"]
        return self._try(
            "until",
            lambda: read_within(self._typed("until"), "until", "h", limits, example=example),
        )

    def _known(self) -> tuple[PublishedModel, ...]:
        asked = tuple(model[:LONGEST] for model in self._asked)
        return self._try("models", lambda: tuple(map(catalog.published, asked))) or ()

    def _models(self, drug: Drug, route: Route) -> tuple[PublishedModel, ...]:
        fitting = [m for m in catalog.models() if domain.fits(m, drug, route)]
        if not fitting:
            error = ContractError(
                "route", expected="a drug and route that a published model describes",
                got=f"{drug.value} {route.value}",
                remedy="No model is known for this pair, so nothing is predicted for it.",
            )  # fmt: skip
            self._problems["route"] = str(error)
            return ()
        usual = catalog.defaults(drug, route)
        asked = tuple(dict.fromkeys(self._asked)) or usual
        found = self._try("models", lambda: tuple(catalog.published(m[:LONGEST]) for m in asked))
        for model in found or ():
            if model not in fitting:
                offered = ", ".join(m.id for m in fitting)
                error = ContractError(
                    "models", expected=f"models of {drug.value} {route.value} ({offered})",
                    got=model.id, remedy="Choose among those.",
                )  # fmt: skip
                self._problems["models"] = str(error)
        return found or ()

    def _fits_person(
        self, models: tuple[PublishedModel, ...], drug: Drug | None, person: Person
    ) -> None:
        for model in models:
            own = model.drug if drug is Drug.KETAMINE else drug
            if own is not None and "models" not in self._problems:
                catalog.structure(model, person, drug=own)


def _no_duration(route: Route, typed: str) -> float:
    raise ContractError(
        "over",
        expected=f"nothing for a dose given {route.value}",
        got=typed,
        remedy="Leave it empty: only an infusion has a duration.",
    )


def _regimen(drug: Drug, route: Route, amount: float, over: float) -> Regimen:
    if route is Route.INTRANASAL:
        return sprays(drug, amount)
    return Regimen.of(Dose(drug=drug, route=route, amount=amount, over=over))


_WAYS = {
    Route.IV: "intravenous",
    Route.INTRANASAL: "intranasal",
    Route.ORAL: "swallowed",
    Route.SUBLINGUAL: "under the tongue",
    Route.BUCCAL: "in the cheek",
    Route.IM: "intramuscular",
    Route.SC: "subcutaneous",
}


def _duration(hours: float) -> str:
    if hours > 2.0:
        return f"{units.shown(hours, digits=4)} h"
    return f"{units.shown(hours * 60, digits=4)} min"


def _text(regimen: Regimen, per_kg: str, person: Person) -> str:
    first, count = regimen.doses[0], len(regimen.doses)
    amount = f"{regimen.drug.value} {units.shown(regimen.total, digits=4)} mg"
    how = _WAYS[first.route]
    if first.over:
        how += f", over {_duration(first.over)}"
    elif first.route is Route.IV:
        how += ", bolus"
    elif count > 1:
        gap = units.shown((regimen.doses[1].at - first.at) * 60)
        how += f", {count} devices {gap} min apart"
    beside = f"; taken with {' and '.join(person.drugs)}" if person.drugs else ""
    return f"{amount}{f' ({per_kg})' if per_kg else ''}, {how}{beside}"
