"""What is asked of the rules: all that a decision depends on, and nothing that it does not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.course_rules import course_rules
from ketherapy.dosing.course_so_far import CourseSoFar, course_wire, read_course
from ketherapy.dosing.facts import Facts, fact, read_facts, wire
from ketherapy.dosing.findings import Finding
from ketherapy.dosing.planned import PlannedDose, planned_wire, read_planned
from ketherapy.dosing.rulebook import Case, Stage, packs, profile
from ketherapy.dosing.version import Used
from ketherapy.errors import ContractError, DataFileError
from ketherapy.instruments.conventions import conventions
from ketherapy.records import RECORD


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Whether this may be given to this person, here and now, by these rules."""

    case: Case
    stages: tuple[Stage, ...]
    profile: str
    now: datetime
    facts: Facts = field(default_factory=lambda: MappingProxyType({}))
    adopted: tuple[str, ...] = ()  # ids of the conventions that the clinic has adopted
    dose: PlannedDose | None = None
    course: CourseSoFar | None = None

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.adopted) - _rules()):
            raise ContractError(
                "adopted", expected="ids of rules that are here", got=", ".join(unknown),
                remedy="Correct the spelling; the manual lists every row.",
            )  # fmt: skip


@lru_cache(maxsize=1)
def _rules() -> frozenset[str]:
    """Return the id of each rule that there is, of whatever kind."""
    of_people = (rule.id for pack in packs().values() for rule in pack.rule)
    of_courses = (row.id for row in course_rules().follow_up)
    return frozenset([*of_people, *of_courses, *(one.key for one in conventions())])


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What one check had to say."""

    findings: tuple[Finding, ...] = ()
    used: tuple[Used, ...] = ()
    switched_off: tuple[str, ...] = ()  # rules that would apply, and that nobody adopted
    not_checked: tuple[str, ...] = ()  # what no rule here knows anything about


@record(frozen=True, kw_only=True, config=RECORD)
class _Wire:
    """A question as a file or a wire carries it."""

    case: Case
    stages: tuple[Stage, ...]
    profile: str
    now: str
    facts: dict[str, object]
    adopted: tuple[str, ...] = ()
    dose: dict[str, object] | None = None
    course: dict[str, object] | None = None


def read_question(entries: Mapping[str, object]) -> Question:
    """Return the question that ``entries`` carry.

    Errors  ContractError naming what cannot be read
    """
    try:
        read = records.check(_Wire, entries, where="question")
        now = datetime.fromisoformat(read.now)
    except (DataFileError, ValueError) as error:
        raise ContractError(
            "question", expected="a case, stages, a profile, now and facts", got="something else",
            remedy=str(error),
        ) from error  # fmt: skip
    if now.utcoffset() is None:
        raise ContractError(
            "now", expected="a time with its zone, such as 2026-01-31T09:05:00+00:00", got=read.now,
            remedy="Write the zone: rules count minutes.",
        )  # fmt: skip
    return Question(
        case=read.case,
        stages=tuple(sorted(set(read.stages))),
        profile=profile(read.profile).id,
        now=now,
        facts=read_facts(read.facts),
        adopted=tuple(sorted(set(read.adopted))),
        dose=None if read.dose is None else read_planned(read.dose),
        course=None if read.course is None else read_course(read.course),
    )


def question_wire(question: Question) -> dict[str, object]:
    """Return a question as ``read_question`` reads it; a course only where there is one."""
    case, course = question.case, question.course
    return {
        "case": {
            "drug": case.drug, "route": case.route, "use": case.use, "setting": case.setting,
        },
        "stages": list(question.stages),
        "profile": question.profile,
        "now": question.now.isoformat(),
        "facts": {name: wire(fact(name), seen) for name, seen in sorted(question.facts.items())},
        "adopted": list(question.adopted),
        "dose": None if question.dose is None else planned_wire(question.dose),
        **({} if course is None else {"course": course_wire(course)}),
    }  # fmt: skip


def question_hash(question: Question) -> str:
    """Return the fingerprint of a question: two that differ in anything have two.

    Source  ketherapy
    """
    text = json.dumps(question_wire(question), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
