"""What ``ketherapy evidence list`` and ``show`` print of trials, questions and reviews."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.cli.evidence_tables import (
    NOTICE,
    figure,
    grid,
    interval,
    listed,
    published,
    report,
)

if TYPE_CHECKING:
    from ketherapy.evidence import matches
    from ketherapy.evidence.reviews import PublishedPool, Review
    from ketherapy.evidence.trials import Contrast, Outcome, Trial


def trials(found: tuple[tuple[Trial, tuple[Outcome | Contrast, ...]], ...]) -> str:
    """Return the table of trials with their outcomes."""
    if not found:
        return "No trial in the data set is like that."
    rows = [
        (
            one.id, one.name, one.condition, one.design.value, one.control.value,
            "\n".join(outcome_line(outcome) for outcome in outcomes),
        )
        for one, outcomes in found
    ]  # fmt: skip
    heads = ("trial", "name", "condition", "design", "control", "outcomes")
    table = grid(rows, heads)
    return (
        f"{table}\n\n{len(found)} of the trials. 'ketherapy evidence show TRIAL' says all of one."
    )


def outcome_line(outcome: Outcome | Contrast) -> str:
    """Return an outcome as one line: its kind, what it is about, its scale, when, of whom."""
    about = "" if outcome.kind.value == outcome.about.value else f" of {outcome.about.value}"
    alone = "" if hasattr(outcome, "results") else "difference alone"
    kind = f"{outcome.kind.value}{about}"
    parts = (kind, outcome.scale, outcome.timepoint, outcome.part, alone)
    return ", ".join(part for part in parts if part)


def questions() -> str:
    """Return the table of the standing questions."""
    from ketherapy.evidence.questions import questions as known

    rows = [(one.id, one.title, one.measure.value) for one in known()]
    heads = ("question", "asks", "measure")
    table = grid(rows, heads, {1: 70})
    return f"{table}\n\n'ketherapy evidence pool QUESTION' answers one."


def reviews() -> str:
    """Return the table of the published syntheses."""
    from ketherapy.evidence.reviews import reviews as known

    rows = [(one.id, pool.id, *_pool(pool)) for one in known() for pool in one.pools]
    heads = ("review", "pool", "what", "printed", "trials", "can be computed again")
    table = grid(rows, heads, {2: 60})
    return f"{table}\n\n'ketherapy evidence show REVIEW' lays them beside ours."


def _pool(pool: PublishedPool) -> tuple[str, str, str, str]:
    return (
        f"{pool.comparison}: {pool.outcome}" + (f", {pool.timepoint}" if pool.timepoint else ""),
        published(pool) or "not published",
        "" if pool.own_k is None else str(pool.own_k),
        "yes" if pool.method else "no",
    )


def review(found: Review) -> str:
    """Return one review: each of its pools, published and computed again, and its source."""
    from ketherapy.evidence.matches import match
    from ketherapy.sources import cite

    rows = [tuple(_beside(match(found, pool))) for pool in found.pools]
    heads = ("pool", "what", "published", "computed again", "beside each other")
    table = grid(rows, heads, {1: 44, 4: 34})
    ids = dict.fromkeys([found.source, *(pool.source for pool in found.pools if pool.source)])
    blocks = (f"{found.id} (status: {found.status.value})", table,
              listed("Sources", [cite(one) for one in ids]), NOTICE)  # fmt: skip
    return "\n\n".join(blocks)


def _beside(found: matches.Match) -> Iterator[str]:
    yield found.pool.id
    yield _pool(found.pool)[0]
    yield published(found.pool) or "not published"
    yield computed(found)
    said = found.verdict.value
    yield f"{said}: {', '.join(found.differing)}" if found.differing else said


def computed(found: matches.Match) -> str:
    """Return what a pool comes to here, or nothing where it cannot be computed."""
    pooled = found.analysis.pooled if found.analysis else None
    if pooled is None:
        return ""
    shown = pooled.printed
    return f"{pooled.measure} {figure(shown.estimate)} ({interval(shown.low, shown.high)})"


def pool(of: Review, asked: PublishedPool) -> str:
    """Return one published pool beside ours, or as printed where its inputs were not read."""
    from ketherapy.evidence.matches import match
    from ketherapy.sources import cite

    found = match(of, asked)
    if found.analysis is not None:
        return report(found.analysis, found)
    return "\n\n".join([
        f"{found.id}: {_pool(asked)[0]}",
        grid(_printed(asked), widths={1: 90}),
        f"Computed again: no. {found.verdict.value.capitalize()}.",
        listed("Sources", [cite(asked.source or of.source)]),
        NOTICE,
    ])  # fmt: skip


def _printed(asked: PublishedPool) -> Iterator[tuple[str, str]]:
    heterogeneity = {"I2": asked.I2, "tau2": asked.tau2}
    lines = {
        "published": published(asked) or "not read",
        "trials": "" if asked.k is None else str(asked.k),
        "people": "" if asked.people is None else f"{asked.people:,}",
        "included": asked.included,
        "model printed": asked.model_printed,
        "how trials differ": ", ".join(
            f"{name} {np.asarray(x):.10g}" for name, x in heterogeneity.items() if x is not None
        ),
        "certainty": f"{asked.certainty} (GRADE, as printed)" if asked.certainty else "",
        "where": asked.locator, "status": asked.status.value,
        "gap": asked.gap, "how": asked.how, "note": asked.note,
    }  # fmt: skip
    yield from ((name, words) for name, words in lines.items() if words)
