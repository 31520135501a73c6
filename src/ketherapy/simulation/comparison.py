"""One regimen under several models: what each predicts, and how far they disagree.

Arterial and venous never share a figure of disagreement: levels at different sites differ by
themselves. Where a source does not say where blood was drawn, none is given at all.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TextIO

import numpy as np

from ketherapy import units
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.simulation import domain
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.request import Refusal, SimulationRequest, read_request
from ketherapy.simulation.solve import parents, simulate

if TYPE_CHECKING:
    import xarray as xr

HOURS = (1.0, 4.0, 24.0)  # after the start, beside the peak
PEAK = "peak"
SITES_APART = (
    "Arterial and venous models are never put into one figure of disagreement: their levels "
    "differ by themselves. A model whose sampling site is not stated is in none."
)
COLUMNS = ("moment", "analyte", "site", "model", "time_h", "value", "unit")
_SHOWN = "ng/mL"
_GRID = 200  # even points of the first look
_ZOOMS, _CLOSE = 3, 21  # looks that close in on a peak, and their points for each analyte


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The level of one analyte under one model at one moment."""

    model: PublishedModel
    analyte: str
    moment: str  # "peak", "1 h" …
    at: float  # [h] after the start
    level: float  # [mg/L]


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """How far models of one sampling site lie apart at one moment."""

    site: str
    analyte: str
    moment: str
    models: tuple[str, ...]
    ratio: float  # highest over lowest [1]
    geometric_CV: float  # [%]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What was compared: readings, disagreements, and cautions of every model."""

    request: SimulationRequest
    readings: tuple[Reading, ...]
    disagreements: tuple[Disagreement, ...]
    cautions: tuple[str, ...]
    left_out: tuple[PublishedModel, ...]  # would fit, but made in people unlike an adult patient


def read_comparison(
    entries: Mapping[str, str], *, models: Iterable[str] = ()
) -> SimulationRequest | Refusal:
    """Return the request in ``entries`` for every model that fits, or every problem with it.

    Without ``models`` those of adults that describe the drug and route are taken; without an
    end, the look goes at least to the last of ``HOURS``.
    """
    asked = tuple(models)
    request = read_request(entries, models=asked)
    if isinstance(request, Refusal):
        return request
    if not asked:
        request = read_request(entries, models=[m.id for m in fitting(request) if _adult(m)])
    if isinstance(request, Refusal) or entries.get("until", "").strip(" "):
        return request
    return replace(request, until=max(request.until, *HOURS))


def fitting(request: SimulationRequest) -> tuple[PublishedModel, ...]:
    """Return every model of the catalogue that describes the drug and routes of ``request``."""
    regimen = request.regimen
    return tuple(
        model
        for model in catalog.models()
        if all(domain.fits(model, regimen.drug, route) for route in regimen.routes)
    )


def _adult(model: PublishedModel) -> bool:
    return domain.is_for_adults(model)


def compare(request: SimulationRequest) -> Comparison:
    """Return the readings of every model of ``request`` and how far they disagree.

    Errors  ContractError for a drug, route or person that a model cannot describe
    """
    readings = tuple(reading for model in request.models for reading in _readings(request, model))
    said = [
        line
        for model in request.models
        for line in domain.cautions(
            model, request.regimen, person=request.person, until=request.until
        )
    ]
    said += filter(None, (_above(model, readings) for model in request.models))
    named = {model.id for model in request.models}
    return Comparison(
        request=request,
        readings=readings,
        disagreements=tuple(_disagreements(readings)),
        cautions=tuple(dict.fromkeys(said)),
        left_out=tuple(m for m in fitting(request) if m.id not in named and not _adult(m)),
    )


def _above(model: PublishedModel, readings: tuple[Reading, ...]) -> str | None:
    """Return the caution for a peak above the levels that ``model`` was fitted to."""
    peaks = {r.analyte: r.level for r in readings if r.model is model and r.moment == PEAK}
    return domain.above_studied(model, max(peaks[name] for name in parents(peaks)))


def _readings(request: SimulationRequest, model: PublishedModel) -> Iterator[Reading]:
    edges = input_edges(model, request.regimen, request.person)
    hours = np.array([hour for hour in HOURS if hour <= request.until])
    even = np.linspace(0.0, request.until, _GRID)
    t = distinct(np.concatenate([even, hours, behind(edges, request.until)]))
    data = simulate(model, request.regimen, t, person=request.person)
    for analyte, (level, at) in _peaks(request, model, data).items():
        yield Reading(model=model, analyte=analyte, moment=PEAK, at=at, level=level)
        for hour in hours.tolist():
            value = float(data[analyte].values[int(np.argmin(np.abs(t - hour)))])
            moment = f"{units.shown(hour)} h"
            yield Reading(model=model, analyte=analyte, moment=moment, at=hour, level=value)


def _peaks(
    request: SimulationRequest, model: PublishedModel, data: xr.Dataset
) -> dict[str, tuple[float, float]]:
    """Return (level [mg/L], time [h]) of the peak of each analyte, all of them closed in at once.

    One look for all: a look for each analyte would take ten times as long.
    """
    analytes = [str(name) for name in data.data_vars]
    for _ in range(_ZOOMS):
        t = data["time"].values
        tops = [int(np.argmax(data[analyte].values)) for analyte in analytes]
        close = [np.linspace(t[max(k - 1, 0)], t[min(k + 1, len(t) - 1)], _CLOSE) for k in tops]
        fine = np.unique(np.concatenate([*close, t[tops]]))
        data = simulate(model, request.regimen, fine, person=request.person)
    places = {analyte: int(np.argmax(data[analyte].values)) for analyte in analytes}
    t = data["time"].values
    return {a: (float(data[a].values[k]), float(t[k])) for a, k in places.items()}


def _disagreements(readings: Iterable[Reading]) -> Iterator[Disagreement]:
    groups: dict[tuple[str, str, str], list[Reading]] = {}
    for reading in (r for r in readings if r.model.site != "not stated"):
        groups.setdefault((reading.model.site, reading.analyte, reading.moment), []).append(reading)
    for (site, analyte, moment), members in groups.items():
        levels = np.array([member.level for member in members])
        if len(members) > 1 and np.all(levels > 0.0):
            yield Disagreement(
                site=site,
                analyte=analyte,
                moment=moment,
                models=tuple(member.model.id for member in members),
                ratio=float(levels.max() / levels.min()),
                geometric_CV=geometric_CV(levels.tolist()),
            )


def geometric_CV(levels: Iterable[float]) -> float:
    """Return the geometric coefficient of variation of positive ``levels``, in per cent.

    Units   result %
    """
    logs = np.log(np.array(list(levels)))
    return 100.0 * math.sqrt(math.expm1(float(np.var(logs, ddof=1))))


def write_csv(comparison: Comparison, file: TextIO) -> None:
    """Write every reading to an open text file, concentrations in ng/mL."""
    factor = units.factor("mg/L", _SHOWN)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in comparison.readings:
        site = r.model.site
        writer.writerow((r.moment, r.analyte, site, r.model.id, r.at, r.level * factor, _SHOWN))


def report(comparison: Comparison) -> str:
    """Return the comparison as text: a table for each analyte, then where the models disagree."""
    analytes = list(dict.fromkeys(reading.analyte for reading in comparison.readings))
    blocks = [_levels(comparison, analyte) for analyte in analytes]
    left_out = ", ".join(model.id for model in comparison.left_out)
    tail = [f"Left out unless named: {left_out} (children or intensive care)."] if left_out else []
    cautions = [f"caution: {line}" for line in comparison.cautions]
    return "\n\n".join([*blocks, _apart(comparison), "\n".join([SITES_APART, *tail, *cautions])])


def _levels(comparison: Comparison, analyte: str) -> str:
    from tabulate import tabulate

    own = [r for r in comparison.readings if r.analyte == analyte]
    moments = list(dict.fromkeys(r.moment for r in own))
    found = {(r.model.id, r.moment): r for r in own}
    rows = []
    for model in dict.fromkeys(r.model.id for r in own):
        top = found[model, PEAK]
        levels = (units.shown(found[model, m].level * 1000.0) for m in moments)
        minutes = units.shown(top.at * 60.0)
        rows.append([top.model.label, top.model.site, *levels, minutes])
    heads = [analyte, "site", *(f"{m} (ng/mL)" for m in moments), "peak at (min)"]
    return tabulate(rows, headers=heads, disable_numparse=True)


def _apart(comparison: Comparison) -> str:
    from tabulate import tabulate

    rows = [
        (
            d.analyte,
            d.site,
            d.moment,
            str(len(d.models)),
            units.shown(d.ratio),
            units.shown(d.geometric_CV),
        )
        for d in comparison.disagreements
    ]
    if not rows:
        return "No two of these models share an analyte and a stated sampling site."
    heads = ("disagreement", "site", "at", "models", "highest / lowest", "geometric CV (%)")
    return tabulate(rows, headers=heads, disable_numparse=True)
