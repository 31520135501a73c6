"""The self-check: a form that anybody may fill in, and that keeps nothing of what it is told.

Answers come in the body of a POST and leave in its response. They are in no address, cookie,
session, database or log; every response is marked not to be stored.

The referrer policy stays "same-origin", as everywhere: with "no-referrer" a browser calls the
origin of the form "null", and the protection against forged forms would refuse it. Nothing is lost
by that, because the address holds no answer, and links to other places say "noreferrer".
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from clinic.accounts.gate import public
from clinic.explore.crisis import lines
from clinic.explore.self_check import Refusal, Result, check, is_in_crisis
from clinic.explore.self_check_entries import Entries
from clinic.web.self_check_page import form, refused, result
from clinic.web.self_check_pdf import sheet

TOKEN = "csrfmiddlewaretoken"
FILES = "a file"  # no question of ours has this name


@public
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: HttpRequest) -> HttpResponse:
    """Answer with the empty form, or with what belongs to the answers that were posted."""
    if request.method != "POST":
        return _page(request, {}, None)
    entries = submitted(request)
    return _page(request, entries, check(entries))


@public
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def self_check_pdf(request: HttpRequest) -> HttpResponse:
    """Answer with the same result on one sheet to take along, made in memory.

    Asked for without answers, as by a bookmark, it leads to the form.
    """
    if request.method != "POST":
        return _unkept(redirect("web:self_check"))
    entries = submitted(request)
    outcome = check(entries)
    if isinstance(outcome, Refusal):
        return _page(request, entries, outcome)
    today = timezone.localdate()
    made = sheet(outcome, today, crisis=lines(today))
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="questions-for-a-clinic.pdf"'
    return _unkept(response)


def submitted(request: HttpRequest) -> Entries:
    """Return what was posted for each name; a file has no place here and is named as one."""
    posted = {n: tuple(map(str, request.POST.getlist(n))) for n in request.POST if n != TOKEN}
    return posted | ({FILES: ()} if request.FILES else {})


def _page(request: HttpRequest, entries: Entries, outcome: Result | Refusal | None) -> HttpResponse:
    shown: dict[str, object] = form(entries, outcome)
    shown["crisis"] = lines(timezone.localdate())
    shown["is_in_crisis"] = outcome is not None and is_in_crisis(entries)
    if isinstance(outcome, Refusal):
        shown |= refused(outcome)
    elif outcome is not None:
        shown |= result(outcome)
    status = 422 if isinstance(outcome, Refusal) else 200
    return _unkept(render(request, "web/self_check.html", shown, status=status))


def _unkept(response: HttpResponse) -> HttpResponse:
    """Return a response that nobody on the way stores, and that no search engine lists."""
    patch_cache_control(response, no_store=True, private=True)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
