"""Slips in a body weight: missing, old, alone, in pounds, or unlike the last one."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy import units
from ketherapy.dosing.amounts import number, printed
from ketherapy.dosing.likeness import agrees, limits, looks_like, within
from ketherapy.dosing.notices import Notice, Severity
from ketherapy.dosing.products import in_unit
from ketherapy.simulation.accepted import accepted
from ketherapy.sources import Cited


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighing:
    """A body weight, and how long ago it was measured."""

    weight: float  # [kg]
    ago: float  # [h]


def weight_slips(
    now: Weighing | None, *, again: float | None = None, before: float | None = None
) -> tuple[Notice, ...]:
    """Return what looks like a slip in a weight, held against another reading or the last one.

    Units   again, before kg
    """
    if now is None:
        return (_hold("weight_missing", "no weight", "Weigh the person; none is ever assumed."),)
    kg, limit = now.weight, limits()
    return (
        *_range(kg), *_age(now.ago), *(_alone(kg) if again is None and before is None else ()),
        *_unlike("weight_again", kg, again, limit.agreement),
        *_unlike("weight_change", kg, before, limit.weight_change),
    )  # fmt: skip


def _range(weight: float) -> tuple[Notice, ...]:
    """Hold a weight outside what is expected of an adult."""
    low, high = accepted().weight.low, accepted().weight.high
    if within(weight, low.value, high.value):
        return ()
    remedy = f"From {printed(low)} to {printed(high)} is expected: is it kg, and no lb or g?"
    return (_hold("weight_range", f"{number(weight)} kg", remedy),)


def _age(ago: float) -> tuple[Notice, ...]:
    """Hold a weight that is older than the clinic trusts."""
    limit = limits().weight_age
    if within(ago, 0.0, in_unit(limit, "h")):
        return ()
    seen = f"weighed {number(units.convert(ago, 'h', to='day'))} days ago"
    return (_hold("weight_age", seen, f"Weigh again: {printed(limit)} at most.", limit),)


def _alone(weight: float) -> tuple[Notice, ...]:
    """Hold a weight that nothing can be held against: pounds look like kilograms."""
    remedy = "A second person reads the scale, with its unit."
    return (_hold("weight_alone", f"{number(weight)} kg and no other weighing", remedy),)


def _unlike(check: str, weight: float, other: float | None, limit: Cited) -> tuple[Notice, ...]:
    """Hold a weight that is unlike another weighing of the same person."""
    if other is None or agrees(weight, other, in_unit(limit, "1")):
        return ()
    seen = f"{number(weight)} kg and {number(other)} kg"
    remedy = f"Weigh again, and read the unit.{looks_like(weight, other)}"
    return (_hold(check, seen, remedy, limit),)


def _hold(check: str, seen: str, remedy: str, limit: Cited | None = None) -> Notice:
    return Notice(check=check, severity=Severity.HOLD, seen=seen, remedy=remedy, limit=limit)
