"""The page that sets an infusion for depression beside one for pain; it is for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from clinic.accounts.gate import public
from clinic.explore import two_infusions as infusions
from clinic.explore.two_infusions import Refusal, TwoInfusions
from clinic.web.predict import TextField, echo
from clinic.web.two_infusions_page import drawn


@public
@require_safe
def two_infusions(request: HttpRequest) -> HttpResponse:
    """Answer with the page, or with the changed parts of it when HTMX asks."""
    typed = tuple(request.GET.getlist("weight")) if request.GET else (infusions.USUAL_WEIGHT,)
    outcome = infusions.compare({"weight": typed})
    is_partial = request.headers.get("HX-Request") == "true" and (
        request.headers.get("HX-History-Restore-Request") != "true"
    )
    template = "web/two_update.html" if is_partial else "web/two.html"
    status = 422 if isinstance(outcome, Refusal) else 200
    response = render(request, template, _page(typed, outcome), status=status)
    patch_vary_headers(response, ("HX-Request",))
    patch_cache_control(response, no_store=True, private=True)
    return response


def _page(typed: tuple[str, ...], outcome: TwoInfusions | Refusal) -> dict[str, object]:
    is_refused = isinstance(outcome, Refusal)
    error = " ".join(p.sentence for p in outcome.problems) if is_refused else ""
    field = TextField(
        name="weight", label="Body weight", hint="such as 71 kg", value=echo(typed), error=error
    )
    return {"field": field, "error": error} | ({} if is_refused else drawn(outcome))
