"""The page of controlled drugs: the rules of the book, and what is owed and by when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ketherapy.dosing.custody_duties import Duty, DutyKind, custody_duties, in_force
from ketherapy.dosing.custody_log import Rule
from ketherapy.dosing.custody_open import OpenKind
from ketherapy.dosing.custody_vial import Bucket
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
The book of controlled drugs follows from events alone, in whole micro-litres, whatever the order in
which they come. What was received is the sum of what became of it. What cannot be true is named and
does not count; what is true and against a rule counts and is named. An entry is never changed:
another one names it and takes its place."""

_LAW = """\
Rules were read for the United States alone, and only federal ones. For any other country, state or
accreditor there is nothing here, which does not mean that there are no rules. What nobody here has
read in a source is a convention, and off until a clinic adopts it. This is no legal advice.

Business days know weekends; public holidays are passed in by the clinic. One that was not passed
makes a deadline fall earlier, not later."""


def page() -> str:
    """Return the page."""
    duties = custody_duties("US")
    return whole(
        "Controlled drugs",
        _INTRODUCTION,
        "## Where a part of what was received can be",
        bullets(text(bucket.value) for bucket in Bucket),
        "## What every entry must keep",
        bullets(text(rule.value) for rule in Rule),
        "## What is open",
        bullets(text(kind.value) for kind in OpenKind),
        "## What is owed: United States, federal",
        _LAW,
        owed(duties),
    )


def owed(duties: Iterable[Duty]) -> str:
    """Return duties as a table, those that are off among them and marked."""
    duties = tuple(duties)
    on = in_force(duties)
    heads = ("duty", "what", "number", "in force", "status", "source", "place", "note")
    return table(heads, list(_rows(duties, on)))


def _rows(duties: Iterable[Duty], on: tuple[Duty, ...]) -> Iterator[tuple[str, ...]]:
    for one in duties:
        to_know = one.kind is DutyKind.NOTE
        yield (
            code(one.id),
            text(one.says),
            "" if one.count is None else f"{one.count} {one.unit}{'s' if one.count > 1 else ''}",
            ("to be known" if to_know else "yes") if one in on else "off until adopted",
            one.status.value,
            code(one.source),
            text(one.locator),
            text(one.note),
        )
