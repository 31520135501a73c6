"""What a calculation or a check has to say of a dose: Severity, Notice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ketherapy.sources import Cited


class Severity(IntEnum):
    """How far a notice stands in the way; the highest of several counts."""

    INFO = 0  # shown
    CAUTION = 1  # acknowledged
    HOLD = 2  # needs review, a reason and a name
    BLOCK = 3  # cannot be passed


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One thing that a person must know before going on: what was seen, and what to do."""

    check: str  # the name of the check that says so
    severity: Severity
    seen: str
    remedy: str
    limit: Cited | None = None  # what it was held against, where that is a number


def stops(notices: tuple[Notice, ...]) -> bool:
    """Return whether any of ``notices`` stands in the way: a hold or a block."""
    return any(notice.severity >= Severity.HOLD for notice in notices)
