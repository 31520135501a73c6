"""Courses under shipped and invented protocols, told by the days of their visits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ketherapy.dosing.course import course_checked
from ketherapy.dosing.course_so_far import CourseSoFar, read_course
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.question import Checked, Question, read_question
from tests.dosing import NOW

SPRAY = "esketamine_trd_us_2026_01"
VEIN = "iv_depression_2026_01"
SPRAY_CASE = {"drug": "esketamine", "route": "intranasal", "use": "psychiatry"}
VEIN_CASE = {"drug": "ketamine", "route": "iv", "use": "psychiatry"}
FIRST, WEEKLY, LONG = "weeks_1_to_4", "weeks_5_to_8", "from_week_9"
ENROLLED = NOW - timedelta(days=365)
LOOKED_AT = {"LT-001a": NOW, "LT-004": NOW}


def ago(days: float) -> datetime:
    """Return the instant that many days before now."""
    return NOW - timedelta(days=days)


def attended(**days: Iterable[float]) -> list[dict[str, object]]:
    """Return visits of each phase, by how many days ago they were."""
    return [
        {"at": ago(day).isoformat(), "phase": phase}
        for phase, several in days.items()
        for day in several
    ]


def told(phase: str, *, protocol: str = SPRAY, **changes: object) -> CourseSoFar:
    """Return a course before a visit of ``phase``."""
    entries = {"protocol": protocol, "phase": phase, "visits": []}
    return read_course({**entries, **changes})


def asked(phase: str = FIRST, **changes: object) -> Question:
    """Return a question about a course, with everything known that is not changed."""
    about = {
        "case": changes.pop("case", SPRAY_CASE),
        "stages": changes.pop("stages", ["course"]),
        "profile": changes.pop("profile", "us"),
        "adopted": changes.pop("adopted", []),
        "dose": changes.pop("dose", None),
        "now": NOW.isoformat(),
        "facts": {},
    }
    course = {"protocol": SPRAY, "visits": [], "enrolled_at": ENROLLED, "followed_up": LOOKED_AT}
    return read_question({**about, "course": {**course, "phase": phase, **changes}})


def vein(phase: str = "induction", **changes: object) -> Question:
    """Return a question about a series of infusions."""
    return asked(phase, **{"protocol": VEIN, "case": VEIN_CASE, **changes})


def said(question: Question) -> Checked:
    """Return what the course of a question has to say."""
    return course_checked(question)


def rules(question: Question) -> list[tuple[str, Severity]]:
    """Return the rules that spoke, and how gravely."""
    return [(one.rule, one.severity) for one in said(question).findings]


def only(question: Question, rule: str) -> Finding:
    """Return the one finding of this rule."""
    (found,) = (one for one in said(question).findings if one.rule == rule)
    return found
