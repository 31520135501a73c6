"""The pages for what went wrong: calm, and silent about the inside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from clinic.explore.crisis import Line, lines
from clinic.web.context import frame

SELF_CHECK = "/self-check/"  # a plain text: a fault of the addresses must not keep it from us


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for a request that cannot be read."""
    return page(request, 400, "That request could not be read", "Go back and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for something the role does not allow."""
    sentence = (
        "Your role in this clinic does not include this page. The attempt was noted; "
        "if you need it, ask your medical director."
    )
    return page(request, 403, "Not for this role", sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from one of our own pages."""
    sentence = (
        "The form was too old, or cookies are switched off. Nothing was changed: "
        "open the page again and repeat what you entered."
    )
    return page(request, 403, "The form could not be accepted", sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for an address where nothing is."""
    sentence = "Check the address, or go to the start page."
    return page(request, 404, "There is no such page", sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for our own fault; it asks the database for nothing."""
    sentence = "The fault is ours and was written down. What you entered may not have been kept."
    return page(None, 500, "Something went wrong here", sentence, whom_to_call=_help(request))


def page(
    request: HttpRequest | None,
    status: int,
    title: str,
    sentence: str,
    *,
    whom_to_call: tuple[Line, ...] | None = None,
) -> HttpResponse:
    """Return one error page; without a request it says nothing of who is signed in."""
    crisis = whom_to_call if request is None else _help(request)
    told = {"status": status, "title": title, "sentence": sentence, "crisis": crisis}
    context = told if request is not None else {**frame(None), **told}
    return HttpResponse(render_to_string("web/error.html", context, request), status=status)


def _help(request: HttpRequest) -> tuple[Line, ...] | None:
    """Return whom to call, where somebody may have asked for help and was not read; else None."""
    if not request.path.startswith(SELF_CHECK):
        return None
    return lines(timezone.localdate())
