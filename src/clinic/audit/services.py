"""Writing to the log: ``append`` and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from clinic.audit.entry import NO_HASH, Entry, fingerprint, hashed_fields
from clinic.audit.models import Event
from ketherapy.errors import ContractError


class ActConflictError(ContractError):
    """The same act was sent again with a different content."""


def append(entry: Entry, *, now: datetime) -> Event:
    """Append one event and return it; the same act again returns the event already there.

    Call it inside the transaction of what the event describes: both stay, or neither does.
    """
    with transaction.atomic():
        _take_turn()
        seen = Event.objects.filter(act=entry.act).first()
        return _same(seen, entry) if seen else _next(entry, now)


def _take_turn() -> None:
    """Wait until no other transaction can append, so that the chain has one end."""
    match connection.vendor:
        case "sqlite":
            pass  # atomic() has begun IMMEDIATE: this transaction is the only writer already
        case "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('clinic.audit', 0))")
        case vendor:
            raise NotImplementedError(f"the event log does not know the database {vendor!r}")


def _same(seen: Event, entry: Entry) -> Event:
    """Return the event already there, provided that ``entry`` says exactly the same."""
    again = hashed_fields(
        entry,
        sequence=seen.sequence,
        recorded_at=seen.recorded_at,
        previous_hash=seen.previous_hash,
    )
    if fingerprint(again) != seen.hash:
        raise ActConflictError(
            f"act {entry.act}",
            expected=f"the content already recorded as event {seen.sequence}",
            got="another content",
            remedy="A new act needs a new UUID; a correction is an act of its own.",
        )
    return seen


def _next(entry: Entry, now: datetime) -> Event:
    """Write ``entry`` behind the last event and return it."""
    last = Event.objects.order_by("-sequence").first()
    fields = hashed_fields(
        entry,
        sequence=last.sequence + 1 if last else 1,
        recorded_at=now,
        previous_hash=last.hash if last else NO_HASH,
    )
    fields_and_times = {**fields, "happened_at": entry.happened_at, "recorded_at": now}
    return Event.objects.create(**fields_and_times, hash=fingerprint(fields))
