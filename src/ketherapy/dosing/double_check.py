"""Two persons come to the same mg and mL, each by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy.dosing.amounts import mg, ml, number
from ketherapy.dosing.dose_findings import found, ours
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.likeness import agrees, limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """What one person came to, by themselves."""

    by: str  # id of the person
    amount: float  # [mg]
    volume: float  # [L]


def double_check(amount: float, volume: float, all_: tuple[Computed, ...]) -> tuple[Finding, ...]:
    """Return what is missing until enough persons have come to these mg and mL by themselves.

    One person counts once, however often they compute.

    Units   amount mg; volume L
    """
    return (*_missing(len({one.by for one in all_})), *_differing(amount, volume, all_))


def _missing(persons: int) -> tuple[Finding, ...]:
    needed = limits().persons
    if persons >= needed.value:
        return ()
    return (
        found(
            "double_check.missing", Severity.HOLD,
            "Each of them computes mg and mL from the order, without being told the result.",
            observed=f"computed by {persons} of {number(needed.value)} persons",
            resolves="Another person computes both.", ground=ours(needed, " persons"),
            asks=("double_check",),
        ),
    )  # fmt: skip


def _differing(amount: float, volume: float, all_: tuple[Computed, ...]) -> tuple[Finding, ...]:
    return tuple(
        found(
            "double_check.differs", Severity.BLOCK,
            "Nothing is drawn until both come to the same mg and mL.",
            observed=f"{mg(one.amount)} and {ml(one.volume)} for {mg(amount)} and {ml(volume)}",
            resolves="Both compute again from the order.",
        )
        for one in all_
        if not (agrees(one.amount, amount) and agrees(one.volume, volume))
    )  # fmt: skip
