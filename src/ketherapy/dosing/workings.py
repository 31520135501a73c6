"""A calculation in words: each step with its formula, so that it can be checked by hand."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy import units
from ketherapy.dosing.amounts import mg, mg_per_ml, minutes, ml, number, printed
from ketherapy.dosing.products import Spray, Vial, in_unit, products
from ketherapy.dosing.rounding import Deliverable


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the calculation, as a nurse checks it by hand."""

    what: str
    formula: str
    result: str


def drawing(drawn: Deliverable, vial: Vial) -> tuple[Step, ...]:
    """Return how the volume to draw follows from the dose and the chosen vial."""
    strength, volume = mg_per_ml(vial.strength), ml(drawn.volume)
    marked = f"{printed(drawn.syringe.volume)} syringe (every {printed(drawn.syringe.mark)})"
    lost = f"{mg(drawn.lost)}, {units.shown(drawn.lost_percent)} %"
    return (
        _step("volume of the dose", f"{mg(drawn.wanted)} ÷ {strength}",
              ml(drawn.wanted / vial.strength)),
        _step("volume to draw", f"rounded down to a mark of a {marked}", volume),
        _step("dose drawn", f"{volume} × {strength}", mg(drawn.amount)),
        _step("lost by rounding", f"{mg(drawn.wanted)} - {mg(drawn.amount)}", lost),
        _step("vials", f"{volume} of {printed(vial.volume)} in each, rounded up",
              str(drawn.vials)),
    )  # fmt: skip


def diluting(drawn: float, diluent: float) -> tuple[Step, ...]:
    """Return how much diluent is added to what was drawn.

    Units   drawn, diluent L
    """
    return (
        _step("diluent", "as ordered", ml(diluent)),
        _step("in the syringe", f"{ml(drawn)} + {ml(diluent)}", ml(drawn + diluent)),
    )


def filling(amount: float, drawn: float, bag: float) -> tuple[Step, ...]:
    """Return to which volume the drawn dose is filled up.

    Units   amount mg; drawn L; bag mg/L
    """
    total = amount / bag
    return (
        _step("fill up to", f"{mg(amount)} ÷ {mg_per_ml(bag)}", ml(total)),
        _step("diluent", f"{ml(total)} - {ml(drawn)}", ml(total - drawn)),
    )


def pumping(amount: float, bag: float, *, over: float, rate: float) -> tuple[Step, ...]:
    """Return how the rate of the pump follows from the dose, its time and its solution.

    Units   amount mg; bag mg/L; over h; rate L/h
    """
    total, hourly, set_to = amount / bag, f"{mg(amount / over)}/h", f"{ml(rate)}/h"
    return (
        _step("dose per hour", f"{mg(amount)} ÷ {minutes(over)} × 60 min/h", hourly),
        _step("pump rate", f"{hourly} ÷ {mg_per_ml(bag)}, rounded down to a step of"
              f" {printed(products().pump.mark)}", set_to),
        _step("time at this rate", f"{ml(total)} ÷ {set_to} × 60 min/h", minutes(total / rate)),
    )  # fmt: skip


def for_each_kg(amount: float, over: float, weight: float) -> tuple[Step, ...]:
    """Return the dose for each kg of body, in the three ways in which it is written.

    Units   amount mg; over h; weight kg
    """
    each = amount / weight
    hourly, fine = each / over, units.convert(each / over, "mg/kg/h", to="mcg/kg/min")
    return (
        _step("for each kg", f"{mg(amount)} ÷ {number(weight)} kg", f"{number(each)} mg/kg"),
        _step("for each kg and hour", f"{number(each)} mg/kg ÷ {minutes(over)} × 60 min/h",
              f"{number(hourly)} mg/kg/h"),
        _step("for each kg and minute", f"{number(hourly)} mg/kg/h × 1000 mcg/mg ÷ 60 min/h",
              f"{number(fine)} mcg/kg/min"),
    )  # fmt: skip


def devices(dose: float, count: int, spray: Spray) -> tuple[Step, ...]:
    """Return how many devices and sprays the dose is, and how long they take.

    Units   dose mg
    """
    sprays = spray.sprays.value
    return (
        _step("devices", f"{mg(dose)} ÷ {printed(spray.amount)}", str(count)),
        _step("sprays", f"{count} × {number(sprays)}", number(count * sprays)),
        _step("from the first device to the end of the last rest",
              f"{count} × {printed(spray.rest)}", minutes(count * in_unit(spray.rest, "h"))),
    )  # fmt: skip


def _step(what: str, formula: str, result: str) -> Step:
    return Step(what=what, formula=formula, result=result)
