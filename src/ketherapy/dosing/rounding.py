"""The only rounding of a dose: downward, to what a syringe or a pump can be set to.

Numbers are compared as the decimals that were typed: the twelfth figure is finer than any of them
and coarser than the noise of binary fractions, so that 0.3 in steps of 0.1 is three steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ketherapy.dosing.amounts import ml
from ketherapy.dosing.products import Syringe, Vial, in_unit, products
from ketherapy.errors import ContractError


def exact(value: float) -> Fraction:
    """Return ``value`` as the decimal of twelve figures that it stands for."""
    return Fraction(f"{value:.12g}")


def positive(value: float, *, what: str, example: str) -> float:
    """Return ``value``, which is a number above zero.

    Errors  ContractError where it is not
    """
    if not (math.isfinite(value) and value > 0.0):
        raise ContractError(
            what, expected=f"more than zero, such as {example}", got=value, remedy="Correct it."
        )
    return value


def down(value: float, mark: float) -> float:
    """Return the largest multiple of ``mark`` that is not above ``value``.

    Units   value and mark in one unit, as is what is returned
    """
    return _floor(exact(value), mark)


def _floor(value: Fraction, mark: float) -> float:
    return float(value // exact(mark) * exact(mark))


@dataclass(frozen=True, kw_only=True, slots=True)
class Deliverable:
    """A dose as a syringe can measure it, and what rounding took away."""

    wanted: float  # [mg]
    amount: float  # [mg] never above what was wanted
    volume: float  # [L] to be drawn
    syringe: Syringe
    vials: int

    @property
    def lost(self) -> float:
        """Return what rounding took away [mg]."""
        return float(exact(self.wanted) - exact(self.amount))

    @property
    def lost_percent(self) -> float:
        """Return what rounding took away [%]."""
        return 100.0 * self.lost / self.wanted


def deliverable(dose: float, vial: Vial, syringe: Syringe | None = None) -> Deliverable:
    """Return ``dose`` rounded down to what can be drawn from ``vial``.

    Without a syringe it is the smallest that holds the volume.

    Units   dose mg of base
    Errors  ContractError where the dose is none, no syringe holds it, or rounding would leave none
    """
    wanted = exact(positive(dose, what="dose [mg]", example="40")) / exact(vial.strength)
    chosen = syringe or _smallest(wanted)
    _fits(wanted, chosen)
    mark = in_unit(chosen.mark, "L")
    volume = _floor(wanted, mark)
    if volume == 0.0:
        raise ContractError(
            "dose [mg]", expected=f"at least one mark of the syringe, {ml(mark)} of {vial.name}",
            got=dose, remedy="Choose a weaker vial or a finer syringe; nothing is rounded to none.",
        )  # fmt: skip
    amount = float(exact(volume) * exact(vial.strength))
    vials = math.ceil(exact(volume) / exact(in_unit(vial.volume, "L")))
    return Deliverable(wanted=dose, amount=amount, volume=volume, syringe=chosen, vials=vials)


def _smallest(volume: Fraction) -> Syringe:
    """Return the smallest syringe that holds ``volume``, or the largest there is."""
    held = (one for one in products().syringes if volume <= exact(_capacity(one)))
    return next(held, products().syringes[-1])


def _fits(volume: Fraction, syringe: Syringe) -> None:
    if volume > exact(_capacity(syringe)):
        raise ContractError(
            "volume to draw", expected=f"at most {ml(_capacity(syringe))}, one syringe",
            got=ml(float(volume)), remedy="Choose a stronger vial or a larger syringe.",
        )  # fmt: skip


def _capacity(syringe: Syringe) -> float:
    return in_unit(syringe.volume, "L")
