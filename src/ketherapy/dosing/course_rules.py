"""What is said of courses beside their protocols, as cited rows."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import units
from ketherapy.dosing.rulebook import Action, Applies
from ketherapy.dosing.version import AbstractVersion, Jurisdiction, read_version
from ketherapy.records import RECORD
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent / "data" / "course" / "course_2026_01.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class CourseRule:
    """One row: what is said once the course shows it, and whose it is."""

    id: str
    says: str
    written: str
    resolves: str
    action: Action
    applies: Applies
    jurisdiction: Jurisdiction
    source: str
    status: Status
    locator: str


@record(frozen=True, kw_only=True, config=RECORD)
class FollowUp:
    """One thing that is looked at again and again while a course goes on."""

    id: str  # the row of the clinical tables, and a letter where one row became several
    title: str
    says: str
    every: Cited | None = None  # None: at each visit
    applies: Applies = Applies()
    locator: str
    source: str | None = None  # None: that of the file
    status: Status | None = None  # None: that of the file


@record(frozen=True, kw_only=True, config=RECORD)
class CourseRules(AbstractVersion):
    """One version of the file."""

    leeway: Cited
    rule: tuple[CourseRule, ...]
    follow_up: tuple[FollowUp, ...]

    @property
    def beside(self) -> timedelta:
        """Return how far beside its window a visit still is in it."""
        return lasting(self.leeway)

    def rule_of(self, rule_id: str) -> CourseRule:
        """Return the row with this id."""
        return next(one for one in self.rule if one.id == rule_id)

    def needs_adoption(self, row: FollowUp) -> bool:
        """Return whether the row is off until a clinic adopts it: nobody has read it."""
        return (row.status or self.status) is Status.CONVENTION


@lru_cache(maxsize=1)
def course_rules() -> CourseRules:
    """Return every row about courses."""
    return read_version(CourseRules, _FILE)


def lasting(number: Cited) -> timedelta:
    """Return a cited time."""
    return timedelta(hours=units.convert(number.value, number.unit, to="h"))
