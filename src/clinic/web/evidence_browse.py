"""The page where a reader looks for evidence: filters, answers, published results, trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from clinic.explore import evidence_search as search
from clinic.explore.evidence_answer import Answer
from clinic.explore.evidence_search import Found, Refusal
from clinic.web import evidence_words as words
from clinic.web.charts.words import whole
from clinic.web.evidence_page import Verdict, verdict
from clinic.web.fields import ListField, options

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
    errors = dict.fromkeys(search.FIELDS, "")
    if isinstance(filters, Refusal):
        errors |= {problem.field: problem.sentence for problem in filters.problems}
    offered = search.choices()
    return {
        "lists": [
            ListField(
                name=name, label=search.NAMES[name], error=errors[name],
                options=options(offered[name], (told[name],)),
            )
            for name in search.FIELDS
        ],
        "errors": errors,
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
    treated, control = found.people
    trials = _many(len(found.studies), "trial")
    return Card(
        found=found,
        verdict=verdict(found),
        people=f"{trials}, {whole(treated)} treated and {whole(control)} control people",
    )
