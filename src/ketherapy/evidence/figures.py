"""The numbers a text states, as they are now: value, interval, sources, how they were got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from ketherapy.errors import ContractError
from ketherapy.evidence import certainty
from ketherapy.evidence.analysis import Analysis, answer, reproduce
from ketherapy.evidence.numbers import (
    SHARE,
    Answered,
    Contrasted,
    Counted,
    Held,
    Printed,
    Published,
    Reproduced,
    Stateable,
    Subtracted,
)
from ketherapy.evidence.questions import question
from ketherapy.evidence.reviews import PublishedPool, review
from ketherapy.evidence.selection import Study
from ketherapy.evidence.shares import of_one
from ketherapy.evidence.trials import trial
from ketherapy.sources import Status

_NOISE = 9  # decimals below which a computed number differs from a printed one by arithmetic only
_UNITS = {"SMD": "SD", "RD": SHARE}  # a share says so in the file, so that it is never shown alone
_COUNTS = frozenset({"studies", "people"})
_RATIOS = frozenset({"RR", "OR", "HR", "ROM"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number as it is now: with its interval, unit, sources, and how it was got."""

    value: float
    low: float | None = None
    high: float | None = None
    unit: str
    sources: tuple[str, ...]  # ids of the bibliography
    status: Status
    how: str
    certainty: str = ""
    certainty_by: str = ""
    decimals: int = 0
    plain_decimals: int = 0

    def shown(self, *, decimals: int) -> tuple[str, str, str]:
        """Return value, low and high as they are shown; an end that is not known is empty."""
        ends = (self.value, self.low, self.high)
        value, low, high = ("" if x is None else rounded(x, decimals) for x in ends)
        return value, low, high


def rounded(value: float, decimals: int) -> str:
    """Return a number to so many decimals, a half away from zero, and never a minus zero.

    Source  convention: the rounding of printed tables
    """
    exact = Decimal(repr(round(value, _NOISE)))
    text = f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    return text.lstrip("-") if float(text) == 0.0 else text


def figures(numbers: Mapping[str, Stateable]) -> dict[str, Figure]:
    """Return what each number is now.

    Source  ketherapy
    Errors  ContractError where the data set does not hold what a number names
    """
    found = {key: _turned(n, _held(n)) for key, n in numbers.items() if isinstance(n, Held)}
    for key, number in numbers.items():
        if isinstance(number, Subtracted):
            found[key] = _turned(number, _subtracted(number, found))
    return {key: found[key] for key in numbers}


def _held(number: Held) -> Figure:
    match number:
        case Answered():
            return _of_analysis(answer(question(number.question)), number, number.question)
        case Reproduced():
            found = review(number.review)
            analysis = reproduce(found, found.pool(number.pool))
            return _of_analysis(analysis, number, analysis.id)
        case Published():
            return _published(number)
        case Counted():
            return _counted(number)
        case Contrasted():
            return _contrasted(number)
        case Printed():
            return Figure(
                value=number.value, low=number.low, high=number.high, unit=number.unit,
                sources=(number.source,), status=number.status, how=f"printed: {number.locator}",
            )  # fmt: skip


def _of_analysis(analysis: Analysis, number: Answered | Reproduced, name: str) -> Figure:
    """Return one figure of an analysis; its status says that it was computed here."""
    value, low, high, unit = _figure_of(analysis, number)
    certainty = analysis.certainty if number.figure not in _COUNTS else None
    worst = max((study.status for study in analysis.studies), key=list(Status).index)
    return Figure(
        value=value, low=low, high=high, unit=unit,
        sources=tuple(dict.fromkeys(study.outcome.source for study in analysis.studies)),
        status=Status.DERIVED,
        how=f"computed: {number.kind} {name}, {number.figure}; weakest input {worst}",
        certainty=certainty.level if certainty is not None else "",
        certainty_by=certainty.by if certainty is not None else "",
    )  # fmt: skip


Ends = tuple[float, float | None, float | None, str]


def _figure_of(analysis: Analysis, number: Answered | Reproduced) -> Ends:
    pooled, absolute = analysis.pooled, analysis.absolute
    if pooled is None:
        raise _lacks(number, f"{analysis.id}, pooled", " ".join(analysis.refusals))
    if number.figure == "studies":
        return float(pooled.k), None, None, "trials"
    if number.figure == "people":
        if analysis.persons is None:
            raise _lacks(number, f"{analysis.id}, people", "not printed")
        return float(analysis.persons), None, None, "people"
    if number.figure == "estimate":
        seen = pooled.printed
        unit = _unit(number, analysis.measure.value)
        return float(seen.estimate), float(seen.low), float(seen.high), unit
    if absolute is None:
        raise _lacks(number, f"{analysis.id}, shares", "no counts of people")
    if number.figure == "difference":
        return absolute.difference, absolute.low, absolute.high, SHARE
    share = absolute.treated if number.figure == "treated" else absolute.control
    return share, None, None, SHARE


def _published(number: Published) -> Figure:
    found = review(number.review)
    pool = found.pool(number.pool)
    value = _of_pool(pool, number)
    scale = 100.0 if pool.measure == "proportion" else 1.0
    graded = pool.certainty if number.figure not in _COUNTS else ""
    is_effect = number.figure in ("estimate", "low", "high")
    ends = (pool.low, pool.high) if number.figure == "estimate" else (None, None)
    low, high = (None if x is None else scale * x for x in ends)
    unit = {"studies": "trials", "people": "people"}.get(number.figure, "")
    return Figure(
        value=value * scale if is_effect else value, low=low, high=high,
        unit=unit or _unit(number, pool.measure), sources=(pool.source or found.source,),
        status=pool.status, how=f"as published: {found.id}/{pool.id}, {number.figure};"
        f" {pool.locator}", certainty=graded,
        certainty_by=certainty.printed(pool).by if graded else "",
    )  # fmt: skip


def _of_pool(pool: PublishedPool, number: Published) -> float:
    value = {
        "estimate": pool.estimate, "low": pool.low, "high": pool.high,
        "studies": pool.k, "people": pool.people,
    }[number.figure]  # fmt: skip
    if value is None:
        raise _lacks(number, f"{number.review}/{number.pool}, {number.figure}", "not printed")
    return float(value)


def _counted(number: Counted) -> Figure:
    found = trial(number.trial)
    outcome = found.outcome(number.outcome)
    for arm in (*number.arms, *number.against):
        if arm not in outcome.results:
            raise _lacks(number, f"{found.id}, {outcome.id}: {', '.join(outcome.results)}", arm)
    study = Study(trial=found, outcome=outcome, treated=number.arms, control=number.against)
    value, low, high, unit = _of_study(study, number)
    arms = ", ".join(number.arms) + (f" less {', '.join(number.against)}" if low else "")
    return Figure(
        value=value, low=low, high=high, unit=unit, sources=(outcome.source,),
        status=Status.DERIVED if number.against else study.status,
        how=f"from the trial: {found.id}, {outcome.id}, {number.figure} of {arms}",
    )  # fmt: skip


def _of_study(study: Study, number: Counted) -> Ends:
    results = [study.outcome.results[arm] for arm in number.arms]
    if number.figure == "people":
        return float(study.people[0]), None, None, "people"
    if number.figure == "mean":
        if len(results) != 1 or results[0].mean is None:
            raise _lacks(number, "one group with a printed mean", study.label)
        return results[0].mean, None, None, _unit(number, "mean")
    if number.figure == "difference":
        found = of_one(*study.counts())
        return found.difference, found.low, found.high, SHARE
    if len(results) == 1 and results[0].events is None and results[0].percent is not None:
        return results[0].percent, None, None, SHARE
    if any(one.events is None or one.n is None for one in results):
        raise _lacks(number, f"{study.label}: counts of people", "none")
    events, people = sum(one.events or 0 for one in results), sum(one.n or 0 for one in results)
    if number.figure == "events":
        return float(events), None, None, "people"
    return 100.0 * events / people, None, None, number.unit or SHARE


def _contrasted(number: Contrasted) -> Figure:
    found = trial(number.trial)
    one = found.contrast(number.contrast)
    return Figure(
        value=one.estimate, low=one.low, high=one.high, unit=number.unit or one.unit or "1",
        sources=(one.source,), status=one.status,
        how=f"from the trial: {found.id}, {one.id}, {one.printed_measure}",
    )  # fmt: skip


def _subtracted(number: Subtracted, found: Mapping[str, Figure]) -> Figure:
    if number.of not in found or number.less not in found:
        raise _lacks(number, "two numbers of the same text", f"{number.of}, {number.less}")
    one, other = found[number.of], found[number.less]
    return Figure(
        value=one.value - other.value, unit=one.unit,
        sources=tuple(dict.fromkeys((*one.sources, *other.sources))), status=Status.DERIVED,
        how=f"computed: {number.of} less {number.less}",
    )  # fmt: skip


def _turned(number: Stateable, found: Figure) -> Figure:
    """Return a figure with its rounding, and with the other sign where that is asked for."""
    value, low, high = found.value, found.low, found.high
    if number.turned:
        value = -value
        low, high = (None if x is None else -x for x in (high, low))
    return replace(
        found, value=value, low=low, high=high, decimals=number.decimals,
        plain_decimals=number.plain_decimals,
    )  # fmt: skip


def _unit(number: Held, measure: str) -> str:
    unit = number.unit or ("1" if measure in _RATIOS else _UNITS.get(measure, ""))
    if not unit:
        raise _lacks(number, f"a unit for a {measure}", "none")
    return unit


def _lacks(number: Stateable, expected: str, got: str) -> ContractError:
    return ContractError(
        f"number of kind {number.kind}", expected=expected, got=got,
        remedy="Mend the number, or the text that states it.",
    )  # fmt: skip
