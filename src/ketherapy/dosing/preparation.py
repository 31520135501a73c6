"""What must not be drawn, diluted or given so: findings on a calculation that can be made."""

from __future__ import annotations

from ketherapy.dosing.amounts import mg_per_ml, ml, number, printed, seconds
from ketherapy.dosing.dose_findings import Ground, found, label, ours
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.products import Spray, Vial, in_unit, products
from ketherapy.dosing.rounding import exact
from ketherapy.dosing.version import Jurisdiction

Findings = tuple[Finding, ...]


def too_fast(over: float) -> Findings:
    """Return a block where a push takes less time than the label wants.

    Units   over h
    """
    limit = products().into_a_vein.push_shortest
    if exact(over) >= exact(in_unit(limit, "h")):
        return ()
    return (
        found(
            "preparation.push", Severity.BLOCK,
            f"A push into a vein takes {printed(limit)} or more.",
            observed=f"pushed over {seconds(over)}", resolves="Give it more slowly.",
            ground=label(limit),
        ),
    )  # fmt: skip


def anaesthetic(dose: float, weight: float) -> Findings:
    """Return a block where a bolus into a vein is in the range of anaesthesia.

    Units   dose mg; weight kg
    """
    limit = products().into_a_vein.anaesthetic_from
    if exact(dose) < exact(limit.value) * exact(weight):
        return ()
    return (
        found(
            "preparation.anaesthetic", Severity.BLOCK,
            f"From {printed(limit)} a bolus into a vein is an anaesthetic.",
            observed=f"a bolus of {number(dose / weight)} mg/kg",
            resolves="Check dose, weight and time.", ground=label(limit),
        ),
    )  # fmt: skip


def counted_as_bolus(dose: float, over: float, weight: float) -> Findings:
    """Return a block where an infusion is so short that it is a bolus, of an anaesthetic dose.

    Units   dose mg; over h; weight kg
    """
    is_bolus = exact(over) < exact(in_unit(products().into_a_vein.bolus_below, "h"))
    return anaesthetic(dose, weight) if is_bolus else ()


def concentrate(drawn: float, diluent: float, vial: Vial) -> Findings:
    """Return a block where a concentrate enters a vein with too little diluent.

    Units   drawn, diluent L
    """
    limit = vial.diluent
    if limit is None:
        return ()
    is_enough = exact(diluent) >= exact(limit.value) * exact(drawn)
    return (
        found(
            "preparation.concentrate", Severity.INFO if is_enough else Severity.BLOCK,
            "A concentrate enters a vein only diluted, and is used at once.",
            observed=f"{ml(drawn)} of {vial.name} with {ml(diluent)} of diluent",
            resolves=f"At least {ml(limit.value * drawn)} of diluent.",
            ground=label(limit, " mL of diluent to each mL, at least"),
        ),
    )  # fmt: skip


def diluted_weak_vial(diluent: float, vial: Vial) -> Findings:
    """Return a caution where a vial is diluted that is meant to be given as it is.

    Units   diluent L
    """
    why = vial.undiluted
    if why is None or diluent == 0.0:
        return ()
    ground = Ground(
        limit="no diluent", source=why.source, locator=why.locator, status=why.status,
        jurisdiction=Jurisdiction.CONSENSUS,
    )  # fmt: skip
    return (
        found(
            "preparation.weak_vial", Severity.CAUTION, why.text,
            observed=f"{vial.name} with {ml(diluent)} of diluent",
            resolves="A stronger vial, or this one as it is.", ground=ground,
        ),
    )  # fmt: skip


def strong_in_small_vein(bag: float) -> Findings:
    """Return a caution where a strong solution runs into a peripheral vein.

    Units   bag mg/L
    """
    limit = products().into_a_vein.peripheral_most
    if exact(bag) <= exact(in_unit(limit, "mg/L")):
        return ()
    return (
        found(
            "preparation.small_vein", Severity.CAUTION,
            f"Into a peripheral vein {printed(limit)} or weaker is preferred.",
            observed=f"{mg_per_ml(bag)} into a peripheral vein",
            resolves="A weaker bag, or a central line.", ground=ours(limit),
        ),
    )  # fmt: skip


def too_many_devices(count: int, spray: Spray) -> Findings:
    """Return a block where there are more devices than the highest dose of the label has."""
    if count <= spray.most.value:
        return ()
    return (
        found(
            "preparation.devices", Severity.BLOCK,
            f"At most {number(spray.most.value)} devices are given in one visit.",
            observed=f"{count} devices", resolves="Check the dose in mg.",
            ground=label(spray.most, " devices"),
        ),
    )  # fmt: skip


def check_label(spray: Spray) -> Finding:
    """Return the word that the numbers of a spray are to be checked against its current label."""
    return found(
        "preparation.label", Severity.INFO, spray.stale, observed=spray.name,
        resolves="A look at the current label.", ground=label(spray.amount),
    )  # fmt: skip
