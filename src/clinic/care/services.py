"""Writing what staff decide about one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from clinic.accounts.gate import require
from clinic.accounts.models import Staff
from clinic.accounts.roles import Permission
from clinic.audit import queries
from clinic.audit import services as audit
from clinic.audit.entry import Actor, Entry, Json
from clinic.audit.models import Event
from clinic.care.screening import Screening, screened
from ketherapy.dosing.decision import Override, decide
from ketherapy.dosing.question import Question
from ketherapy.errors import ContractError

PASSED = "screening.hold_passed"
_FEWEST_WORDS, _SHORTEST, _LONGEST = 5, 25, 600  # words and characters of a reason; convention


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """A screening whose holds somebody passed, and the event that says so."""

    screening: Screening
    event: Event


def screening_override(
    question: Question,
    *,
    rules: tuple[str, ...],
    reason: str,
    by: Staff,
    act: UUID,
    now: datetime,
    device: str,
) -> Signed:
    """Pass holds by name and with a reason: the answer and its event, or neither.

    The log learns which rules were passed and the fingerprint of the decision, and nothing that
    was entered: the reason too stands in the decision alone.
    """
    with transaction.atomic():
        require(by, Permission.OVERRIDE)
        seen = queries.event_of(act)
        at = now if seen is None else seen.happened_at  # the same act again is the same decision
        override = Override(
            by=by.name, role=_passes(by), reason=_read_reason(reason),
            rules=_read_rules(rules), at=at.isoformat(),
        )  # fmt: skip
        found = screened(decide(question, override=override))
        entry = Entry(
            act=act, kind=PASSED, happened_at=at, device=device, clinic=str(by.clinic_id),
            actor=Actor(id=str(by.pk), role=by.role), payload=_payload(found, override),
        )  # fmt: skip
        return Signed(screening=found, event=audit.append(entry, now=now))


def _payload(found: Screening, override: Override) -> Mapping[str, Json]:
    return {
        "rules": list(override.rules),
        "decision": found.sha256,
        "packs": {one.id: one.sha256 for one in found.decision.used},
        "allowed": found.decision.allowed,
    }


def _read_rules(rules: tuple[str, ...]) -> tuple[str, ...]:
    if rules:
        return tuple(sorted(set(rules)))
    raise ContractError(
        "holds to pass", expected="at least one that is ticked", got=None,
        remedy="Tick each hold that you have reviewed.",
    )  # fmt: skip


def _passes(by: Staff) -> Literal["prescriber", "director"]:
    """Return the role in which a hold is passed; the permission was asked for before."""
    match by.role:
        case "prescriber" | "director" as role:
            return role
        case other:
            raise ContractError(
                "role", expected="prescriber or director", got=other,
                remedy="Only they pass a hold: grant the permission to nobody else.",
            )  # fmt: skip


def _read_reason(text: str) -> str:
    reason = " ".join(text.split())
    is_sentence = len(reason) >= _SHORTEST and len(reason.split()) >= _FEWEST_WORDS
    if is_sentence and len(reason) <= _LONGEST and reason.isprintable():
        return reason
    raise ContractError(
        "reason",
        expected=f"a sentence of at least {_FEWEST_WORDS} words and {_SHORTEST} characters, and at "
        f"most {_LONGEST}",
        got=f"{len(reason)} characters",
        remedy="Say what you weighed, and why it may go on.",
    )
