"""The table of events: written once, never changed."""

from __future__ import annotations

import json
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from clinic.audit.entry import Json, utc_text
from clinic.audit.field_classes import FieldClass


class Event(models.Model):
    """One event of the chain; triggers refuse to change or remove it."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    act = models.UUIDField(unique=True)
    clinic = models.CharField(max_length=64, null=True)  # None: outside any clinic
    actor = models.CharField(max_length=64, null=True)  # None: nobody we know
    actor_role = models.CharField(max_length=32, null=True)
    kind = models.CharField(max_length=64)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    device = models.CharField(max_length=64)
    reason = models.TextField(null=True)  # None: none was asked for
    # Text, not a JSON column: a database may reorder keys and rewrite numbers, and the hash
    # covers the exact characters.
    payload = models.TextField()
    payload_version = models.PositiveSmallIntegerField()
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    field_classes: ClassVar[dict[str, FieldClass]] = {
        "sequence": FieldClass.OPERATIONAL,
        "act": FieldClass.OPERATIONAL,
        "clinic": FieldClass.OPERATIONAL,
        "actor": FieldClass.IDENTIFYING,
        "actor_role": FieldClass.OPERATIONAL,
        "kind": FieldClass.CLINICAL,
        "happened_at": FieldClass.CLINICAL,
        "recorded_at": FieldClass.OPERATIONAL,
        "device": FieldClass.OPERATIONAL,
        "reason": FieldClass.CLINICAL,
        "payload": FieldClass.CLINICAL,
        "payload_version": FieldClass.OPERATIONAL,
        "previous_hash": FieldClass.OPERATIONAL,
        "hash": FieldClass.OPERATIONAL,
    }

    class Meta:
        ordering: ClassVar[list[str]] = ["sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(sequence__gte=1), name="event_sequence_from_one"),
            models.CheckConstraint(
                condition=Q(actor__isnull=True, actor_role__isnull=True)
                | Q(actor__isnull=False, actor_role__isnull=False),
                name="event_actor_with_role",
            ),
            models.CheckConstraint(
                condition=Q(Exact(Length("hash"), 64)) & Q(Exact(Length("previous_hash"), 64)),
                name="event_hashes_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(device="") & ~Q(payload=""),
                name="event_says_what_and_where",
            ),
            models.CheckConstraint(
                condition=Q(payload_version__gte=1), name="event_payload_version_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.sequence} {self.kind}"

    @property
    def content(self) -> dict[str, Json]:
        """Return the payload as values."""
        return json.loads(self.payload)

    def hashed_fields(self) -> dict[str, str | int | None]:
        """Return what this event's hash covers, as the row says it now."""
        return {
            "sequence": self.sequence,
            "act": str(self.act),
            "clinic": self.clinic,
            "actor": self.actor,
            "actor_role": self.actor_role,
            "kind": self.kind,
            "happened_at": utc_text(self.happened_at),
            "recorded_at": utc_text(self.recorded_at),
            "device": self.device,
            "reason": self.reason,
            "payload": self.payload,
            "payload_version": self.payload_version,
            "previous_hash": self.previous_hash,
        }
