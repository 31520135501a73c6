"""A finding in words and as a drawing: both groups, their difference, its doubt, how sure."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.findings import Finding, Gap, Ratio
from clinic.web.charts.icons import (
    Group,
    Icons,
    difference_words,
    icon_arrays,
    icons_table,
    people_words,
)
from clinic.web.charts.markup import Markup
from clinic.web.charts.twin import Twin

CHANCE = "This may be chance: a difference was not shown for sure."
DISAGREE = (
    "With so few people, two ways to count give two answers: one holds “no difference”, the other"
    " does not. Neither settles it."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """One finding as a page shows it."""

    finding: Finding
    drawings: tuple[Markup, ...]  # of people, where people were counted
    table: Twin | None
    groups: str
    difference: str
    doubt: str  # why that is not sure; "" where it is
    basis: str


def drawn(found: Finding) -> Drawn:
    """Return a finding with its drawing, or in words where no one share stands for all groups."""
    pictured = icons(found) if found.shares is not None else None
    return Drawn(
        finding=found,
        drawings=icon_arrays(pictured) if pictured else (),
        table=icons_table(pictured) if pictured else _counts(found),
        groups=groups(found),
        difference=difference(found),
        doubt=doubt(found),
        basis=basis(found),
    )


def icons(found: Finding) -> Icons:
    """Return the two hundred people of a finding in which people were counted."""
    shares, words = found.shares, found.words
    if shares is None:
        raise LookupError(f"{found.id} has no one share of each group: tell it in words.")
    return Icons(
        control=Group(name=words.control, percent=shares.control),
        treated=Group(name=words.treated, percent=shares.treated),
        happened=words.happened,
        not_happened=words.not_happened,
        outcome=_begun(words.outcome),
        time=words.time,
        uncertainty=found.uncertainty,
        certainty=found.certainty,
    )


def line(found: Finding) -> str:
    """Return all of a finding in as few words as it bears."""
    words = found.words
    about = f"{_begun(words.outcome)}, {words.time}"
    short = {"": "", CHANCE: " May be chance.", DISAGREE: " Two ways to count disagree."}
    note = f" {found.note}" if found.note else ""
    of = f"{words.treated} against {words.control}; {_against(found)}"
    if found.shares is not None:
        control, treated = (people_words(x) for x in (found.shares.control, found.shares.treated))
        of = (
            f"{words.control} {control} of 100, {words.treated} {treated} of 100; {_against(found)}"
        )
    return f"{about}: {of}.{short[doubt(found)]} {basis(found)}{note}"


def groups(found: Finding) -> str:
    """Return what was seen in both groups, the control first."""
    words = found.words
    if found.shares is None:
        return f"{_begun(words.outcome)}, {words.time}: {words.treated} against {words.control}."
    control, treated = (people_words(x) for x in (found.shares.control, found.shares.treated))
    return (
        f"With {words.control} {control} of 100 {words.happened}; with {words.treated} {treated} "
        f"of 100. {_begun(words.outcome)}, {words.time}."
    )


def difference(found: Finding) -> str:
    """Return the difference with its interval, and whether it may be chance."""
    lead = "Difference" if found.shares is not None else "With the drug"
    told = f"{lead}: {_against(found)}."
    return f"{told} {doubt(found)}".strip()


def doubt(found: Finding) -> str:
    """Return why a difference is not sure; "" where every interval leaves out no difference."""
    if found.shows_a_difference:
        return ""
    of = found.shares
    return CHANCE if of is None or of.low <= 0.0 <= of.high else DISAGREE


def basis(found: Finding) -> str:
    """Return how many trials and people it rests on, and how sure one can be."""
    trials = f"{len(found.trials)} trial{'s' if len(found.trials) > 1 else ''}"
    people = f"{found.people} people" if found.people is not None else "number of people not known"
    return f"{trials}, {people}. Certainty: {found.certainty}."


def _against(found: Finding) -> str:
    """Return the treated against the control, with the interval."""
    if found.shares is not None:
        return f"{difference_words(icons(found))} ({found.uncertainty})"
    if found.gap is not None:
        return _points(found.gap, is_good=found.is_good)
    if found.ratio is not None:
        return _times(found.ratio)
    raise LookupError(f"{found.id} is refused: say why in its place.")


def _points(gap: Gap, *, is_good: bool) -> str:
    """Return a difference of points, of which more are good or not, from its lesser end."""
    told = [_better(points if is_good else -points) for points in (gap.estimate, gap.low, gap.high)]
    ends = told[1:] if is_good else told[:0:-1]
    return f"{told[0]} (anything from {ends[0]} to {ends[1]})"


def _better(gain: float) -> str:
    """Return points as better or worse with the drug."""
    return f"{abs(gain):.1f} points {'worse' if gain <= 0.0 else 'better'}"


def _times(ratio: Ratio) -> str:
    """Return how many times as many people it happened to."""
    ends = f"anything from {ratio.low:.1f} to {ratio.high:.1f} times"
    return f"{ratio.estimate:.1f} times as many people ({ends})"


def _counts(found: Finding) -> Twin | None:
    """Return the people of each trial that were counted, of both groups."""
    if not found.counted:
        return None
    words = found.words
    return Twin(
        caption=f"{_begun(words.outcome)}, {words.time}. People who {words.happened}",
        headers=("Trial", _begun(words.control), _begun(words.treated)),
        rows=tuple(
            (one.trial, *(f"{events} of {n}" for events, n in (one.control, one.treated)))
            for one in found.counted
        ),
    )


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
