"""The only gate, which asks whether this person may do that.

``require`` asks and raises; the decorators declare what a page needs and ask for it. Whoever
catches the refusal at the edge records it, in a transaction of its own, after whatever had begun
was rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from clinic.accounts.models import Staff
from clinic.accounts.roles import GRANTS, Permission, Role

PUBLIC: Final = "public"  # what ``view.permission`` says of a page that is for everybody
SIGN_IN: Final = "web:sign_in"
SESSION_ENDED: Final = "ended"  # stands in the address of a sign-in page that says so

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
        sign_in = redirect_to_login(_page_around(request), _sign_in_again()).url
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in})
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    sign_in = _sign_in_again() if had_session else resolve_url(SIGN_IN)
    return redirect_to_login(request.get_full_path(), sign_in)


def _sign_in_again() -> str:
    return f"{resolve_url(SIGN_IN)}?{SESSION_ENDED}=yes"


def _page_around(request: HttpRequest) -> str:
    """Return the path and query of the page whose part was asked for; of ours, or none."""
    try:
        address = HtmxDetails(request).current_url_abs_path or ""
    except ValueError:  # no address at all
        return ""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
