"""The pages of the evidence: what was tried, what it came to, how sure that is. For everybody."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from clinic.accounts.gate import public
from clinic.explore import evidence_method, evidence_open, evidence_question, evidence_search
from clinic.explore.evidence_claims import cards
from clinic.explore.evidence_open import Opened
from clinic.explore.evidence_trial import find
from clinic.web import evidence_page
from clinic.web.evidence_browse import browsed, filter_form
from clinic.web.evidence_trial_page import trial_shown


def entries(request: HttpRequest, fields: Sequence[str]) -> dict[str, str]:
    """Return what was sent for each field; nothing where nothing was sent."""
    return {field: request.GET.get(field, "") for field in fields}


@public
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """Answer with everything that fits the filters."""
    told = entries(request, evidence_search.FIELDS)
    return _answered(request, "web/evidence", browsed(told))


@public
@require_safe
def question(request: HttpRequest, question_id: str) -> HttpResponse:
    """Answer with one standing question."""
    return analysis(
        request, question_opened(request, question_id),
        reverse("web:evidence_question", args=[question_id]),
    )  # fmt: skip


@public
@require_safe
def combined(request: HttpRequest) -> HttpResponse:
    """Answer with a question that filters put together."""
    filters = entries(request, evidence_question.FIELDS)
    return analysis(request, combined_opened(request), reverse("web:evidence_pool"), filters)


@public
@require_safe
def review(request: HttpRequest, review_id: str, pool_id: str) -> HttpResponse:
    """Answer with a published pool, and beside it what the same trials come to here."""
    where = reverse("web:evidence_review", args=[review_id, pool_id])
    return analysis(request, review_opened(request, review_id, pool_id), where)


@public
@require_safe
def trial(request: HttpRequest, trial_id: str) -> HttpResponse:
    """Answer with one trial."""
    found = find(trial_id)
    if found is None:
        raise Http404
    return render(request, "web/evidence_trial.html", trial_shown(found))


@public
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Answer with what is said about ketamine, and what the trials make of it."""
    found = cards()
    page = {"claims": found, "under_review": [one for one in found if one.notice]}
    return render(request, "web/evidence_claims.html", page)


def question_opened(request: HttpRequest, question_id: str) -> Opened:
    """Return a standing question as it was asked, or raise what becomes a 404."""
    return _known(evidence_open.standing(question_id, entries(request, evidence_method.FIELDS)))


def combined_opened(request: HttpRequest) -> Opened:
    """Return the question that filters put together."""
    fields = (*evidence_question.FIELDS, *evidence_method.FIELDS)
    return evidence_open.combined(entries(request, fields))


def review_opened(request: HttpRequest, review_id: str, pool_id: str) -> Opened:
    """Return a published pool as it was asked, or raise what becomes a 404."""
    told = entries(request, evidence_method.FIELDS)
    return _known(evidence_open.published(review_id, pool_id, told))


def _known(opened: Opened | None) -> Opened:
    if opened is None:
        raise Http404
    return opened


def analysis(
    request: HttpRequest, opened: Opened, where: str, filters: dict[str, str] | None = None
) -> HttpResponse:
    """Answer with the page of one question, or with its changed parts."""
    page = evidence_page.page(opened, filters or {}, where)
    if filters is not None:
        page |= filter_form(filters, opened.outcome)
    return _answered(request, "web/evidence_answer", page)


def _answered(request: HttpRequest, name: str, page: dict[str, object]) -> HttpResponse:
    is_partial = request.headers.get("HX-Request") == "true" and (
        request.headers.get("HX-History-Restore-Request") != "true"
    )
    template = f"{name}_update.html" if is_partial else f"{name}.html"
    status = 422 if page.get("problems") else 200
    response = render(request, template, page, status=status)
    patch_vary_headers(response, ("HX-Request",))
    patch_cache_control(response, no_store=True, private=True)
    return response
