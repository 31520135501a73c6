"""The result of a population run as labelled arrays, with all that a reader must know of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.pharmacology.covariates import LABELLED, Label, Person
from ketherapy.pharmacology.variability import Level
from ketherapy.regimen import Regimen, dose_text
from ketherapy.simulation import domain
from ketherapy.simulation.planned import Plan, PopulationRequest
from ketherapy.simulation.reduction import COUNTED, METRICS, Block, Reduction, bin_edges

if TYPE_CHECKING:
    import xarray as xr

    Variable = tuple[tuple[str, ...], np.ndarray, dict[str, str]]

_READ = "as an assay would read them"
_SAID = {
    "Cmax": ("mg/L", "highest concentration at the times of the grid"),
    "AUC": ("mg h/L", "area under the concentration from zero to the last time, exact"),
    "Tmax": ("h", "time of the highest concentration, among the times of the grid"),
    "time_above": ("h", "time above the level, straight between the times of the grid"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Extent:
    """The lowest and the highest of what the people had, so that cautions fit all of them."""

    weight: tuple[float, float] | None  # [kg]
    age: tuple[float, float] | None  # [year]
    labels: dict[str, tuple[str, ...]]  # sex, ancestry, kidney, liver: each that somebody had
    highest: float  # [mg/L] of the parent drug, or of its highest enantiomer
    precision_error: float  # relative, of what is kept against 64-bit floats

    @classmethod
    def of(cls, person: Person, block: Block, precision_error: float) -> Extent:
        """Return the extent of one block."""
        return cls(
            weight=_ends(person.weight),
            age=_ends(person.age),
            labels={name: _members(getattr(person, name)) for name in LABELLED},
            highest=float(np.max(block.peaks)),
            precision_error=precision_error,
        )

    def merged(self, other: Extent) -> Extent:
        """Return the extent of both."""
        return Extent(
            weight=_both(self.weight, other.weight),
            age=_both(self.age, other.age),
            labels={
                name: tuple(sorted({*mine, *other.labels[name]}))
                for name, mine in self.labels.items()
            },
            highest=max(self.highest, other.highest),
            precision_error=max(self.precision_error, other.precision_error),
        )


def _members(label: Label) -> tuple[str, ...]:
    """Return every label that somebody has; an empty one stands for not known."""
    return tuple(
        np.unique([str(one or "") for one in np.ravel(np.asarray(label, object))]).tolist()
    )


def _ends(values: object) -> tuple[float, float] | None:
    return None if values is None else (float(np.min(values)), float(np.max(values)))  # pyright: ignore[reportArgumentType, reportCallIssue]


def _both(
    one: tuple[float, float] | None, other: tuple[float, float] | None
) -> tuple[float, float] | None:
    if one is None or other is None:
        return None
    return min(one[0], other[0]), max(one[1], other[1])


def provenance(request: PopulationRequest, seen: dict[str, str]) -> dict[str, str]:
    """Return what the result says of itself, from what one simulated person's said."""
    from ketherapy.simulation.solvers.chosen import serving

    per = "/kg" if request.is_per_kg else ""
    given = "; ".join(
        f"{dose_text(dose).replace(' mg ', f' mg{per} ')} at {dose.at:g} h"
        for dose in request.regimen.doses
    )
    kept = {key: text for key, text in seen.items() if key not in ("cautions", "uncertainty")}
    return kept | {
        "regimen": given,
        "people": who(request),
        "people_source": f"{request.people.source} ({request.people.status.value})",
        "variability": variability(request),
        "seed": str(request.seed),
        "occasion": str(request.occasion),
        "engine_kind": serving(request.engine).value,
        "precision": f"computed, kept and reduced in {request.engine.precision.value}",
        "device": request.engine.device,
        "levels": _READ if request.with_residual else "in the body",
        "residual_error": residual_error(request),
        "estimates": estimates_said(request),
    }


def who(request: PopulationRequest) -> str:
    """Return who is simulated, in words: of a table perhaps the first rows alone."""
    size, text = request.people.size, request.people.text
    return text if size is None or request.n >= size else f"the first {request.n:,} of {text}"


def residual_error(request: PopulationRequest) -> str:
    """Return whether the curves hold errors of measurement, and what does not, in words."""
    if not request.with_residual:
        return "not added: levels in the body, not what an assay would read"
    return (
        "added as published with the model, drawn anew for each reading: quantile curves, means and"
        " variances over time are of readings, which can be below zero where an additive error is"
        " published; exposures and fractions of people above a level are of true levels"
    )


def estimates_said(request: PopulationRequest) -> str:
    """Return which typical values the result rests on, in words."""
    if request.estimate_draw is None:
        return "as printed; how well they are known is not in these quantiles"
    return f"draw number {request.estimate_draw} of how well they are known"


def variability(request: PopulationRequest) -> str:
    """Return where the differences between people come from, in words."""
    if label := getattr(request.model, "assumed", ""):
        return f"assumed, not published: {label}"
    if blocks := request.model.variability:
        base, ranges = request.model.based_on, domain.ranges(request.model)
        inherited = f"people differ as published with {base}, on which the model is built"
        also = any(block.level is Level.OCCASION for block in blocks)
        return (
            (inherited if base else domain.spread_drawn(request.model))
            + ("; one person differs between occasions too" if also else "")
            + (f"; known only as a range and taken at one value: {ranges}" if ranges else "")
        )
    return (
        "not known for this model, and none is invented: people differ by their covariates and"
        " dose alone, and without those all are the typical person"
    )


def dataset(
    plan: Plan, found: Reduction, *, group: str, extent: Extent, is_whole: bool
) -> xr.Dataset:
    """Return the labelled result of one group.

    Units   as each variable says
    """
    import xarray as xr

    variables: dict[str, Variable] = {}
    asked = plan.request.probabilities
    curves, exposures = found.curves.quantiles(asked), found.exposures.quantiles(asked)
    for place, analyte in enumerate(plan.analytes):
        curve, exposure = (_rows(whole, plan, place) for whole in (curves, exposures))
        of_curve = _curves(plan, found, place, curve)
        variables |= {f"{analyte}{tail}": v for tail, v in of_curve}
        of_exposure = _exposures(plan, found, place, exposure)
        variables |= {f"{analyte}_{name}": v for name, v in of_exposure}
    edges = bin_edges()
    coords = {
        "time": ("time", plan.times, {"units": "h", "long_name": "time since the start"}),
        "probability": ("probability", np.array(plan.request.probabilities), {"units": "1"}),
        "level": ("level", np.array(plan.request.levels, float), {"units": "mg/L"}),
        "bin_low": ("bin", np.concatenate([[0.0], edges]), {"units": "mg/L or mg h/L"}),
        "bin_high": ("bin", np.concatenate([edges, [np.inf]]), {"units": "mg/L or mg h/L"}),
    }
    attrs = plan.attrs | _said(plan, found, group, extent)
    return xr.Dataset(variables, coords=coords, attrs=attrs | {"complete": str(is_whole).lower()})


def _rows(quantiles: np.ndarray, plan: Plan, place: int) -> np.ndarray:
    """Return the series of one analyte: they stand one analyte after another."""
    size = quantiles.shape[1] // len(plan.analytes)
    return quantiles[:, place * size : (place + 1) * size]


def _curves(
    plan: Plan, found: Reduction, place: int, quantiles: np.ndarray
) -> Iterator[tuple[str, Variable]]:
    size, analyte = len(plan.times), plan.analytes[place]
    rows = slice(place * size, (place + 1) * size)
    read = f", {_READ}" if plan.request.with_residual else ""
    said = {
        "units": "mg/L",
        "long_name": f"quantiles between people of the predicted {analyte} concentration{read}",
        "rank_error": f"{found.curves.rank_error:.3g}",
    }
    spread = found.curves_spread
    yield "", (("probability", "time"), quantiles, said)
    yield "_mean", (("time",), spread.mean[rows], {"units": "mg/L", "long_name": f"mean{read}"})
    squared = {"units": "mg2/L2", "long_name": f"variance between the people simulated{read}"}
    yield "_variance", (("time",), spread.variance[rows], squared)
    fraction = {"units": "1", "long_name": "fraction of people truly above the level"}
    yield "_above", (("level", "time"), found.above[:, place] / found.n, fraction)
    ever = {"units": "1", "long_name": "fraction of people above it at any time of the grid"}
    yield "_ever_above", (("level",), found.ever[:, place] / found.n, ever)


def _exposures(
    plan: Plan, found: Reduction, place: int, quantiles: np.ndarray
) -> Iterator[tuple[str, Variable]]:
    width = len(METRICS) + len(plan.request.levels)
    rows = slice(place * width, (place + 1) * width)
    mean, variance = found.exposures_spread.mean[rows], found.exposures_spread.variance[rows]
    for row, name in enumerate(METRICS):
        unit, text = _SAID[name]
        said = {"units": unit, "long_name": text}
        yield name, (("probability",), quantiles[:, row], said)
        yield f"{name}_mean", ((), mean[row], said)
        yield f"{name}_variance", ((), variance[row], {"units": f"({unit})2", "long_name": text})
        if row < COUNTED:
            counted = {"units": "1", "long_name": f"people in each bin of {name} ({unit})"}
            yield f"{name}_counts", (("bin",), found.bins[place, row], counted)
    unit, text = _SAID["time_above"]
    said, above = {"units": unit, "long_name": text}, slice(len(METRICS), None)
    yield "time_above", (("level", "probability"), quantiles[:, above].T, said)
    yield "time_above_mean", (("level",), mean[above], said)
    yield "time_above_variance", (("level",), variance[above], {**said, "units": f"({unit})2"})


def _said(plan: Plan, found: Reduction, group: str, extent: Extent) -> dict[str, str]:
    error = found.curves.rank_error
    return {
        "group": group,
        "n": str(found.n),
        "rank_error": f"{error:.3g}",
        "quantiles": (
            "lower empirical quantiles of the people simulated, "
            + ("exact" if not error else f"rank error at most {100.0 * error:.2g} %")
        ),
        "precision_error": f"{extent.precision_error:.3g}",
        "precision_error_of": "curves of the first people, relative to each curve's peak",
        "cautions": "\n".join(cautions(plan, extent)),
    }


def cautions(plan: Plan, extent: Extent) -> tuple[str, ...]:
    """Return every way in which the lightest, heaviest, youngest or oldest go beyond the model.

    Units   mg, kg, year
    """
    request, until = plan.request, float(plan.times[-1])
    first = request.people.take(0, 1, seed=request.seed)
    ends = replace(first, weight=_array(extent.weight), age=_array(extent.age))
    found: list[str] = []
    for weight in extent.weight if request.is_per_kg and extent.weight else (1.0,):
        regimen = _times(request.regimen, weight)
        for labels in _each(extent.labels):
            person = replace(ends, **labels)
            found += domain.cautions(request.model, regimen, person=person, until=until)
    if beyond := domain.above_studied(request.model, extent.highest):
        found.append(beyond)
    return tuple(dict.fromkeys(found))


def _each(labels: dict[str, tuple[str, ...]]) -> Iterator[dict[str, str | None]]:
    """Give sets of labels in which each label that somebody had stands at least once."""
    for turn in range(max(map(len, labels.values()))):
        yield {name: had[turn % len(had)] or None for name, had in labels.items()}


def _array(ends: tuple[float, float] | None) -> np.ndarray | None:
    return None if ends is None else np.array(ends)


def _times(regimen: Regimen, factor: float) -> Regimen:
    doses = (replace(dose, amount=dose.amount * factor) for dose in regimen.doses)
    return Regimen(doses=tuple(doses))
