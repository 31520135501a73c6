"""The population page: simulate many virtual people, watch, stop, read and take the result."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.accounts.gate import requires
from clinic.accounts.models import Staff
from clinic.accounts.roles import Permission
from clinic.explore import population_jobs as jobs
from clinic.explore import population_questions as questions
from clinic.explore import population_results as results
from clinic.explore.population_jobs import Busy, Run, State
from clinic.explore.predictions import Problem, Refusal
from clinic.web.charts.words import duration, whole
from clinic.web.fields import TextField, echo, options
from clinic.web.population_page import picture

# What the form opens with: the infusion most readers know, in the first described population.
WORKED_EXAMPLE: Mapping[str, str] = {
    "drug": "ketamine",
    "route": "iv",
    "dose": "0.5 mg/kg",
    "over": "40 min",
    "until": "8 h",
    "model": "",
    "n": "1000",
    "weight": "",
    "age": "",
    "seed": "1",
    "above": "",
}
TEXTS = {
    "dose": ("Dose", "base, as 0.5 mg/kg"),
    "over": ("Given over", "such as 40 min"),
    "until": ("Time shown", "such as 8 h"),
    "n": ("People", f"1 to {whole(questions.MOST_PEOPLE)}"),
    "seed": ("Seed", "same seed, same people"),
    "above": ("Level to mark", "as 100 ng/mL"),
    "weight": ("Body weight", "such as 71 kg"),
    "age": ("Age", "such as 45 years"),
}
NETCDF = "application/x-netcdf"


@requires(Permission.POPULATE)
@require_http_methods(["GET", "HEAD", "POST"])
def population(request: HttpRequest) -> HttpResponse:
    """Show the form of a population, or begin a run of what was entered."""
    if request.method != "POST":
        return _form(request, _again(request))
    entries = {field: request.POST.get(field, "") for field in questions.FIELDS}
    question = questions.read_question(entries)
    if isinstance(question, Refusal):
        return _form(request, entries, problems=question.problems, status=422)
    begun = jobs.RUNS.begin(question, owner=_owner(request))
    if isinstance(begun, Busy):
        return _form(request, entries, busy=begun.sentence, status=409)
    return redirect("web:population_run", run_id=begun.id)


@requires(Permission.POPULATE)
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Answer how far a run is, or with its result; with the changed part when HTMX asks."""
    found = jobs.RUNS.found(run_id, owner=_owner(request))
    is_partial = request.headers.get("HX-Request") == "true"
    if found is None:
        response = render(request, _template("gone", is_partial=is_partial), status=404)
    else:
        told = told_of(found, request.GET.get("analyte", ""))
        response = render(request, _template("run", is_partial=is_partial), told)
    patch_vary_headers(response, ("HX-Request",))
    patch_cache_control(response, no_store=True, private=True)
    return response


@requires(Permission.POPULATE)
@require_POST
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask a run to stop: it does so after the people it is simulating at that moment."""
    _found(request, run_id).stop.set()
    return redirect("web:population_run", run_id=run_id)


@requires(Permission.POPULATE)
@require_safe
def as_csv(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Answer with the result of a run as a table."""
    found = _found(request, run_id)
    if found.result is None:
        raise Http404
    text = results.csv_text(found, found.result)
    return _file(text.encode(), "text/csv; charset=utf-8", found, "csv")


@requires(Permission.POPULATE)
@require_safe
def as_netcdf(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Answer with the whole result of a run as a NetCDF file."""
    found = _found(request, run_id)
    if found.result is None:
        raise Http404
    return _file(results.netcdf_bytes(found.result), NETCDF, found, "nc")


def told_of(found: Run, analyte: str) -> dict[str, object]:
    """Return what the page of a run shows: its progress, its result, or why there is none."""
    left = jobs.RUNS.seconds_left(found) if found.state is State.RUNNING else None
    page: dict[str, object] = {
        "run": found,
        "is_stopping": found.state is State.RUNNING and found.stop.is_set(),
        "regimen": found.question.text,
        "done": whole(found.done),
        "n": whole(found.n),
        "left": "" if left is None else remaining(left),
        "kept_minutes": round(jobs.KEPT_S / 60),
    }
    return page if found.result is None else page | picture(found, found.result, analyte)


def remaining(seconds: float) -> str:
    """Return how long it will take yet, no more precisely than can be known."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 100:
        return f"about {10 * round(seconds / 10)} seconds"
    return f"about {duration(max(round(seconds / 60), 2))}"


def _owner(request: HttpRequest) -> str:
    if not isinstance(request.user, Staff):  # the decorator has seen to it already
        raise Http404
    return str(request.user.pk)


def _found(request: HttpRequest, run_id: UUID) -> Run:
    found = jobs.RUNS.found(run_id, owner=_owner(request))
    if found is None:
        raise Http404
    return found


def _again(request: HttpRequest) -> Mapping[str, str]:
    """Return the entries of the run that the address names, or the worked example."""
    try:
        named = UUID(request.GET.get("like", ""))
    except ValueError:
        return WORKED_EXAMPLE
    found = jobs.RUNS.found(named, owner=_owner(request))
    return WORKED_EXAMPLE if found is None else found.question.entries


def _form(
    request: HttpRequest,
    entries: Mapping[str, str],
    *,
    problems: tuple[Problem, ...] = (),
    busy: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return the form as it was sent, each refusal beside its field."""
    offered = questions.choices()
    errors = {problem.field: problem.sentence for problem in problems}
    first = offered.people[0].value
    page = {
        "drugs": options(offered.drugs, [entries["drug"]]),
        "routes": options(offered.routes, [entries["route"]]),
        "models": options(offered.models, [entries["model"]]),
        "people": options(offered.people, [entries.get("people", first)]),
        "errors": {field: errors.get(field, "") for field in questions.FIELDS},
        "texts": {
            name: TextField(
                name=name,
                label=label,
                hint=hint,
                value=echo((entries[name],)),
                error=errors.get(name, ""),
            )
            for name, (label, hint) in TEXTS.items()
        },
        "problems": problems,
        "busy": busy,
        "runs": [(run, whole(run.n)) for run in jobs.RUNS.of(_owner(request))],
        "most": whole(questions.MOST_PEOPLE),
        "kept_minutes": round(jobs.KEPT_S / 60),
    }
    response = render(request, "web/population.html", page, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _template(name: str, *, is_partial: bool) -> str:
    return f"web/population_{name}_part.html" if is_partial else f"web/population_{name}.html"


def _file(body: bytes, kind: str, found: Run, ending: str) -> HttpResponse:
    request = found.question.request
    name = f"population-{request.model.id}-{request.n}-seed-{request.seed}.{ending}"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
