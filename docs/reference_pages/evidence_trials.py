"""The page of trials: what each was, what its file holds, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy.evidence.conditions import conditions
from ketherapy.evidence.trials import Outcome, Trial, condition_of, trials
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_HOW = """\
One file a trial, under `src/ketherapy/evidence/data/trials`. Its numbers are those that a document
prints; effects are computed from them. What was looked for and not read is a gap, named here.
`ketherapy evidence show TRIAL` shows the numbers with their places in the documents."""


def page() -> str:
    """Return the page."""
    return whole("Trials", _HOW, bullets(_sums()), *(b for c in conditions() for b in _of(c.id)))


def _sums() -> Iterator[str]:
    every = trials()
    outcomes = sum(len(one.outcomes) for one in every)
    groups = sum(len(outcome.results) for one in every for outcome in one.outcomes)
    contrasts = sum(len(one.contrasts) for one in every)
    gaps = sum(len(one.gaps) for one in every)
    yield f"{len(every)} trials, {outcomes} outcomes with the numbers of {groups} groups"
    yield f"{contrasts} differences printed as such"
    yield f"{gaps} gaps"


def _of(condition_id: str) -> Iterator[str]:
    found = [one for one in trials() if one.condition == condition_id]
    if not found:
        return
    name = condition_of(found[0]).name
    yield f"## {name[0].upper()}{name[1:]}"
    for one in found:
        yield from _trial(one)


def _trial(one: Trial) -> Iterator[str]:
    yield f"### {text(one.name)} {{#{one.id}}}"
    yield bullets(_facts(one))
    yield table(("outcome", "scale", "when", "whom", "people", "document", "status"),
                [_outcome(outcome) for outcome in one.outcomes])  # fmt: skip
    if one.contrasts:
        yield bullets(
            f"difference printed: {text(c.contrast)}, {text(c.outcome)} {text(c.timepoint)}"
            f" ({c.printed_measure}), {code(c.source)}, {c.status.value}"
            for c in one.contrasts
        )
    if one.gaps:
        yield "Not known:"
        yield bullets(text(f"{gap.what}: {gap.why}") for gap in one.gaps)


def _facts(one: Trial) -> Iterator[str]:
    yield f"id {code(one.id)}, source {code(one.source)}, status {one.status.value}"
    registered = ", ".join(part for part in (one.registry, one.country) if part)
    if registered:
        yield text(registered)
    yield text(f"{one.design.value}, masking {one.masking.value}; control: {one.control.value}")
    arms = (f"{arm.label} ({', '.join(p for p in (arm.drug, arm.route, arm.dose) if p)})"
            for arm in one.arms.values())  # fmt: skip
    yield text("; ".join(arms))
    if one.bias_printed:
        yield text(f"weaknesses noted: {one.bias_printed}")
    if one.cohort:
        yield text(f"may share people with other trials of {one.cohort}")


def _outcome(outcome: Outcome) -> tuple[str, ...]:
    people = ", ".join("" if r.n is None else str(r.n) for r in outcome.results.values())
    return (
        text(f"{outcome.kind.value}: {outcome.outcome}"), text(outcome.scale),
        text(outcome.timepoint), text(outcome.part), people.strip(", "), code(outcome.source),
        outcome.status.value,
    )  # fmt: skip
