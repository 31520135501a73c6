"""What must not be drawn, diluted or given so: notices on a calculation that can be made."""

from __future__ import annotations

from ketherapy.dosing.amounts import mg_per_ml, ml, number, printed, seconds
from ketherapy.dosing.notices import Notice, Severity
from ketherapy.dosing.products import Spray, Vial, in_unit, products
from ketherapy.dosing.rounding import exact


def too_fast(over: float) -> tuple[Notice, ...]:
    """Return a block where a push takes less time than the label wants.

    Units   over h
    """
    limit = products().into_a_vein.push_shortest
    if exact(over) >= exact(in_unit(limit, "h")):
        return ()
    return (
        Notice(
            check="push_too_fast", severity=Severity.BLOCK, limit=limit,
            seen=f"pushed into a vein over {seconds(over)}",
            remedy=f"Give it over {printed(limit)} or more.",
        ),
    )  # fmt: skip


def anaesthetic(dose: float, weight: float) -> tuple[Notice, ...]:
    """Return a block where a bolus into a vein is in the range of anaesthesia.

    Units   dose mg; weight kg
    """
    limit = products().into_a_vein.anaesthetic_from
    if exact(dose) < exact(limit.value) * exact(weight):
        return ()
    return (
        Notice(
            check="anaesthetic_bolus", severity=Severity.BLOCK, limit=limit,
            seen=f"a bolus of {number(dose / weight)} mg/kg into a vein",
            remedy=f"From {printed(limit)} it induces anaesthesia: check dose, weight and time.",
        ),
    )  # fmt: skip


def counted_as_bolus(dose: float, over: float, weight: float) -> tuple[Notice, ...]:
    """Return a block where an infusion is so short that it is a bolus, of an anaesthetic dose.

    Units   dose mg; over h; weight kg
    """
    is_bolus = exact(over) < exact(in_unit(products().into_a_vein.bolus_below, "h"))
    return anaesthetic(dose, weight) if is_bolus else ()


def concentrate(drawn: float, diluent: float, vial: Vial) -> tuple[Notice, ...]:
    """Return a block where a concentrate enters a vein with too little diluent.

    Units   drawn, diluent L
    """
    limit = vial.diluent
    if limit is None:
        return ()
    is_enough = exact(diluent) >= exact(limit.value) * exact(drawn)
    least = f"at least {ml(limit.value * drawn)} of diluent"
    return (
        Notice(
            check="concentrate", severity=Severity.INFO if is_enough else Severity.BLOCK,
            limit=limit, seen=f"{ml(drawn)} of {vial.name} with {ml(diluent)} of diluent",
            remedy=f"Into a vein only with {least}, and at once.",
        ),
    )  # fmt: skip


def diluted_weak_vial(diluent: float, vial: Vial) -> tuple[Notice, ...]:
    """Return a caution where a vial is diluted that is meant to be given as it is.

    Units   diluent L
    """
    if vial.undiluted is None or diluent == 0.0:
        return ()
    return (
        Notice(
            check="diluted_weak_vial", severity=Severity.CAUTION,
            seen=f"{vial.name} with {ml(diluent)} of diluent",
            remedy=f"{vial.undiluted.text} Choose a stronger vial, or give it as it is.",
        ),
    )  # fmt: skip


def strong_in_small_vein(bag: float) -> tuple[Notice, ...]:
    """Return a caution where a strong solution runs into a peripheral vein.

    Units   bag mg/L
    """
    limit = products().into_a_vein.peripheral_most
    if exact(bag) <= exact(in_unit(limit, "mg/L")):
        return ()
    return (
        Notice(
            check="strong_in_small_vein", severity=Severity.CAUTION, limit=limit,
            seen=f"{mg_per_ml(bag)} into a peripheral vein",
            remedy=f"Prefer {printed(limit)} or weaker, or a central line.",
        ),
    )  # fmt: skip


def too_many_devices(count: int, spray: Spray) -> tuple[Notice, ...]:
    """Return a block where there are more devices than the highest dose of the label has."""
    if count <= spray.most.value:
        return ()
    return (
        Notice(
            check="too_many_devices", severity=Severity.BLOCK, limit=spray.most,
            seen=f"{count} devices in one visit",
            remedy=f"At most {number(spray.most.value)} are given: check the dose in mg.",
        ),
    )  # fmt: skip


def check_label(spray: Spray) -> Notice:
    """Return the word that the numbers of a spray are to be checked against its current label."""
    return Notice(check="stale_label", severity=Severity.INFO, seen=spray.name, remedy=spray.stale)
