"""Signing in and out."""

from __future__ import annotations

import hmac
import uuid

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from clinic.accounts import queries, services
from clinic.accounts.gate import SESSION_ENDED, public
from clinic.accounts.models import Staff
from clinic.accounts.turns import turn

DEVICE = "browser"
_LONGEST_NAME, _LONGEST_PASSWORD = 150, 1024  # [characters]; convention
ENDED = "Your session ended; sign in again and your entries come back."
REFUSED = "The user name and the password do not belong together. Check both and try again."


class SignInForm(forms.Form):
    """What somebody types to sign in."""

    username = forms.CharField(
        max_length=_LONGEST_NAME,
        error_messages={
            "required": "Enter your user name.",
            "max_length": "A user name has at most %(limit_value)d characters.",
        },
    )
    password = forms.CharField(
        max_length=_LONGEST_PASSWORD,
        strip=False,
        error_messages={
            "required": "Enter your password.",
            "max_length": "A password has at most %(limit_value)d characters.",
        },
    )


@sensitive_post_parameters("username", "password")
@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page, or begin a session."""
    if isinstance(request.user, Staff):
        return HttpResponseRedirect(_destination(request))
    if request.method != "POST":
        return _page(request, error=ENDED if SESSION_ENDED in request.GET else "")
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, error=_first_error(form), status=422)
    if _enter(request, **form.cleaned_data):
        return HttpResponseRedirect(_destination(request))
    _record_failure(request, form.cleaned_data["username"])
    return _page(request, error=REFUSED, status=422)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, if there is one, and return to the home page."""
    if isinstance(request.user, Staff):
        services.staff_sign_out(
            request, request.user, act=uuid.uuid4(), now=timezone.now(), device=DEVICE
        )
    return redirect("web:home")


def locked_out(
    request: HttpRequest, _response: HttpResponse | None = None, _credentials: object = None
) -> HttpResponse:
    """Return the sign-in page of somebody who failed too often."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    error = (
        f"Signing in failed {settings.AXES_FAILURE_LIMIT} times. This name is closed on this "
        f"network address for {minutes} minutes; then try again."
    )
    return _page(request, error=error, status=429)


def masked_username(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """Return a code in place of the name typed: people type passwords there by mistake."""
    typed = (credentials or request.POST).get("username") or ""
    key = f"clinic.web.sign_in {settings.SECRET_KEY}"
    return hmac.new(key.encode(), typed.encode(), "sha256").hexdigest()


def _enter(request: HttpRequest, *, username: str, password: str) -> bool:
    """Begin a session if the password is right, and return whether it was; one at a time."""
    with turn(username, request.META.get("REMOTE_ADDR", "")):
        # Within the turn axes looks at the lock, the password is checked and a failure counted.
        staff = authenticate(request, username=username, password=password)
        if not isinstance(staff, Staff):
            return False
        services.staff_sign_in(request, staff, act=uuid.uuid4(), now=timezone.now(), device=DEVICE)
        return True


def _record_failure(request: HttpRequest, username: str) -> None:
    services.sign_in_failed(
        queries.staff_named(username),
        locked_out=bool(getattr(request, "axes_locked_out", False)),
        act=uuid.uuid4(),
        now=timezone.now(),
        device=DEVICE,
    )


def _destination(request: HttpRequest) -> str:
    """Return where to go after signing in: a page of ours, never another site."""
    asked = _asked(request)
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else resolve_url("web:home")


def _asked(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or ""


def _first_error(form: SignInForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _page(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    """Return the sign-in page with the name as it was typed, never with the password."""
    typed = request.POST.get("username", "")
    context = {
        "error": error,
        "username": typed if len(typed) <= _LONGEST_NAME and typed.isprintable() else "",
        "next": _asked(request),
    }
    return render(request, "web/sign_in.html", context, status=status)
