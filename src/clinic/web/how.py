"""The page that shows how ketamine and a reuptake inhibitor work; open to everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from clinic.accounts.gate import public
from clinic.explore import mechanism
from clinic.explore.mechanism import Picture
from clinic.explore.predictions import Choice, Refusal
from clinic.web.charts.lanes import lanes
from clinic.web.fields import Option

LONGEST_ECHO = 40  # characters of an entry that are put back into its field


@public
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Answer with the page, or with the changed parts of it when HTMX asks."""
    entries = {field: request.GET.get(field, "") for field in mechanism.FIELDS}
    outcome = mechanism.mechanism(entries)
    is_refused = isinstance(outcome, Refusal)
    page = form(entries, outcome) | (refused(outcome) if is_refused else drawn(outcome))
    is_partial = request.headers.get("HX-Request") == "true" and (
        request.headers.get("HX-History-Restore-Request") != "true"
    )
    template = "web/how_update.html" if is_partial else "web/how.html"
    response = render(request, template, page, status=422 if is_refused else 200)
    patch_vary_headers(response, ("HX-Request",))
    patch_cache_control(response, no_store=True, private=True)
    return response


def form(entries: Mapping[str, str], outcome: Picture | Refusal) -> dict[str, object]:
    """Return the form as it was sent, each refusal beside its field."""
    offered = mechanism.choices()
    chosen = {field: entries[field] or offered.usual[field] for field in mechanism.FIELDS}
    errors = dict.fromkeys(mechanism.FIELDS, "")
    if isinstance(outcome, Refusal):
        errors |= {problem.field: problem.sentence for problem in outcome.problems}
    return {
        "routes": _options(offered.routes, chosen["route"]),
        "sprays": _options(offered.sprays, chosen["spray"]),
        "settings": _options(offered.settings, chosen["setting"]),
        "dose": offered.dose,
        "sessions": offered.sessions,
        "chosen": {field: value[:LONGEST_ECHO] for field, value in chosen.items()},
        "errors": errors,
        "weight": offered.weight,
    }


def _options(offered: Sequence[Choice], chosen: str) -> list[Option]:
    return [Option(choice=choice, is_chosen=choice.value == chosen) for choice in offered]


def refused(outcome: Refusal) -> dict[str, object]:
    """Return what stands where the picture was: every reason, no picture."""
    return {"problems": outcome.problems}


def drawn(outcome: Picture) -> dict[str, object]:
    """Return the picture, its words and its tables."""
    return {
        "picture": outcome,
        "lanes": lanes(outcome),
    }
