"""Amounts as a nurse reads them: mg, mL, mg/mL, minutes, to six figures and without exponent."""

from __future__ import annotations

from ketherapy import units
from ketherapy.sources import Cited


def number(value: float) -> str:
    """Return ``value`` to six figures."""
    return units.shown(value, digits=6)


def printed(cited: Cited) -> str:
    """Return a cited number with the unit it is printed in, where it has one."""
    return number(cited.value) + ("" if cited.unit == "1" else f" {cited.unit}")


def mg(value: float) -> str:
    """Return ``value`` [mg] in mg."""
    return f"{number(value)} mg"


def ml(value: float) -> str:
    """Return ``value`` [L] in mL."""
    return f"{number(units.convert(value, 'L', to='mL'))} mL"


def mg_per_ml(value: float) -> str:
    """Return ``value`` [mg/L] in mg/mL."""
    return f"{number(units.convert(value, 'mg/L', to='mg/mL'))} mg/mL"


def minutes(value: float) -> str:
    """Return ``value`` [h] in min."""
    return f"{number(units.convert(value, 'h', to='min'))} min"


def seconds(value: float) -> str:
    """Return ``value`` [h] in s."""
    return f"{number(units.convert(value, 'h', to='s'))} s"
