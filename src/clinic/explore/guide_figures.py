"""The numbers of the guide: a sentence holds places for them, and each is computed or looked up.

"{finding esketamine_response_month treated}" becomes "53", together with where that is from. A
number typed into a sentence is refused: nobody could say where it is from.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from clinic.explore.findings import finding
from clinic.explore.infusion_evidence import findings as printed_findings
from clinic.explore.origins import STATUS_WORDS, reference
from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import answer
from ketherapy.evidence.claims import claim, stated
from ketherapy.evidence.questions import question
from ketherapy.evidence.reviews import review
from ketherapy.evidence.trials import trial
from ketherapy.pharmacology.effects.frequencies import frequency
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_NUMBERS = Path(__file__).parent / "data" / "guide_numbers.toml"
_PLACE = re.compile(r"\{([^{}]+)\}")
_NOT_TYPED = re.compile(r"\{[^{}]+\}|\bof 100\b")  # "of 100" is a way to count, no result
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Where a sentence or a number is from, as a reader can look it up."""

    words: str  # the document
    address: str  # "" where there is none
    locator: str  # where in it
    status: Status

    @property
    def known(self) -> str:
        """Return how well it is known, in words."""
        return f"{self.status.value}: {STATUS_WORDS[self.status]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A text whose places are filled, and the grounds of what fills them."""

    text: str
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """One number as it is read, and where it is from."""

    shown: str
    grounds: tuple[Ground, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class _Numbers:
    """The file of single printed numbers that no other data file holds."""

    source: str
    status: Status
    numbers: Mapping[str, Cited]


def ground(source: str, locator: str, status: Status) -> Ground:
    """Return a source of the bibliography as the ground of something.

    Errors  ContractError where the bibliography has no such entry
    """
    found = reference(source)
    return Ground(words=found.words, address=found.address, locator=locator, status=status)


def typed_numbers(text: str) -> bool:
    """Return whether a text holds a number outside its places: one without a source."""
    return _DIGIT.search(_NOT_TYPED.sub("", text)) is not None


def filled(text: str) -> Filled:
    """Return a text with its numbers in their places.

    Errors  ContractError for a place that names no number
    """
    found = {place: number(place) for place in _PLACE.findall(text)}
    written = _PLACE.sub(lambda match: found[match[1]].shown, text)
    return Filled(text=written, grounds=once(*(one.grounds for one in found.values())))


def once(*several: Iterable[Ground]) -> tuple[Ground, ...]:
    """Return the grounds of several things in their order, each once."""
    return tuple(dict.fromkeys(ground for grounds in several for ground in grounds))


def number(place: str) -> Number:
    """Return what a place of a text stands for, such as "frequency AE-001 control".

    Errors  ContractError for a place that names no number
    """
    kind, *rest = place.split()
    if kind not in _KINDS:
        raise ContractError(
            f"place '{place}'", expected=f"one of {', '.join(_KINDS)} first", got=kind,
            remedy="A number of the guide names where it is from.",
        )  # fmt: skip
    return _KINDS[kind](*rest)


def whole(percent: float) -> int:
    """Return whole people of a hundred, a half being one more, as the drawings of people do."""
    return math.floor(percent + 0.5)


def shown(value: float, unit: str = "") -> str:
    """Return a number as a sentence holds it: shares as whole people, thousands apart."""
    if unit == "%" and value >= 1.0:
        return f"{whole(value)}"
    if unit != "year" and abs(value) >= 1000.0:
        return f"{value:,.0f}"
    return f"{value:g}" if abs(value) < 1.0 else f"{round(value, 1):g}"


def _finding(question_id: str, part: str) -> Number:
    return Number(shown=_finding_part(question_id, part), grounds=finding_grounds(question_id))


def _finding_part(question_id: str, part: str) -> str:
    found = finding(question_id)
    parts = {
        "people": f"{found.people}",
        "certainty": str(found.certainty).capitalize(),
        "uncertainty": found.uncertainty,
    }
    if found.shares is not None:
        control, treated = found.people_of_100
        parts |= {"control": f"{control}", "treated": f"{treated}"}
    return parts[_known(part, parts, f"finding {question_id}")]


@lru_cache(maxsize=64)
def finding_grounds(question_id: str) -> tuple[Ground, ...]:
    """Return where the numbers of a finding were read, study by study.

    Errors  ContractError where there is no such question
    """
    studies = answer(question(question_id)).studies
    return once(
        [ground(one.outcome.source, f"{one.label}: {one.outcome.locator}", one.status)
         for one in studies]
    )  # fmt: skip


def _frequency(frequency_id: str, part: str) -> Number:
    row = frequency(frequency_id)
    parts = {
        "treated": row.value,
        "control": row.comparator_value,
        "people": row.n,
        "below": row.high,
    }
    value = parts[_known(part, parts, f"frequency {frequency_id}")]
    if value is None:
        raise _absent(f"frequency {frequency_id}", part)
    return Number(
        shown=shown(value, row.unit if part != "people" else "people"),
        grounds=(ground(row.source, row.locator, row.status),),
    )  # fmt: skip


def _trial(trial_id: str, outcome_id: str, arm: str, part: str) -> Number:
    outcome = trial(trial_id).outcome(outcome_id)
    result = outcome.results[_known(arm, outcome.results, f"trial {trial_id} {outcome_id}")]
    share = 100.0 * result.events / result.n if result.events is not None and result.n else None
    parts = {
        "people": result.n,
        "events": result.events,
        "share": share if share is not None else result.percent,
        "mean": result.mean,
    }
    value = parts[_known(part, parts, f"trial {trial_id} {outcome_id} {arm}")]
    if value is None:
        raise _absent(f"trial {trial_id} {outcome_id} {arm}", part)
    text = f"{whole(value)}" if part == "share" else shown(value)
    status = result.status or outcome.status
    return Number(shown=text, grounds=(ground(outcome.source, outcome.locator, status),))


def _size(trial_id: str, outcome_id: str) -> Number:
    """Return how many people there were in all groups of a trial."""
    outcome = trial(trial_id).outcome(outcome_id)
    each = [one.n for one in outcome.results.values() if one.n is not None]
    if len(each) < len(outcome.results):
        raise _absent(f"trial {trial_id} {outcome_id}", "people of every group")
    return Number(
        shown=f"{sum(each)}",
        grounds=(ground(outcome.source, f"{outcome.locator}, all groups", outcome.status),),
    )


def _pool(review_id: str, pool_id: str, part: str) -> Number:
    of = review(review_id)
    found = of.pool(pool_id)
    parts = {"trials": found.k, "people": found.people, "estimate": found.estimate}
    value = parts[_known(part, parts, f"pool {review_id} {pool_id}")]
    if value is None:
        raise _absent(f"pool {review_id} {pool_id}", part)
    read_in = ground(found.source or of.source, found.locator, found.status)
    return Number(shown=shown(value) if part == "estimate" else f"{value}", grounds=(read_in,))


def _printed(row_id: str, part: str) -> Number:
    """Return a number of the printed comparisons that the page of two infusions shows."""
    rows = {one.id: one for one in printed_findings()}
    row = rows[_known(row_id, rows, "printed")]
    parts = {
        "treated": row.treated,
        "control": row.control,
        "lower": None if row.difference is None else -row.difference,
        "trials": row.trials,
        "people": row.people,
        "range": _range(row.low, row.high),
        "certainty": _level(row.certainty),
    }
    value = parts[_known(part, parts, f"printed {row_id}")]
    if value is None:
        raise _absent(f"printed {row_id}", part)
    is_share = row.unit == "%" and part in ("treated", "control")
    text = value if isinstance(value, str) else shown(value, "%" if is_share else "")
    return Number(shown=text, grounds=(ground(row.source, row.locator, row.status),))


def _level(certainty: str) -> str:
    """Return how sure one can be without who says so: "very low" of "very low (GRADE)"."""
    return re.split(r" \(|, ", certainty, maxsplit=1)[0]


def _range(low: float | None, high: float | None) -> str | None:
    """Return an interval of a difference in points that may hold no difference."""
    if low is None or high is None:
        return None
    ends = [f"{abs(round(x))} {'lower' if x < 0 else 'higher'}" for x in (low, high)]
    return f"anything from {ends[0]} to {ends[1]}"


def _claim(claim_id: str, name: str) -> Number:
    """Return a number of one of the twelve claims, as its text for clinicians rounds it."""
    numbers = stated(claim(claim_id)).numbers
    found = numbers[_known(name, numbers, f"claim {claim_id}")]
    grounds = tuple(ground(source, found.how, found.status) for source in found.sources)
    return Number(shown=found.shown(decimals=found.decimals)[0], grounds=grounds)


def _number(key: str) -> Number:
    found = cited(key)
    return Number(shown=shown(found.meant, found.unit), grounds=(cited_ground(found),))


def cited(key: str) -> Cited:
    """Return one of the single printed numbers.

    Errors  ContractError where the file has no such number
    """
    numbers = _numbers().numbers
    return numbers[_known(key, numbers, "number")]


def cited_ground(found: Cited) -> Ground:
    """Return where a single number is from.

    Errors  ContractError where the bibliography lacks its source
    """
    file = _numbers()
    return ground(found.source or file.source, found.locator, found.status or file.status)


@lru_cache(maxsize=1)
def _numbers() -> _Numbers:
    return records.load(_Numbers, _NUMBERS)


def _known(key: str, among: Iterable[str], what: str) -> str:
    known = tuple(among)
    if key not in known:
        raise ContractError(
            what, expected=f"one of {', '.join(known)}", got=key, remedy="Name one of these."
        )
    return key


def _absent(what: str, part: str) -> ContractError:
    return ContractError(
        what, expected=f"a printed {part}", got=None, remedy="Leave the sentence out: it has none."
    )  # fmt: skip


_KINDS: Mapping[str, Callable[..., Number]] = {
    "finding": _finding,
    "frequency": _frequency,
    "trial": _trial,
    "size": _size,
    "pool": _pool,
    "printed": _printed,
    "claim": _claim,
    "number": _number,
}
