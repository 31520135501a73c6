"""``ketherapy simulate``: one regimen, one person, one or several models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.cli.options import regimen_and_person
from ketherapy.cli.output import NOTICE, Sentence, cited, refuse_places, unwritable

if TYPE_CHECKING:
    import xarray as xr

    from ketherapy.pharmacology.catalog import PublishedModel
    from ketherapy.simulation.request import SimulationRequest

# Rows of the printed table, as far as the simulation goes.
_MINUTES = (0, 5, 10, 20, 30, 40, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 5760, 10080)
_SEED = 20260101


@click.command()
@regimen_and_person(until="8 h")
@click.option("--model", "models", multiple=True, metavar="ID", help="repeat to overlay several")
@click.option("--plot", type=click.Path(path_type=Path), help="write a figure: .svg, .png, .pdf")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="write a tidy table")
@click.option("--netcdf", type=click.Path(path_type=Path), help="write labelled arrays")
def simulate(
    models: tuple[str, ...],
    plot: Path | None,
    csv_path: Path | None,
    netcdf: Path | None,
    **entries: str,
) -> None:
    """Predict plasma concentrations of one regimen under published models.

    Values are written with their unit; none is assumed. Without --model the recommended
    models for the drug and route are drawn.

    \b
    Examples
      ketherapy simulate --drug ketamine --route iv --dose "0.5 mg/kg" \\
                --over "40 min" --weight "71 kg" --plot curve.svg
      ketherapy simulate --drug esketamine --route intranasal --dose "84 mg" --csv levels.csv
      ketherapy simulate --drug esketamine --route iv --dose "10 mg" --over "30 min" \\
                --weight "68 kg" --model otto2021_iv --model simons2022 --until "12 h"
    """  # noqa: D301
    refuse_places(plot, csv_path, netcdf)
    request = _request(entries, models)
    predictions = _predictions(request)
    _write(request, predictions, plot=plot, csv_path=csv_path, netcdf=netcdf)
    click.echo(f"{request.text}\n{NOTICE}")
    for model in request.models:
        click.echo(_report(model, predictions[model.id]))
    click.echo(cited(predictions))


def _request(entries: Mapping[str, str], models: Sequence[str]) -> SimulationRequest:
    from ketherapy.simulation.request import Refusal, read_request

    request = read_request(entries, models=models)
    if isinstance(request, Refusal):
        raise Sentence("\n".join(problem.sentence for problem in request.problems))
    return request


def _predictions(request: SimulationRequest) -> dict[str, xr.Dataset]:
    from ketherapy.simulation import export, solve

    t = export.grid(request)
    return {
        model.id: solve.simulate(model, request.regimen, t, person=request.person)
        for model in request.models
    }


def _write(
    request: SimulationRequest,
    predictions: Mapping[str, xr.Dataset],
    *,
    plot: Path | None,
    csv_path: Path | None,
    netcdf: Path | None,
) -> None:
    from ketherapy.simulation import export, figure

    try:
        if csv_path:
            with csv_path.open("w", encoding="utf-8", newline="") as file:
                export.write_csv(predictions, file)
        if netcdf:
            export.write_netcdf(predictions, netcdf)
        if plot:
            figure.draw(request, predictions, _bands(request), plot)
    except OSError as error:
        raise unwritable(str(error.filename or netcdf), "refused by the system") from error


def _bands(request: SimulationRequest) -> dict[str, xr.Dataset]:
    import numpy as np

    from ketherapy.simulation.band import band
    from ketherapy.simulation.moments import behind, distinct, input_edges

    found = {}
    for model in request.models:
        edges = input_edges(model, request.regimen, request.person)
        even = np.linspace(0.0, request.until, 97)
        t = distinct(np.concatenate([even, behind(edges, request.until)]))
        spread = band(model, request.regimen, t, person=request.person, seed=_SEED, people=512)
        if spread is not None:
            found[model.id] = spread
    return found


def _report(model: PublishedModel, data: xr.Dataset) -> str:
    lines = [
        "",
        f"{model.id}  ({model.site_text}; {data.attrs['status']})",
        f"studied: {data.attrs['population']}",
        f"spread:  {data.attrs['uncertainty']}",
        *(f"caution: {line}" for line in str(data.attrs["cautions"]).splitlines()),
        "",
        _levels(data),
    ]
    return "\n".join(lines)


def _levels(data: xr.Dataset) -> str:
    """Return the table of one model: its peak, then levels at a few times."""
    from tabulate import tabulate

    from ketherapy import units

    analytes, minutes = list(data.data_vars), data["time"].values * 60.0
    shown = [m for m in _MINUTES if m <= minutes[-1] + 1e-6]
    peaks = [int(data[analyte].values.argmax()) for analyte in analytes]
    rows = [
        [
            "peak",
            *(
                units.shown(data[a].values[k] * 1000.0)
                for a, k in zip(analytes, peaks, strict=True)
            ),
        ],
        ["at (min)", *(units.shown(minutes[k]) for k in peaks)],
        [""] * (len(analytes) + 1),
        *(_row(data, m) for m in shown),
    ]
    heads = ["min \\ ng/mL", *map(str, analytes)]
    return tabulate(rows, headers=heads, disable_numparse=True, colalign=["right"] * len(heads))


def _row(data: xr.Dataset, minute: int) -> list[str]:
    from ketherapy import units

    place = int(abs(data["time"].values * 60.0 - minute).argmin())
    return [str(minute), *(units.shown(v.values[place] * 1000.0) for v in data.values())]
