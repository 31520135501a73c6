"""Two persons come to the same mg and mL, each by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy.dosing.amounts import mg, ml, number
from ketherapy.dosing.likeness import agrees, limits
from ketherapy.dosing.notices import Notice, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What one person came to, by themselves."""

    by: str  # id of the person
    amount: float  # [mg]
    volume: float  # [L]


def double_check(amount: float, volume: float, checks: tuple[Checked, ...]) -> tuple[Notice, ...]:
    """Return what is missing until enough persons have come to these mg and mL by themselves.

    One person counts once, however often they check.

    Units   amount mg; volume L
    """
    persons, needed = len({one.by for one in checks}), limits().persons
    missing = Notice(
        check="double_check_missing", severity=Severity.HOLD, limit=needed,
        seen=f"checked by {persons} of {number(needed.value)} persons",
        remedy="Another person computes mg and mL from the order, without being told the result.",
    )  # fmt: skip
    differing = (
        Notice(
            check="double_check_differs", severity=Severity.BLOCK,
            seen=f"{mg(one.amount)} and {ml(one.volume)} for {mg(amount)} and {ml(volume)}",
            remedy="Both compute again from the order; nothing is drawn until they agree.",
        )
        for one in checks
        if not (agrees(one.amount, amount) and agrees(one.volume, volume))
    )  # fmt: skip
    return (*((missing,) if persons < needed.value else ()), *differing)
