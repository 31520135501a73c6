"""What the page of the self-check shows: its form as it was sent, and the result."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.explore.predictions import Choice
from clinic.explore.self_check import Found, Raised, Refusal, Result, age_label
from clinic.explore.self_check_content import UNKNOWN, Tried, content
from clinic.explore.self_check_entries import (
    AGE,
    ANSWERS,
    CONDITIONS,
    FORM,
    TOLD,
    Entries,
    choices,
    is_text,
)
from clinic.web.fields import Option, options
from clinic.web.finding_lines import Drawn, drawn

LONGEST_ECHO = 2000  # characters of a free text that is too long, put back so that it can be cut


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One question of the form and the answers it offers."""

    name: str
    question: str
    options: list[Option]
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Questions that stand together."""

    id: str
    title: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One condition and its findings, drawn."""

    found: Found
    findings: tuple[Drawn, ...]


def form(entries: Entries, outcome: Result | Refusal | None) -> dict[str, object]:
    """Return the form with what was sent, each refusal beside its field."""
    asked, errors = content(), _errors(outcome)
    told = (entries.get(TOLD) or ("",))[0]
    return {
        "conditions": Asked(
            name=CONDITIONS,
            question="What do you seek help for?",
            options=options([Choice(value=c.id, label=c.label) for c in asked.conditions],
                            entries.get(CONDITIONS, ())),
            error=errors.get(CONDITIONS, ""),
        ),
        "sections": _sections(entries, errors),
        "told": "".join(c for c in told if is_text(c))[:LONGEST_ECHO],
        "told_error": errors.get(TOLD, ""),
        "longest_told": asked.longest_told,
        "form_error": errors.get(FORM, ""),
        "sent": sorted((n, v) for n in (*choices(), TOLD) for v in entries.get(n, ())),
    }  # fmt: skip


def result(outcome: Result) -> dict[str, object]:
    """Return what belongs to the answers."""
    shown = [
        Shown(found=one, findings=tuple(drawn(found) for found in one.findings))
        for one in outcome.found
    ]
    return {"result": outcome, "shown": shown, "raised": _raised(outcome)}


def refused(outcome: Refusal) -> dict[str, object]:
    """Return what stands where the result would be: every reason."""
    return {"problems": outcome.problems}


def _raised(outcome: Result) -> tuple[tuple[str, str, tuple[Raised, ...]], ...]:
    every = (
        ("yes", "You said yes to these", outcome.told_yes),
        ("unknown", "You do not know these: find out together", outcome.told_unknown),
    )
    return tuple(one for one in every if one[2])


def _errors(outcome: Result | Refusal | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(outcome, Refusal):
        for problem in outcome.problems:
            found[problem.field] = f"{found.get(problem.field, '')} {problem.sentence}".strip()
    return found


def _sections(entries: Entries, errors: dict[str, str]) -> list[Section]:
    asked = content()

    def one(name: str, question: str, labels: dict[str, str]) -> Asked:
        offered = [Choice(value=value, label=label) for value, label in labels.items()]
        chosen = entries.get(name, ())
        error = errors.get(name, "")
        return Asked(name=name, question=question, options=options(offered, chosen), error=error)

    tried = (one(t.id, t.question, _tried_labels(t)) for t in asked.tried)
    ages = one(AGE, asked.age.question, {age: age_label(age) for age in choices()[AGE]})
    groups = [
        (group, tuple(one(row.id, row.question, ANSWERS) for row in asked.of(group)))
        for group in asked.groups
    ]
    first, *rest = [Section(id=g.id, title=g.title, questions=rows) for g, rows in groups]
    past = Section(id="tried", title="What you have tried", questions=tuple(tried))
    you = Section(id="you", title="You", questions=(ages,))
    return [first, past, you, *rest]


def _tried_labels(past: Tried) -> dict[str, str]:
    if not past.options:
        return {value: ANSWERS[value] for value in choices()[past.id]}
    named = {option.answer: option.label for option in past.options}
    return {**named, UNKNOWN: ANSWERS[UNKNOWN]}
