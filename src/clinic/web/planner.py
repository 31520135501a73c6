"""The planner: a dose under a protocol, its limit ladder and what it is predicted to do.

Entries come in the body of a POST and leave in its response; nothing of them is stored. There is
no plan that the server has not checked: a dose beyond the ladder has no button, and a request made
by hand is refused the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from clinic.accounts.gate import requires
from clinic.accounts.roles import Permission
from clinic.care import planning
from clinic.care.planning import Plan
from clinic.care.planning_entries import FIELDS
from clinic.care.practice_caps import practice_caps
from clinic.care.refusals import FORM, Entries, Problem, Refusal
from clinic.web.context import signed_in
from clinic.web.planner_form import form
from clinic.web.planner_page import shown
from ketherapy.dosing.planned import Caps

DO, PLAN, ASKED_AT = "do", "plan", "asked_at"
_SALT = "clinic.web.planner"
_LASTS = timedelta(minutes=10)  # how long after a plan its decision can be taken; convention
AGED = Problem(
    field=FORM, label="This plan",
    sentence="It is too old to be taken away, or not one of ours. Plan it again, and look again.",
)  # fmt: skip

Page = dict[str, object]


@sensitive_post_parameters()
@sensitive_variables()
@requires(Permission.PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def planner(request: HttpRequest) -> HttpResponse:
    """Answer with the form, with what stands for and against a dose, or with the plan."""
    now = timezone.now().replace(microsecond=0)
    if request.method != "POST":
        return _page(request, _chosen(request), None, now=now)
    entries = _submitted(request)
    found = planning.look(entries, caps_of=caps_of, now=now)
    if request.POST.get(DO) == PLAN and isinstance(found, Plan):
        return _page(request, entries, found, now=now, also=_planned(entries, found, now))
    return _page(request, entries, found, now=now)


@sensitive_post_parameters()
@sensitive_variables()
@requires(Permission.PLAN)
@require_POST
def decision(request: HttpRequest) -> HttpResponse:
    """Answer with the decision of a plan as the file that can be replayed; never of any other."""
    entries, asked_at = _submitted(request), _asked_at(request)
    now = timezone.now().replace(microsecond=0)
    if asked_at is None:
        return _page(request, entries, Refusal(problems=(AGED,)), now=now)
    found = planning.plan(entries, caps_of=caps_of, now=asked_at)
    if isinstance(found, Refusal):
        return _page(request, entries, found, now=now)
    response = HttpResponse(found.text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="decision.json"'
    return _unkept(response)


def caps_of(protocol_id: str) -> Caps:
    """Return the caps that this clinic has set: the practice clinic's, and no others yet."""
    return practice_caps(protocol_id) if settings.PRACTICE else Caps()


def _planned(entries: Entries, found: Plan, now: datetime) -> Page:
    """Return what a plan adds to its page, or every reason why it is none."""
    made = planning.plan(entries, caps_of=caps_of, now=now)
    if isinstance(made, Refusal):
        return {"not_planned": made.problems}
    return {"planned": found, "asked_at": signing.dumps(now.isoformat(), salt=_SALT)}


def _chosen(request: HttpRequest) -> Entries:
    """Return the phase that an address names, and nothing else it may hold."""
    return {"phase": tuple(request.GET.getlist("phase")), "zone": ("UTC",)}


def _submitted(request: HttpRequest) -> Entries:
    return {name: tuple(map(str, request.POST.getlist(name))) for name in FIELDS}


def _asked_at(request: HttpRequest) -> datetime | None:
    """Return when the plan was made; None for one too old or not ours."""
    try:
        text = signing.loads(request.POST.get(ASKED_AT, ""), salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        return None
    return datetime.fromisoformat(text)


def _page(
    request: HttpRequest,
    entries: Entries,
    outcome: Plan | Refusal | None,
    *,
    now: datetime,
    also: Page | None = None,
) -> HttpResponse:
    page: Page = {**form(entries, outcome), "by": signed_in(request), "now": now, **(also or {})}
    if isinstance(outcome, Refusal):
        page["problems"] = outcome.problems
    elif outcome is not None:
        sent = [(name, value) for name in FIELDS for value in entries.get(name, ())]
        page |= shown(outcome) | {"sent": sent}
    is_refused = isinstance(outcome, Refusal) or "not_planned" in page
    response = render(request, "web/planner.html", page, status=422 if is_refused else 200)
    return _unkept(response)


def _unkept(response: HttpResponse) -> HttpResponse:
    """Return a response that nobody on the way stores."""
    patch_cache_control(response, no_store=True, private=True)
    return response
