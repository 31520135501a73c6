"""What a simulation request may ask for: ranges, defaults and whole devices, as data."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Regimen
from ketherapy.sources import Cited, Status

_ACCEPTED = Path(__file__).parent / "data" / "accepted.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Accepted:
    """The lowest and highest value a request may have, and the usual one."""

    low: Cited
    high: Cited
    usual: Cited | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class Device:
    """The nasal spray: mg in one device, how many in one visit, time between them."""

    amount: Cited
    most: Cited
    apart: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class AcceptedRanges:
    """Every range of ``data/accepted.toml``."""

    source: str
    status: Status
    dose: Accepted
    dose_per_kg: Accepted
    weight: Accepted
    age: Accepted
    over: Accepted
    until: Accepted
    device: Device


@lru_cache(maxsize=1)
def accepted() -> AcceptedRanges:
    """Return the accepted ranges."""
    return records.load(AcceptedRanges, _ACCEPTED)


def read_within(typed: str, field: str, to: str, limits: Accepted, *, example: str) -> float:
    """Return what was typed into ``field``, in the unit ``to``.

    Errors  ContractError for what is no number with a unit of this kind, or is outside ``limits``
    """
    return within(units.read(typed, what=field, to=to, example=example), field, to, limits, typed)


def within(value: float, field: str, unit: str, limits: Accepted, typed: str) -> float:
    """Return ``value``, which lies within ``limits``.

    Errors  ContractError showing what was ``typed`` where it does not
    """
    low, high = limits.low, limits.high
    lowest = units.convert(low.value, low.unit, to=unit)
    if value <= 0:
        expected = "more than zero"
    elif not lowest <= value <= units.convert(high.value, high.unit, to=unit):
        bottom, top = units.shown(low.value), units.shown(high.value)
        tail = "" if low.unit == high.unit else f" {low.unit}"
        expected = f"{bottom}{tail} to {top} {high.unit}"
    else:
        return value
    raise ContractError(
        field, expected=expected, got=typed, remedy="Check the number and its unit."
    )


def sprays(drug: Drug, amount: float) -> Regimen:
    """Return ``amount`` in whole nasal spray devices, the usual time apart.

    Units   amount mg
    Errors  ContractError for what is no whole number of devices, or too many
    """
    device = accepted().device
    one, most = device.amount.value, int(device.most.value)
    count = round(amount / one)
    if not 1 <= count <= most or abs(count * one - amount) > 1e-9 * amount:
        offered = ", ".join(units.shown(one * k) for k in range(1, most + 1))
        raise ContractError(
            "dose", expected=f"whole devices: {offered} mg", got=f"{units.shown(amount)} mg",
            remedy="A nasal spray is given in whole devices.",
        )  # fmt: skip
    apart = units.convert(device.apart.value, device.apart.unit, to="h")
    return Regimen.devices(one, count, drug=drug, apart=apart)
