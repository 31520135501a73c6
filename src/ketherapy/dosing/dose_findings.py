"""Findings on a calculation: what was seen, the number it is held against, and whose that is."""

from __future__ import annotations

from dataclasses import dataclass

from ketherapy.dosing.amounts import printed
from ketherapy.dosing.findings import Finding, Severity
from ketherapy.dosing.version import Jurisdiction
from ketherapy.sources import Cited, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What a finding rests on, and whose it is; nothing more said, it is our convention."""

    limit: str = ""
    source: str = "ketherapy"
    locator: str = ""
    status: Status = Status.CONVENTION
    jurisdiction: Jurisdiction = Jurisdiction.CLINIC


def ours(number: Cited, of: str = "") -> Ground:
    """Return a number of our conventions, ``of`` what it is one, as a ground."""
    return Ground(limit=printed(number) + of, locator=number.locator)


def label(number: Cited, of: str = "") -> Ground:
    """Return a number of a label of the United States, ``of`` what it is one, as a ground.

    Errors  ValueError where the number does not say its status
    """
    return Ground(
        limit=printed(number) + of, source=str(number.source), locator=number.locator,
        status=Status(number.status), jurisdiction=Jurisdiction.US,
    )  # fmt: skip


def found(
    rule: str,
    severity: Severity,
    says: str,
    *,
    observed: str,
    resolves: str,
    ground: Ground | None = None,
    asks: tuple[str, ...] = (),
) -> Finding:
    """Return a finding of one check on a calculation."""
    on = ground or Ground()
    return Finding(
        rule=rule, severity=severity, says=says, observed=observed, resolves=resolves,
        limit=on.limit, source=on.source, locator=on.locator, status=on.status,
        jurisdiction=on.jurisdiction, asks=asks,
    )  # fmt: skip
