"""Canonical units, and the only conversions in the repository.

Inside, every number is a plain float in mg, L, h, mg/L, kg, year or mmHg. At a border (a file, a
form, a command line) a number travels with its unit and passes through here. The registry knows
only the units of this field, spelled out one by one: a unit it does not know is refused, and no
prefix is ever guessed.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from pint import UnitRegistry

# "/kg" always means per kilogram of body weight, which must not cancel against milligrams of drug.
_DEFINITIONS = (
    "mg = [mass]",
    "g = 1000 * mg",
    "kg = 1000000 * mg",
    "ug = 0.001 * mg = µg = μg = mcg",
    "ng = 0.000001 * mg",
    "lb = 453592.37 * mg = lbs",
    "L = [volume] = l",
    "dL = 0.1 * L = dl",
    "mL = 0.001 * L = ml",
    "h = [time] = hour = hours = hr",
    "min = h / 60 = minute = minutes = mins",
    "s = h / 3600 = second = seconds = sec",
    "day = 24 * h = days = d",
    "week = 168 * h = weeks",
    "year = 8766 * h = years",
    "mmHg = [pressure]",
    "kPa = 7.500615758456564 * mmHg",
    "mol = [substance]",
    "mmol = 0.001 * mol",
    "umol = 0.000001 * mol = µmol = μmol",
    "nmol = 0.000000001 * mol",
    "bodykg = [bodymass]",
    "GiB = [memory]",
    "MiB = GiB / 1024",
    "cm = [length]",
    "m = 100 * cm",
    "percent = 0.01",
)

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_GROUPING = " '_\u2019\u00a0\u2009\u202f"  # what groups thousands in one country or another
_UNIT = re.compile(r"(?:[A-Za-zµμ]+|%)(?: ?[/*] ?[A-Za-zµμ]+)*")
_SPELLING = "Units are case-sensitive and spelled as in 'mg', 'mcg', 'min', 'kg', 'L/h'."
_PARAMETERS = ("L", "L/h", "1/h", "h", "1", "L/kg")  # canonical units of parameters
_OFFERED = {  # what a refusal names, by the canonical unit asked for
    "mg": "mcg, mg, g",
    "mg/kg": "mcg/kg, mg/kg",
    "h": "s, min, h, day, week",
    "kg": "kg, lb",
    "year": "year",
    "GiB": "MiB, GiB",
}
_LONGEST = 40  # characters of a readable quantity; nothing longer is one


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry:
    from pint import UnitRegistry

    registry = UnitRegistry(None, on_redefinition="raise")  # pyright: ignore[reportArgumentType]
    registry.load_definitions(list(_DEFINITIONS))
    return registry


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    names = [
        name.strip()
        for definition in _DEFINITIONS
        for place, name in enumerate(definition.split("="))
        if place != 1
    ]
    return frozenset([*names, "1", "%"])


def _body(unit: str) -> str:
    if not {word.strip() for word in re.split(r"[/*]", unit)} <= _known():
        raise ContractError(  # pint would take any of them in the plural, and we guess nothing
            "unit", expected="one that Ketherapy knows", got=unit, remedy=_SPELLING
        )
    per_body = re.sub(r"/\s*kg(?![A-Za-z])", "/bodykg", unit)
    return "dimensionless" if per_body == "1" else per_body.replace("%", "percent")


@lru_cache(maxsize=1024)
def factor(unit: str, to: str) -> float:
    """Return the number that turns a value in ``unit`` into one in ``to``.

    Errors  ContractError where a unit is unknown or the two measure different things
    """
    import pint

    given, wanted = _body(unit), _body(to)
    try:
        return float(_registry().Quantity(1.0, given).to(wanted).magnitude)
    except pint.DimensionalityError as error:
        raise ContractError(
            "unit", expected=f"one that converts to {to}", got=unit, remedy="Choose such a unit."
        ) from error
    except Exception as error:  # pint raises several unrelated types on unreadable text
        raise ContractError(
            "unit",
            expected=f"one that Ketherapy knows and that converts to {to}",
            got=unit,
            remedy=_SPELLING,
        ) from error


def convert(value: float, unit: str, *, to: str) -> float:
    """Return ``value`` given in ``unit``, expressed in ``to``."""
    return value * factor(unit, to)


@lru_cache(maxsize=1024)  # `factor` remembers its answers, but not its refusals
def same_kind(unit: str, other: str) -> bool:
    """Return whether two readable units measure the same thing."""
    try:
        factor(unit, other)
    except ContractError:
        return False
    return True


def canonical(unit: str, *, per: str = "") -> str:
    """Return the canonical unit of a parameter printed in ``unit``, ``per`` unit of a covariate.

    Errors  ContractError where no canonical unit measures the same thing
    """
    for candidate in _PARAMETERS:
        if same_kind(unit, candidate + per):
            return candidate + per
    raise ContractError(
        "unit", expected=f"one of {', '.join(_PARAMETERS)}", got=unit, remedy="Check the file."
    )


def read_number(text: str, *, what: str, example: str) -> float:
    """Return the number written in ``text``, which must be written unmistakably.

    Errors  ContractError for a decimal comma, a bare point, a missing or an unreadable number, or
            one that cannot be kept to its last figure
    """
    expected, remedy = f"a number such as {example}", "Write digits and at most one decimal point."
    if len(text) > _LONGEST:
        remedy = f"Write one number of at most {_LONGEST} characters."
    elif _NUMBER.fullmatch(text):
        if Decimal(repr(value := float(text))) == Decimal(text):
            return value
        expected, remedy = "a number of at most 15 figures", "Leave out what nobody measured."
    elif re.fullmatch(r"-?[0-9]+(,[0-9]+)+(\.[0-9]+)?", text):
        expected, remedy = "a number without a comma", _commas(text)
    elif re.fullmatch(r"-?\.[0-9]+", text):
        remedy = f"Write {text.replace('.', '0.')}: a bare point is easily overlooked."
    elif re.fullmatch(r"-?[0-9]+\.", text):
        remedy = f"Write {text.rstrip('.')}, without the point."
    elif re.fullmatch(r"-?0[0-9]+(\.[0-9]+)?", text):
        remedy = "Leave out the leading zero."
    else:
        remedy += _hint(text)
    raise ContractError(what, expected=expected, got=text, remedy=remedy)


def _hint(text: str) -> str:
    """Return what else there is to say of a number that is written another way, or nothing."""
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text):
        meant = text.replace(".", "").replace(",", ".")
        return f" Write {meant} if points mark thousands."
    if re.fullmatch(rf"-?[0-9]{{1,3}}([{_GROUPING}][0-9]{{3}})+(\.[0-9]+)?", text):
        return f" Write {re.sub(f'[{_GROUPING}]', '', text)}, without thousands marks."
    if re.fullmatch(r"\+[0-9.]+", text):
        return " Leave out the plus sign."
    if re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", text):
        return " Leave out the exponent."
    if any(mark.isdecimal() and not mark.isascii() for mark in text):
        return " The digits are 0 to 9."
    return ""


def _commas(text: str) -> str:
    """Return what a number with commas may have meant, each form written out."""
    decimal, plain = text.replace(",", ".", 1), text.replace(",", "")
    reads = "A comma is read differently in different countries"
    if not re.fullmatch(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", text):
        return f"{reads}: a decimal mark is a point, as in {decimal}."
    if decimal.count(".") > 1 or "," in decimal:
        return f"{reads}: write {plain}, without thousands marks."
    return f"{reads}: write {plain} if it marks thousands, {float(decimal):g} if decimals."


def split(text: str, *, what: str, example: str) -> tuple[float, str]:
    """Return the number and the unit written in ``text``, such as ``'0.5 mg/kg'``.

    Errors  ContractError where either is missing, unreadable or longer than any real quantity
    """
    stripped = text.strip(" ")
    if not stripped:
        raise ContractError(
            what, expected=f"a value such as '{example}'", got="", remedy="Fill it in."
        )
    if len(stripped) > _LONGEST or not stripped.isprintable():
        remedy = f"Write one number and one unit, at most {_LONGEST} plain characters."
        raise ContractError(what, expected=f"a value such as '{example}'", got=text, remedy=remedy)
    match = re.fullmatch(r"(\S*[0-9][.,]?)\s*([A-Za-zµμ%].*)?", stripped)
    if match is None:
        remedy = "Write a number, a space and a unit."
        raise ContractError(what, expected=f"a value such as '{example}'", got=text, remedy=remedy)
    number, unit = match.groups()
    value = read_number(number, what=what, example=f"'{example}'")
    if unit is None:
        remedy = "Write the unit too; none is assumed."
        raise ContractError(
            what, expected=f"a value with its unit, such as '{example}'", got=text, remedy=remedy
        )
    if not _UNIT.fullmatch(unit):
        remedy = "Write the unit as in the example."
        raise ContractError(what, expected=f"a unit as in '{example}'", got=text, remedy=remedy)
    return value, unit.replace(" ", "")


def read(text: str, *, what: str, to: str, example: str) -> float:
    """Return the quantity written in ``text``, in the canonical unit ``to``.

    Errors  ContractError as ``split`` and ``factor`` raise it, naming ``what`` was read
    """
    value, unit = split(text, what=what, example=example)
    if not same_kind(unit, to):
        raise ContractError(
            what,
            expected=f"a unit as in '{example}'",
            got=text,
            remedy=f"Known here: {_OFFERED.get(to, to)}; capitals matter and none is guessed.",
        )
    return convert(value, unit, to=to)


def shown(value: float, *, digits: int = 3) -> str:
    """Return ``value`` to ``digits`` significant figures, without exponent or trailing zeros."""
    if not math.isfinite(value):
        return str(value)
    text = f"{Decimal(f'{value:.{digits}g}'):f}" if value else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text
