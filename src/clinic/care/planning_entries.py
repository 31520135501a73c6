"""What was entered on the planner: read whole, or refused with every reason; never repaired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from clinic.care.local_times import Clock, read_instant, read_zone
from clinic.care.refusals import Entries, Problem, Refusal, problem
from ketherapy import units
from ketherapy.dosing.arithmetic import Vein
from ketherapy.dosing.double_check import Computed
from ketherapy.dosing.ladder import phase
from ketherapy.dosing.planned import Given
from ketherapy.dosing.products import in_unit, products
from ketherapy.dosing.protocol import Protocol, protocol
from ketherapy.dosing.protocol_parts import Phase
from ketherapy.errors import ContractError
from ketherapy.regimen import Route
from ketherapy.simulation.accepted import Accepted, accepted, read_within

FIELDS = {
    "phase": "Protocol and phase",
    "weight": "Body weight",
    "weighed_at": "Weighed at",
    "weight_again": "Weight, read by a second person",
    "weight_before": "Weight at the last visit",
    "age": "Age",
    "zone": "Time zone",
    "first_visit": "First visit",
    "given": "Given before, in this course",
    "amount": "Dose asked for",
    "per_kg": "The same per kg",
    "over": "Given over",
    "vial": "Vial or device",
    "vials": "How many of it",
    "bag": "Filled up to",
    "vein": "Vein",
    "first_by": "First person", "first_mg": "mg", "first_ml": "mL",
    "second_by": "Second person", "second_mg": "mg", "second_ml": "mL",
}  # fmt: skip
NO_WEIGHT: Literal["none"] = "none"
_LAST = "weight_before"
_LONGEST = 1000  # characters of one entry; convention
_MOST_GIVEN = 60  # lines; convention

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entered:
    """What was entered, in canonical units; None where nothing was."""

    protocol: Protocol
    phase: Phase
    weight: float | None  # [kg]
    weighed_at: datetime | None
    weight_again: float | None  # [kg]
    weight_before: float | Literal["none"] | None  # [kg]; none: never weighed here before
    age: float | None  # [year]
    given: tuple[Given, ...] | None
    amount: float | None  # [mg]
    per_kg: float | None  # [mg/kg]
    over: float | None  # [h]
    vial: str
    vials: int | None
    bag: float | None  # [mg/L]
    vein: Vein
    computed: tuple[Computed, ...]


def offered_products(of: Protocol) -> dict[str, str]:
    """Return what the dose of a protocol can be prepared from, by id: its name as it is sold."""
    if of.route is Route.INTRANASAL:
        return {key: one.name for key, one in products().sprays.items() if one.drug is of.drug}
    if of.route in (Route.IV, Route.IM, Route.SC):
        return {key: one.name for key, one in products().vials.items() if one.drug is of.drug}
    return {}


def read(entries: Entries, *, now: datetime) -> Entered | Refusal:
    """Return what was entered, or every reason why it cannot be read, each beside its field."""
    return _Reading(entries, now).entered()


class _Reading:
    """One reading of one form; collects problems as it goes."""

    def __init__(self, entries: Entries, now: datetime) -> None:
        self._entries = entries
        self._clock = Clock(now=now, zone=None)
        self._problems: list[Problem] = []

    def entered(self) -> Entered | Refusal:
        zone = self._try("zone", lambda: read_zone(self._typed("zone")))
        self._clock = Clock(now=self._clock.now, zone=zone)
        chosen = self._try("phase", lambda: _chosen(self._typed("phase")))
        numbers = {name: self._quantity(name) for name in _quantities() if name != _LAST}
        weighed_at = self._weighed_at(numbers["weight"])
        before = NO_WEIGHT if self._typed("weight_before") == NO_WEIGHT else (
            self._quantity("weight_before")
        )  # fmt: skip
        given, vial = self._given(), self._vial(chosen)
        bag = self._try("bag", self._bag)
        computed = (*self._computed("first"), *self._computed("second"))
        vials = self._try("vials", self._vials)
        vein = self._try("vein", lambda: _one_of(Vein, "vein", self._typed("vein")))
        if self._problems or chosen is None:
            return Refusal(problems=tuple(self._problems))
        return Entered(
            protocol=chosen[0], phase=chosen[1], weighed_at=weighed_at, given=given, vial=vial,
            vials=vials, bag=bag, weight_before=before, computed=computed,
            vein=vein or Vein.PERIPHERAL,
            **numbers,
        )  # fmt: skip

    def _typed(self, field: str) -> str:
        values = self._entries.get(field, ())
        return values[0].strip(" ") if values else ""

    def _try(self, field: str, read_it: Callable[[], Value]) -> Value | None:
        typed = self._typed(field)
        if len(typed) > _LONGEST:
            error = ContractError(
                field, expected=f"at most {_LONGEST} characters", got=len(typed),
                remedy="Shorten it.",
            )  # fmt: skip
            self._problems.append(problem(field, FIELDS[field], error))
            return None
        try:
            return read_it()
        except ContractError as error:
            self._problems.append(problem(field, FIELDS[field], error))
            return None

    def _quantity(self, field: str) -> float | None:
        typed = self._typed(field)
        if not typed:
            return None
        unit, limits, example = _quantities()[field]
        what = FIELDS[field].lower()
        return self._try(field, lambda: read_within(typed, what, unit, limits, example=example))

    def _read(self, field: str, unit: str, example: str) -> float | None:
        typed, what = self._typed(field), FIELDS[field]
        return self._try(field, lambda: units.read(typed, what=what, to=unit, example=example))

    def _weighed_at(self, weight: float | None) -> datetime | None:
        typed = self._typed("weighed_at")
        if typed:
            return self._try(
                "weighed_at", lambda: read_instant(typed, what="weighed at", clock=self._clock)
            )
        if weight is not None:
            self._refuse("weighed_at", "when the weight was measured",
                         "An old weight is no weight: write the day and the time.")  # fmt: skip
        return None

    def _refuse(self, field: str, expected: str, remedy: str) -> None:
        error = ContractError(field, expected=expected, got="", remedy=remedy)
        self._problems.append(problem(field, FIELDS[field], error))

    def _given(self) -> tuple[Given, ...] | None:
        lines = [one.strip() for one in self._typed("given").splitlines() if one.strip()]
        is_first = self._typed("first_visit") == "yes"
        if is_first and lines:
            self._refuse("given", "either the first visit, or what was given before",
                         "Take the tick away, or the lines.")  # fmt: skip
        if len(lines) > _MOST_GIVEN:
            self._refuse("given", f"at most {_MOST_GIVEN} lines", "Leave out other courses.")
            return None
        found = [self._try("given", lambda line=one: self._one_given(line)) for one in lines]
        if not lines:
            return () if is_first else None
        return tuple(one for one in found if one is not None)

    def _one_given(self, line: str) -> Given:
        at, _, amount = (part.strip() for part in line.rpartition(","))
        when = read_instant(at, what="given before", clock=self._clock)
        if amount == "unknown":
            return Given(at=when, amount=None)
        mg = units.read(amount, what="given before", to="mg", example="35 mg")
        if not mg > 0.0:
            raise ContractError(
                "given before", expected="a dose above nothing, or the word unknown", got=amount,
                remedy="Leave out a visit at which nothing was given.",
            )  # fmt: skip
        return Given(at=when, amount=mg)

    def _vial(self, chosen: tuple[Protocol, Phase] | None) -> str:
        typed = self._typed("vial")
        if typed and chosen and typed not in offered_products(chosen[0]):
            offered = ", ".join(offered_products(chosen[0]).values()) or "nothing: none is known"
            self._refuse("vial", f"what this protocol's dose is prepared from ({offered})",
                         "Choose what lies on the table; none is assumed.")  # fmt: skip
        return typed

    def _vials(self) -> int | None:
        typed = self._typed("vials")
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= 99):
            raise ContractError(
                "vials", expected="a whole number from 1 to 99", got=typed, remedy="Count them."
            )  # fmt: skip
        return int(typed)

    def _bag(self) -> float | None:
        typed = self._typed("bag")
        if not typed:
            return None
        known = {f"{one.value:g} {one.unit}": in_unit(one, "mg/L") for one in products().bags}
        if typed not in known:
            raise ContractError(
                "bag", expected=f"one of {', '.join(known)}", got=typed, remedy="Choose one."
            )
        return known[typed]

    def _computed(self, who: str) -> tuple[Computed, ...]:
        names = [f"{who}_{part}" for part in ("by", "mg", "ml")]
        typed = [self._typed(name) for name in names]
        if not any(typed):
            return ()
        if not all(typed):
            self._refuse(names[typed.index("")], "a name, the mg and the mL",
                         "Complete it, or leave all three out.")  # fmt: skip
            return ()
        mg = self._read(names[1], "mg", "35 mg")
        ml = self._read(names[2], "L", "3.5 mL")
        if mg is None or ml is None:
            return ()
        return (Computed(by=typed[0], amount=mg, volume=ml),)


def _quantities() -> dict[str, tuple[str, Accepted, str]]:
    """Return the unit that each quantity is read into, what is accepted, and how it is written."""
    found = accepted()
    return {
        "weight": ("kg", found.weight, "71 kg"),
        "weight_again": ("kg", found.weight, "71 kg"),
        _LAST: ("kg", found.weight, "71 kg, or the word none"),
        "age": ("year", found.age, "45 years"),
        "amount": ("mg", found.dose, "35 mg"),
        "per_kg": ("mg/kg", found.dose_per_kg, "0.5 mg/kg"),
        "over": ("h", found.over, "40 min"),
    }


def _chosen(typed: str) -> tuple[Protocol, Phase]:
    key, _, name = typed.partition("/")
    if not typed:
        raise ContractError(
            "phase", expected="a protocol and one of its phases", got="", remedy="Choose one."
        )
    found = protocol(key)
    return found, phase(found, name)


def _one_of(kind: type[Vein], what: str, typed: str) -> Vein | None:
    if not typed:
        return None
    if typed not in {one.value for one in kind}:
        raise ContractError(
            what, expected=f"one of {', '.join(kind)}", got=typed, remedy="Choose one."
        )
    return kind(typed)
