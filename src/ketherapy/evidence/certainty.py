"""How sure one can be of a pooled result: as its authors graded it, or by our stated rules.

The rules begin at high and take a step down for each reason, as GRADE does. They are no panel's
judgement, and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ketherapy.evidence.selection import Study, together
from ketherapy.evidence.synthesis import Pooled
from ketherapy.evidence.thresholds import thresholds
from ketherapy.evidence.trials import Control, Masking

BY_RULE = "by the stated rules of this project; no GRADE panel has rated it"


class Level(StrEnum):
    """The four levels of GRADE."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"


@dataclass(frozen=True, kw_only=True, slots=True)
class Certainty:
    """How sure one can be, who says so, and why not more."""

    level: str  # a level, or as printed, such as "low or very low"
    by: str
    reasons: tuple[str, ...] = ()


def printed(level: str, review: str) -> Certainty:
    """Return the certainty that the authors of a review gave."""
    return Certainty(level=level, by=f"GRADE, as printed by {review}")


def by_rule(studies: Sequence[Study], pooled: Pooled, *, indirect: str = "") -> Certainty:
    """Return the certainty that the stated rules give.

    Source  ketherapy
    """
    steps = [
        *_bias(studies),
        *_imprecision(studies, pooled),
        *_inconsistency(pooled),
        *([(1, f"indirect: {indirect}")] if indirect else []),
    ]
    lost = min(sum(step for step, _ in steps), len(Level) - 1)
    reasons = [reason for _, reason in steps]
    if len(studies) < 10:  # the Cochrane Handbook's least number for tests of small-study effects
        reasons.append("too few trials to look for missing ones")
    return Certainty(level=list(Level)[lost], by=BY_RULE, reasons=tuple(reasons))


Step = tuple[int, str]  # steps down, and why


def _bias(studies: Sequence[Study]) -> list[Step]:
    open_ones = {Masking.OPEN, Masking.ASSESSOR, Masking.UNKNOWN}
    if any(study.trial.masking in open_ones for study in studies):
        return [(2, "people knew what they got, or it was not read that they did not")]
    if any(study.trial.control is not Control.SALINE_ASLEEP for study in studies):
        return [(1, "the drug is felt: many can tell what they got")]
    return []


def _imprecision(studies: Sequence[Study], pooled: Pooled) -> list[Step]:
    limits, people = thresholds(), sum(together(studies))
    found = []
    if bool(np.all(pooled.low < 0.0)) and bool(np.all(pooled.high > 0.0)):
        found.append("the interval holds no effect")
    if people == 0:
        found.append("how many people is not printed beside it")
    elif people < limits.information.value:
        found.append(f"only {people} people")
    if not found:
        return []
    steps = 2 if 0 < people < limits.very_few.value else 1
    return [(steps, "imprecise: " + ", ".join(found))]


def _inconsistency(pooled: Pooled) -> list[Step]:
    if bool(np.any(thresholds().inconsistency.value < pooled.I2)):
        return [(1, "the trials disagree")]
    return []
