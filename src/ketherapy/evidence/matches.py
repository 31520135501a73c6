"""Published pools beside ours: where they agree to the printed digits, and why others cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from ketherapy.evidence.analysis import Analysis, reproduce
from ketherapy.evidence.reviews import PublishedPool, Review, reviews

Numbers = tuple[float | None, ...]


class Verdict(StrEnum):
    """What comes of laying a published pool beside ours."""

    MATCHES = "matches to the printed digits"
    DIFFERS = "differs"
    UNPUBLISHED = "computed here; not published"
    UNREAD = "its inputs were not read"
    GAP = "not read, so not shown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """One published pool, the same computed again where it can be, and what comes of it."""

    review: Review
    pool: PublishedPool
    analysis: Analysis | None
    verdict: Verdict
    differing: tuple[str, ...] = ()  # the numbers that are not the printed ones
    why: str = ""

    @property
    def id(self) -> str:
        """Return the name under which the command line knows it."""
        return f"{self.review.id}/{self.pool.id}"


@lru_cache(maxsize=1)
def matches() -> tuple[Match, ...]:
    """Return every published pool beside ours, in the order of the reviews.

    Source  ketherapy
    """
    return tuple(match(review, pool) for review in reviews() for pool in review.pools)


def match(review: Review, pool: PublishedPool) -> Match:
    """Return one published pool beside ours.

    Source  ketherapy
    """
    if pool.method is None:
        verdict = Verdict.UNREAD if _is_printed(pool) else Verdict.GAP
        return Match(review=review, pool=pool, analysis=None, verdict=verdict, why=pool.gap)
    found = reproduce(review, pool)
    if not _is_printed(pool):
        verdict, off = Verdict.UNPUBLISHED, ()
    else:
        off = tuple(_differing(pool, found))
        verdict = Verdict.DIFFERS if off else Verdict.MATCHES
    return Match(review=review, pool=pool, analysis=found, verdict=verdict, differing=off,
                 why=pool.how)  # fmt: skip


def _is_printed(pool: PublishedPool) -> bool:
    return pool.estimate is not None or pool.low is not None


def _differing(pool: PublishedPool, found: Analysis) -> Iterator[str]:
    """Give the numbers that are not the printed ones; those of one kind are printed alike."""
    pooled = found.pooled
    if pooled is None:
        yield "estimate"
        return
    shown = pooled.printed
    pairs = {"estimate": (pool.estimate, shown.estimate), "low": (pool.low, shown.low),
             "high": (pool.high, shown.high)}  # fmt: skip
    ahead = {"prediction low": (pool.prediction_low, shown.prediction_low),
             "prediction high": (pool.prediction_high, shown.prediction_high)}  # fmt: skip
    single = {"k": (pool.k, pooled.k), "people": (pool.people, sum(found.people)),
              "I2": (pool.I2, pooled.I2), "tau2": (pool.tau2, pooled.tau2)}  # fmt: skip
    for together in (pairs, ahead, *({name: pair} for name, pair in single.items())):
        decimals = max(_decimals(printed) for printed, _ in together.values())
        for name, (printed, ours) in together.items():
            if printed is not None and not agrees(printed, float(np.asarray(ours)), decimals):
                yield name


def _decimals(printed: int | float | None) -> int:
    return 0 if printed is None else len(f"{printed:.10f}".rstrip("0").partition(".")[2])


def agrees(printed: int | float, ours: float, decimals: int) -> bool:
    """Return whether a number rounds to the printed one of so many decimals.

    Source  ketherapy
    """
    return abs(printed - ours) <= 0.5 * 10.0**-decimals * (1.0 + 1e-9)
