"""Numbers and times as people read them: with a unit, without idle digits."""

from __future__ import annotations

import math

SIGNIFICANT = 3  # more digits than any model here deserves would be false precision
SMALLEST = 0.01  # [ng/mL] below this a level is printed as "< 0.01"
HOUR = 60.0  # [min]
# How far apart the rows of a table stand [min], and until when: as a ward would look.
_PACE = ((2 * HOUR, 10.0), (6 * HOUR, 30.0), (12 * HOUR, HOUR), (48 * HOUR, 4 * HOUR))
_PACE_AFTER = 24 * HOUR


def number(value: float, *, digits: int = SIGNIFICANT) -> str:
    """Return a number to three significant figures or fewer, plain, without idle zeros."""
    if not math.isfinite(value):
        raise ValueError(f"number: expected a finite number, got {value!r}. Refuse it upstream.")
    if value == 0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    text = f"{round(value, places):.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def whole(value: int) -> str:
    """Return a whole number with its thousands apart: "100 000"."""
    return f"{value:,}".replace(",", "\u202f")


def level(value: float) -> str:
    """Return a concentration [ng/mL] with its unit."""
    if value < SMALLEST / 2:
        return "0 ng/mL" if abs(value) < SMALLEST / 1000 else f"< {SMALLEST:g} ng/mL"
    return f"{number(value)} ng/mL"


def duration(minutes: float) -> str:
    """Return a time [min] in the words of a ward: "40 min", "2 h", "2 h 30 min"."""
    if minutes < 2 * HOUR and minutes != HOUR:
        return f"{number(minutes)} min"
    hours, rest = divmod(round(minutes), int(HOUR))
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def listed(words: list[str]) -> str:
    """Return words as a sentence lists them: "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def ward_times(last: float, end: float) -> list[float]:
    """Return the times [min] at which a table is read: close at first, and at the end of dosing."""
    found = {last, min(end, last)}
    at = 0.0
    while at < last:
        found.add(at)
        at += next((step for until, step in _PACE if at < until), _PACE_AFTER)
    return sorted(found)
