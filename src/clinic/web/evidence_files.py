"""The files of the evidence: the studies as CSV, the forest plot as SVG. For everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from clinic.accounts.gate import public
from clinic.explore.evidence_export import study_table
from clinic.explore.evidence_open import Computed, Opened
from clinic.web import evidence
from clinic.web.charts.export import standalone
from clinic.web.charts.forest import wide
from clinic.web.evidence_page import method_words
from clinic.web.evidence_plots import forest
from clinic.web.evidence_verdict import verdict


@public
@require_safe
def question_file(request: HttpRequest, question_id: str, ending: str) -> HttpResponse:
    """Answer with the studies or the forest plot of a standing question."""
    return _file(evidence.question_opened(request, question_id), question_id, ending)


@public
@require_safe
def combined_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer with the studies or the forest plot of a question that filters put together."""
    return _file(evidence.combined_opened(request), "question", ending)


@public
@require_safe
def review_file(request: HttpRequest, review_id: str, pool_id: str, ending: str) -> HttpResponse:
    """Answer with the studies or the forest plot of a published pool."""
    opened = evidence.review_opened(request, review_id, pool_id)
    return _file(opened, f"{review_id}-{pool_id}", ending)


def _file(opened: Opened, name: str, ending: str) -> HttpResponse:
    computed = opened.outcome
    if not isinstance(computed, Computed):
        raise Http404
    body = _csv(opened, computed) if ending == "csv" else _svg(opened, computed)
    kind = "text/csv; charset=utf-8" if ending == "csv" else "image/svg+xml"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="evidence-{name}.{ending}"'
    patch_cache_control(response, no_store=True, private=True)
    return response


def _csv(opened: Opened, computed: Computed) -> str:
    return study_table(computed.answer, method_words(computed))


def _svg(opened: Opened, computed: Computed) -> str:
    plot, told = forest(computed.answer), verdict(computed.answer)
    if plot is None or told is None:
        raise Http404
    said = " ".join((told.effect, *told.sentences, method_words(computed)))
    return standalone(wide(plot), opened.title, said)
