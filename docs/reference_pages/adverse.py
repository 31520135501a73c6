"""The page of adverse events: terms, grades, seriousness, reports, and the monitoring form."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy import units
from ketherapy.dosing.adverse_events import Scale, expected_frequencies, grades, terms
from ketherapy.dosing.reporting import rems_fields, reporting_duties
from ketherapy.sources import Status
from reference_pages.custody import owed
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_INTRODUCTION = """\
An adverse event is recorded in the words of whoever saw it, with a term of our own short list where
one fits; there are no codes of a licensed dictionary. A grade says how strong it was, seriousness
what came of it. What is not known of either is not taken for the milder."""

_TERMS = """\
How often each was counted in a trial, with its comparison. None is a probability for a person, and
where none is named none was read here."""

_REPORTS = """\
Rules were read for the United States alone. What nobody here has read in a source is a convention,
and off until a clinic adopts it. A setting that was not entered counts as every setting, and an
adverse event that nobody has judged as serious."""

_FORM = """\
The monitoring form of the risk programme of esketamine nasal spray, in our words, as far as it was
read. Fields with the status *convention* were not seen in it; they are missed all the same."""


def page() -> str:
    """Return the page."""
    serious = grades().serious
    return whole(
        "Adverse events and reports",
        _INTRODUCTION,
        "## Serious",
        f"{text(serious.note)} ({serious.rule}, {serious.status.value}, {code(serious.source)},"
        f" {text(serious.locator)})",
        bullets(text(one) for one in serious.outcomes.values()),
        "## Grades",
        *(block for scale in grades().scales.values() for block in _scale(scale)),
        "## Terms",
        _TERMS,
        table(("term", "counted", "among", "rows"), list(_terms())),
        "## Reports",
        _REPORTS,
        owed(reporting_duties("US")),
        "## The monitoring form",
        _FORM,
        table(("field", "asks", "asked where", "status"), list(_fields())),
    )


def _scale(scale: Scale) -> Iterator[str]:
    yield f"### {text(scale.title)}"
    place = f"{scale.rule}, {scale.status.value}, {code(scale.source)}, {text(scale.locator)}"
    yield f"{text(scale.note)} ({place})"
    count = max([len(scale.words), *(edge.grade for edge in scale.edges)])
    yield table(
        ("grade", "numbers", "words"),
        [(f"{k}", _numbers(scale, k), text("".join(scale.words[k - 1 : k])))
         for k in range(1, count + 1)],
    )  # fmt: skip


def _numbers(scale: Scale, grade: int) -> str:
    return " or ".join(
        text(f"{edge.fact} {edge.comparator} {units.shown(edge.limit.value)} {edge.limit.unit}")
        for edge in scale.edges if edge.grade == grade
    )  # fmt: skip


def _terms() -> Iterator[tuple[str, ...]]:
    for key, one in terms().items():
        for row in expected_frequencies(key):
            yield text(one.name), text(row.said), text(row.population), code(row.id)


def _fields() -> Iterator[tuple[str, ...]]:
    for key, one in rems_fields().items():
        said = "yes" if one.is_answered is True else str(one.is_answered)
        where = f"{code(one.only_if)} is {text(said)}" if one.only_if else ""
        yield code(key), text(one.asks), where, (one.status or Status.VERIFIED).value
