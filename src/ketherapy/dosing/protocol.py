"""Treatment protocols: versioned files that say what is given, to whom, and on what ground.

A protocol is never changed: another version is another file. Reading one allows nothing: a clinic
treats under a version that it has adopted, known by the hash of the file's bytes.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import RECORD
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.accepted import accepted, within
from ketherapy.sources import Cited, Status

_DATA = Path(__file__).parent / "data" / "protocols"
_GIVEN_IN = ("mg", "mg/kg", "mg/h", "mg/kg/h")
_LIMITS = {"rate_max": "mg/h", "amount_per_visit_max": "mg"}  # those that are obeyed here
_VERSIONED = re.compile(r"[a-z][a-z0-9_]*_([0-9]{4})_([0-9]{2})")


@record(frozen=True, kw_only=True, config=RECORD)
class Limit:
    """One number that must not be passed, and since when it holds."""

    value: float
    unit: str
    locator: str
    since: date
    until: date | None = None
    source: str | None = None  # None: that of the file
    status: Status | None = None  # None: that of the file
    note: str = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise ValueError("a limit ends after it begins")


@record(frozen=True, kw_only=True, config=RECORD)
class Remark:
    """One sentence a reader needs, and whose it is."""

    text: str
    source: str
    status: Status
    locator: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class Infusion:
    """What is given in one visit: an amount over a time, or a rate for a time."""

    given: Cited  # in mg, mg/kg, mg/h or mg/kg/h
    over: Cited

    def __post_init__(self) -> None:
        is_readable = any(units.same_kind(self.given.unit, unit) for unit in _GIVEN_IN)
        if not (is_readable and units.same_kind(self.over.unit, "h")):
            raise ValueError(f"given in one of {', '.join(_GIVEN_IN)}, over a time")
        if not (self.over.value > 0.0 and self.given.value > 0.0):
            raise ValueError("more than nothing is given, over more than no time")

    @property
    def is_rate(self) -> bool:
        """Return whether a rate is named, and not an amount."""
        return any(units.same_kind(self.given.unit, unit) for unit in ("mg/h", "mg/kg/h"))

    @property
    def is_per_kg(self) -> bool:
        """Return whether a weight is needed to know what to give."""
        return any(units.same_kind(self.given.unit, unit) for unit in ("mg/kg", "mg/kg/h"))


@record(frozen=True, kw_only=True, config=RECORD)
class Course:
    """How many visits a course has, and on which days from its first."""

    visits: Cited
    days: tuple[int, ...]
    days_from: Remark

    def __post_init__(self) -> None:
        if self.days[:1] != (0,) or sorted(set(self.days)) != list(self.days):
            raise ValueError("days run upwards from zero, each once")
        if len(self.days) != self.visits.value:
            raise ValueError("there is a day for each visit")


@record(frozen=True, kw_only=True, config=RECORD)
class Protocol:
    """One version of one treatment protocol."""

    id: str
    title: str
    rules: tuple[str, ...]  # ids of the clinical rules it is drawn from
    since: date
    indication: str
    is_off_label: bool
    drug: Drug
    route: Route
    source: str
    status: Status
    dose: Infusion
    course: Course
    evidence: tuple[Remark, ...]
    limits: dict[str, Limit] = Field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    sha256: str  # of the file's bytes; no part of the file

    def __post_init__(self) -> None:
        version = _VERSIONED.fullmatch(self.id)
        if version is None or version.groups() != (f"{self.since:%Y}", f"{self.since:%m}"):
            raise ValueError("the id ends with the year and the month since which it holds")
        for name, limit in self.limits.items():
            if name not in _LIMITS or not units.same_kind(limit.unit, _LIMITS[name]):
                raise ValueError(f"nothing obeys a limit called {name} in {limit.unit}")


@lru_cache(maxsize=1)
def protocols() -> tuple[Protocol, ...]:
    """Return every protocol, in the order of their ids."""
    return tuple(read_protocol(path) for path in sorted(_DATA.glob("*.toml")))


def read_protocol(path: Path) -> Protocol:
    """Return the protocol in the file at ``path``, with the hash of its bytes.

    Errors  DataFileError naming the path and the key
    """
    where, entries = f"dosing/data/protocols/{path.name}", records.read_table(path)
    if "sha256" in entries or entries.get("id") != path.stem:
        raise DataFileError(
            where, expected="an id that is the file's name, and no hash", got=entries.get("id"),
            remedy="Name the file after its id; the hash is computed.",
        )  # fmt: skip
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return records.check(Protocol, entries | {"sha256": digest}, where=where)


def protocol(protocol_id: str) -> Protocol:
    """Return the protocol with this id.

    Errors  ContractError where none has it
    """
    for found in protocols():
        if found.id == protocol_id:
            return found
    raise ContractError(
        "protocol", expected=f"one of {', '.join(p.id for p in protocols())}", got=protocol_id,
        remedy="Name one of these with its version.",
    )  # fmt: skip


def regimen(protocol: Protocol, *, weight: float | None) -> Regimen:
    """Return what the protocol gives in one visit to a person of ``weight``.

    Units   weight kg
    Errors  ContractError without a weight where the dose needs one: none is ever assumed; or with
            one that no request accepts
    """
    amount = min(_amounts(protocol, weight).values())
    over = _in(protocol.dose.over, "h")
    return Regimen.of(Dose(drug=protocol.drug, route=protocol.route, amount=amount, over=over))


def course(protocol: Protocol, *, weight: float | None) -> Regimen:
    """Return what the protocol gives in a whole course to a person of ``weight``.

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


def _amounts(protocol: Protocol, weight: float | None) -> dict[str, float]:
    """Return the mg that are wanted in a visit, under no name, and what each limit leaves."""
    dose, over = protocol.dose, _in(protocol.dose.over, "h")
    unit = f"mg{'/kg' if dose.is_per_kg else ''}{'/h' if dose.is_rate else ''}"
    wanted = _in(dose.given, unit) * (over if dose.is_rate else 1.0)
    found = {"": wanted * (_weight(protocol, weight) if dose.is_per_kg else 1.0)}
    for name, limit in protocol.limits.items():
        found[name] = _in(limit, _LIMITS[name]) * (over if name == "rate_max" else 1.0)
    return found


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
