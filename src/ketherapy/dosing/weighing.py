"""Slips in a body weight: missing, old, alone, in pounds, or unlike the last one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ketherapy import units
from ketherapy.dosing.amounts import number, printed
from ketherapy.dosing.dose_findings import Ground, found, ours
from ketherapy.dosing.facts import NONE, fact
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.likeness import agrees, limits, looks_like, within
from ketherapy.dosing.products import in_unit
from ketherapy.sources import Cited


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighing:
    """A body weight, and how long ago it was measured."""

    weight: float  # [kg]
    ago: float  # [h]


def weight_slips(
    now: Weighing | None,
    *,
    again: float | None = None,
    before: float | Literal["none"] | None = None,
) -> tuple[Finding, ...]:
    """Return what looks like a slip in a weight, held against another reading or the last one.

    A last one that is not known is asked for: to forget it must not lift what it would hold.

    Units   again, before kg; "none": nobody has weighed the person here before
    """
    if now is None:
        return (unweighed(),)
    kg, limit = now.weight, limits()
    last = None if before == NONE else before
    return (
        *_range(kg), *_age(now.ago), *(_alone(kg) if again is None and last is None else ()),
        *(_untold() if before is None else ()),
        *_unlike("slip.weight_again", kg, again, limit.agreement),
        *_unlike("slip.weight_change", kg, last, limit.weight_change),
    )  # fmt: skip


def unweighed() -> Finding:
    """Return that a weight is missing: only weighing resolves it."""
    return found(
        "slip.weight_missing", Severity.HOLD, "No weight is ever assumed.",
        observed="no weight", resolves="Weigh the person.", asks=("weight",),
    )  # fmt: skip


def _range(weight: float) -> tuple[Finding, ...]:
    """Hold a weight beyond those that a form accepts."""
    known = fact("weight")
    low, high = known.low or 0.0, known.high or 0.0
    if within(weight, low, high):
        return ()
    return (
        found(
            "slip.weight_range", Severity.HOLD, "A weight like this is likelier a slip.",
            observed=f"{number(weight)} kg", resolves="Weigh again: is it kg, and no lb or g?",
            ground=Ground(limit=f"{number(low)} to {number(high)} kg"),
        ),
    )  # fmt: skip


def _age(ago: float) -> tuple[Finding, ...]:
    """Hold a weight that is older than the clinic trusts."""
    limit = limits().weight_age
    if within(ago, 0.0, in_unit(limit, "h")):
        return ()
    return (
        found(
            "slip.weight_age", Severity.HOLD, "An old weight says little.",
            observed=f"weighed {number(units.convert(ago, 'h', to='day'))} days ago",
            resolves="Weigh again.", ground=ours(limit), asks=("weight",),
        ),
    )  # fmt: skip


def _alone(weight: float) -> tuple[Finding, ...]:
    """Hold a weight that nothing can be held against."""
    return (
        found(
            "slip.weight_alone", Severity.HOLD, "A single weight may be in pounds.",
            observed=f"{number(weight)} kg and no other weighing",
            resolves="A second person reads the scale, with its unit.",
        ),
    )  # fmt: skip


def _untold() -> tuple[Finding, ...]:
    """Hold a weight while nobody says what the last one was, or that there was none."""
    return (
        found(
            "slip.weight_before", Severity.HOLD, "A weight is held against the last one.",
            observed="not known: weight at an earlier visit",
            resolves="Look it up, or say that there is none.", asks=("weight_before",),
        ),
    )  # fmt: skip


def _unlike(rule: str, weight: float, other: float | None, limit: Cited) -> tuple[Finding, ...]:
    """Hold a weight that is unlike another weighing of the same person."""
    if other is None or agrees(weight, other, in_unit(limit, "1")):
        return ()
    return (
        found(
            rule, Severity.HOLD,
            f"Two weights differ by more than {printed(limit)}.{looks_like(weight, other)}",
            observed=f"{number(weight)} kg and {number(other)} kg",
            resolves="Weigh again, and read the unit.", ground=ours(limit),
        ),
    )  # fmt: skip
