"""What a rule found: how grave, what was seen, which limit, whose it is, what would resolve it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ketherapy.sources import Status


class Severity(IntEnum):
    """How much a finding stops; the gravest of all findings is the verdict."""

    INFO = 1  # shown
    CAUTION = 2  # to be acknowledged
    HOLD = 3  # to be reviewed: a name and a reason pass it, or what is missing
    BLOCK = 4  # nothing passes it


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that a rule has to say of one question."""

    rule: str  # id
    severity: Severity
    says: str  # the sentence a clinician reads
    observed: str  # what was seen, or that it was not
    limit: str  # the limit as its source words it
    resolves: str  # what would resolve it
    source: str
    locator: str
    status: Status
    jurisdiction: str
    asks: tuple[str, ...] = ()  # facts that are missing: only learning them resolves it
    extrapolated_from: str = ""  # what the source was written for, where that is something else

    @property
    def can_be_overridden(self) -> bool:
        """Return whether a name and a reason pass it: a hold on what is known, nothing else."""
        return self.severity is Severity.HOLD and not self.asks

    @property
    def stops(self) -> bool:
        """Return whether nothing goes on while it stands."""
        return self.severity >= Severity.HOLD


def ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings, the gravest first, then by rule: the same whatever the order was."""
    return tuple(sorted(findings, key=lambda one: (-one.severity, one.rule, one.observed)))
