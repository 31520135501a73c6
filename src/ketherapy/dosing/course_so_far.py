"""A course so far: what a clinic knows of it between two visits and before the next."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, StrictBool, StrictFloat
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import RECORD, Instant


@record(frozen=True, kw_only=True, config=RECORD)
class Attended:
    """One visit of the course at which a dose was given."""

    at: Instant  # start
    phase: str


@record(frozen=True, kw_only=True, config=RECORD)
class Scored:
    """One score on the scale by which the course is judged."""

    at: Instant
    value: StrictFloat  # points


@record(frozen=True, kw_only=True, config=RECORD)
class Judged:
    """The scale by which the course is judged, with what was scored; None: it was not."""

    instrument: str
    baseline: Scored | None = None  # not later than the first visit
    latest: Scored | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class CourseSoFar:
    """One course under one protocol; what is None is not known."""

    protocol: str  # id of the version
    phase: str  # to which the next visit belongs
    visits: tuple[Attended, ...] | None = None  # all of this course
    is_worse: StrictBool | None = None  # the illness, since the last visit
    judged: Judged | None = None
    enrolled_at: Instant | None = None  # in the risk programme of the spray
    followed_up: dict[str, Instant] = Field(default_factory=dict)  # row: when it last was

    def __post_init__(self) -> None:
        starts = [one.at for one in self.visits or ()]
        if len(set(starts)) != len(starts):
            raise ValueError("two visits do not start at once")

    @property
    def in_order(self) -> tuple[Attended, ...]:
        """Return the visits that are known, the earliest first."""
        return tuple(sorted(self.visits or (), key=lambda one: one.at))


def read_course(entries: Mapping[str, object]) -> CourseSoFar:
    """Return the course that ``entries`` carry.

    Errors  ContractError naming what cannot be read
    """
    try:
        return records.check(CourseSoFar, entries, where="course")
    except DataFileError as error:
        raise ContractError(
            "course", expected="a protocol, a phase and the visits so far", got="something else",
            remedy=str(error),
        ) from error  # fmt: skip


def course_wire(course: CourseSoFar) -> dict[str, object]:
    """Return a course as ``read_course`` reads it."""
    enrolled = course.enrolled_at
    return {
        "protocol": course.protocol,
        "phase": course.phase,
        "visits": None if course.visits is None else [_visit_wire(one) for one in course.visits],
        "is_worse": course.is_worse,
        "judged": None if course.judged is None else _judged_wire(course.judged),
        "enrolled_at": None if enrolled is None else enrolled.isoformat(),
        "followed_up": {row: at.isoformat() for row, at in sorted(course.followed_up.items())},
    }


def _visit_wire(one: Attended) -> dict[str, object]:
    return {"at": one.at.isoformat(), "phase": one.phase}


def _judged_wire(one: Judged) -> dict[str, object]:
    return {
        "instrument": one.instrument,
        "baseline": _score_wire(one.baseline),
        "latest": _score_wire(one.latest),
    }


def _score_wire(one: Scored | None) -> dict[str, object] | None:
    return None if one is None else {"at": one.at.isoformat(), "value": one.value}
