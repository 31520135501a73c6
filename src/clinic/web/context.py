"""What every page is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

import ketherapy
from clinic.accounts.gate import holds
from clinic.accounts.models import Staff
from clinic.accounts.roles import Permission

PRACTICE_NOTICE = "Every person here is synthetic. Enter nothing about a real person."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as the top of a page says it."""

    name: str
    role: str

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


def frame(request: HttpRequest | None) -> dict[str, object]:
    """Return what the frame of every page shows."""
    return {
        "is_practice": settings.PRACTICE,
        "practice_notice": PRACTICE_NOTICE if settings.PRACTICE else "",
        "product_version": ketherapy.__version__,
        "staff": signed_in(request),
        "may_populate": may(request, Permission.POPULATE),
        "may_plan": may(request, Permission.PLAN),
        "may_screen": may(request, Permission.SCREEN),
    }


def signed_in(request: HttpRequest | None) -> SignedIn | None:
    """Return who is signed in, if anybody is."""
    user = getattr(request, "user", None)
    return SignedIn(user.name, user.role_label) if isinstance(user, Staff) else None


def may(request: HttpRequest | None, permission: Permission) -> bool:
    """Return whether who is signed in holds a permission; nobody holds any."""
    user = getattr(request, "user", None)
    return isinstance(user, Staff) and holds(user, permission)
