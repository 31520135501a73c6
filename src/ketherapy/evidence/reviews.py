"""Published syntheses as they were printed, and from which groups of which trials they were made.

What a review prints is kept as printed. Where its inputs are in the data set it can be computed
again; where they were not read it stands alone, and says so.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.trials import About, Kind
from ketherapy.records import RECORD
from ketherapy.sources import Status

DATA = Path(__file__).parent / "data" / "reviews"


class Span(StrEnum):
    """What two printed ends are the ends of."""

    CONFIDENCE = "confidence"
    TIMES = "range over times"  # the lowest and the highest effect of several times


class PeopleOf(StrEnum):
    """Whose number is printed as people."""

    POOL = "pool"  # those this result was made of
    REVIEW = "review"  # all of the review, its trials too: more than this result was made of
    TREATMENTS = "treatments"  # not people: who was treated twice counts twice


@record(frozen=True, kw_only=True, config=RECORD)
class CertaintyRead:
    """Where the authors' certainty was read, where not in the review itself."""

    source: str
    locator: str
    status: Status


@record(frozen=True, kw_only=True, config=RECORD)
class Input:
    """The groups of one trial that went into a pool; several groups of a side are combined."""

    trial: str
    outcome: str
    treated: tuple[str, ...]
    control: tuple[str, ...]


@record(frozen=True, kw_only=True, config=RECORD)
class Method:
    """How a pool was computed, in the names of ``synthesis``."""

    tau2: Literal["COMMON", "DL", "PM", "REML"]
    interval: Literal["WALD", "HKSJ", "HKSJ_MODIFIED"]


@record(frozen=True, kw_only=True, config=RECORD)
class PublishedPool:
    """One pooled result as printed."""

    id: str
    condition: str
    condition_printed: str
    comparison: str
    kind: Kind
    about: About
    outcome: str
    timepoint: str = ""
    measure: Literal["MD", "SMD", "OR", "RR", "proportion", "slope"]
    measure_printed: str
    model_printed: str
    favourable: Literal["above", "below", ""] = ""  # side of no effect that speaks for treatment
    k: int | None = None  # studies
    people: int | None = None
    people_of: PeopleOf | None = None
    is_uncontrolled: bool = False  # one group alone, or before and after: no comparison
    estimate: float | None = None  # None where it was not read, or is not published
    low: float | None = None
    high: float | None = None
    interval: Span = Span.CONFIDENCE
    I2: float | None = None  # [%]
    tau2: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    included: str = ""
    certainty: str = ""  # GRADE, as printed
    certainty_read: CertaintyRead | None = None  # None: with the result
    source: str | None = None  # None: that of the file
    locator: str
    status: Status
    how: str = ""
    gap: str = ""  # what was looked for and not read
    note: str = ""
    method: Method | None = None
    inputs: tuple[Input, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.inputs) != (self.method is not None):
            raise ValueError("inputs need the method they were pooled by, and it needs them")
        if self.estimate is None and not (self.inputs or self.gap or self.low is not None):
            raise ValueError("an estimate, inputs to compute it from, or the gap is needed")
        self._check_ends()
        if (self.people is None) != (self.people_of is None):
            raise ValueError("people say whose number they are: people_of")
        if self.measure == "proportion" and not self.is_uncontrolled:
            raise ValueError("a proportion compares nothing: is_uncontrolled is needed")
        if self.is_uncontrolled and self.favourable:
            raise ValueError("what compares nothing speaks for no side: no favourable")
        if self.certainty_read is not None and not self.certainty:
            raise ValueError("certainty_read needs the certainty that was read there")

    def _check_ends(self) -> None:
        low, high = self.low, self.high
        if (low is None) != (high is None):
            raise ValueError("low and high are needed both")
        if low is None or high is None:
            return
        if self.estimate is None and self.interval is Span.CONFIDENCE:
            raise ValueError("a confidence interval needs its estimate; is it a range over times?")
        middle = low if self.estimate is None else self.estimate
        if not low <= middle <= high:
            raise ValueError("the estimate lies in its interval")

    @property
    def has_interval(self) -> bool:
        """Return whether an estimate with its confidence interval is printed, to draw or quote."""
        return None not in (self.estimate, self.low) and self.interval is Span.CONFIDENCE

    @property
    def own_people(self) -> int | None:
        """Return how many people this result was made of, or None where that is not printed."""
        return self.people if self.people_of is PeopleOf.POOL else None

    @property
    def own_k(self) -> int | None:
        """Return how many trials this result was made of, or None where that is not printed."""
        return None if self.people_of is PeopleOf.REVIEW else self.k


@record(frozen=True, kw_only=True, config=RECORD)
class Review:
    """One document that pooled trials."""

    id: str
    source: str
    status: Status
    pools: tuple[PublishedPool, ...]

    def pool(self, pool_id: str) -> PublishedPool:
        """Return the pooled result with this id.

        Errors  ContractError where none has it
        """
        for found in self.pools:
            if found.id == pool_id:
                return found
        raise ContractError(
            f"pool of {self.id}", expected=f"one of {', '.join(one.id for one in self.pools)}",
            got=pool_id, remedy="Choose one of these.",
        )  # fmt: skip


@lru_cache(maxsize=1)
def reviews() -> tuple[Review, ...]:
    """Return every review, in the order of their ids.

    Errors  DataFileError where a file is wrong, named by path and key
    """
    return tuple(records.load(Review, path) for path in sorted(DATA.glob("*.toml")))


def review(review_id: str) -> Review:
    """Return the review with this id.

    Errors  ContractError where none has it
    """
    for found in reviews():
        if found.id == review_id:
            return found
    raise ContractError(
        "review", expected=f"one of {', '.join(one.id for one in reviews())}", got=review_id,
        remedy="Choose one of these, or add its file.",
    )  # fmt: skip
