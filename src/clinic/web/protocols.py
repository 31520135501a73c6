"""The pages of the protocols: for everybody to read; they allow nothing and order nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from clinic.accounts.gate import public
from clinic.explore.predictions import Choice
from clinic.web.fields import ListField, TextField, echo, options
from clinic.web.protocols_curves import USUAL_WEIGHT, NotDrawn, curves
from clinic.web.protocols_page import DIRECTIONS, NAMES, entry, whole
from ketherapy.dosing.protocol import Protocol, not_shipped, protocol, protocols
from ketherapy.dosing.variants import differences
from ketherapy.errors import ContractError

FILTERS = {"use": "Given for", "drug": "Drug", "jurisdiction": "Whose"}


@public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Answer with every protocol, or those of one use, drug or jurisdiction."""
    asked = {name: echo(request.GET.getlist(name)) for name in FILTERS}
    offered = {name: _offered(name) for name in FILTERS}
    unknown = [name for name, value in asked.items() if value and value not in offered[name]]
    errors = dict.fromkeys(FILTERS, "") | dict.fromkeys(unknown, "Choose one of the list.")
    found = [one for one in protocols() if not unknown and _fits(one, asked)]
    today = timezone.now().date()
    page = {
        "lists": [_list(name, offered[name], asked[name], errors[name]) for name in FILTERS],
        "found": [entry(one, today) for one in found],
        "left_out": not_shipped(),
        "pairs": [Choice(value=one.id, label=one.title) for one in protocols()],
    }
    status = 422 if unknown else 200
    return _fresh(render(request, "web/protocols.html", page, status=status))


@public
@require_safe
def one(request: HttpRequest, protocol_id: str) -> HttpResponse:
    """Answer with one protocol, whole, and what its usual dose is predicted to do."""
    found = _named(protocol_id)
    typed = request.GET.getlist("weight") if "weight" in request.GET else [USUAL_WEIGHT]
    drawn = curves(found.id, echo(typed))
    is_refused = isinstance(drawn, NotDrawn) and drawn.is_of_weight
    error = drawn.sentence if isinstance(drawn, NotDrawn) and is_refused else ""
    field = TextField(
        name="weight", label="Body weight of the curves", hint="such as 71 kg",
        value=echo(typed), error=error,
    )  # fmt: skip
    page = whole(found, timezone.now().date()) | {"field": field}
    page |= {"no_curves": drawn.sentence} if isinstance(drawn, NotDrawn) else drawn
    status = 422 if is_refused else 200
    return _fresh(render(request, "web/protocol.html", page, status=status))


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Answer with all in which two protocols differ, and which of them is the tighter there."""
    asked = [echo(request.GET.getlist(name)) for name in ("a", "b")]
    try:
        old, new = (protocol(key) for key in asked)
    except ContractError as error:
        page = {"problem": f"Expected two protocols of the list. {error.remedy}", "asked": asked}
        return _fresh(render(request, "web/protocols_compare.html", page, status=422))
    rows = [(one, *DIRECTIONS[one.direction]) for one in differences(old, new)]
    page = {"old": old, "new": new, "rows": rows}
    return _fresh(render(request, "web/protocols_compare.html", page))


def _named(protocol_id: str) -> Protocol:
    try:
        return protocol(protocol_id)
    except ContractError as error:
        raise Http404("There is no such protocol here.") from error


def _offered(name: str) -> dict[str, str]:
    values = sorted({str(getattr(one, name)) for one in protocols()})
    return {value: NAMES[name].get(value, value) for value in values}


def _fits(found: Protocol, asked: dict[str, str]) -> bool:
    return all(not value or str(getattr(found, name)) == value for name, value in asked.items())


def _list(name: str, offered: dict[str, str], chosen: str, error: str) -> ListField:
    choices = [Choice(value="", label="All"),
               *(Choice(value=value, label=label) for value, label in offered.items())]  # fmt: skip
    return ListField(
        name=name, label=FILTERS[name], options=options(choices, [chosen]), error=error
    )


def _fresh(response: HttpResponse) -> HttpResponse:
    """Return a response that is asked for again each time: a mark of staleness has a date."""
    patch_cache_control(response, no_cache=True)
    return response
