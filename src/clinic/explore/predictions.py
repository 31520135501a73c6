"""Predictions for pages: what the science returns, in the units and words a screen shows.

Everything here is computed by ``ketherapy``; this module turns labelled arrays in mg/L and h
into plain values in ng/mL and minutes. No patient data passes through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clinic.explore.measurements import Measured, comparable
from clinic.explore.names import ANALYTES, DRUGS, GROUPS, ROUTES
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.regimen import Drug, Route
from ketherapy.simulation import domain
from ketherapy.simulation.export import distinct
from ketherapy.simulation.population import band
from ketherapy.simulation.request import Problem, Refusal, SimulationRequest, read_request
from ketherapy.simulation.solve import simulate
from ketherapy.sources import cite

__all__ = ["GROUPS", "Choice", "Choices", "Curve", "Measured", "Prediction", "Problem", "Refusal",
           "choices", "predict", "warm"]  # fmt: skip


_MIN = 60.0  # minutes in an hour
_POINTS = 480  # steps of the time axis
_BAND_POINTS = 40  # steps of a band, beside those close to each edge
_SEED = 20260101  # the same virtual people each time: a band does not flicker
_AFTER = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # [min] after an edge, where levels bend
_NG = 1000.0  # ng/mL in a mg/L

_WARMING = (
    ("ketamine", "iv", "0.5 mg/kg", "40 min"),
    ("esketamine", "iv", "20 mg", "40 min"),
    ("esketamine", "intranasal", "84 mg", ""),
    ("esketamine", "oral", "84 mg", ""),
    ("esketamine", "sublingual", "50 mg", ""),
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


def choices() -> Choices:
    """Return what the form offers, read from the model catalogue."""
    return Choices(
        drugs=tuple(Choice(value=drug.value, label=label) for drug, label in DRUGS.items()),
        routes=tuple(Choice(value=route.value, label=label) for route, label in ROUTES.items()),
        models=tuple(
            Choice(value=m.id, label=m.name, note=f"{m.site_text}; {domain.offer(m)}")
            for m in catalog.models()
        ),
        groups=tuple(Choice(value=value, label=label) for value, label in GROUPS.items()),
    )


def predict(entries: Mapping[str, Sequence[str]]) -> Prediction | Refusal:
    """Return the prediction for the form's entries, or every reason why there is none.

    ``entries`` maps "drug", "route", "dose", "over", "weight", "until" (text with its unit, such as
    "0.5 mg/kg", "40 min", "71 kg", "6 h") and "models" (ids; none ticked means the default ones)
    to the submitted values.
    """
    single = {field: values[0] for field, values in entries.items() if values}
    single.pop("models", None)
    request = read_request(single, models=entries.get("models", ()))
    if isinstance(request, Refusal):
        return request
    t = _times(request)
    curves = tuple(curve for model in request.models for curve in _curves(request, model, t))
    ends = max(dose.ends for dose in request.regimen.doses)
    return Prediction(
        regimen=request.text,
        minutes=tuple((t * _MIN).tolist()),
        dosing=(min(dose.at for dose in request.regimen.doses) * _MIN, ends * _MIN),
        curves=curves,
        measured=comparable(request),
        cautions=_cautions(request),
    )


def warm() -> None:
    """Compile the engine for the form's regimens, so that the first prediction is quick."""
    for drug, route, dose, over in _WARMING:
        entries = {"drug": drug, "route": route, "dose": dose, "over": over, "weight": "70 kg"}
        fitting = [m.id for m in catalog.models() if domain.fits(m, Drug(drug), Route(route))]
        predict({**{field: [text] for field, text in entries.items()}, "models": fitting})


def _times(request: SimulationRequest) -> np.ndarray:
    """Return whole minutes, as many as the picture can show, and the moments after each edge."""
    step = max(1.0, np.ceil(request.until * _MIN / _POINTS))
    near = [edge + m / _MIN for edge in request.regimen.edges for m in _AFTER]
    t = np.concatenate([np.arange(0.0, request.until * _MIN, step) / _MIN, near, [request.until]])
    return distinct(t[t <= request.until])[: _POINTS + 32]


def _band_times(request: SimulationRequest) -> np.ndarray:
    edges = request.regimen.edges[:3]
    near = [edge + m / _MIN for edge in edges for m in _AFTER]
    t = np.concatenate([np.linspace(0.0, request.until, _BAND_POINTS), near])
    return np.unique(t[t <= request.until])


def _curves(request: SimulationRequest, model: PublishedModel, t: np.ndarray) -> Iterator[Curve]:
    data = simulate(model, request.regimen, t, person=request.person)
    at = _band_times(request)
    spread = band(model, request.regimen, at, person=request.person, seed=_SEED)
    for analyte in _shown(set(map(str, data.data_vars))):
        level = data[analyte].values * _NG
        low = high = None
        if spread is not None:
            low, high = (np.interp(t, at, q * _NG) for q in spread[analyte].values)
        top = int(np.argmax(level))
        name, group = ANALYTES[analyte]
        yield Curve(
            key=f"{model.id}-{analyte}",
            model_id=model.id,
            model_title=model.name,
            analyte=analyte,
            analyte_name=name,
            group=group,
            site=model.site_text,
            level=tuple(level.tolist()),
            low=None if low is None else tuple(low.tolist()),
            high=None if high is None else tuple(high.tolist()),
            spread=_spread(spread is not None),
            peak=float(level[top]),
            peak_at=float(t[top] * _MIN),
            source=cite(model.source),
            status=str(data.attrs["status"]) if _is_derived(analyte, model) else model.status.value,
            population=model.population.text,
        )


def _shown(analytes: set[str]) -> list[str]:
    """Return the analytes drawn: of a metabolite the total where there is one."""
    hidden = set()
    for total in ("norketamine", "hydroxynorketamine"):
        if total in analytes:
            hidden |= {f"es{total}", f"ar{total}"}
    return [analyte for analyte in ANALYTES if analyte in analytes - hidden]


def _spread(is_known: bool) -> str:
    if not is_known:
        return (
            "No band: how much people differ is not known for this model. The line is the typical "
            "person."
        )
    return (
        "Band: 5th to 95th percentile of simulated people of this weight, from the variability "
        "published with the model. The line is the typical person."
    )


def _is_derived(analyte: str, model: PublishedModel) -> bool:
    return analyte not in (*model.analytes.values(),)


def _cautions(request: SimulationRequest) -> tuple[str, ...]:
    found: list[str] = []
    if request.regimen.drug is Drug.KETAMINE:
        found.append("Racemic ketamine is off-label for psychiatric use and for chronic pain.")
    sites = {model.site for model in request.models}
    if len(sites) > 1:
        found.append(
            "These models describe blood drawn at different sites. Arterial levels during a short "
            "infusion can be about twice the venous ones: do not read one against the other."
        )
    for model in request.models:
        found += domain.cautions(model, request.regimen, person=request.person, until=request.until)
    return tuple(dict.fromkeys(found))
