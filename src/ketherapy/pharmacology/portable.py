"""Logarithm, exponential and normal percentage points, the same to the last bit on any machine.

The usual ones differ in their last bit between processors and libraries. These use nothing but
``+ - * /``, square root and powers of two, each of which IEEE 754 defines to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Float
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Status

_POINTS = Path(__file__).parent / "data" / "percentage_points.toml"

# ln 2 in two parts: a multiple of the first by any exponent of a double is exact.
_LN2 = Fraction(Decimal(2).ln(Context(prec=60)))
_LN2_HIGH = math.floor(_LN2 * 2**32) / 2**32
_LN2_LOW = float(_LN2 - Fraction(_LN2_HIGH))
_INVERSE_LN2 = float(1 / _LN2)

_EXP = tuple(1 / math.factorial(n) for n in range(14, 1, -1))  # beyond: below the last bit
_ATANH = tuple(1 / n for n in range(25, 2, -2))
_LARGEST = 709.0  # exp of much more is not a finite number
_ZERO = -750.0  # exp of anything less is zero
_TERMS = 160  # of the series of the normal distribution, enough up to _FAR
_FAR = 8.0  # standard deviations beyond which the distribution is 0 or 1 within 1e-15

Numbers = float | Float[np.ndarray, "..."]


@record(frozen=True, kw_only=True, config=RECORD)
class _Ratio:
    numerator: tuple[float, ...]
    denominator: tuple[float, ...]

    def __call__(self, x: Numbers) -> Numbers:
        return polynomial(self.numerator, x) / polynomial(self.denominator, x)


@record(frozen=True, kw_only=True, config=RECORD)
class _PercentagePoints:
    source: str
    status: Status
    unit: str
    locator: str
    central: _Ratio
    middle: _Ratio
    tail: _Ratio


@lru_cache(maxsize=1)
def _points() -> _PercentagePoints:
    return records.load(_PercentagePoints, _POINTS)


def _plain(value: Numbers) -> Numbers:
    """Return an array as it is, and a single number as a plain float."""
    return value if np.ndim(value) else float(value)


def polynomial(coefficients: Sequence[float], x: Numbers) -> Numbers:
    """Return the polynomial at ``x``, highest power first; each step is rounded by itself.

    Units   1
    Source  derived: Horner's rule
    """
    value: Numbers = coefficients[0] + 0.0 * x
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


def exp(x: Numbers) -> Numbers:
    """Return the exponential of ``x``.

    Units   1
    Source  derived: exp(k ln 2 + r) = 2^k exp(r), with the Taylor series of exp(r)
    Errors  ContractError where the result is not a finite number
    """
    x = np.asarray(x, float)
    if not np.all(x < _LARGEST):
        raise ContractError(
            "exponent", expected=f"numbers below {_LARGEST:g}", got=float(np.max(x)),
            remedy="Correct them.",
        )  # fmt: skip
    x = np.maximum(x, _ZERO)
    k = np.rint(x * _INVERSE_LN2)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    series = 1.0 + (r + r * r * polynomial(_EXP, r))
    return _plain(np.ldexp(series, k.astype(np.int32)))


def log(x: Numbers) -> Numbers:
    """Return the natural logarithm of ``x``.

    Units   1
    Source  derived: ln(2^k m) = k ln 2 + 2 artanh((m - 1) / (m + 1)), with its Taylor series
    Errors  ContractError where ``x`` is not a finite number above zero
    """
    x = np.asarray(x, float)
    if not np.all((x > 0.0) & np.isfinite(x)):
        raise ContractError(
            "logarithm", expected="finite numbers above zero", got=float(np.min(x)),
            remedy="Correct them.",
        )  # fmt: skip
    m, k = np.frexp(x)
    is_low = m * m < 0.5
    m, k = np.where(is_low, 2.0 * m, m), np.where(is_low, k - 1, k).astype(float)
    s = (m - 1.0) / (m + 1.0)
    s2 = s * s
    mantissa = 2.0 * s + 2.0 * s * (s2 * polynomial(_ATANH, s2))
    return _plain(k * _LN2_HIGH + (mantissa + k * _LN2_LOW))


def power(base: Numbers, exponent: float) -> Numbers:
    """Return ``base`` to ``exponent``; the first power is the base itself.

    Units   1
    Source  derived: exp(exponent ln(base))
    """
    return base if exponent == 1.0 else exp(exponent * log(base))


def normal_point(p: Numbers) -> Numbers:
    """Return the standard normal deviate below which a fraction ``p`` lies.

    Units   1
    Source  wichura1988
    Errors  ContractError for a fraction that is not between 0 and 1
    """
    p = np.asarray(p, float)
    if not np.all((p > 0.0) & (p < 1.0)):
        raise ContractError(
            "fraction", expected="between 0 and 1", got=float(np.min(p)), remedy="Correct it."
        )
    q = p - 0.5
    is_central = np.abs(q) <= 0.425
    # The outer branch of a central fraction is computed too and not used; 0.25 keeps it finite.
    root = np.sqrt(-log(np.where(is_central, 0.25, np.minimum(p, 1.0 - p))))
    points = _points()
    outer = np.where(root <= 5.0, points.middle(root - 1.6), points.tail(root - 5.0))
    inner = q * points.central(0.180625 - q * q)
    return _plain(np.where(is_central, inner, np.where(q < 0.0, -outer, outer)))


def normal_fraction(x: Numbers) -> Numbers:
    """Return the fraction of a standard normal distribution below ``x``, within 1e-15.

    Units   1
    Source  derived: 1/2 + density(x) (x + x^3/3 + x^5/(3 5) + ...), by parts
    """
    x = np.asarray(x, float)
    far = np.minimum(np.abs(x), _FAR)
    square, term = far * far, far
    total = far
    for n in range(1, _TERMS):
        term = term * square / (2.0 * n + 1.0)
        total = total + term
    above = total * exp(-0.5 * square) / math.sqrt(2.0 * math.pi)
    return _plain(0.5 + np.where(x < 0.0, -above, above))
