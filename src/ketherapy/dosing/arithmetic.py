"""From mg to what a nurse does: draw, dilute, set the pump, hand over the devices.

A volume is computed for a chosen vial and never without one. What cannot be planned is refused;
what can be planned but must not be given is a plan with a finding that blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ketherapy.dosing import preparation, workings
from ketherapy.dosing.amounts import mg_per_ml, ml, printed
from ketherapy.dosing.findings import Finding
from ketherapy.dosing.products import Spray, Syringe, Vial, in_unit, products
from ketherapy.dosing.rounding import Deliverable, deliverable, down, exact, positive
from ketherapy.dosing.workings import Step
from ketherapy.errors import ContractError


class Vein(StrEnum):
    """Where the line lies."""

    PERIPHERAL = "peripheral"
    CENTRAL = "central"


@dataclass(frozen=True, kw_only=True, slots=True)
class Injection:
    """A dose that is drawn, perhaps diluted, and given at once or pushed."""

    vial: Vial
    drawn: Deliverable
    diluent: float  # [L]
    over: float  # [h]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Infusion:
    """A dose that is drawn, filled up and pumped at one rate."""

    vial: Vial
    drawn: Deliverable
    bag: float  # [mg/L]
    total: float  # [L] in the bag or in the syringe of the pump
    diluent: float  # [L]
    rate: float  # [L/h] as the pump is set
    over: float  # [h] at that rate
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Spraying:
    """Devices one after another; the clock of observation starts with the first."""

    spray: Spray
    amount: float  # [mg]
    starts: tuple[float, ...]  # [h] one for each device
    ends: float  # [h] after the rest that follows the last device
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]


def injection(dose: float, vial: Vial, syringe: Syringe | None = None) -> Injection:
    """Return how ``dose`` is drawn to be given at once, into a muscle or under the skin.

    Units   dose mg of base
    Errors  ContractError as ``deliverable`` raises it
    """
    drawn = deliverable(dose, vial, syringe)
    return Injection(
        vial=vial, drawn=drawn, diluent=0.0, over=0.0, steps=workings.drawing(drawn, vial),
        findings=(),
    )  # fmt: skip


def push(
    dose: float,
    over: float,
    *,
    weight: float,
    vial: Vial,
    diluent: float,
    syringe: Syringe | None = None,
) -> Injection:
    """Return how ``dose`` is drawn, diluted and pushed into a vein over ``over`` hours.

    Units   dose mg of base; over h; weight kg; diluent L
    Errors  ContractError where a number is none; as ``deliverable`` raises it too
    """
    _timed(over, weight)
    if diluent != 0.0:
        positive(diluent, what="diluent [L]", example="0.001, or zero")
    drawn = deliverable(dose, vial, syringe)
    return Injection(
        vial=vial, drawn=drawn, diluent=diluent, over=over,
        steps=(*workings.drawing(drawn, vial), *workings.diluting(drawn.volume, diluent),
               *workings.for_each_kg(drawn.amount, over, weight)),
        findings=(*preparation.too_fast(over), *preparation.anaesthetic(dose, weight),
                 *preparation.concentrate(drawn.volume, diluent, vial),
                 *preparation.diluted_weak_vial(diluent, vial)),
    )  # fmt: skip


def infusion(
    dose: float,
    over: float,
    *,
    weight: float,
    vial: Vial,
    bag: float,
    vein: Vein,
    syringe: Syringe | None = None,
) -> Infusion:
    """Return how ``dose`` is drawn, filled up to ``bag`` and pumped over ``over`` hours.

    The rate is rounded down as the dose is: the pump may run a little longer, never faster.

    Units   dose mg of base; over h; weight kg; bag mg/L
    Errors  ContractError where a number is none, the bag is none of those known or stronger than
            the vial, or the pump cannot run so slowly; as ``deliverable`` raises it too
    """
    _timed(over, weight)
    _known_bag(positive(bag, what="concentration of the bag [mg/L]", example="1000"), vial)
    drawn = deliverable(dose, vial, syringe)
    total = float(exact(drawn.amount) / exact(bag))
    diluent, rate = float(exact(total) - exact(drawn.volume)), _pump_rate(total, over)
    return Infusion(
        vial=vial, drawn=drawn, bag=bag, total=total, diluent=diluent, rate=rate,
        over=total / rate,
        steps=(*workings.drawing(drawn, vial), *workings.filling(drawn.amount, drawn.volume, bag),
               *workings.pumping(drawn.amount, bag, over=over, rate=rate),
               *workings.for_each_kg(drawn.amount, total / rate, weight)),
        findings=(*preparation.counted_as_bolus(dose, over, weight),
                 *preparation.concentrate(drawn.volume, diluent, vial),
                 *preparation.diluted_weak_vial(diluent, vial),
                 *(preparation.strong_in_small_vein(bag) if vein is Vein.PERIPHERAL else ())),
    )  # fmt: skip


def spraying(dose: float, spray: Spray, *, at: float = 0.0) -> Spraying:
    """Return the devices of ``dose`` and when each is given, the first ``at`` hours.

    Units   dose mg of base; at h
    Errors  ContractError where the dose is not a whole number of devices
    """
    count = exact(positive(dose, what="dose [mg]", example="56")) / exact(spray.amount.value)
    if count.denominator != 1:
        raise ContractError(
            "dose [mg]", expected=f"a whole number of devices of {printed(spray.amount)}", got=dose,
            remedy="A device is given whole: choose a dose that is.",
        )  # fmt: skip
    rest, devices = in_unit(spray.rest, "h"), int(count)
    return Spraying(
        spray=spray, amount=dose, starts=tuple(at + k * rest for k in range(devices)),
        ends=at + devices * rest, steps=workings.devices(dose, devices, spray),
        findings=(*preparation.too_many_devices(devices, spray), preparation.check_label(spray)),
    )  # fmt: skip


def _timed(over: float, weight: float) -> None:
    positive(over, what="duration [h]", example="0.5")
    positive(weight, what="weight [kg]", example="71")


def _known_bag(bag: float, vial: Vial) -> None:
    bags = products().bags
    is_known = exact(bag) in {exact(in_unit(one, "mg/L")) for one in bags}
    if not (is_known and exact(bag) <= exact(vial.strength)):
        raise ContractError(
            "concentration of the bag",
            expected=f"one of {', '.join(printed(one) for one in bags)}, not above that of the"
            " vial", got=mg_per_ml(bag), remedy="Choose one of these; no other is prepared.",
        )  # fmt: skip


def _pump_rate(total: float, over: float) -> float:
    mark = products().pump.mark
    rate = down(total / over, in_unit(mark, "L/h"))
    if rate == 0.0:
        raise ContractError(
            "pump rate", expected=f"at least {printed(mark)}", got=f"{ml(total / over)}/h",
            remedy="Choose a weaker bag or a shorter time; nothing is rounded to none.",
        )  # fmt: skip
    return rate
