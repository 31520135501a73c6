"""Everything of one trial, as its documents print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ketherapy.cli.evidence_tables import NOTICE, grid, listed

if TYPE_CHECKING:
    from ketherapy.evidence.trials import Contrast, Outcome, Result, Trial


def page(found: Trial) -> str:
    """Return all of one trial: who, what was given, found, not known, and where it was read."""
    blocks = (
        f"{found.id}: {found.name} (status: {found.status.value})",
        grid(_facts(found), widths={1: 90}),
        _arms(found),
        *(_outcome(found, outcome) for outcome in found.outcomes),
        _contrasts(found),
        listed("Not known", [f"{gap.what}{f' ({gap.where})' if gap.where else ''}: {gap.why}"
                             for gap in found.gaps]),
        listed("Sources", _sources(found)),
        NOTICE,
    )  # fmt: skip
    return "\n\n".join(block for block in blocks if block)


def _facts(found: Trial) -> Iterator[tuple[str, str]]:
    from ketherapy.evidence.trials import condition_of

    lines = {
        "by": f"{found.first_author} {found.year}".strip(),
        "registry": found.registry, "PubMed": found.pmid, "country": found.country,
        "design": f"{found.design.value}; {found.design_printed}".strip("; "),
        "masking": found.masking.value,
        "condition": f"{condition_of(found).name}; printed: {found.condition_printed}",
        "people": found.population,
        "control": f"{found.control.value}; printed: {found.control_printed}",
        "may share people with": f"other trials of {found.cohort}" if found.cohort else "",
        "weaknesses noted": found.bias_printed, "note": found.note,
    }  # fmt: skip
    yield from ((name, words) for name, words in lines.items() if words)


def _arms(found: Trial) -> str:
    rows = [(name, arm.label, arm.role, arm.drug, arm.route, arm.dose, arm.schedule)
            for name, arm in found.arms.items()]  # fmt: skip
    heads = ("arm", "as printed", "role", "drug", "route", "dose", "schedule")
    return grid(rows, heads)


def _outcome(found: Trial, outcome: Outcome) -> str:
    from ketherapy.cli.evidence_shelves import outcome_line

    rows = [(found.arms[arm].label, *_result(result)) for arm, result in outcome.results.items()]
    heads = ("arm", "n", "events", "%", "mean", "SD", "SE", "how", "note")
    definition = f"; {outcome.definition}" if outcome.definition else ""
    lines = [
        f"{outcome.id}: {outcome_line(outcome)}{definition}",
        grid(rows, heads, {8: 40}),
        f"  read in: {outcome.source}, {outcome.locator or 'place not noted'}"
        f" (status: {outcome.status.value})",
    ]  # fmt: skip
    if outcome.note:
        lines.append(f"  note: {outcome.note}")
    return "\n".join(lines)


def _result(result: Result) -> tuple[str, ...]:
    numbers = (result.n, result.events, result.percent, result.mean, result.sd, result.se)
    how = f"{result.how} ({result.status.value})" if result.status else result.how
    return (*("" if x is None else f"{x:.10g}" for x in numbers), how, result.note)


def _contrasts(found: Trial) -> str:
    if not found.contrasts:
        return ""
    rows = [tuple(_contrast(one)) for one in found.contrasts]
    heads = ("contrast", "outcome", "time", "measure", "estimate", "interval", "p", "read in",
             "status")  # fmt: skip
    table = grid(rows, heads)
    return f"Differences as printed\n{table}"


def _contrast(one: Contrast) -> Iterator[str]:
    yield one.contrast
    yield " ".join(part for part in (one.outcome, one.scale, one.part) if part)
    yield one.timepoint
    yield one.printed_measure
    yield f"{one.estimate:.10g} {one.unit}".strip()
    if one.low is not None and one.high is not None:
        yield f"{one.low:.10g} to {one.high:.10g}"
    else:
        yield "" if one.se is None else f"SE {one.se:.10g}"
    yield one.p
    yield f"{one.source}, {one.locator}".strip(", ")
    yield one.status.value


def _sources(found: Trial) -> list[str]:
    from ketherapy.sources import cite

    ids = [found.source, *(one.source for one in (*found.outcomes, *found.contrasts))]
    return [f"{key}: {cite(key)}" for key in dict.fromkeys(ids)]
