"""The only gate, which asks whether this person may do that.

``require`` asks and raises; the decorators declare what a page needs and ask for it. Whoever
catches the refusal at the edge records it, in a transaction of its own, after whatever had begun
was rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from clinic.accounts.models import Staff
from clinic.accounts.roles import GRANTS, Permission, Role

PUBLIC: Final = "public"  # what ``view.permission`` says of a page that is for everybody
SIGN_IN: Final = "web:sign_in"

Page = Callable[..., HttpResponseBase]
AnyPage = TypeVar("AnyPage", bound=Page)


class PermissionRefused(PermissionDenied):
    """A known member of staff asked for what the role does not hold."""

    def __init__(self, by: Staff, permission: Permission) -> None:
        super().__init__(f"staff {by.pk} does not hold {permission}")
        self.by = by
        self.permission = permission


def holds(by: Staff, permission: Permission) -> bool:
    """Return whether this person's role is granted this permission."""
    return permission in GRANTS[Role(by.role)]


def require(by: Staff, permission: Permission) -> None:
    """Return quietly if this person holds the permission, else refuse."""
    if not holds(by, permission):
        raise PermissionRefused(by, permission)


def requires(permission: Permission) -> Callable[[Page], Page]:
    """Return a decorator: this page needs a signed-in person who holds the permission."""

    def declare(view: Page) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not isinstance(request.user, Staff):
                return _to_sign_in(request)
            require(request.user, permission)
            return view(request, *args, **kwargs)

        return _declaring(guarded, permission)

    return declare


def public(view: AnyPage) -> AnyPage:
    """Declare that a page is for everybody, and return it."""
    return _declaring(view, PUBLIC)


def declared(view: Page) -> Permission | str | None:
    """Return what a page declares it needs: a permission, ``PUBLIC``, or None for nothing."""
    return getattr(view, "permission", None)


def _declaring(view: AnyPage, permission: str) -> AnyPage:
    vars(view)["permission"] = permission
    return view


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Send somebody unknown to the sign-in page, and back here afterwards."""
    if "HX-Request" in request.headers:
        # A part of a page cannot show the sign-in page: tell htmx to leave.
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(SIGN_IN)})
    return redirect_to_login(request.get_full_path(), resolve_url(SIGN_IN))
