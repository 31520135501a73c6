"""Answers to a score: every item, each a whole number in its range; nothing is ever prorated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import Instrument
from ketherapy.instruments.rules import Bounds, Cluster

Answer = int | float | None  # only whole numbers are taken; None: not answered
Answered = Mapping[str, Answer]  # by item; no entry: not answered


def unanswered(scale: Instrument, answers: Answered) -> tuple[str, ...]:
    """Return the items that count and have no answer, in the order of the form."""
    return tuple(item for item in scale.items if answers.get(item) is None)


def total(scale: Instrument, answers: Answered) -> float:
    """Return the score; every item that counts must be answered and in range.

    Units   points
    Source  ketherapy
    Errors  ContractError naming every item that is unanswered, unknown, no whole number or out of
            its range
    """
    missing = [f"{item} is unanswered" for item in unanswered(scale, answers)]
    _refuse(scale, [*missing, *_misfits(scale, answers)])
    low, _ = bounds(scale, answers)  # with nothing missing both ends are the score
    return low


def bounds(scale: Instrument, answers: Answered) -> Bounds:
    """Return the lowest and the highest score that unanswered items leave possible.

    Units   points
    Source  ketherapy
    Errors  ContractError naming every answer that does not fit
    """
    _refuse(scale, _misfits(scale, answers))
    points = {item: _points(scale, item, answers.get(item)) for item in scale.items}
    lowest = {item: low for item, (low, _) in points.items()}
    highest = {item: high for item, (_, high) in points.items()}
    return _combined(scale, lowest), _combined(scale, highest)


def item_bounds(scale: Instrument, item: str, answers: Answered) -> Bounds:
    """Return the lowest and the highest points that an item can have.

    Units   points
    Source  ketherapy
    Errors  ContractError naming every answer that does not fit
    """
    _refuse(scale, _misfits(scale, answers))
    return _points(scale, item, answers.get(item))


def symptoms_met(scale: Instrument, answers: Answered) -> bool | None:
    """Return whether enough items of every cluster are high enough, None where that is open.

    Source  ketherapy
    Errors  ContractError naming every answer that does not fit, and for a scale without such a rule
    """
    _refuse(scale, _misfits(scale, answers))
    if scale.symptom_rule is None:
        raise ContractError(
            f"symptom rule of the {scale.id}", expected="one in its file", got=None,
            remedy="Use the total, or another instrument.",
        )  # fmt: skip
    least = scale.symptom_rule.item_at_least.value
    met = [_cluster_met(one, answers, least) for one in scale.symptom_rule.clusters]
    if False in met:
        return False
    return None if None in met else True


def review(scale: Instrument, answers: Answered) -> str:
    """Return what to look at before the score is believed, nothing where there is no reason.

    Source  ketherapy
    Errors  ContractError as ``total``
    """
    points = total(scale, answers)
    if scale.review is None or points == 0 or points != answers[scale.review.item]:
        return ""
    return scale.review.text


def _cluster_met(cluster: Cluster, answers: Answered, least: float) -> bool | None:
    given = [answers.get(item) for item in cluster.items]
    sure = sum(answer is not None and answer >= least for answer in given)
    if sure >= cluster.at_least:
        return True
    return None if sure + given.count(None) >= cluster.at_least else False


def _points(scale: Instrument, item: str, answer: Answer) -> Bounds:
    low, high = scale.range_of(item)
    first, last = (low, high) if answer is None else (answer, answer)
    if item in scale.reversed:
        first, last = low + high - last, low + high - first
    return float(first), float(last)


def _combined(scale: Instrument, points: Mapping[str, float]) -> float:
    """Return the score of a form on which each item has these points."""
    shared = {item for domain in scale.domains for item in domain}
    parts = [points[item] for item in scale.items if item not in shared]
    parts += [max(points[item] for item in domain) for domain in scale.domains]
    if scale.scoring == "mean":
        return sum(parts) / len(parts)
    return sum(parts) * (scale.times.value if scale.times else 1.0)


def _misfits(scale: Instrument, answers: Answered) -> list[str]:
    known = (*scale.items, *scale.unscored)
    return [
        f"{item} is no item of this form" if item not in known
        else f"{item} = {answer} is no whole number from {low} to {high}"
        for item, answer in answers.items()
        for low, high in [scale.range_of(item)]
        if item not in known or not _fits(answer, low, high)
    ]  # fmt: skip


def _fits(answer: Answer, low: int, high: int) -> bool:
    return answer is None or (type(answer) is int and low <= answer <= high)


def _refuse(scale: Instrument, faults: Sequence[str]) -> None:
    if faults:
        raise ContractError(
            f"{scale.id} answers", expected="every item with a whole number in its range",
            got=len(faults),
            remedy=f"Amiss: {'; '.join(faults)}. Ask and correct: no score is prorated.",
        )  # fmt: skip
