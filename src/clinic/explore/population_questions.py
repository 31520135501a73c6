"""What somebody asks of a population: read from a form, or every reason why not.

Nothing is repaired and no weight is assumed: a dose per kg needs people whose weight is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from clinic.explore.names import DRUGS, ROUTES, drawn
from clinic.explore.predictions import READ, Choice
from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.covariates import needed
from ketherapy.regimen import Regimen
from ketherapy.simulation import domain
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.people import (
    AbstractPeople,
    Alike,
    DescribedPeople,
    population,
    populations,
)
from ketherapy.simulation.population import PopulationRequest
from ketherapy.simulation.request import Problem, Refusal, SimulationRequest, read_request
from ketherapy.simulation.solve import TOTALS, parts

FIELDS = ("drug", "route", "dose", "over", "until", "model", "n", "people", "weight", "age",
          "seed", "above")  # fmt: skip
MOST_PEOPLE = 100_000  # convention: of one run on the page; the command line takes more
ALIKE = "alike"  # the population in which everyone shares the weight and age typed
_MOST_SEED = 2**31 - 1
_WHOLE = re.compile(r"[0-9]{1,10}")
_POINTS = 121  # even points of the time axis, beside those behind edges and those of tables
_MIN = 60.0  # minutes in an hour
_REGIMEN = ("drug", "route", "dose", "over", "weight", "age", "until")

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class PopulationQuestion:
    """A question that has been understood."""

    request: PopulationRequest
    text: str  # the regimen as a person reads it
    entries: Mapping[str, str]  # as they were typed, to ask again


@dataclass(frozen=True, kw_only=True, slots=True)
class PopulationChoices:
    """What the form offers."""

    drugs: tuple[Choice, ...]
    routes: tuple[Choice, ...]
    models: tuple[Choice, ...]
    people: tuple[Choice, ...]


def choices() -> PopulationChoices:
    """Return what the form offers, read from the catalogue and the described populations."""
    usual = Choice(value="", label="Recommended")
    alike = Choice(value=ALIKE, label="everyone alike: of the weight and age entered below")
    return PopulationChoices(
        drugs=tuple(Choice(value=drug.value, label=label) for drug, label in DRUGS.items()),
        routes=tuple(Choice(value=route.value, label=label) for route, label in ROUTES.items()),
        models=(
            usual,
            *(
                Choice(value=model.id, label=f"{model.label} ({domain.offer(model)})")
                for model in catalog.models()
            ),
        ),
        people=(*(_choice(one) for one in populations()), alike),
    )


def _choice(one: DescribedPeople) -> Choice:
    return Choice(
        value=one.id,
        label=one.text,
        note=" ".join((f"{one.status.value.capitalize()}.", *one.notes)),
    )


def read_question(entries: Mapping[str, str]) -> PopulationQuestion | Refusal:
    """Return the question in ``entries``, as typed into FIELDS, or every problem with it."""
    return _Reading(entries).question()


class _Reading:
    """One reading of one form; collects problems as it goes."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._entries = entries
        self._problems: dict[str, str] = {}

    def question(self) -> PopulationQuestion | Refusal:
        n = self._try("n", lambda: self._whole("n", 1, MOST_PEOPLE, "1000"))
        seed = self._try("seed", lambda: self._whole("seed", 0, _MOST_SEED, "1"))
        levels = self._try("above", self._levels)
        described = self._try("people", self._described)
        asked = self._asked(described) if "people" not in self._problems else None
        if n is None or seed is None or levels is None or asked is None or self._problems:
            return self._refusal()
        per_kg = None if described is None else self._per_kg()
        people = described or Alike(person=asked.person)
        found = _request(asked, people, n=n, seed=seed, per_kg=per_kg)
        return PopulationQuestion(
            request=replace(found, levels=levels),
            text=asked.text if per_kg is None else _text(asked, per_kg),
            entries=self._entries,
        )

    def _per_kg(self) -> float | None:
        """Return the dose [mg/kg], or None for one in mg."""
        typed, example = self._typed("dose"), "0.5 mg/kg"
        _, unit = units.split(typed, what="dose", example=example)
        if not units.same_kind(unit, "mg/kg"):
            return None
        return units.read(typed, what="dose", to="mg/kg", example=example)

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

    def _whole(self, field: str, low: int, high: int, example: str) -> int:
        typed = self._typed(field)
        if _WHOLE.fullmatch(typed) and low <= int(typed) <= high:
            return int(typed)
        raise ContractError(
            _SAID[field], expected=f"a whole number from {low} to {high}, such as {example}",
            got=typed[:40], remedy="Write digits alone.",
        )  # fmt: skip

    def _levels(self) -> tuple[float, ...]:
        typed = self._typed("above")
        if not typed:
            return ()
        level = units.read(typed, what="level", to="mg/L", example="100 ng/mL")
        if level > 0.0:
            return (level,)
        raise ContractError(
            "level", expected="more than zero", got=typed, remedy="Leave it empty to ask none."
        )

    def _described(self) -> AbstractPeople | None:
        """Return the people described, or None where everyone is alike."""
        typed = self._typed("people")
        if typed != ALIKE:
            found = population(typed)
            for field in ("weight", "age"):
                self._try(field, lambda field=field: self._left_empty(field))
            return found
        return None

    def _left_empty(self, field: str) -> None:
        if self._typed(field):
            raise ContractError(
                field, expected="nothing, for a described population",
                got=self._typed(field), remedy="Leave it empty, or choose everyone alike.",
            )  # fmt: skip

    def _asked(self, described: AbstractPeople | None) -> SimulationRequest | None:
        """Return the request as the lightest of them would get it; the heaviest must fit too."""
        entries = {field: self._typed(field) for field in _REGIMEN}
        model = (self._typed("model"),) if self._typed("model") else ()
        each = [entries] if described is None else _at_the_ends(entries, described)
        found = [read_request(one, models=model) for one in each]
        for refusal in (one for one in found if isinstance(one, Refusal)):
            for problem in refusal.problems:
                field = "model" if problem.field == "models" else problem.field
                self._problems.setdefault(field, problem.sentence)
        return found[0] if isinstance(found[0], SimulationRequest) else None


_SAID = {"n": "number of people", "seed": "seed"}
_LOOK = 4096  # people looked at for the ends of a described population


def _at_the_ends(entries: dict[str, str], described: AbstractPeople) -> list[dict[str, str]]:
    """Return the entries of the lightest and of the heaviest: both must be able to get the dose."""
    weights = np.atleast_1d(needed(described.take(0, _LOOK, seed=0).weight, "weight"))
    ends = (float(np.min(weights)), float(np.max(weights)))
    return [entries | {"weight": f"{weight:.1f} kg"} for weight in ends]


def _text(asked: SimulationRequest, per_kg: float) -> str:
    """Return the regimen for people who differ: per kg, without anybody's weight."""
    _, _, way = asked.text.partition("), ")
    drug = asked.regimen.drug.value
    return f"{drug} {units.shown(per_kg, digits=6)} mg/kg of each person's own weight, {way}"


def _request(
    asked: SimulationRequest, people: AbstractPeople, *, n: int, seed: int, per_kg: float | None
) -> PopulationRequest:
    """Return the request without a level, its doses per kg where ``per_kg`` [mg/kg] says so."""
    regimen = asked.regimen
    if per_kg is not None:
        (dose,) = regimen.doses  # whole devices are never given per kg
        regimen = Regimen.of(replace(dose, amount=per_kg))
    return PopulationRequest(
        model=asked.models[0],
        regimen=regimen,
        people=people,
        n=n,
        seed=seed,
        times=tuple(_times(asked).tolist()),
        is_per_kg=per_kg is not None,
        analytes=_analytes(asked),
    )


def _analytes(asked: SimulationRequest) -> tuple[str, ...]:
    split = parts(asked.models[0], asked.regimen, person=asked.person)
    single = {name for part in split for name in part.analytes.values()}
    totals = {total for total, halves in TOTALS.items() if single.issuperset(halves)}
    return tuple(drawn(single | totals))


def _times(asked: SimulationRequest) -> np.ndarray:
    """Return even times and, closer, those behind each instant at which an input changes [h]."""
    edges = input_edges(asked.models[0], asked.regimen, asked.person)
    near = behind(edges, asked.until, growth=2.0)
    even = np.linspace(0.0, asked.until, _POINTS)
    t = distinct(np.concatenate([even, near, READ / _MIN]))
    return t[t <= asked.until]
