"""Predictions for pages: what the science returns, in the units and words a screen shows.

Everything here is computed by ``ketherapy``; this module turns labelled arrays in mg/L and h
into plain values in ng/mL and minutes. No patient data passes through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clinic.explore.measurements import Measured, comparable, is_left_out
from clinic.explore.names import ANALYTES, DRUGS, GROUPS, LABELS, ROUTES, drawn
from clinic.explore.origins import Origin, origin
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.interactions import Kind, interacting_drugs, interactions
from ketherapy.regimen import Drug, Route
from ketherapy.simulation import domain
from ketherapy.simulation.band import band
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.request import Problem, Refusal, SimulationRequest, read_request
from ketherapy.simulation.solve import simulate
from ketherapy.sources import cite

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["GROUPS", "LABELS", "Choice", "Choices", "Curve", "Measured", "Origin", "Prediction",
           "Problem", "Refusal", "choices", "predict", "read", "warm"]  # fmt: skip


_MIN = 60.0  # minutes in an hour
_POINTS = 508  # points of the time axis, those behind edges included
_BAND_POINTS = 64  # points of a band, likewise
# [min] Where tables read: close at first, then as a ward would look.
READ = np.concatenate(
    [
        np.arange(0.0, 120.0, 10.0),
        np.arange(120.0, 360.0, 30.0),
        np.arange(360.0, 720.0, 60.0),
        np.arange(720.0, 2880.0, 240.0),
        np.arange(2880.0, 86400.0, 1440.0),
    ]
)
_CLOSE = 12  # points of the second look at each peak
_SEED = 20260101  # the same virtual people each time: a band does not flicker
_NG = 1000.0  # ng/mL in a mg/L

OFF_LABEL = "Racemic ketamine is off-label for psychiatric use and for chronic pain."

_WARMING = (
    ("ketamine", "iv", "0.5 mg/kg", "40 min"),
    ("esketamine", "iv", "20 mg", "40 min"),
    ("esketamine", "intranasal", "84 mg", ""),
    ("esketamine", "oral", "84 mg", ""),
    ("esketamine", "sublingual", "50 mg", ""),
    ("ketamine", "im", "35 mg", ""),
    ("ketamine", "oral", "50 mg", ""),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """One predicted curve: one analyte under one published model."""

    key: str  # unique on the page, e.g. "otto2021_iv-esketamine"; letters, digits, _ and -
    model_id: str
    model_title: str
    analyte: str  # "esketamine", "arketamine", "ketamine", "esnorketamine" ...
    analyte_name: str  # "S-ketamine", "S + R ketamine", "S-norketamine" ...
    group: str  # what a toggle shows or hides: one of GROUPS
    site: str  # "venous plasma", "arterial plasma", "plasma, sampling site not stated"
    is_site_known: bool
    confidence_level: str  # of the model: "good", "moderate" or "low"
    level: tuple[float, ...]  # [ng/mL] at Prediction.minutes
    low: tuple[float, ...] | None  # 5th percentile of people [ng/mL]; None: not known
    high: tuple[float, ...] | None  # 95th percentile of people [ng/mL]
    spread: str  # what the band is, or the sentence that says why there is none
    peak: float  # [ng/mL]
    peak_at: float  # [min]
    source: str  # one line a person can look up
    status: str  # "verified", "secondary", "derived", "convention"
    population: str  # who was studied


@dataclass(frozen=True, kw_only=True, slots=True)
class Prediction:
    """What a page draws: curves on one time axis, measured points beside them."""

    regimen: str  # "ketamine 35.5 mg (0.5 mg/kg x 71 kg), intravenous, over 40 min"
    minutes: tuple[float, ...]
    dosing: tuple[float, float]  # [min] first and last instant of drug input
    curves: tuple[Curve, ...]
    measured: tuple[Measured, ...]
    origins: tuple[Origin, ...]  # one for each model
    cautions: tuple[str, ...]  # requests outside a model's domain, off-label use, limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One option of a list or a tick box."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the form offers; ``models`` notes say which drugs and routes each one covers."""

    drugs: tuple[Choice, ...]
    routes: tuple[Choice, ...]
    models: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    labels: dict[str, tuple[Choice, ...]]  # by field, what may be recorded of a person
    others: tuple[Choice, ...]  # drugs taken beside, whose effect on levels was measured


def choices() -> Choices:
    """Return what the form offers, read from the model catalogue."""
    return Choices(
        drugs=tuple(Choice(value=drug.value, label=label) for drug, label in DRUGS.items()),
        routes=tuple(Choice(value=route.value, label=label) for route, label in ROUTES.items()),
        models=tuple(
            Choice(value=m.id, label=m.label, note=f"{m.site_text}; {domain.offer(m)}")
            for m in catalog.models()
        ),
        groups=tuple(Choice(value=value, label=label) for value, label in GROUPS.items()),
        labels={
            field: (
                Choice(value="", label="Not given"),
                *(Choice(value=member.value, label=label) for member, label in words.items()),
            )
            for field, (_, words) in LABELS.items()
        },
        others=tuple(_other(name) for name in interacting_drugs()),
    )


def _other(name: str) -> Choice:
    found = [row.route for row in interactions() if (row.kind, row.agent) == (Kind.DRUG, name)]
    routes = ", ".join(ROUTES[route].lower() for route in dict.fromkeys(found))
    return Choice(value=name, label=name.capitalize(), note=f"measured: {routes}")


def predict(entries: Mapping[str, Sequence[str]]) -> Prediction | Refusal:
    """Return the prediction for the form's entries, or every reason why there is none.

    ``entries`` maps "drug", "route", "dose", "over", "weight", "age", "until" (text with its unit,
    such as "0.5 mg/kg", "40 min", "71 kg", "45 years", "6 h"), the fields of LABELS, "drugs"
    (names; none ticked means that no other is known) and "models" (ids; none ticked means the
    default ones) to the submitted values.
    """
    request = read(entries)
    if isinstance(request, Refusal):
        return request
    t = _times(request)
    data = {
        model.id: simulate(model, request.regimen, t, person=request.person)
        for model in request.models
    }
    ends = max(dose.ends for dose in request.regimen.doses)
    return Prediction(
        regimen=request.text,
        minutes=tuple((t * _MIN).tolist()),
        dosing=(min(dose.at for dose in request.regimen.doses) * _MIN, ends * _MIN),
        curves=tuple(
            curve for model in request.models for curve in _curves(request, model, data[model.id])
        ),
        measured=comparable(request),
        origins=tuple(origin(model, request.regimen.routes) for model in request.models),
        cautions=_cautions(request, [str(found.attrs["cautions"]) for found in data.values()]),
    )


def read(entries: Mapping[str, Sequence[str]]) -> SimulationRequest | Refusal:
    """Return what the form's entries ask for, or every reason why it cannot be simulated."""
    single = {field: values[0] for field, values in entries.items() if values}
    single.pop("models", None)
    single["drugs"] = ",".join(entries.get("drugs", ()))
    return read_request(single, models=entries.get("models", ()))


def warm() -> None:
    """Compile the engine for the form's regimens, so that the first prediction is quick."""
    for until in ("8 h", "60 day"):  # a long look needs more digits of time
        for drug, route, dose, over in _WARMING:
            fitting = [
                m.id
                for m in catalog.models()
                if domain.fits(m, Drug(drug), Route(route)) and domain.is_for_adults(m)
            ]
            typed = {"dose": dose, "over": over, "weight": "70 kg", "until": until}
            entries = {field: [text] for field, text in typed.items()}
            predict({**entries, "drug": [drug], "route": [route], "models": fitting})


def _edges(request: SimulationRequest) -> np.ndarray:
    found = [input_edges(model, request.regimen, request.person) for model in request.models]
    return distinct(np.concatenate(found))


def _times(request: SimulationRequest) -> np.ndarray:
    """Return whole minutes, as many as the picture can show, and moments behind each edge."""
    near = np.concatenate([behind(_edges(request), request.until, growth=2.0), READ / _MIN])
    minutes = request.until * _MIN
    room = _POINTS - int(np.sum(near <= request.until))
    step = max(1.0, np.ceil(minutes / max(room, 100)))
    step = min(step, minutes / 100.0)  # a short look is drawn as finely
    even = np.arange(0.0, minutes, step) / _MIN
    t = distinct(np.concatenate([even, near, [request.until]]))
    return t[t <= request.until]


def _band_times(request: SimulationRequest) -> np.ndarray:
    edges = _edges(request)
    near = behind(edges, request.until, growth=2.0)
    if len(near) > _BAND_POINTS - 12:  # many devices: farther apart, so that the size stays one
        near = behind(edges, request.until, growth=3.0)
    even = np.linspace(0.0, request.until, max(_BAND_POINTS - len(near), 12))
    t = distinct(np.concatenate([even, near]))
    return t[t <= request.until]


def _between(t: np.ndarray, at: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return ``level`` at ``t``: straight where it rises, exponential where it falls."""
    straight = np.interp(t, at, level)
    curved = np.exp(np.interp(t, at, np.log(np.maximum(level, 1e-300))))
    place = np.clip(np.searchsorted(at, t, side="right"), 1, len(at) - 1)
    return np.where(level[place] < level[place - 1], curved, straight)


def _peaks(
    request: SimulationRequest, model: PublishedModel, data: xr.Dataset, analytes: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return (level [mg/L], time [h]) of each peak, looked for between the points drawn."""
    t = data["time"].values
    tops = [int(np.argmax(data[analyte].values)) for analyte in analytes]
    close = [np.linspace(t[max(k - 1, 0)], t[min(k + 1, len(t) - 1)], _CLOSE) for k in tops]
    fine = np.unique(np.concatenate([*close, t[tops]]))
    levels = simulate(model, request.regimen, fine, person=request.person)
    places = {analyte: int(np.argmax(levels[analyte].values)) for analyte in analytes}
    return {a: (float(levels[a].values[k]), float(fine[k])) for a, k in places.items()}


def _curves(request: SimulationRequest, model: PublishedModel, data: xr.Dataset) -> Iterator[Curve]:
    t, at = data["time"].values, _band_times(request)
    analytes = drawn(set(map(str, data.data_vars)))
    peaks = _peaks(request, model, data, analytes)
    spread = band(model, request.regimen, at, person=request.person, seed=_SEED)
    for analyte in analytes:
        level = data[analyte].values * _NG
        low = high = None
        if spread is not None:
            low, high = (_between(t, at, q * _NG) for q in spread[analyte].values)
        peak, peak_at = peaks[analyte]
        name, group = ANALYTES[analyte]
        yield Curve(
            key=f"{model.id}-{analyte}",
            model_id=model.id,
            model_title=model.name,
            analyte=analyte,
            analyte_name=name,
            group=group,
            site=model.site_text,
            is_site_known=model.site != "not stated",
            confidence_level=str(model.confidence_level),
            level=tuple(level.tolist()),
            low=None if low is None else tuple(low.tolist()),
            high=None if high is None else tuple(high.tolist()),
            spread=_spread(model, request, is_known=spread is not None),
            peak=peak * _NG,
            peak_at=peak_at * _MIN,
            source=cite(model.source),
            status=str(data.attrs["status"]) if _is_derived(analyte, model) else model.status.value,
            population=model.population.text,
        )


def _spread(model: PublishedModel, request: SimulationRequest, *, is_known: bool) -> str:
    if not is_known:
        return (
            "No band: how much people differ is not known for this model. The line is the typical "
            "person."
        )
    alike = " of this weight" if request.person.weight is not None else ""
    ranged = domain.ranges(model)
    over = f" and from what is known only as a range ({ranged})" if ranged else ""
    return (
        f"Band: 5th to 95th percentile of simulated people{alike}, from the variability recorded "
        f"with the model{over}; measurement error and doubt about the model itself are not in it. "
        "The line is the typical person."
    )


def _is_derived(analyte: str, model: PublishedModel) -> bool:
    return analyte not in (*model.analytes.values(),)


def _cautions(request: SimulationRequest, said: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    if request.regimen.drug is Drug.KETAMINE:
        found.append(OFF_LABEL)
    sites = {model.site for model in request.models}
    if len(sites) > 1:
        found.append(
            "These models describe blood drawn at different sites. Arterial levels during a short "
            "infusion can be about twice the venous ones: do not read one against the other."
        )
    if is_left_out(request):
        found.append(
            "Published measurements of this dosing are left out: the people measured did not take "
            "the other drug."
        )
    lines = (line for text in said for line in text.splitlines())
    return tuple(dict.fromkeys([*found, *lines]))
