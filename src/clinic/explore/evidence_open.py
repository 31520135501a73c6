"""What an address of the evidence opens: a standing question, one put together, or a pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from clinic.explore import evidence_method as method
from clinic.explore import evidence_pools as pools
from clinic.explore import evidence_question as question
from clinic.explore.evidence_answer import Answer, shown, shown_again
from clinic.explore.evidence_method import Method, Offered
from clinic.explore.evidence_more import More, more
from clinic.explore.evidence_pools import Beside, Printed
from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import Analysis, answer, reproduce
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import Question
from ketherapy.evidence.reviews import PublishedPool, Review
from ketherapy.simulation.request import Problem, Refusal

Entries = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """An answer, the further looks at it, and how it was computed."""

    answer: Answer
    more: More
    method: Method


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What was opened: its form, and the answer or every reason why there is none."""

    title: str
    offered: Offered | None  # None: nothing can be computed, or the question itself is refused
    outcome: Computed | Refusal | None  # None: printed only
    printed: Printed | None = None
    beside: tuple[Beside, ...] = ()
    printed_method: str = ""


def standing(question_id: str, entries: Entries) -> Opened | None:
    """Return a standing question, or None where there is none of this id."""
    asked = question.standing(question_id)
    return None if asked is None else _asked(asked, entries)


def combined(entries: Entries) -> Opened:
    """Return the question that filters put together, or why it cannot be asked."""
    asked = question.read(entries)
    if isinstance(asked, Refusal):
        return Opened(title="A question of your own", offered=None, outcome=asked)
    return _asked(asked, entries)


def _asked(asked: Question, entries: Entries) -> Opened:
    measures, usual = question.measures(asked), question.usual(asked, entries)

    def compute(chosen: Method) -> Computed:
        found = answer(question.measured(asked, chosen), chosen.choices)
        told = shown(found, asked)
        return Computed(answer=told, more=more(found, told.studies, chosen), method=chosen)

    return Opened(
        title=asked.title,
        offered=method.offered(entries, measures, usual),
        outcome=_computed(entries, measures, usual, compute),
    )


def _computed(
    entries: Entries,
    measures: Sequence[Measure],
    usual: Method,
    compute: Callable[[Method], Computed],
) -> Computed | Refusal:
    chosen = method.read(entries, measures, usual)
    if isinstance(chosen, tuple):
        return Refusal(problems=chosen)
    try:
        return compute(chosen)
    except ContractError as error:  # such as a ratio that no trial has a denominator for
        return Refusal(problems=(Problem(field="measure", sentence=str(error)),))


def published(review_id: str, pool_id: str, entries: Entries) -> Opened | None:
    """Return a published pool beside ours, or None where there is none of these ids."""
    try:
        review, pool = pools.find(review_id, pool_id)
    except ContractError:
        return None
    printed = pools.printed(review, pool)
    title = f"{pool.comparison}: {pool.outcome}"
    if not pool.inputs:
        return Opened(title=title, offered=None, outcome=None, printed=printed)
    measures, usual = pools.measures(pool), pools.usual(pool)

    def compute(chosen: Method) -> Computed:
        found = _again(review, pool, chosen)
        told = shown_again(found, pool.kind, pool.about)
        return Computed(answer=told, more=more(found, told.studies, chosen), method=chosen)

    return Opened(
        title=title,
        offered=method.offered(entries, measures, usual),
        outcome=_computed(entries, measures, usual, compute),
        printed=printed,
        beside=pools.beside(review, pool),
        printed_method=pools.method_words(pool),
    )


def _again(review: Review, pool: PublishedPool, chosen: Method) -> Analysis:
    """Return a pool computed again; a measure it was not printed in is ours."""
    asked = pools.in_measure(pool, chosen.measure)
    return reproduce(review, asked, chosen.choices)
