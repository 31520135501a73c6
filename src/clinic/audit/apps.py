"""The event log as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The event log."""

    name = "clinic.audit"
    label = "audit"
    verbose_name = "Event log"
