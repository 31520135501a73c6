"""Writing accounts, and recording who came, who went and who was refused."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import auth
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpRequest

from clinic.accounts.gate import PermissionRefused
from clinic.accounts.models import Clinic, Staff
from clinic.accounts.roles import Role
from clinic.audit import services as audit
from clinic.audit.entry import Actor, Entry
from clinic.audit.models import Event

STARTED = "started_at"  # when this session began, kept in the session
SEEN = "seen_at"  # when it was last used


def staff_create(*, clinic: Clinic, username: str, name: str, role: Role, password: str) -> Staff:
    """Create one member of staff and return the account; a weak password is refused."""
    validate_password(password)
    staff = Staff(clinic=clinic, username=username, name=name, role=role)
    staff.set_password(password)
    staff.save(force_insert=True)
    return staff


def staff_set_password(staff: Staff, password: str) -> None:
    """Give an account a new password, which ends its sessions; a weak one is refused."""
    validate_password(password, staff)
    staff.set_password(password)
    staff.save(update_fields=["password"])


def staff_sign_in(
    request: HttpRequest, staff: Staff, *, act: UUID, now: datetime, device: str
) -> Event:
    """Begin a session and record it: both happen, or neither."""
    with transaction.atomic():
        auth.login(request, staff)
        request.session[STARTED] = now.isoformat()
        request.session[SEEN] = now.isoformat()
        request.session.save()  # now, inside the transaction, not when the response leaves
        return audit.append(_by(staff, "staff.signed_in", act, now, device), now=now)


def staff_sign_out(
    request: HttpRequest,
    staff: Staff,
    *,
    act: UUID,
    now: datetime,
    device: str,
    reason: str | None = None,
) -> Event:
    """End a session and record it; ``reason`` says why where nobody asked for it."""
    with transaction.atomic():
        event = audit.append(_by(staff, "staff.signed_out", act, now, device, reason), now=now)
        auth.logout(request)  # last: the browser's half of a session knows no rollback
        return event


def sign_in_failed(
    staff: Staff | None, *, locked_out: bool, act: UUID, now: datetime, device: str
) -> Event:
    """Record that a sign-in failed, and for which account if it exists; never what was typed."""
    entry = Entry(
        act=act,
        kind="staff.sign_in_failed",
        happened_at=now,
        device=device,
        clinic=str(staff.clinic_id) if staff else None,
        payload={"staff": str(staff.pk) if staff else None, "locked_out": locked_out},
    )
    return audit.append(entry, now=now)


def permission_refused(
    refused: PermissionRefused, *, route: str, act: UUID, now: datetime, device: str
) -> Event:
    """Record that somebody asked for what the role does not hold."""
    entry = Entry(
        act=act,
        kind="permission.refused",
        happened_at=now,
        device=device,
        clinic=str(refused.by.clinic_id),
        actor=_actor(refused.by),
        payload={"permission": refused.permission.value, "route": route},
    )
    return audit.append(entry, now=now)


def _actor(staff: Staff) -> Actor:
    return Actor(id=str(staff.pk), role=staff.role)


def _by(
    staff: Staff, kind: str, act: UUID, now: datetime, device: str, reason: str | None = None
) -> Entry:
    return Entry(
        act=act,
        kind=kind,
        happened_at=now,
        device=device,
        clinic=str(staff.clinic_id),
        actor=_actor(staff),
        reason=reason,
    )
