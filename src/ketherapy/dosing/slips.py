"""Slips of the hand: checks that reach each number by another way than the arithmetic does.

Nothing here calls the arithmetic. What a syringe holds is mL times the mg/mL of the label, what a
pump gives is rate times time times strength, and both are held against the mg that were ordered.
What contradicts itself is blocked; what may be true but is unlikely is held; what is missing asks.
A number that is none fails every comparison, and never passes.
"""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy import units
from ketherapy.dosing.amounts import mg, minutes, ml, number
from ketherapy.dosing.dose_findings import Ground, found, ours
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.likeness import agrees, limits, looks_like, within
from ketherapy.dosing.products import Spray, Syringe, Vial, in_unit, products
from ketherapy.dosing.weighing import unweighed

Findings = tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From ``low`` to ``high``, both included."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """The dose of a visit as it was typed, and what it is held against."""

    dose: float  # [mg]
    allowed: Span  # by the protocol [mg/kg], or [mg] where it is not per kg
    is_per_kg: bool
    weight: float | None  # [kg]
    most: float | None = None  # [mg] that the protocol gives in one visit at most
    stated: float | None = None  # [mg/kg] as typed beside the mg
    before: tuple[float, ...] = ()  # [mg] this person's own last doses, the latest last


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a pump was told, as it was typed."""

    dose: float  # [mg] ordered
    over: float  # [h]
    times: Span  # [h] that the protocol takes
    bag: float  # [mg/L] on its label
    total: float  # [L] in it
    rate: float  # [L/h]
    hourly: float | None = None  # [mg/h] as typed beside
    weight: float | None = None  # [kg], to recognise a rate per kg


def order_slips(order: Order) -> Findings:
    """Return what looks like a slip in the dose that was ordered."""
    if order.weight is None and (order.is_per_kg or order.stated is not None):
        return (unweighed(),)
    kg = 1.0 if order.weight is None else order.weight
    return (
        *_beyond_protocol(order, kg if order.is_per_kg else 1.0),
        *_against_stated(order, kg),
        *_against_own_doses(order),
    )


def syringe_slips(dose: float, volume: float, *, vial: Vial, syringe: Syringe) -> Findings:
    """Return a block where a drawn volume is not the dose, rounded down to a mark at most.

    Units   dose mg; volume L
    """
    if _is_drawn(dose, volume, vial, syringe):
        return ()
    held, others = _content(volume, vial), products().vials.values()
    fit = [one.name for one in others if _is_drawn(dose, volume, one, syringe)]
    hint = f" It would fit {' or '.join(fit)}." if fit else ""
    return (
        found(
            "slip.syringe", Severity.BLOCK, "The syringe does not hold what was ordered.",
            observed=f"{ml(volume)} of {vial.name} hold {mg(held)}, for {mg(dose)}",
            resolves=f"Read the label and the volume again.{hint}{looks_like(held, dose)}",
        ),
    )  # fmt: skip


def pump_slips(setting: Setting) -> Findings:
    """Return what looks like a slip in how a pump was set."""
    limit, dose = limits().agreement, setting.dose
    return (
        *(
            found(
                f"slip.{way}", Severity.BLOCK, f"{_SAYS[way]} does not come to the dose.",
                observed=f"{mg(amount)}, for {mg(dose)}",
                resolves=f"Correct what was typed.{looks_like(amount, dose, setting.weight)}",
                ground=ours(limit),
            )
            for way, amount in _ways(setting).items()
            if not agrees(amount, dose, in_unit(limit, "1"))
        ),
        *_duration(setting.over, setting.times),
    )  # fmt: skip


_SAYS = {
    "bag": "What the bag holds",
    "pump_rate": "What the pump gives in the time of the plan",
    "hourly": "The dose per hour in the time of the plan",
}


def _ways(setting: Setting) -> dict[str, float]:
    """Return the mg that follow from each way in which the same dose was typed."""
    ways = {
        "bag": setting.total * setting.bag,
        "pump_rate": setting.rate * setting.over * setting.bag,
    }
    hourly = setting.hourly
    return ways if hourly is None else ways | {"hourly": hourly * setting.over}


def device_slips(dose: float, count: int, spray: Spray) -> Findings:
    """Return a block where ``count`` devices do not add up to the dose.

    Units   dose mg
    """
    given = count * in_unit(spray.amount, "mg")
    if count > 0 and agrees(given, dose):
        return ()
    return (
        found(
            "slip.devices", Severity.BLOCK, "The devices do not add up to the dose.",
            observed=f"{count} devices hold {mg(given)}, for {mg(dose)}",
            resolves="Count them, and read the dose again.",
        ),
    )  # fmt: skip


def _beyond_protocol(order: Order, kg: float) -> Findings:
    """Return what stands in the way of a dose that the protocol does not give."""
    low, high = _capped(order.allowed.low * kg, order), _capped(order.allowed.high * kg, order)
    shorter = 1.0 - in_unit(limits().agreement, "1")  # a dose may have been rounded down
    if within(order.dose, low * shorter, high):
        return ()
    absurd = limits().absurd.value
    is_choice = low / absurd < order.dose < high * absurd
    return (
        found(
            "slip.dose", Severity.HOLD if is_choice else Severity.BLOCK,
            "The protocol does not give this dose to this person.", observed=mg(order.dose),
            resolves=f"Check dose, unit and weight.{looks_like(order.dose, high, order.weight)}",
            ground=Ground(limit=f"{mg(low)} to {mg(high)}"),
        ),
    )  # fmt: skip


def _against_stated(order: Order, kg: float) -> Findings:
    """Return a block where the mg are not the mg/kg that were typed beside them."""
    if order.stated is None:
        return ()
    limit, meant = limits().agreement, _capped(order.stated * kg, order)
    if agrees(order.dose, meant, in_unit(limit, "1")):
        return ()
    return (
        found(
            "slip.per_kg", Severity.BLOCK, "The mg are not the mg/kg beside them.",
            observed=f"{mg(order.dose)} beside {number(order.stated)} mg/kg, which is {mg(meant)}",
            resolves=f"Correct what is wrong.{looks_like(order.dose, meant, order.weight)}",
            ground=ours(limit),
        ),
    )  # fmt: skip


def _capped(amount: float, order: Order) -> float:
    return amount if order.most is None else min(amount, order.most)


def _against_own_doses(order: Order) -> Findings:
    """Return a hold where the dose is far from this person's own last doses."""
    if not order.before:
        return ()
    limit, low, high = limits().own_doses, min(order.before), max(order.before)
    if within(order.dose, low / limit.value, high * limit.value):
        return ()
    return (
        found(
            "slip.own_doses", Severity.HOLD, "The dose is far from this person's own last doses.",
            observed=f"{mg(order.dose)} after {mg(low)} to {mg(high)}",
            resolves=f"Look at the last visits.{looks_like(order.dose, order.before[-1])}",
            ground=ours(limit, " times above or below"),
        ),
    )  # fmt: skip


def _duration(over: float, times: Span) -> Findings:
    """Return a hold where a dose takes another time than the protocol says."""
    if within(over, times.low, times.high):
        return ()
    return (
        found(
            "slip.duration", Severity.HOLD, "The protocol takes another time.",
            observed=f"over {minutes(over)}",
            resolves=f"Check the time and its unit.{looks_like(over, times.high)}",
            ground=Ground(limit=f"{minutes(times.low)} to {minutes(times.high)}"),
        ),
    )  # fmt: skip


def _content(volume: float, vial: Vial) -> float:
    """Return the mg in a volume [L] by the label of the vial."""
    return units.convert(volume, "L", to="mL") * in_unit(vial.concentration, "mg/mL")


def _is_drawn(dose: float, volume: float, vial: Vial, syringe: Syringe) -> bool:
    """Return whether a volume holds the dose, or less by less than one mark."""
    one_mark, held = _content(in_unit(syringe.mark, "L"), vial), _content(volume, vial)
    is_short = held == 0.0 or within(held, 0.0, dose - one_mark)
    return within(held, 0.0, dose) and not is_short
