"""Slips of the hand: checks that reach each number by another way than the arithmetic does.

Nothing here calls the arithmetic. The content of a syringe is its share of the whole vial, what a
pump gives is rate times time times strength, and both are held against the mg that were ordered.
What contradicts itself is blocked; what may be true but is unlikely is held; what is missing asks.
A number that is none fails every comparison, and never passes.
"""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy import units
from ketherapy.dosing.amounts import mg, minutes, ml, number
from ketherapy.dosing.likeness import agrees, limits, looks_like, within
from ketherapy.dosing.notices import Notice, Severity
from ketherapy.dosing.products import Spray, Syringe, Vial, in_unit, products
from ketherapy.sources import Cited

Notices = tuple[Notice, ...]


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


def order_slips(order: Order) -> Notices:
    """Return what looks like a slip in the dose that was ordered."""
    if order.weight is None and (order.is_per_kg or order.stated is not None):
        remedy = "Weigh the person; no weight is ever assumed."
        return (_notice("weight_missing", Severity.HOLD, "a dose per kg, no weight", remedy),)
    kg = 1.0 if order.weight is None else order.weight
    return (
        *_beyond_protocol(order, kg if order.is_per_kg else 1.0),
        *_against_stated(order, kg),
        *_against_own_doses(order),
    )


def syringe_slips(dose: float, volume: float, *, vial: Vial, syringe: Syringe) -> Notices:
    """Return a block where a drawn volume is not the dose, rounded down to a mark at most.

    Units   dose mg; volume L
    """
    if _is_drawn(dose, volume, vial, syringe):
        return ()
    fit = [one.name for one in _other_vials(vial) if _is_drawn(dose, volume, one, syringe)]
    held, other = _content(volume, vial), f" It would fit {' or '.join(fit)}." if fit else ""
    seen = f"{ml(volume)} of {vial.name} hold {mg(held)}, for {mg(dose)}"
    remedy = f"Read the label and the volume again.{other}{looks_like(held, dose)}"
    return (_notice("syringe_content", Severity.BLOCK, seen, remedy),)


def pump_slips(setting: Setting) -> Notices:
    """Return what looks like a slip in how a pump was set."""
    limit, given = limits().agreement, _ways(setting)
    wrong = {way: amount for way, amount in given.items()
             if not agrees(amount, setting.dose, in_unit(limit, "1"))}  # fmt: skip
    return (
        *(
            _notice(
                way, Severity.BLOCK, f"{_SAID[way]} {mg(amount)}, for {mg(setting.dose)}",
                "Correct what was typed." + looks_like(amount, setting.dose, weight=setting.weight),
                limit,
            )
            for way, amount in wrong.items()
        ),
        *_duration(setting.over, setting.times),
    )  # fmt: skip


_SAID = {
    "bag_content": "the bag holds",
    "pump_rate": "in the time of the plan the pump gives",
    "hourly_dose": "in the time of the plan the dose per hour gives",
}


def _ways(setting: Setting) -> dict[str, float]:
    """Return the mg that follow from each way in which the same dose was typed."""
    ways = {
        "bag_content": setting.total * setting.bag,
        "pump_rate": setting.rate * setting.over * setting.bag,
    }
    hourly = setting.hourly
    return ways if hourly is None else ways | {"hourly_dose": hourly * setting.over}


def device_slips(dose: float, count: int, spray: Spray) -> Notices:
    """Return a block where ``count`` devices do not add up to the dose.

    Units   dose mg
    """
    given = count * in_unit(spray.amount, "mg")
    if count > 0 and agrees(given, dose):
        return ()
    seen = f"{count} devices hold {mg(given)}, for {mg(dose)}"
    return (_notice("devices", Severity.BLOCK, seen, "Count them, and read the dose again."),)


def _beyond_protocol(order: Order, kg: float) -> Notices:
    """Return what stands in the way of a dose that the protocol does not give."""
    low, high = _capped(order.allowed.low * kg, order), _capped(order.allowed.high * kg, order)
    shorter = 1.0 - in_unit(limits().agreement, "1")  # a dose may have been rounded down
    if within(order.dose, low * shorter, high):
        return ()
    absurd = limits().absurd.value
    is_choice = low / absurd < order.dose < high * absurd
    seen = f"{mg(order.dose)} where the protocol gives {mg(low)} to {mg(high)}"
    slip = looks_like(order.dose, high, weight=order.weight)
    return (
        _notice("dose_range", Severity.HOLD if is_choice else Severity.BLOCK, seen,
                f"Check dose, unit and weight.{slip}"),
    )  # fmt: skip


def _against_stated(order: Order, kg: float) -> Notices:
    """Return a block where the mg are not the mg/kg that were typed beside them."""
    if order.stated is None:
        return ()
    limit, meant = limits().agreement, _capped(order.stated * kg, order)
    if agrees(order.dose, meant, in_unit(limit, "1")):
        return ()
    seen = f"{mg(order.dose)} beside {number(order.stated)} mg/kg, which is {mg(meant)}"
    slip = looks_like(order.dose, meant, weight=order.weight)
    return (_notice("stated_per_kg", Severity.BLOCK, seen, f"Correct what is wrong.{slip}", limit),)


def _capped(amount: float, order: Order) -> float:
    return amount if order.most is None else min(amount, order.most)


def _against_own_doses(order: Order) -> Notices:
    """Return a hold where the dose is far from this person's own last doses."""
    if not order.before:
        return ()
    limit, low, high = limits().own_doses, min(order.before), max(order.before)
    if within(order.dose, low / limit.value, high * limit.value):
        return ()
    seen = f"{mg(order.dose)} after {mg(low)} to {mg(high)}"
    slip = looks_like(order.dose, order.before[-1])
    return (
        _notice("own_doses", Severity.HOLD, seen, f"Look at the last visits.{slip}", limit),
    )  # fmt: skip


def _duration(over: float, times: Span) -> Notices:
    """Return a hold where a dose takes another time than the protocol says."""
    if within(over, times.low, times.high):
        return ()
    remedy = f"The protocol takes {minutes(times.low)} to {minutes(times.high)}."
    slip = looks_like(over, times.high)
    return (_notice("duration", Severity.HOLD, f"over {minutes(over)}", remedy + slip),)


def _other_vials(vial: Vial) -> list[Vial]:
    return [one for one in products().vials.values() if one != vial]


def _content(volume: float, vial: Vial) -> float:
    """Return the mg in a drawn volume, as its share of what the whole vial holds."""
    whole = in_unit(vial.volume, "mL")
    share = units.convert(volume, "L", to="mL") / whole
    return share * whole * in_unit(vial.concentration, "mg/mL")


def _is_drawn(dose: float, volume: float, vial: Vial, syringe: Syringe) -> bool:
    """Return whether a volume holds the dose, or less by less than one mark."""
    one_mark, held = _content(in_unit(syringe.mark, "L"), vial), _content(volume, vial)
    is_short = held == 0.0 or within(held, 0.0, dose - one_mark)
    return within(held, 0.0, dose) and not is_short


def _notice(
    check: str, severity: Severity, seen: str, remedy: str, limit: Cited | None = None
) -> Notice:
    return Notice(check=check, severity=severity, seen=seen, remedy=remedy, limit=limit)
