"""What a course so far has to say of its next visit: order, spacing, response, follow-up.

Nothing here is advice. The limits of a protocol are the ladder's; what is said beside them is what
the protocol, a label or its maker says once the course shows it. Enrolment now, the escort and the
words about driving are rules of their own stages; forms owed are ``ketherapy.dosing.reporting``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ketherapy import units
from ketherapy.dosing.course_asked import CourseAsked
from ketherapy.dosing.course_review import reviewed
from ketherapy.dosing.course_rules import course_rules
from ketherapy.dosing.course_so_far import CourseSoFar
from ketherapy.dosing.course_window import Timing, Window, standing, window
from ketherapy.dosing.dose_check import refuse_other_case
from ketherapy.dosing.dose_findings import found
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.follow_up import follow_up_findings, follow_up_off
from ketherapy.dosing.protocol import protocol
from ketherapy.dosing.question import Checked, Question
from ketherapy.dosing.rulebook import Stage, profile
from ketherapy.dosing.version import used
from ketherapy.errors import ContractError

_ASKED_AT = frozenset({Stage.COURSE, Stage.PRE_DOSE})
_TIMED: Mapping[Timing, tuple[Severity, str]] = MappingProxyType(
    {
        Timing.EARLY: (Severity.CAUTION, "A visit now is earlier than this phase has them."),
        Timing.LATE: (Severity.INFO, "The next visit is late."),
    }
)


def course_checked(question: Question) -> Checked:
    """Return what a course so far has to say, and that it is to be told where a dose needs it.

    Errors  ContractError for a protocol that is not about the case, a phase it does not have, a
            visit yet to come, or a planned dose of another course
    """
    course = question.course
    if _ASKED_AT.isdisjoint(question.stages):
        return Checked()
    if course is None:
        return Checked(findings=tuple(_untold(question)))
    of = protocol(course.protocol)
    refuse_other_case(question, of, "course.protocol")
    _refuse_other_course(question, course)
    where = standing(of, course, question.now)
    asked = CourseAsked(question=question, course=course, protocol=of, where=where)
    own = () if question.dose is not None else (used(of, question.now),)
    return Checked(
        findings=(*_found(asked), *follow_up_findings(question, course)),
        used=(used(course_rules(), question.now), *own),
        switched_off=tuple(row.id for row in follow_up_off(question)),
    )


def _untold(question: Question) -> Iterator[Finding]:
    """Give that a planned dose needs its course: all but the first of the first phase."""
    dose = question.dose
    if dose is None or (dose.given == () and protocol(dose.protocol).phase[0].id == dose.phase):
        return
    yield found(
        "course.untold", Severity.HOLD, "Tell the course so far: its visits and their phases.",
        observed="not known: the course that this dose belongs to",
        resolves="Record the visits; order, spacing and number are held to nothing without them.",
        asks=("course",),
    )  # fmt: skip


def _refuse_other_course(question: Question, course: CourseSoFar) -> None:
    """Refuse a planned dose that is told another story of the same course."""
    dose = question.dose
    if dose is None:
        return
    given = None if dose.given is None else sorted(one.at for one in dose.given)
    visits = None if course.visits is None else [one.at for one in course.in_order]
    if (dose.protocol, dose.phase, given) != (course.protocol, course.phase, visits):
        raise ContractError(
            "course", expected="the protocol, the phase and the visits of the planned dose",
            got=f"{course.protocol}, {course.phase}, {len(course.visits or ())} visits",
            remedy="Tell the course and the dose from the same record.",
        )  # fmt: skip


def _found(asked: CourseAsked) -> Iterator[Finding]:
    if asked.course.visits is None:
        yield found(
            "course.visits", Severity.HOLD, "Say which visits this course has had.",
            observed="not known: the visits of this course",
            resolves="Record them; where there were none, say that.", asks=("course.visits",),
        )  # fmt: skip
        return
    for part in (_back, _early_phase, _full, reviewed, _spaced, _enrolled):
        yield from part(asked)


def _back(asked: CourseAsked) -> Iterator[Finding]:
    phase, before = asked.where.phase, asked.where.before
    if before is not None and asked.place(before) > asked.place(phase):
        yield found(
            "course.phase_back", Severity.CAUTION,
            "The course goes back to a phase that it had left.",
            observed=f"last visit: {before.title}; asked for: {phase.title}",
            resolves="Go on if this is meant, and say why.",
            ground=asked.ground(phase.schedule.days_from, limit="the phases in their order"),
        )  # fmt: skip


def _early_phase(asked: CourseAsked) -> Iterator[Finding]:
    """Give each phase before the one asked for that has not had its visits."""
    phase = asked.where.phase
    for earlier in asked.protocol.phase[: asked.place(phase)]:
        had = [one.phase for one in asked.where.visits].count(earlier.id)
        number = earlier.schedule.visits
        needed = 1.0 if number is None else number.low or number.value
        if had < needed:
            yield found(
                "course.phase_early", Severity.HOLD, "The course has not reached this phase.",
                observed=f"{had} visits of: {earlier.title}",
                resolves="Ask for the phase that the course is in, or name the reason.",
                ground=asked.ground(
                    number or earlier.schedule.days_from,
                    limit=f"{units.shown(needed)} visits of it before: {phase.title}",
                ),
            )  # fmt: skip


def _full(asked: CourseAsked) -> Iterator[Finding]:
    """Give that the phase has had all its visits, and what comes after it."""
    phase, number = asked.where.phase, asked.where.phase.schedule.visits
    if number is None or asked.where.in_phase < (number.high or number.value):
        return
    later = asked.protocol.phase[asked.place(phase) + 1 :]
    then = f"next is: {later[0].title}" if later else "the planned course is over"
    yield found(
        "course.phase_full", Severity.HOLD, f"This phase has had all its visits; {then}.",
        observed=f"{asked.where.in_phase} visits of: {phase.title}",
        resolves="Ask for the next phase, end the course, or name the reason to go on.",
        ground=asked.ground(number, limit=f"{units.shown(number.high or number.value)} visits"),
    )  # fmt: skip


def _spaced(asked: CourseAsked) -> Iterator[Finding]:
    """Give that a visit now is early, late, or comes after one that was missed."""
    now = asked.question.now
    due = window(asked.protocol, asked.where, now=now, leeway=course_rules().beside)
    timing = Timing.FREE if due is None else due.timing(now)
    if due is not None and timing is Timing.MISSED:
        yield _missed(asked, due)
    elif due is not None and timing in _TIMED:
        severity, says = _TIMED[timing]
        yield _timed(asked, due, f"course.{timing}", severity, says)


def _timed(asked: CourseAsked, due: Window, rule: str, severity: Severity, says: str) -> Finding:
    schedule = asked.where.phase.schedule
    return found(
        rule, severity, says, observed=asked.since,
        resolves="The prescriber decides how the course goes on.",
        ground=asked.ground(
            schedule.apart or schedule.days_from,
            limit=f"from {due.opens_at:%Y-%m-%d %H:%M} to {due.closes_at:%Y-%m-%d %H:%M %Z}",
        ),
    )  # fmt: skip


def _missed(asked: CourseAsked, due: Window) -> Finding:
    """Return what the maker of the spray says of it, and of all else that no source was read."""
    worse, is_first = asked.course.is_worse, asked.place(asked.where.phase) == 0
    row = course_rules().rule_of(_MISSED["at first" if is_first else worse])
    if not row.applies.to(asked.question.case):
        says = "A visit was missed, and no source read here says what follows."
        return _timed(asked, due, "course.missed", Severity.CAUTION, says)
    is_asking = worse is None and not is_first
    return asked.row(row, observed=asked.since, asks=("course.is_worse",) if is_asking else ())


_MISSED: Mapping[object, str] = MappingProxyType(
    {
        "at first": "course.missed_at_first",
        True: "course.missed_and_worse",
        False: "course.missed_not_worse",
        None: "course.missed_is_it_worse",
    }
)


def _enrolled(asked: CourseAsked) -> Iterator[Finding]:
    """Give that the person was enrolled after the first treatment, or that nobody knows when."""
    late, when = (course_rules().rule_of(f"course.enrolled_{one}") for one in ("late", "when"))
    here, at = profile(asked.question.profile).jurisdiction, asked.course.enrolled_at
    visits = asked.where.visits
    if not visits or late.jurisdiction != here or not late.applies.to(asked.question.case):
        return
    if at is None:
        yield asked.row(when, observed="not known", asks=("course.enrolled_at",))
    elif at > visits[0].at:
        yield asked.row(late, observed=f"enrolled on {at:%Y-%m-%d}")
