"""What is looked at again and again while a course goes on, and what of it is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ketherapy import units
from ketherapy.dosing.course_rules import FollowUp, course_rules, lasting
from ketherapy.dosing.course_so_far import CourseSoFar
from ketherapy.dosing.dose_findings import Ground, found
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One follow-up that is due before or at the next visit."""

    row: FollowUp
    last: datetime | None  # None: never done, as far as is known


def follow_up_due(question: Question, course: CourseSoFar) -> tuple[Due, ...]:
    """Return what is to be looked at by now; what belongs to each visit only before its dose.

    Source  ketherapy
    """
    off = {row.id for row in follow_up_off(question)}
    rows = [row for row in _about(question) if row.id not in off]
    due = (Due(row=row, last=course.followed_up.get(row.id)) for row in rows)
    return tuple(one for one in due if _is_due(one, question))


def follow_up_off(question: Question) -> tuple[FollowUp, ...]:
    """Return the follow-up that would apply, and that nobody adopted.

    Source  ketherapy
    """
    return tuple(
        row for row in _about(question)
        if course_rules().needs_adoption(row) and row.id not in question.adopted
    )  # fmt: skip


def follow_up_findings(question: Question, course: CourseSoFar) -> Iterator[Finding]:
    """Give what is due, as cautions.

    Source  ketherapy
    """
    for one in follow_up_due(question, course):
        last = "not known to be done" if one.last is None else f"last on {one.last:%Y-%m-%d}"
        yield found(
            one.row.id, Severity.CAUTION, one.row.says, observed=last,
            resolves="Do it, and record it.", ground=_ground(one.row),
        )  # fmt: skip


def _about(question: Question) -> tuple[FollowUp, ...]:
    return tuple(row for row in course_rules().follow_up if row.applies.to(question.case))


def _is_due(one: Due, question: Question) -> bool:
    each = course_rules().beside
    if one.row.every is None:
        is_before_dose = Stage.PRE_DOSE in question.stages
        return is_before_dose and (one.last is None or question.now - one.last > each)
    return one.last is None or question.now - one.last >= lasting(one.row.every)


def _ground(row: FollowUp) -> Ground:
    rules, every = course_rules(), row.every
    limit = "at each visit" if every is None else f"every {units.shown(every.value)} {every.unit}s"
    return Ground(
        limit=limit, source=row.source or rules.source, locator=row.locator,
        status=row.status or rules.status, jurisdiction=rules.jurisdiction,
    )  # fmt: skip
