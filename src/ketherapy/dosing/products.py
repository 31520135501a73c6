"""What a dose is drawn from, diluted into, measured and sprayed with: cited data, read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.regimen import Drug
from ketherapy.sources import Cited, Status

_PRODUCTS = Path(__file__).parent / "data" / "products.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Code:
    """What a product is called in a code system."""

    system: str
    code: str
    meaning: str
    source: str
    locator: str
    status: Status


@record(frozen=True, kw_only=True, config=RECORD)
class Saying:
    """One sentence about a product, and whose it is."""

    text: str
    source: str
    locator: str
    status: Status


@record(frozen=True, kw_only=True, config=RECORD)
class Vial:
    """A solution for injection, as its label prints it."""

    name: str
    drug: Drug
    concentration: Cited
    volume: Cited
    diluent: Cited | None = None  # mL that each mL needs at least before it enters a vein
    undiluted: Saying | None = None  # why it is not to be diluted
    codes: tuple[Code, ...] = ()

    @property
    def strength(self) -> float:
        """Return the concentration [mg/L]."""
        return in_unit(self.concentration, "mg/L")


@record(frozen=True, kw_only=True, config=RECORD)
class Spray:
    """A nasal spray that is given whole: devices, and the rest after each."""

    name: str
    drug: Drug
    amount: Cited
    volume: Cited
    sprays: Cited
    most: Cited  # devices in one visit
    rest: Cited
    stale: str
    remarks: tuple[Saying, ...]
    codes: tuple[Code, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class Syringe:
    """What it holds, and how finely it is marked."""

    volume: Cited
    mark: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Pump:
    """How finely a rate can be set."""

    mark: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class IntoAVein:
    """What limits a solution and its speed."""

    peripheral_most: Cited
    push_shortest: Cited
    anaesthetic_from: Cited
    bolus_below: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Products:
    """The whole of ``data/products.toml``; syringes from small to large."""

    source: str
    status: Status
    vials: dict[str, Vial]
    bags: tuple[Cited, ...]
    into_a_vein: IntoAVein
    syringes: tuple[Syringe, ...]
    pump: Pump
    sprays: dict[str, Spray]


def in_unit(number: Cited, unit: str) -> float:
    """Return a cited number in ``unit``."""
    return units.convert(number.value, number.unit, to=unit)


@lru_cache(maxsize=1)
def products() -> Products:
    """Return everything that a dose is prepared with."""
    return records.load(Products, _PRODUCTS)


def product(product_id: str) -> Vial | Spray:
    """Return the vial or spray with this id.

    Errors  ContractError where none has it
    """
    known = {**products().vials, **products().sprays}
    if product_id not in known:
        raise ContractError(
            "product", expected=f"one of {', '.join(known)}", got=product_id,
            remedy="Choose what lies on the table; none is assumed.",
        )  # fmt: skip
    return known[product_id]
