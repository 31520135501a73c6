"""What is decided at the end of a phase, and of an open-ended one again and again."""

from __future__ import annotations

from collections.abc import Iterator

from ketherapy import units
from ketherapy.dosing.course_asked import CourseAsked
from ketherapy.dosing.course_rules import course_rules
from ketherapy.dosing.course_so_far import Judged
from ketherapy.dosing.dose_findings import found
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.protocol_parts import Phase, Remark
from ketherapy.instruments.change import meets
from ketherapy.instruments.instrument import instrument
from ketherapy.instruments.rules import Kind
from ketherapy.sources import Status

_SAYS = {True: "There is a response at the end of this phase.",
         False: "There is no response at the end of this phase.",
         None: "Say whether there is a response before it goes on."}  # fmt: skip
_RESOLVES = {True: "The prescriber decides whether to go on.",
             False: "Stop, or name who goes on and why.",
             None: "Score the person now, on the scale of the baseline."}  # fmt: skip


def reviewed(asked: CourseAsked) -> Iterator[Finding]:
    """Give what the protocol says of the phase that has ended, or of the open-ended one it is in.

    Errors  ContractError for a scale that has no definition of response in use
    """
    ended = _ended(asked)
    for remark in () if ended is None else ended.review:
        # what nobody has read stops nothing
        is_read = remark.status is not Status.CONVENTION
        yield _response(asked, remark) if is_read else _said(asked, remark)
    if asked.where.phase.schedule.visits is None:
        for remark in asked.where.phase.review:
            yield _said(asked, remark)


def _ended(asked: CourseAsked) -> Phase | None:
    """Return the phase of the last visit where that was its last one."""
    before, phase = asked.where.before, asked.where.phase
    if before is None or before.schedule.visits is None:
        return None
    if before is phase:
        most = before.schedule.visits.high or before.schedule.visits.value
        return phase if asked.where.in_phase >= most else None
    return before if asked.place(phase) > asked.place(before) else None


def _response(asked: CourseAsked, remark: Remark) -> Finding:
    responds, observed = _responds(asked, asked.course.judged)
    return found(
        "course.response", Severity.INFO if responds else Severity.HOLD, _SAYS[responds],
        observed=observed, resolves=_RESOLVES[responds],
        ground=asked.ground(remark, limit=remark.text),
        asks=("course.judged",) if responds is None else (),
    )  # fmt: skip


def _responds(asked: CourseAsked, judged: Judged | None) -> tuple[bool | None, str]:
    """Return whether there is a response, and on which scores that rests."""
    visits, leeway = asked.where.visits, course_rules().beside
    if judged is None:
        return None, "not known: the scores of a scale"
    scale, first, last = instrument(judged.instrument), judged.baseline, judged.latest
    if first is None or first.at > visits[0].at:
        return None, f"not known: {scale.name} before the course"
    if last is None or last.at < visits[-1].at - leeway:
        return None, f"not known: {scale.name} at the end of this phase"
    responds = meets(
        scale, Kind.RESPONSE, now=last.value, baseline=first.value,
        adopted=frozenset(asked.question.adopted),
    )  # fmt: skip
    return responds, f"{scale.name}: {units.shown(first.value)}, now {units.shown(last.value)}"


def _said(asked: CourseAsked, remark: Remark) -> Finding:
    """Return what is to be weighed, with the spacings to choose from: options, and no advice."""
    apart, text = asked.where.phase.schedule.apart, f"{len(asked.where.visits)} visits so far"
    if apart is not None:
        low, high = units.shown(apart.low or apart.value), units.shown(apart.high or apart.value)
        text += f"; {low} to {high} {apart.unit}s between visits are in this phase"
    return found(
        "course.review", Severity.INFO, remark.text, observed=text,
        resolves="The prescriber chooses with the person.",
        ground=asked.ground(remark, limit=remark.text),
    )  # fmt: skip
