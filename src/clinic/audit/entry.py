"""What is written into the log, and the one text of it that is hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from ketherapy.errors import ContractError

FORMAT = "ketherapy-event-1"
NO_HASH = "0" * 64  # what the first event names as its predecessor

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acted: an id and the role held at that moment, as text that outlives the account."""

    id: str
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing that happened, as the place where it happened reports it."""

    act: UUID  # made by the client; the same act sent again is the same event
    kind: str  # "staff.signed_in", "permission.refused" ...
    happened_at: datetime
    device: str  # where it was done: "browser", "command line" ...
    clinic: str | None = None  # None: it happened outside any clinic's account
    actor: Actor | None = None  # None: nobody we know
    reason: str | None = None
    payload: Mapping[str, Json] = field(default_factory=dict)
    payload_version: int = 1


def payload_text(payload: Mapping[str, Json]) -> str:
    """Return the canonical JSON of a payload: sorted keys, no spaces, no NaN."""
    try:
        text = json.dumps(
            payload, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
        )
    except (TypeError, ValueError) as error:
        raise ContractError(
            "event payload",
            expected="plain JSON values with finite numbers",
            got=type(error).__name__,
            remedy="Turn dates, enums and arrays into text or numbers first.",
        ) from None
    if "\\u0000" in text:
        raise ContractError(
            "event payload",
            expected="text without null characters",
            got="a null character",
            remedy="Refuse such text at the form.",
        )
    return text


def utc_text(instant: datetime) -> str:
    """Return an instant as the log spells it: UTC, to the microsecond."""
    if instant.tzinfo is None:
        raise ContractError(
            "event time",
            expected="an instant with a time zone",
            got="one without",
            remedy="Pass django.utils.timezone.now() from the edge.",
        )
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fingerprint(fields: Mapping[str, str | int | None]) -> str:
    """Return the SHA-256 of the canonical JSON of every field of an event but its hash."""
    text = json.dumps(
        {"format": FORMAT, **fields}, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def hashed_fields(
    entry: Entry, *, sequence: int, recorded_at: datetime, previous_hash: str
) -> dict[str, str | int | None]:
    """Return what the hash of this entry covers, at this place in the chain."""
    return {
        "sequence": sequence,
        "act": str(entry.act),
        "clinic": entry.clinic,
        "actor": entry.actor.id if entry.actor else None,
        "actor_role": entry.actor.role if entry.actor else None,
        "kind": entry.kind,
        "happened_at": utc_text(entry.happened_at),
        "recorded_at": utc_text(recorded_at),
        "device": entry.device,
        "reason": entry.reason,
        "payload": payload_text(entry.payload),
        "payload_version": entry.payload_version,
        "previous_hash": previous_hash,
    }
