"""What is said about ketamine, and what the trials make of it: each number computed now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.explore.origins import STATUS_WORDS, Reference, reference
from ketherapy.evidence.claims import ALONE, Stated, claims, stated
from ketherapy.evidence.figures import Figure
from ketherapy.evidence.numbers import (
    Answered,
    Contrasted,
    Counted,
    Printed,
    Published,
    Reproduced,
    Stateable,
    Subtracted,
    is_share,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberLine:
    """One number of a claim: what it is called in the file, itself, and how it was got."""

    name: str
    text: str
    unit: str
    how: str
    certainty: str
    status: str
    sources: tuple[Reference, ...]
    beside: str  # the control group of a share, or that there is none
    question: str = ""  # ids of the page on which it can be looked at
    review: str = ""
    pool: str = ""
    trial: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimCard:
    """One claim as a page shows it."""

    id: str
    claim: str
    verdict: str
    in_short: str
    plain: str
    clinician: str
    would_change: str
    notice: str  # where the data changed since the verdict
    reviewed_on: str
    numbers: tuple[NumberLine, ...]
    sources: tuple[Reference, ...]


def cards() -> tuple[ClaimCard, ...]:
    """Return every claim, in the order of the file."""
    return tuple(_card(stated(one)) for one in claims())


def _card(found: Stated) -> ClaimCard:
    claim = found.claim
    return ClaimCard(
        id=claim.id,
        claim=claim.claim,
        verdict=claim.verdict.value,
        in_short=claim.in_short,
        plain=found.plain,
        clinician=found.clinician,
        would_change=" ".join(claim.would_change.split()),
        notice=found.notice,
        reviewed_on=claim.reviewed_on.isoformat(),
        numbers=tuple(_lines(found)),
        sources=tuple(reference(key) for key in claim.sources),
    )


def _lines(found: Stated) -> Iterator[NumberLine]:
    for name, figure in found.numbers.items():
        yield NumberLine(
            name=name.replace("_", " "),
            text=_text(figure),
            unit=figure.unit,
            how=figure.how,
            certainty=figure.certainty,
            status=STATUS_WORDS[figure.status],
            sources=tuple(reference(key) for key in figure.sources),
            beside=_beside(found, name),
            **_address(found.claim.numbers[name]),
        )


def _beside(found: Stated, name: str) -> str:
    """Return the control group of a share: a share never stands alone, in a table neither."""
    number = found.claim.numbers[name]
    if number.control:
        return f"control group: {_text(found.numbers[number.control])}"
    controls = {one.control for one in found.claim.numbers.values()}
    return ALONE if is_share(number) and name not in controls else ""


def _address(number: Stateable) -> dict[str, str]:
    match number:
        case Answered():
            return {"question": number.question}
        case Reproduced() | Published():
            return {"review": number.review, "pool": number.pool}
        case Counted() | Contrasted():
            return {"trial": number.trial}
        case Printed() | Subtracted():
            return {}


def _text(figure: Figure) -> str:
    """Return a number as the clinician's text rounds it, with its interval."""
    value, low, high = figure.shown(decimals=figure.decimals)
    return f"{value} ({low} to {high})" if low and high else value
