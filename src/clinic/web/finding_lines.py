"""A finding in words and as a drawing: both groups, their difference, its doubt, how sure."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.findings import Finding, Gap, Shares
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """One finding as a page shows it."""

    finding: Finding
    drawings: tuple[Markup, ...]  # of people, where people were counted
    table: Twin | None
    groups: str
    difference: str
    basis: str


def drawn(found: Finding) -> Drawn:
    """Return a finding with its drawing, or in words where points were measured."""
    pictured = icons(found) if found.shares is not None else None
    return Drawn(
        finding=found,
        drawings=icon_arrays(pictured) if pictured else (),
        table=icons_table(pictured) if pictured else None,
        groups=groups(found),
        difference=difference(found),
        basis=basis(found),
    )


def icons(found: Finding) -> Icons:
    """Return the two hundred people of a finding in which people were counted."""
    shares, words = _shares(found), found.words
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
    doubt = "" if found.shows_a_difference else " May be chance."
    shares = found.shares
    if shares is None:
        of = f"{about}: {words.treated} against {words.control}; {_range(_gap(found))}"
    else:
        control, treated = (people_words(x) for x in (shares.control, shares.treated))
        of = (
            f"{about}: {words.control} {control} of 100, {words.treated} {treated} of 100; "
            f"{difference_words(icons(found))} ({found.uncertainty})"
        )
    return f"{of}.{doubt} {basis(found)}"


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
    if found.shares is None:
        told = f"Difference, with the drug: {_range(_gap(found))}."
    else:
        told = f"Difference: {difference_words(icons(found))}; {found.uncertainty}."
    return told if found.shows_a_difference else f"{told} {CHANCE}"


def basis(found: Finding) -> str:
    """Return how many trials and people it rests on, and how sure one can be."""
    trials = f"{len(found.trials)} trial{'s' if len(found.trials) > 1 else ''}"
    return f"{trials}, {found.people} people. Certainty: {found.certainty}."


def _range(gap: Gap) -> str:
    """Return a difference of points of which fewer are better, as every score here counts them."""
    ends = (_better(gap.high), _better(gap.low))
    return f"{_better(gap.estimate)} (anything from {ends[0]} to {ends[1]})"


def _better(points: float) -> str:
    """Return points as better or worse with the drug."""
    return f"{abs(points):.1f} points {'better' if points < 0.0 else 'worse'}"


def _shares(found: Finding) -> Shares:
    if found.shares is None:
        raise LookupError(f"{found.id} counted no people: tell its points.")
    return found.shares


def _gap(found: Finding) -> Gap:
    if found.gap is None:
        raise LookupError(f"{found.id} has neither people nor points: say why it was refused.")
    return found.gap


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
