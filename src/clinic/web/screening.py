"""The screening page: may this be given to this person? It answers, and keeps nothing of them.

Entries come in the body of a POST and leave in its response. They are in no address, cookie,
session, database or log; every response is marked not to be stored. A hold that is passed leaves
an event with the ids of its rules and the fingerprint of the decision, and no entry.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from clinic.accounts.gate import requires
from clinic.accounts.models import Staff
from clinic.accounts.roles import Permission
from clinic.care.refusals import FORM, Entries, Problem, Refusal
from clinic.care.screening import Screening, screening_of
from clinic.care.screening_entries import ZONE, first
from clinic.care.screening_examples import example_entries
from clinic.care.services import Signed, screening_override
from clinic.web.context import may, signed_in
from clinic.web.screening_form import OF_CASE, START, form
from clinic.web.screening_result import refused, result
from clinic.web.sign_in import DEVICE
from ketherapy.dosing.question import Question, question_hash
from ketherapy.errors import ContractError

TOKEN = "csrfmiddlewaretoken"
DO, ASK, EXAMPLE = "do", "ask", "example"  # buttons, and what they say
ACT, ASKED_AT, PASS, REASON = "act", "asked_at", "pass", "reason"
_NOT_ENTRIES = {TOKEN, DO, EXAMPLE, ACT, ASKED_AT, PASS, REASON}
_SALT = "clinic.web.screening"
_LASTS = timedelta(minutes=10)  # how long after an answer its holds can be passed; convention
_LONGEST_ECHO = 1000  # characters of a reason put back; convention
AGED = Problem(
    field=FORM, label="This answer",
    sentence="It is too old to be passed, or not one of ours. Screen again, and look again.",
)  # fmt: skip

ANOTHER = Problem(
    field=FORM, label="This answer",
    sentence="It was given to somebody else, or to other entries. Screen again, and look again.",
)  # fmt: skip

Page = dict[str, object]


@sensitive_post_parameters()
@sensitive_variables()
@requires(Permission.SCREEN)
@require_http_methods(["GET", "HEAD", "POST"])
def screening(request: HttpRequest) -> HttpResponse:
    """Answer with the form, with what the rules say of its entries, or with the changed parts."""
    now = timezone.now().replace(microsecond=0)
    if request.method != "POST":
        return _page(request, _bookmarked(request), None, now=now)
    entries = _submitted(request, now)
    if request.POST.get(DO) == ASK:
        return _page(request, entries, None, now=now)
    return _page(request, entries, screening_of(entries, now=now), now=now)


@sensitive_post_parameters()
@sensitive_variables()
@requires(Permission.OVERRIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def override(request: HttpRequest) -> HttpResponse:
    """Pass holds of an answer by name and with a reason, and answer again with what follows.

    Asked for without an answer, as by a bookmark, it leads to the form.
    """
    now = timezone.now().replace(microsecond=0)
    if request.method != "POST" or not isinstance(request.user, Staff):
        return _unkept(redirect("web:screening"))
    entries, answer, act = _submitted(request, now), _answer(request), _act(request)
    if answer is None or act is None:
        return _page(request, entries, Refusal(problems=(AGED,)), now=now)
    asked_at = datetime.fromisoformat(answer[0])
    outcome = screening_of(entries, now=asked_at)
    if isinstance(outcome, Refusal):
        return _page(request, entries, outcome, now=now)
    if answer != _signed_parts(outcome.decision.question, request.user):
        return _page(request, entries, Refusal(problems=(ANOTHER,)), now=now)
    try:
        signed = screening_override(
            outcome.decision.question, rules=tuple(request.POST.getlist(PASS)),
            reason=request.POST.get(REASON, ""), by=request.user, act=act, now=now, device=DEVICE,
        )  # fmt: skip
    except ContractError as error:
        told = _not_passed(request, error)
        return _page(request, entries, outcome, now=asked_at, also=told, status=422)
    return _page(request, entries, signed.screening, now=asked_at, also=_passed(signed))


def _not_passed(request: HttpRequest, error: ContractError) -> Page:
    return {
        "override_error": f"Expected {error.expected}. {error.remedy}",
        "reason": request.POST.get(REASON, "")[:_LONGEST_ECHO],
        "ticked": request.POST.getlist(PASS),
    }


def _passed(signed: Signed) -> Page:
    return {"event": signed.event.sequence}


def _bookmarked(request: HttpRequest) -> Entries:
    """Return the case that an address names, and nothing else it may hold."""
    named = {name: tuple(request.GET.getlist(name)) for name in OF_CASE if name in request.GET}
    return {**START, **named}


def _submitted(request: HttpRequest, now: datetime) -> Entries:
    """Return what was posted for each name, or an invented person who was asked for."""
    posted = {
        name: tuple(map(str, request.POST.getlist(name)))
        for name in request.POST if name not in _NOT_ENTRIES
    }  # fmt: skip
    example = request.POST.get(EXAMPLE)
    if example is not None:
        invented = example_entries(example, zone=first(posted, ZONE) or "UTC", now=now)
        return posted if invented is None else invented
    return posted | ({FORM: ("a file",)} if request.FILES else {})


def answer_token(question: Question, by: Staff) -> str:
    """Return what a page sends back to show which answer it gave, and to whom."""
    return signing.dumps(_signed_parts(question, by), salt=_SALT)


def _signed_parts(question: Question, by: Staff) -> list[str]:
    return [question.now.isoformat(), question_hash(question), str(by.pk)]


def _answer(request: HttpRequest) -> list[str] | None:
    """Return the answer whose holds are passed; None for one too old or not ours."""
    try:
        found = signing.loads(request.POST.get(ASKED_AT, ""), salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, list) else None


def _act(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(ACT, ""))
    except ValueError:
        return None


def _page(
    request: HttpRequest,
    entries: Entries,
    outcome: Screening | Refusal | None,
    *,
    now: datetime,
    also: Page | None = None,
    status: int = 200,
) -> HttpResponse:
    is_partial = request.headers.get("HX-Request") == "true"
    page = form(entries, outcome, now=now) | {"by": signed_in(request)}
    if isinstance(outcome, Refusal):
        page |= refused(outcome)
        status = 422
    elif outcome is not None:
        page |= result(outcome, zone=first(entries, ZONE)) | {
            "is_answer": not is_partial,
            "may_override": may(request, Permission.OVERRIDE),
            "act": uuid.uuid4(),
            "asked_at": _token(request, outcome),
            "sent": [(name, value) for name in sorted(entries) for value in entries[name]],
            "again": [(name, value) for name in OF_CASE for value in entries.get(name, ())],
            **(also or {}),
        }
    template = "web/screening_update.html" if is_partial else "web/screening.html"
    response = _unkept(render(request, template, page, status=status))
    patch_vary_headers(response, ("HX-Request",))
    return response


def _token(request: HttpRequest, outcome: Screening) -> str:
    user = request.user
    return answer_token(outcome.decision.question, user) if isinstance(user, Staff) else ""


def _unkept(response: HttpResponse) -> HttpResponse:
    """Return a response that nobody on the way stores."""
    patch_cache_control(response, no_store=True, private=True)
    return response
