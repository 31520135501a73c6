"""What ``ketherapy population`` prints of its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tabulate import tabulate

from ketherapy import units

if TYPE_CHECKING:
    import xarray as xr

_SHOWN = {"mg/L": "ng/mL", "mg h/L": "ng h/mL", "h": "min"}


def table(data: xr.Dataset) -> str:
    """Return the quantiles of every exposure, and how many people are ever above each level."""
    names = [str(name) for name in data.data_vars if data[name].dims == ("probability",)]
    rows = [_row(name, data[name]) for name in names]
    for name in map(str, data.data_vars):
        if name.endswith("_time_above"):
            rows += [_above(name, data, place) for place in range(data.sizes["level"])]
    heads = ["", *(f"{units.shown(100.0 * p)} %" for p in data["probability"].values), "unit"]
    return tabulate(rows, headers=heads, disable_numparse=True, colalign=_align(len(heads)))


def _align(count: int) -> list[str]:
    return ["left", *["right"] * (count - 2), "left"]


def _shown(unit: str) -> tuple[str, float]:
    """Return the unit that is printed for ``unit``, and the factor to it."""
    shown = _SHOWN[unit]
    return shown, units.factor(unit.replace(" ", "*"), shown.replace(" ", "*"))


def _row(name: str, values: xr.DataArray) -> list[str]:
    unit, factor = _shown(str(values.attrs["units"]))
    analyte, _, metric = name.rpartition("_")
    return [f"{analyte} {metric}", *(units.shown(v * factor) for v in values.values), unit]


def _above(name: str, data: xr.Dataset, place: int) -> list[str]:
    analyte = name.removesuffix("_time_above")
    (high, per_level), (time, per_hour) = _shown("mg/L"), _shown("h")
    level = units.shown(float(data["level"].values[place]) * per_level)
    ever = units.shown(100.0 * float(data[f"{analyte}_ever_above"].values[place]))
    hours = data[name].values[place]
    label = f"{analyte} above {level} {high} ({ever} % of people ever)"
    return [label, *(units.shown(value * per_hour) for value in hours), time]


def uncertain_table(data: xr.Dataset) -> str:
    """Return how far the quantiles of every exposure move over the draws of the estimates."""
    names = [
        str(name) for name in data.data_vars if data[name].dims == ("over_draws", "probability")
    ]
    rows = [_span(name, data[name]) for name in names]
    heads = ["", *(f"{units.shown(100.0 * p)} %" for p in data["probability"].values), "unit"]
    return tabulate(rows, headers=heads, disable_numparse=True, colalign=_align(len(heads)))


def _span(name: str, values: xr.DataArray) -> list[str]:
    unit, factor = _shown(str(values.attrs["units"]))
    analyte, _, metric = name.rpartition("_")
    low, high = (values.values * factor).tolist()
    spans = [f"{units.shown(a)} to {units.shown(b)}" for a, b in zip(low, high, strict=True)]
    return [f"{analyte} {metric}", *spans, unit]


def uncertain_said(data: xr.Dataset) -> str:
    """Return what the uncertainty of a result rests on, and what it leaves out."""
    lines = [data.attrs["estimates"], data.attrs["people_said"], data.attrs["unmoved_said"]]
    return "\n".join(f"  {line}" for line in lines if line)


def said(data: xr.Dataset, *, of: int | None = None) -> str:
    """Return all that a reader must know of the result, with its sources.

    ``of`` is how many people there are to be simulated, where there is an end of them.
    """
    attrs = {name: str(text) for name, text in data.attrs.items()}
    cautions = [*_left_out(int(attrs["n"]), of), *attrs["cautions"].splitlines()]
    lines = [
        "",
        f"model:       {attrs['model']} ({attrs['sampling_site']}; {attrs['status']})",
        f"people:      {attrs['people']} (source: {attrs['people_source']}); seed {attrs['seed']}",
        f"variability: {attrs['variability']}",
        f"quantiles:   {attrs['quantiles']}",
        f"floats:      {attrs['precision']}; largest relative error {attrs['precision_error']}",
        "peaks:       the highest of the times simulated; areas are exact over the window",
        f"assay error: {attrs['residual_error']}",
        f"estimates:   {attrs['estimates']}",
        *(f"caution:     {line}" for line in cautions),
        "",
        "Sources",
        *(f"  {line}" for line in attrs["sources"].splitlines()),
    ]
    return "\n".join(lines)


def _left_out(n: int, of: int | None) -> list[str]:
    if of is None or n >= of:
        return []
    return [f"The first {n:,} of {of:,} people were simulated and the others left out."]
