"""Published pooled results: as printed, and beside them what the same trials come to here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from clinic.explore import evidence_words as words
from clinic.explore.evidence_method import Method
from clinic.explore.origins import STATUS_WORDS, Reference, reference
from ketherapy.evidence.analysis import Analysis, as_published, reproduce
from ketherapy.evidence.conditions import Group, condition
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.matches import agrees
from ketherapy.evidence.reviews import PeopleOf, PublishedPool, Review, Span, review, reviews
from ketherapy.evidence.synthesis import Interval, Tau2
from ketherapy.evidence.trials import About, Kind
from ketherapy.sources import source

_PRINTED = {"MD": "Mean difference", "SMD": "Standardised mean difference", "OR": "Odds ratio",
            "RR": "Risk ratio", "proportion": "Share of one group", "slope": "Slope"}  # fmt: skip
_EFFECT: tuple[str, ...] = ("Estimate", "Lower end", "Upper end")
_FURTHER: tuple[str, ...] = ("Prediction, lower end", "Prediction, upper end")
Pairs = tuple[tuple[str, float | None, float | np.ndarray], ...]
SHARE = "proportion"  # of one group
_PEOPLE_OF = {
    PeopleOf.POOL: "",
    PeopleOf.REVIEW: "of the whole review",
    PeopleOf.TREATMENTS: "treatments: who was treated twice counts twice",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolLine:
    """One published pool in a list."""

    review: str
    pool: str
    who: str  # authors and year
    comparison: str
    outcome: str
    timepoint: str
    condition: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    k: int | None
    people: int | None
    certainty: str
    has_control: bool  # whether groups are compared
    is_share: bool  # of one group
    is_range: bool  # whether the ends are those of several times, and no interval
    people_of: str  # whose number that is, where it is not that of this pool
    is_ours: bool  # computed here from a review's trials; nothing is printed of it
    can_be_computed: bool
    gap: str
    favourable: str  # side of no effect that speaks for treatment; nothing where not recorded


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """Everything that was printed of one pool, and what was not read."""

    line: PoolLine
    measure_printed: str
    model: str
    favourable: str
    I2: float | None
    tau2: float | None
    prediction: tuple[float, float] | None
    included: str
    certainty_source: Reference | None  # where it is another than the result's
    status: str
    source: Reference
    locator: str
    how: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """One printed value, ours, and whether they agree to the digits that are printed."""

    name: str
    printed: float
    ours: float
    is_match: bool
    digits: int  # decimals that are printed


def pool_lines(group: Group | None, outcome: tuple[Kind, About] | None) -> tuple[PoolLine, ...]:
    """Return the published pools on a condition and an outcome."""
    return tuple(
        line(found, pool)
        for found in reviews()
        for pool in found.pools
        if (group is None or condition(pool.condition).group is group)
        and (outcome is None or (pool.kind, pool.about) == outcome)
    )


def line(found: Review, pool: PublishedPool) -> PoolLine:
    """Return one pool as a list shows it."""
    is_ours = pool.source == "ketherapy"
    return PoolLine(
        review=found.id, pool=pool.id, who=who(found.source), comparison=pool.comparison,
        outcome=pool.outcome, timepoint=pool.timepoint, condition=condition(pool.condition).name,
        measure=_PRINTED[pool.measure], estimate=pool.estimate, low=pool.low, high=pool.high,
        k=pool.k, people=pool.people, certainty=pool.certainty,
        has_control=not pool.is_uncontrolled, is_share=pool.measure == SHARE,
        is_range=pool.interval is Span.TIMES,
        people_of=_PEOPLE_OF[pool.people_of] if pool.people_of else "", is_ours=is_ours,
        can_be_computed=bool(pool.inputs), gap=pool.gap,
        favourable=pool.favourable,
    )  # fmt: skip


def who(key: str) -> str:
    """Return a document by its authors and year, as a list names it."""
    entry = source(key)
    name = entry.authors.split(",")[0] if entry.authors else entry.container or entry.title
    others = " and others" if "," in entry.authors or " and " in entry.authors else ""
    return f"{name.removesuffix(' and others')}{others}{f' {entry.year}' if entry.year else ''}"


def find(review_id: str, pool_id: str) -> tuple[Review, PublishedPool]:
    """Return a review and one of its pools.

    Errors  ContractError where there is no such review or pool
    """
    found = review(review_id)
    return found, found.pool(pool_id)


def printed(found: Review, pool: PublishedPool) -> Printed:
    """Return everything that was printed of one pool."""
    low, high = pool.prediction_low, pool.prediction_high
    return Printed(
        line=line(found, pool),
        measure_printed=pool.measure_printed,
        model=pool.model_printed,
        favourable=pool.favourable,
        I2=pool.I2,
        tau2=pool.tau2,
        prediction=None if low is None or high is None else (low, high),
        included=pool.included,
        certainty_source=_certainty_source(pool),
        status=STATUS_WORDS[pool.status],
        source=reference(pool.source or found.source),
        locator=pool.locator,
        how=pool.how,
        note=pool.note,
    )


def _certainty_source(pool: PublishedPool) -> Reference | None:
    read = pool.certainty_read
    if read is None:
        return None
    found = reference(read.source)
    return Reference(words=f"{found.words} ({read.locator})", address=found.address)


def usual(pool: PublishedPool) -> Method:
    """Return the method that a pool was made with."""
    return Method(measure=Measure[pool.measure], choices=as_published(pool))


def method_words(pool: PublishedPool) -> str:
    """Return the method of a pool in the words of the form."""
    if pool.method is None:
        return ""
    return f"{Tau2[pool.method.tau2].value}, {Interval[pool.method.interval].value} interval"


def beside(found: Review, pool: PublishedPool) -> tuple[Beside, ...]:
    """Return each printed value beside what the same trials come to by the printed method."""
    if not pool.inputs:
        return ()
    return tuple(_beside(pool, reproduce(found, pool)))


def _beside(pool: PublishedPool, computed: Analysis) -> Iterator[Beside]:
    pooled = computed.pooled
    if pooled is None:
        return
    ours = pooled.printed
    pairs: Pairs = (
        ("Estimate", pool.estimate, ours.estimate),
        ("Lower end", pool.low, ours.low),
        ("Upper end", pool.high, ours.high),
        ("I² (%)", pool.I2, pooled.I2),
        ("tau²", pool.tau2, pooled.tau2),
        ("Prediction, lower end", pool.prediction_low, ours.prediction_low),
        ("Prediction, upper end", pool.prediction_high, ours.prediction_high),
        ("Studies", pool.k, pooled.k),
    )
    for name, value, own in pairs:
        if value is not None:
            yield _compared(name, float(value), float(own), _digits(pairs, _alike(name)))


def _alike(name: str) -> tuple[str, ...]:
    """Return the names of the numbers that are printed as this one is."""
    return next((group for group in (_EFFECT, _FURTHER) if name in group), (name,))


def _digits(pairs: Pairs, group: tuple[str, ...]) -> int:
    """Return the decimals of numbers that are printed alike: those of the longest."""
    held = [decimals(value) for name, value, _ in pairs if name in group and value is not None]
    return max(held, default=0)


def decimals(printed: float) -> int:
    """Return how many decimals a printed number shows."""
    return len(f"{printed:.10f}".rstrip("0").partition(".")[2])


def _compared(name: str, value: float, own: float, digits: int) -> Beside:
    is_match = agrees(value, own, digits)
    return Beside(name=name, printed=value, ours=own, is_match=is_match, digits=digits)


def measures(pool: PublishedPool) -> tuple[Measure, ...]:
    """Return the measures that a pool can be computed in."""
    return tuple(one for one in words.measures_of(pool.kind) if one.value in _PRINTED)


def in_measure(pool: PublishedPool, measure: Measure) -> PublishedPool:
    """Return a pool asked in another measure that its trials can be told in."""
    match measure:
        case Measure.MD | Measure.SMD | Measure.OR | Measure.RR:
            return replace(pool, measure=measure.value)
        case _:
            return pool
