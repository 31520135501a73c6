"""What every check of a course looks at, and on what its findings stand."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy.dosing.course_rules import CourseRule
from ketherapy.dosing.course_so_far import CourseSoFar
from ketherapy.dosing.course_window import Standing
from ketherapy.dosing.dose_findings import Ground
from ketherapy.dosing.findings import Finding
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.protocol_parts import Phase, Remark
from ketherapy.dosing.question import Question
from ketherapy.dosing.rulebook import SEVERITIES
from ketherapy.sources import Cited


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseAsked:
    """A question about a course, its protocol, and where the course stands."""

    question: Question
    course: CourseSoFar
    protocol: Protocol
    where: Standing

    def place(self, phase: Phase) -> int:
        """Return the place of a phase among those of the protocol."""
        return self.protocol.phase.index(phase)

    @property
    def since(self) -> str:
        """Return when the last visit was, in words."""
        return "no visit yet" if self.where.last is None else f"last visit {self.where.last:{_AT}}"

    def ground(self, of: Remark | Cited, *, limit: str) -> Ground:
        """Return a number or a remark of the protocol as a ground."""
        return Ground(
            limit=limit, source=of.source or self.protocol.source, locator=of.locator,
            status=of.status or self.protocol.status, jurisdiction=self.protocol.jurisdiction,
        )  # fmt: skip

    def row(self, row: CourseRule, *, observed: str, asks: tuple[str, ...] = ()) -> Finding:
        """Return a row as a finding; elsewhere than where it was written, it says so."""
        is_own = self.protocol.jurisdiction == row.jurisdiction
        return Finding(
            rule=row.id, severity=SEVERITIES[row.action], says=row.says, observed=observed,
            limit=row.written, resolves=row.resolves, source=row.source, locator=row.locator,
            status=row.status, jurisdiction=row.jurisdiction, asks=asks,
            extrapolated_from="" if is_own else f"what is written for {row.jurisdiction}",
        )  # fmt: skip


_AT = "%Y-%m-%d %H:%M %Z"
