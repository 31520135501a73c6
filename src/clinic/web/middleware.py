"""What happens around every page: the gate, the end of a session, one line in the log."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from clinic.accounts import services
from clinic.accounts.gate import PermissionRefused, declared
from clinic.accounts.models import Staff
from clinic.web.sign_in import DEVICE

_SEEN_EVERY = timedelta(minutes=1)  # how often the last use is written down

Handler = Callable[[HttpRequest], HttpResponseBase]

log = logging.getLogger("clinic.web.requests")


class Gate:
    """Opens no page that does not declare who may use it, and records every refusal."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Handler, _args: object, _kwargs: object
    ) -> None:
        """Refuse a page that declares nothing: that is our mistake, and nobody gets in by it."""
        if declared(view) is None:
            raise ImproperlyConfigured(
                f"{route(request)} declares no permission: decorate it with requires or public"
            )

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record a refusal, now that everything begun before it has been rolled back."""
        if isinstance(exception, PermissionRefused):
            services.permission_refused(
                exception,
                route=route(request),
                act=uuid.uuid4(),
                now=timezone.now(),
                device=DEVICE,
            )


def session_limits(get_response: Handler) -> Handler:
    """Return a handler that ends sessions left alone, and those that have lasted too long."""

    def within_limits(request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, Staff):
            _keep_or_end(request, request.user, timezone.now())
        return get_response(request)

    return within_limits


def _keep_or_end(request: HttpRequest, staff: Staff, now: datetime) -> None:
    started = _instant(request, services.STARTED)
    seen = _instant(request, services.SEEN)
    reason = _why_over(started, seen, now)
    if reason:
        services.staff_sign_out(
            request, staff, act=uuid.uuid4(), now=now, device=DEVICE, reason=reason
        )
    elif seen is not None and now - seen >= _SEEN_EVERY:
        request.session[services.SEEN] = now.isoformat()


def _why_over(started: datetime | None, seen: datetime | None, now: datetime) -> str | None:
    """Return why this session is over, or None; one without its times is over."""
    if started is None or seen is None:
        return "the session does not say when it began"
    if abs(now - started) >= settings.SESSION_ABSOLUTE_AGE:
        return "the session had lasted as long as it may"
    if now - seen >= settings.SESSION_IDLE_AGE:
        return "the session was left alone too long"
    return None


def _instant(request: HttpRequest, key: str) -> datetime | None:
    text = request.session.get(key)
    return datetime.fromisoformat(text) if text else None


def request_log(get_response: Handler) -> Handler:
    """Return a handler that logs route, status and duration: no address, no entry, no name."""

    def logged(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = get_response(request)
        took_ms = (time.perf_counter() - begun) * 1000
        log.info("%s %s %d %.0f ms", method(request), route(request), response.status_code, took_ms)
        return response

    return logged


def route(request: HttpRequest) -> str:
    """Return the name of the page that was asked for, never its address."""
    match = request.resolver_match
    return match.view_name if match else "no route"


def method(request: HttpRequest) -> str:
    """Return the method, unless it is one that somebody made up."""
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return request.method if request.method in known else "OTHER"
