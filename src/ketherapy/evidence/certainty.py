"""How sure one can be of a pooled result: as its authors graded it, or by our stated rules.

The rules begin at high and take a step down for each reason, as GRADE does. They are no panel's
judgement, and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ketherapy.evidence.bias import Downgrade, Grade, Reason
from ketherapy.evidence.conventions import conventions
from ketherapy.evidence.selection import Study, together
from ketherapy.evidence.synthesis import Pooled
from ketherapy.evidence.trials import Control, Masking

BY_RULE = "by the stated rules of this project; no GRADE panel has rated it"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """How sure one can be, who says so, and why not more."""

    level: str  # a level, or as printed, such as "low or very low"
    by: str
    reasons: tuple[str, ...] = ()


def printed(level: str, review: str) -> Rating:
    """Return the certainty that the authors of a review gave."""
    return Rating(level=level, by=f"GRADE, as printed by {review}")


def by_rule(studies: Sequence[Study], pooled: Pooled, *, indirect: str = "") -> Rating:
    """Return the certainty that the stated rules give.

    Source  ketherapy
    """
    found = Grade(
        (
            *_bias(studies),
            *_imprecision(studies, pooled),
            *_inconsistency(pooled),
            *_down(Reason.INDIRECTNESS, 1, indirect and f"indirect: {indirect}"),
        )
    )
    reasons = [down.why for down in found.downgrades]
    if len(studies) < conventions().small_study_least.value:
        reasons.append("too few trials to look for missing ones")
    return Rating(level=found.certainty, by=BY_RULE, reasons=tuple(reasons))


def _down(reason: Reason, steps: int, why: str) -> list[Downgrade]:
    return [Downgrade(reason=reason, steps=steps, why=why)] if why else []


def _bias(studies: Sequence[Study]) -> list[Downgrade]:
    open_ones = {Masking.OPEN, Masking.ASSESSOR, Masking.UNKNOWN}
    if any(study.trial.masking in open_ones for study in studies):
        why = "people knew what they got, or it was not read that they did not"
        return _down(Reason.BIAS, 2, why)
    if any(study.trial.control is not Control.SALINE_ASLEEP for study in studies):
        return _down(Reason.BIAS, 1, "the drug is felt: many can tell what they got")
    return []


def _imprecision(studies: Sequence[Study], pooled: Pooled) -> list[Downgrade]:
    limits, people = conventions(), sum(together(studies))
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
    return _down(Reason.IMPRECISION, steps, "imprecise: " + ", ".join(found))


def _inconsistency(pooled: Pooled) -> list[Downgrade]:
    if bool(np.any(conventions().inconsistency.value < pooled.I2)):
        return _down(Reason.INCONSISTENCY, 1, "the trials disagree")
    return []
