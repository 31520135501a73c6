"""Reading accounts: always from inside one clinic."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from clinic.accounts.models import Clinic, Staff


def staff_visible_to(by: Staff) -> QuerySet[Staff]:
    """Return the staff of this person's own clinic, by name."""
    return Staff.objects.filter(clinic_id=by.clinic_id).order_by("name")


def staff_for(by: Staff, staff_id: UUID) -> Staff | None:
    """Return one colleague, or None: another clinic's staff do not exist here."""
    return staff_visible_to(by).filter(pk=staff_id).first()


def staff_named(username: str) -> Staff | None:
    """Return whose sign-in this is, if anybody's."""
    return Staff.objects.filter(username=username).first()


def clinic_practice() -> Clinic | None:
    """Return the practice clinic, if this database has one."""
    return Clinic.objects.filter(is_practice=True).first()
