"""The answer as it is read first: the difference with its interval, both groups, the doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.explore.evidence_answer import Answer, Together
from clinic.explore.evidence_words import OF_COUNTS
from clinic.web import evidence_plots as plots
from clinic.web import evidence_words as words
from clinic.web.charts.icons import people_words

UNSURE = (
    "The interval holds “no difference”: this shows neither that there is one nor that there is"
    " none."
)
_DISAGREE = (
    "One of the two intervals, of the {measure} and of the shares, holds “no difference” and the"
    " other does not: with so few people neither settles it."
)
_NO_SHARES = (
    "No pair of shares of a hundred is shown: the control groups differ too much to stand for one"
    " another, or nobody in one had the event, or the shares would go beyond everybody."
)
_UNITS = {"MD": "points", "SMD": "standard deviations"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The answer in words."""

    headline: str
    sentences: tuple[str, ...]
    effect: str  # the pooled effect in one line


def verdict(found: Answer) -> Verdict | None:
    """Return the answer in words; None where it is refused."""
    together = found.together
    if together is None:
        return None
    effect = f"{found.measure_name} {words.extent(together.extent)}"
    counted = _counted(found)
    headline = counted[0] if counted else _measured(found, together, effect)
    first = (counted[1],) if counted else tuple(_side(found))
    return Verdict(headline=headline, sentences=(*first, *_doubts(found, together)), effect=effect)


def _counted(found: Answer) -> tuple[str, str] | None:
    """Return the difference of a hundred with its interval, and both groups."""
    icons, absolute = plots.people(found), found.absolute
    if icons is None or absolute is None:
        return None
    headline = f"{plots.headline(icons)} {icons.happened} with {found.sides.treated}"
    groups = (
        f"Of 100 people, {people_words(absolute.treated)} {icons.happened} with"
        f" {found.sides.treated} and {people_words(absolute.control)} with {found.sides.control}."
    )
    return f"{headline[:1].upper()}{headline[1:]} ({plots.ends(found)})", groups


def _measured(found: Answer, together: Together, effect: str) -> str:
    """Return a difference of scores in words, with its interval."""
    unit = _UNITS.get(found.measure.value)
    if unit is None:
        return f"{effect}, {found.sides.treated} against {found.sides.control}"
    extent = together.extent
    side = "lower" if extent.estimate < 0.0 else "higher"
    by = f" on {words.by(found)}" if unit == "points" and found.scales else ""
    ends = _ends(found, extent.low, extent.high)
    size = _size(found, extent.estimate)
    return f"{size} {unit} {side}{by} with {found.sides.treated} ({ends})"


def _ends(found: Answer, low: float, high: float) -> str:
    """Return both ends with their sides; a side that both share is said once."""
    sides = ["lower" if end < 0.0 else "higher" for end in (low, high)]
    first, last = _size(found, low), _size(found, high)
    if sides[0] == sides[1]:
        return f"{first} to {last} {sides[1]}"
    return f"{first} {sides[0]} to {last} {sides[1]}"


def _size(found: Answer, value: float) -> str:
    """Return a size: a tenth of a point is all that a scale can bear."""
    places = 1 if found.measure.value == "MD" else 2
    return f"{abs(value):.{places}f}"


def _side(found: Answer) -> Iterator[str]:
    match found.favourable:
        case "below":
            yield "Lower is better."
        case "above":
            yield "Higher is better."
        case _:
            return


def _doubts(found: Answer, together: Together) -> Iterator[str]:
    absolute = found.absolute
    shares_are_sure = absolute is None or not absolute.low <= 0.0 <= absolute.high
    if found.is_single and shares_are_sure is not together.is_sure and absolute is not None:
        yield _DISAGREE.format(measure=found.measure_name.lower())
    elif not together.is_sure:
        yield UNSURE
    if absolute is None and found.measure in OF_COUNTS and not has_printed(found):
        yield _NO_SHARES


def has_printed(found: Answer) -> bool:
    """Return whether differences are printed without the groups they are made of."""
    return any(study.printed is not None for study in found.studies)
