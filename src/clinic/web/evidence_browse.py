"""The page where a reader looks for evidence: filters, answers, published results, trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from clinic.explore import evidence_search as search
from clinic.explore.evidence_answer import Answer
from clinic.explore.evidence_question import FIELDS, NAMES
from clinic.explore.evidence_search import Found, Refusal
from clinic.web import evidence_words as words
from clinic.web.charts.words import whole
from clinic.web.evidence_verdict import Verdict, verdict
from clinic.web.fields import ListField, TextField, echo, options

_FIRST = 12  # trials that are shown before the others are folded away


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One answered question."""

    found: Answer
    verdict: Verdict | None
    people: str


def browsed(told: Mapping[str, str]) -> dict[str, object]:
    """Return everything that the page shows for these filters."""
    filters = search.read(told)
    page = _form(told, filters)
    if isinstance(filters, Refusal):
        return page | {"problems": filters.problems}
    found = search.search(filters)
    asked = {name: value for name, value in told.items() if value}
    return page | {
        "found": found,
        "said": said(found),
        "cards": [_card(one) for one in found.answers],
        "pools": [(line, words.pool(line)) for line in found.pools],
        "trials": found.trials,
        "is_long": len(found.trials) > _FIRST,
        "is_filtered": bool(asked),
        "has_outcome": bool(told["outcome"]),
        "query": urlencode(asked),
    }


def _form(told: Mapping[str, str], filters: search.Filters | Refusal) -> dict[str, object]:
    errors = _errors(search.FIELDS, filters)
    return {"lists": _lists(told, errors), "errors": errors}


def _errors(fields: Sequence[str], outcome: object) -> dict[str, str]:
    """Return what stands beside each field; an empty text beside an accepted one."""
    errors = dict.fromkeys(fields, "")
    if isinstance(outcome, Refusal):
        told = {problem.field: problem.sentence for problem in outcome.problems}
        errors |= {field: told[field] for field in fields if field in told}
    return errors


def _lists(told: Mapping[str, str], errors: Mapping[str, str]) -> list[ListField]:
    offered = search.choices()
    return [
        ListField(
            name=name, label=search.NAMES[name], error=errors[name],
            options=options(offered[name], (told[name],)),
        )
        for name in search.FIELDS
    ]  # fmt: skip


def filter_form(told: Mapping[str, str], outcome: object) -> dict[str, object]:
    """Return the form of a question that a reader puts together, each refusal beside its field."""
    errors = _errors(FIELDS, outcome)
    return {
        "filter_lists": _lists(told, errors),
        "filter_texts": [
            TextField(name=name, label=label, hint="as printed; optional", error=errors[name],
                      value=echo((told[name],)))
            for name, label in NAMES.items()
        ],
    }  # fmt: skip


def said(found: Found) -> str:
    """Return what was found in one plain sentence."""
    trials, answers, pools = len(found.trials), len(found.answers), len(found.pools)
    if not trials and not pools:
        return "Nothing in the data set fits. That is not the same as nothing having been tried."
    unsaid = f"; {found.unsaid} of them print no number" if found.unsaid else ""
    people = f"with at least {whole(found.people)} people{unsaid}" if trials else ""
    counted = (
        f"{_many(trials, 'trial')} {people}".strip(),
        _many(answers, "question answered", "questions answered"),
        _many(pools, "published result"),
    )
    return f"{'; '.join(counted)}."


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def _card(found: Answer) -> Card:
    trials = _many(len(found.studies), "trial")
    counted = "people not printed beside it"
    if found.persons is not None:
        counted = f"{whole(found.persons)} people"
    return Card(
        found=found,
        verdict=verdict(found),
        people=f"{trials}, {counted}",
    )
