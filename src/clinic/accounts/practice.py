"""The practice clinic: synthetic staff, one of each role, with passwords made on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from clinic.accounts import queries, services
from clinic.accounts.models import Clinic, Staff
from clinic.accounts.roles import LABELS, Role

CLINIC_NAME = "Practice clinic"
FILE_NAME = "practice-sign-ins.json"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no pair that looks alike on paper
_GROUPS, _GROUP = 3, 5  # "k4xwq-…-…": 74 bits


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """How to sign in as one of the practice staff."""

    username: str
    role: str  # as screens say it
    password: str
    is_new: bool  # the password was made just now


def prepare(home: Path) -> tuple[SignIn, ...]:
    """Create what the practice clinic lacks and return every way to sign in.

    Passwords live in one file of ``home``; beside each stands a fingerprint of the account it
    was made for, so that a lost file or another database is noticed without hashing anything.
    """
    kept = _kept(home / FILE_NAME)
    with transaction.atomic():
        clinic = queries.clinic_practice() or Clinic.objects.create(
            name=CLINIC_NAME, is_practice=True
        )
        made = tuple(_account(clinic, role, kept) for role in Role)
    if any(sign_in.is_new for sign_in, _ in made):
        _keep(home / FILE_NAME, made)
    return tuple(sign_in for sign_in, _ in made)


def _account(clinic: Clinic, role: Role, kept: dict[str, list[str]]) -> tuple[SignIn, Staff]:
    """Return one account as it is; make it, or give it a new password, if it has to be."""
    staff = queries.staff_named(role.value)
    password, fingerprint = kept.get(role.value, ("", ""))
    is_new = staff is None or _fingerprint(staff) != fingerprint
    if is_new:
        password = _new_password()
    if staff is None:
        staff = services.staff_create(
            clinic=clinic,
            username=role.value,
            name=f"Practice {LABELS[role]}",
            role=role,
            password=password,
        )
    elif is_new:
        services.staff_set_password(staff, password)
    sign_in = SignIn(username=role.value, role=LABELS[role], password=password, is_new=is_new)
    return sign_in, staff


def _new_password() -> str:
    def groups() -> Iterator[str]:
        for _ in range(_GROUPS):
            yield "".join(secrets.choice(_LETTERS) for _ in range(_GROUP))

    return "-".join(groups())


def _fingerprint(staff: Staff) -> str:
    return hashlib.sha256(staff.password.encode()).hexdigest()


def _kept(path: Path) -> dict[str, list[str]]:
    """Return what the file holds; a file that is missing or torn holds nothing."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return {name: [str(one["password"]), str(one["made_for"])] for name, one in read.items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError, KeyError):
        return {}


def _keep(path: Path, made: tuple[tuple[SignIn, Staff], ...]) -> None:
    """Write the file whole or not at all, readable by its owner alone."""
    text = json.dumps(
        {
            sign_in.username: {"password": sign_in.password, "made_for": _fingerprint(staff)}
            for sign_in, staff in made
        },
        indent=2,
    )
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    fresh.replace(path)
