"""When two numbers are alike enough, and which slip would have made one of the other."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.dosing.products import in_unit
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_LIMITS = Path(__file__).parent / "data" / "slips.toml"
_NOISE = 1e-9  # relative: finer than anything that is typed, coarser than binary fractions


@record(frozen=True, kw_only=True, config=RECORD)
class Limits:
    """From when on a number looks like a slip."""

    source: str
    status: Status
    agreement: Cited
    absurd: Cited
    own_doses: Cited
    weight_age: Cited
    weight_change: Cited
    persons: Cited


@lru_cache(maxsize=1)
def limits() -> Limits:
    """Return from when on a number looks like a slip."""
    return records.load(Limits, _LIMITS)


def within(value: float, low: float, high: float) -> bool:
    """Return whether ``value`` lies from ``low`` to ``high``; what is no number does not.

    Units   all in one unit
    """
    return low * (1.0 - _NOISE) <= value <= high * (1.0 + _NOISE)


def agrees(value: float, other: float, share: float = 0.0) -> bool:
    """Return whether ``value`` differs from ``other`` by at most ``share`` of it.

    Units   value and other in one unit; share 1
    """
    return within(value, other * (1.0 - share), other * (1.0 + share))


def looks_like(got: float, meant: float, weight: float | None = None) -> str:
    """Return a sentence with the slips that would have made ``got`` of ``meant``, or nothing.

    Units   got and meant in one unit; weight kg
    """
    share = in_unit(limits().agreement, "1")
    factors = {
        "a decimal point": (10.0, 100.0),
        "mg and mcg": (units.factor("mg", "mcg"),),
        "minutes and hours": (units.factor("h", "min"),),
        "kg and lb": (units.factor("kg", "lb"),),
        "a number per kg and a whole one": () if weight is None else (weight,),
    }
    found = [
        slip
        for slip, each in factors.items()
        if any(agrees(got, meant * f, share) or agrees(got * f, meant, share) for f in each)
    ]
    return f" It looks like {', or '.join(found)}, mistaken." if found else ""
