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
from ketherapy.evidence.reviews import PublishedPool
from ketherapy.evidence.selection import Study, persons
from ketherapy.evidence.synthesis import Pooled
from ketherapy.evidence.trials import Control, Design, Kind, Masking

BY_RULE = "by the stated rules of this project; no GRADE panel has rated it"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """How sure one can be, who says so, and why not more."""

    level: str  # a level, or as printed, such as "low or very low"
    by: str
    reasons: tuple[str, ...] = ()


def printed(pool: PublishedPool) -> Rating:
    """Return the certainty that the authors of a review gave, and where it was read."""
    by = (
        "GRADE, as a summary of the review gives it"
        if pool.certainty_read
        else "GRADE, as the authors of the review print it"
    )
    return Rating(level=pool.certainty, by=by)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the rules look at beside the studies."""

    pooled: Pooled
    holds_none: bool  # whether every usual interval includes no difference
    disputed: bool  # whether one does and another does not
    indirect: str = ""


def by_rule(studies: Sequence[Study], seen: Seen) -> Rating:
    """Return the certainty that the stated rules give.

    Source  ketherapy
    """
    indirect = "; ".join(why for why in (seen.indirect, _unlike(studies)) if why)
    found = Grade(
        (
            *_bias(studies),
            *_imprecision(studies, seen),
            *_inconsistency(seen.pooled),
            *_down(Reason.INDIRECTNESS, 1, indirect and f"indirect: {indirect}"),
        )
    )
    reasons = [down.why for down in found.downgrades]
    if seen.disputed:
        reasons.append("one usual interval includes no difference and another does not")
    if len(studies) < conventions().small_study_least.value:
        reasons.append("too few trials to look for missing ones")
    return Rating(level=found.certainty, by=BY_RULE, reasons=tuple(reasons))


def _down(reason: Reason, steps: int, why: str) -> list[Downgrade]:
    return [Downgrade(reason=reason, steps=steps, why=why)] if why else []


def _unlike(studies: Sequence[Study]) -> str:
    """Return why the people are not those who ask, as the design says it."""
    if any(study.trial.control is Control.SALINE_ASLEEP for study in studies):
        return "people who had an operation"
    if any(study.trial.design is Design.WITHDRAWAL for study in studies):
        return "only people who had done well on it"
    return ""


def _bias(studies: Sequence[Study]) -> list[Downgrade]:
    open_ones = {Masking.OPEN, Masking.ASSESSOR, Masking.UNKNOWN}
    why = []
    if any(study.outcome.leavers for study in studies):
        why.append("people who left early are not counted")
    steps = len(why)
    if any(study.trial.masking in open_ones for study in studies):
        why.append("people knew what they got, or it was not read that they did not")
        steps += 2
    elif any(study.trial.control is not Control.SALINE_ASLEEP for study in studies):
        why.append("the drug is felt: many can tell what they got")
        steps += 1
    if any(study.outcome.kind is Kind.ANY_TIME for study in studies):
        why.append("counted at any time")
        steps += 1
    return _down(Reason.BIAS, min(steps, 2), "; ".join(why))


def _imprecision(studies: Sequence[Study], seen: Seen) -> list[Downgrade]:
    limits, people = conventions(), persons(studies)
    found = ["the interval includes no difference"] if seen.holds_none else []
    if people is None:
        found.append("how many people is not printed beside it")
    elif people < limits.information.value:
        found.append(f"only {people} people")
    few = people is None or people < limits.very_few.value  # not to know is no better than few
    why = "imprecise: " + ", ".join(found) if found else ""
    return _down(Reason.IMPRECISION, 2 if few else 1, why)


def _inconsistency(pooled: Pooled) -> list[Downgrade]:
    if bool(np.any(conventions().inconsistency.value < pooled.I2)):
        return _down(Reason.INCONSISTENCY, 1, "the trials disagree")
    return []
