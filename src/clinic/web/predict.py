"""The predict page: a simulation drawn from what was typed; it plans and orders nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from clinic.accounts.gate import requires
from clinic.accounts.roles import Permission
from clinic.explore import predictions
from clinic.explore.predictions import Choice, Prediction, Refusal
from clinic.web import predict_effects
from clinic.web.charts import levels, tables
from clinic.web.charts.between import doubts
from clinic.web.charts.cautions import cautions
from clinic.web.charts.drawing import draw
from clinic.web.charts.frame import NARROW, WIDE
from clinic.web.fields import ListField, TextField, echo, options

Entries = Mapping[str, Sequence[str]]

# What the page opens with: the infusion most readers know.
WORKED_EXAMPLE: Entries = {
    "drug": ("ketamine",),
    "route": ("iv",),
    "dose": ("0.5 mg/kg",),
    "over": ("40 min",),
    "weight": ("71 kg",),
    "age": ("30 years",),
    "sex": (),
    "ancestry": (),
    "kidney": (),
    "liver": (),
    "drugs": (),
    "until": ("6 h",),
    "models": (),
    "show": ("total", "norketamine", "measured"),
    **predict_effects.WORKED_EXAMPLE,
}
USUAL_SHOW = WORKED_EXAMPLE["show"]
INLINE = predict_effects.INLINE


MEASURED_TICK = Choice(value=levels.MEASURED, label="Measured points")
TEXT_FIELDS = (
    ("dose", "Dose", "base, as 0.5 mg/kg"),
    ("over", "Given over", "such as 40 min"),
    ("weight", "Body weight", "such as 71 kg"),
    ("age", "Age", "optional"),
    ("until", "Time shown", "such as 6 h"),
)
MORE_FIELDS = (*predictions.LABELS, "drugs")  # folded away until one is used
ERROR_FIELDS: tuple[str, ...] = tuple(WORKED_EXAMPLE)


@requires(Permission.PREDICT)
@require_safe
def predict(request: HttpRequest) -> HttpResponse:
    """Answer with the page, or with the changed parts of it when HTMX asks."""
    entries = submitted(request.GET) if request.GET else WORKED_EXAMPLE
    outcome = asked(entries)
    is_refused = isinstance(outcome, Refusal)
    page = form(entries, outcome) | (refused(outcome) if is_refused else drawn(outcome, entries))
    is_partial = request.headers.get("HX-Request") == "true" and (
        request.headers.get("HX-History-Restore-Request") != "true"
    )
    if entries["effects"] and not is_refused:
        is_inline = bool(request.GET.get(INLINE)) and not is_partial
        page |= predict_effects.part(entries, of_levels(entries), is_inline=is_inline)
    template = "web/predict_update.html" if is_partial else "web/predict.html"
    response = render(request, template, page, status=422 if is_refused else 200)
    patch_vary_headers(response, ("HX-Request",))
    patch_cache_control(response, no_store=True, private=True)
    return response


@requires(Permission.PREDICT)
@require_safe
def effects(request: HttpRequest) -> HttpResponse:
    """Answer with the effects alone, which a page asks for once its levels are drawn."""
    entries = submitted(request.GET)
    page = predict_effects.part(entries, of_levels(entries), is_inline=True)
    status = 422 if "effects_problems" in page else 200
    response = render(request, "web/predict_effects.html", page, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response


def of_levels(entries: Entries) -> Entries:
    """Return the entries that the levels depend on."""
    apart = {"show", *predict_effects.WORKED_EXAMPLE}
    return {name: values for name, values in entries.items() if name not in apart}


def asked(entries: Entries) -> Prediction | Refusal:
    """Return the levels, or every reason why nothing is drawn, those of effects among them."""
    outcome = predictions.predict(of_levels(entries))
    problems = predict_effects.problems(entries, of_levels(entries))
    if not problems:
        return outcome
    others = outcome.problems if isinstance(outcome, Refusal) else ()
    return Refusal(problems=(*others, *problems))


def submitted(query: QueryDict) -> Entries:
    """Return what was sent for each field of the form; nothing where nothing was sent."""
    return {name: tuple(query.getlist(name)) for name in WORKED_EXAMPLE}


def form(entries: Entries, outcome: Prediction | Refusal) -> dict[str, object]:
    """Return the form as it was sent, each refusal beside its field."""
    offered = predictions.choices()
    errors = sentences(outcome)
    ticked = options(offered.models, entries["models"])
    return {
        "drugs": options(offered.drugs, entries["drug"]),
        "routes": options(offered.routes, entries["route"]),
        "models": ticked,
        "groups": options((*offered.groups, MEASURED_TICK), entries["show"]),
        "texts": [
            TextField(name=n, label=label, hint=hint, value=echo(entries[n]), error=errors[n])
            for n, label, hint in TEXT_FIELDS
        ],
        "lists": [
            ListField(
                name=name,
                label=label,
                options=options(offered.labels[name], entries[name]),
                error=errors[name],
            )
            for name, (label, _) in predictions.LABELS.items()
        ],
        "others": options(offered.others, entries["drugs"]),
        "is_more_told": any(any(entries[n]) or errors[n] for n in MORE_FIELDS),
        "errors": errors,
        **predict_effects.form(entries, errors),
        "is_model_ticked": any(option.is_chosen for option in ticked),
    }


def sentences(outcome: Prediction | Refusal) -> dict[str, str]:
    """Return what stands beside each field; an empty text beside an accepted one."""
    found = dict.fromkeys(ERROR_FIELDS, "")
    if isinstance(outcome, Refusal):
        for problem in outcome.problems:
            found[problem.field] = f"{found.get(problem.field, '')} {problem.sentence}".strip()
    return found


def refused(outcome: Refusal) -> dict[str, object]:
    """Return what stands where the picture was: every reason, no picture."""
    return {"problems": outcome.problems}


def drawn(outcome: Prediction, entries: Entries) -> dict[str, object]:
    """Return the picture, its legend and its tables."""
    ticked = entries["show"] or USUAL_SHOW
    shown = levels.visible(outcome, ticked)
    named = levels.letters(model.value for model in predictions.choices().models)
    page: dict[str, object] = {
        "prediction": shown,
        "cautions": cautions(shown, named),
        "nothing_ticked": not entries["show"],
    }
    if not shown.curves:
        return page | {"available": sorted({curve.analyte_name for curve in outcome.curves})}
    listed, points = tables.entries(shown, named), tables.points(shown)
    scene = levels.levels_scene(shown, named)
    return page | {
        "charts": [draw(scene, WIDE), draw(scene, NARROW)],
        "entries": listed,
        "percentiles": levels.PERCENTILES if any(e.span for e in listed) else "",
        "legend": tables.models(listed),
        "spread": tables.shared_spread(listed),
        "doubts": doubts(shown, named),
        "origins": [(named[one.model_id], one) for one in shown.origins],
        "rows": tables.rows(shown),
        "points": points,
        "measured": tables.measured_groups(points),
        "series": json.dumps(tables.series(shown, named), ensure_ascii=False),
    }
