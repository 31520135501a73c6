"""Treatment protocols: versioned files that say what is given, to whom, and on what ground.

A protocol is never changed: another version is another file. Reading one allows nothing: a clinic
treats under a version that it has adopted, known by the hash of the file's bytes.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.dosing.protocol_parts import (
    LIMITS,
    Advice,
    Anchor,
    DueCheck,
    Giving,
    Leaving,
    Limit,
    Phase,
    Remark,
    Schedule,
)
from ketherapy.dosing.rulebook import Case, Setting, Use
from ketherapy.dosing.version import AbstractVersion, read_version
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.accepted import accepted, sprays, within
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data" / "protocols"
_NOT_SHIPPED = Path(__file__).parent / "data" / "not_protocols.toml"
_PER_VISIT = frozenset(  # the limits that a usual dose can pass
    {"amount_per_visit_max", "amount_per_visit_per_kg_max", "rate_max", "rate_per_kg_max"}
)
_VERSIONED = re.compile(r"[a-z][a-z0-9_]*_([0-9]{4})_([0-9]{2})")


@record(frozen=True, kw_only=True, config=RECORD)
class Protocol(AbstractVersion):
    """One version of one treatment protocol."""

    rules: tuple[str, ...]  # ids of the clinical rows it is drawn from
    varies: str = ""  # id of the protocol that this one is a clinic's variant of
    looser_because: dict[str, str] = Field(default_factory=dict)  # of a variant: part, and why
    profile: str  # of the rules under which it is given
    indication: str
    age_from: Cited | None = None  # of the people it is for: this age and older
    age_below: Cited | None = None  # and younger than this
    use: Use
    setting: Setting
    is_off_label: bool
    is_research: bool = False
    drug: Drug
    route: Route
    phase: tuple[Phase, ...]
    limits: dict[str, Limit] = Field(default_factory=dict)
    due: tuple[DueCheck, ...] = ()
    staff: tuple[Remark, ...] = ()
    equipment: tuple[Remark, ...] = ()
    alongside: tuple[Remark, ...] = ()  # what must be given or in place with it
    leaving: Leaving
    follow_up: tuple[Remark, ...] = ()
    evidence: tuple[Remark, ...]
    advice: tuple[Advice, ...] = ()  # what a plan is told of, and not held to
    remarks: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        version = _VERSIONED.fullmatch(self.id)
        if version is None or version.groups() != (f"{self.since:%Y}", f"{self.since:%m}"):
            raise ValueError("the id ends with the year and the month since which it holds")
        if not self.phase or len({one.id for one in self.phase}) != len(self.phase):
            raise ValueError("a protocol has phases, each with an id of its own")
        for name, limit in self.limits.items():
            if name not in LIMITS or not units.same_kind(limit.unit, LIMITS[name]):
                raise ValueError(f"nothing obeys a limit called {name} in {limit.unit}")
        is_at_once = any(one.dose.over is None for one in self.phase)
        if is_at_once and {"rate_max", "rate_per_kg_max", "over_min"} & self.limits.keys():
            raise ValueError("what is given at once has no rate to be limited")
        for age in (self.age_from, self.age_below):
            if age is not None and not units.same_kind(age.unit, "year"):
                raise ValueError("an age is a time")

    @property
    def dose(self) -> Giving:
        """Return what its first phase gives in one visit."""
        return self.phase[0].dose

    @property
    def course(self) -> Schedule:
        """Return how its first phase is spaced."""
        return self.phase[0].schedule

    @property
    def case(self) -> Case:
        """Return what the rules must be about."""
        return Case(drug=self.drug, route=self.route, use=self.use, setting=self.setting)

    def in_force(self, name: str, on: date) -> Limit | None:
        """Return the limit of this name where it holds on that day."""
        found = self.limits.get(name)
        return found if found is not None and found.holds_on(on) else None


def protocols() -> tuple[Protocol, ...]:
    """Return every protocol, in the order of their ids."""
    return tuple(_shipped(protocol_id) for protocol_id in _ids())


@lru_cache(maxsize=1)
def _ids() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _DATA.glob("*.toml")))


@lru_cache
def _shipped(protocol_id: str) -> Protocol:
    return read_protocol(_DATA / f"{protocol_id}.toml")


def read_protocol(path: Path) -> Protocol:
    """Return the protocol in the file at ``path``, with the hash of its bytes.

    Errors  DataFileError naming the path and the key
    """
    return read_version(Protocol, path)


def protocol(protocol_id: str) -> Protocol:
    """Return the protocol with this id.

    Errors  ContractError where none has it
    """
    if protocol_id in _ids():
        return _shipped(protocol_id)
    raise ContractError(
        "protocol", expected=f"one of {', '.join(_ids())}", got=protocol_id,
        remedy="Name one of these with its version.",
    )  # fmt: skip


def file_of(protocol_id: str) -> Path:
    """Return where the file of a shipped protocol is: what a clinic's own begins from.

    Errors  ContractError where none has this id
    """
    return _DATA / f"{protocol(protocol_id).id}.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class NotShipped:
    """A row of the clinical tables that is no protocol here, and why."""

    id: str
    title: str
    why: str
    source: str
    status: Status


@record(frozen=True, kw_only=True, config=RECORD)
class _NotShipped:
    row: tuple[NotShipped, ...]


@lru_cache(maxsize=1)
def not_shipped() -> tuple[NotShipped, ...]:
    """Return what is no protocol here, with the reason."""
    return records.load(_NotShipped, _NOT_SHIPPED).row


def regimen(protocol: Protocol, *, weight: float | None) -> Regimen:
    """Return what the first phase gives in one visit to a person of ``weight``.

    Units   weight kg
    Errors  ContractError without a weight where the dose needs one: none is ever assumed; or with
            one that no request accepts
    """
    amount = min(_amounts(protocol, weight).values())
    if protocol.route is Route.INTRANASAL:
        return sprays(protocol.drug, amount)
    return Regimen.of(
        Dose(drug=protocol.drug, route=protocol.route, amount=amount, over=_over(protocol.dose))
    )


def course(protocol: Protocol, *, weight: float | None) -> Regimen:
    """Return what the first phase gives in all its visits to a person of ``weight``.

    Units   weight kg
    Errors  ContractError as ``regimen`` raises it
    """
    visit = regimen(protocol, weight=weight).doses
    days = [units.convert(float(day), "day", to="h") for day in protocol.course.days]
    return Regimen(doses=tuple(dose.later(hours) for hours in days for dose in visit))


def binding(protocol: Protocol, *, weight: float | None) -> tuple[str, ...]:
    """Return the names of the limits that lower the dose for a person of ``weight``.

    Units   weight kg
    Errors  ContractError as ``regimen`` raises it
    """
    amounts = _amounts(protocol, weight)
    lowest = min(amounts.values())
    return tuple(k for k, amount in amounts.items() if amount == lowest < amounts[""])


def advised(
    protocol: Protocol, *, amount: float, over: float, weight: float | None
) -> tuple[Advice, ...]:
    """Return what a plan of one visit is to be told of.

    Units   amount mg, over h, weight kg
    """
    planned = {"amount_per_visit": amount, "over": over}
    if weight is not None and over > 0.0:
        planned["rate_per_kg"] = amount / over / weight
    return tuple(
        one for one in protocol.advice if one.of in planned and one.speaks(planned[one.of])
    )


def least_stay(protocol: Protocol) -> float:
    """Return the least time from the start of a visit's dose until the person may leave.

    Units   h
    """
    over, leaving = _over(protocol.dose), protocol.leaving
    observed = _in(leaving.observed_for, "h")
    return over + observed if leaving.anchor is Anchor.END else max(over, observed)


def in_mg(giving: Giving, dose: float, *, weight: float, over: float) -> float:
    """Return the mg of a visit in which ``dose`` is given, in the unit of ``giving``.

    Units   weight kg, over h
    """
    unit = f"mg{'/kg' if giving.is_per_kg else ''}{'/h' if giving.is_rate else ''}"
    amount = units.convert(dose, giving.given.unit, to=unit)
    amount *= over if giving.is_rate else 1.0
    return amount * (weight if giving.is_per_kg else 1.0)


def _amounts(protocol: Protocol, weight: float | None) -> dict[str, float]:
    """Return the mg that are wanted in a visit, under no name, and what each limit leaves."""
    dose, over = protocol.dose, _over(protocol.dose)
    limits = {k: one for k, one in protocol.limits.items() if k in _PER_VISIT}
    is_per_kg = dose.is_per_kg or any(k.endswith("_per_kg_max") for k in limits)
    kg = _weight(protocol, weight) if is_per_kg else 1.0
    found = {"": in_mg(dose, dose.given.value, weight=kg, over=over)}
    for name, limit in limits.items():
        amount = _in(limit, LIMITS[name]) * (over if name.startswith("rate_") else 1.0)
        found[name] = amount * (kg if name.endswith("_per_kg_max") else 1.0)
    return found


def _over(giving: Giving) -> float:
    return 0.0 if giving.over is None else _in(giving.over, "h")


def _weight(protocol: Protocol, weight: float | None) -> float:
    if weight is None:
        raise ContractError(
            "weight [kg]", expected=f"a body weight: the dose of {protocol.id} is per kg",
            got=None, remedy="Weigh the person; no weight is ever assumed.",
        )  # fmt: skip
    # grams typed for kilograms would be a thousand times the dose
    return within(weight, "weight", "kg", accepted().weight, f"{weight:g} kg")


def _in(number: Cited | Limit, unit: str) -> float:
    return units.convert(number.value, number.unit, to=unit)
