"""``ketherapy simulate``: one regimen, one person, one or several models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.cli import effects_asked as of_effects
from ketherapy.cli.options import ENTRIES, regimen_and_person
from ketherapy.cli.output import NOTICE, Sentence, cited, refuse_places, unwritable

if TYPE_CHECKING:
    import xarray as xr

    from ketherapy.pharmacology.catalog import PublishedModel
    from ketherapy.simulation.effects.entries import EffectsRequest
    from ketherapy.simulation.effects.together import Together
    from ketherapy.simulation.request import SimulationRequest

# Rows of the printed table, as far as the simulation goes.
_MINUTES = (0, 5, 10, 20, 30, 40, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 5760, 10080)
_SEED = 20260101


@click.command()
@regimen_and_person(until="8 h")
@of_effects.effects_asked
@click.option("--model", "models", multiple=True, metavar="ID", help="repeat to overlay several")
@click.option("--plot", type=click.Path(path_type=Path), help="write a figure: .svg, .png, .pdf")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="write a tidy table")
@click.option("--netcdf", type=click.Path(path_type=Path), help="write labelled arrays")
def simulate(
    models: tuple[str, ...],
    plot: Path | None,
    csv_path: Path | None,
    netcdf: Path | None,
    other_site: bool,
    **entries: str,
) -> None:
    """Predict plasma concentrations of one regimen under published models, and their effects.

    Values are written with their unit; none is assumed. Without --model the recommended
    models for the drug and route are drawn.

    \b
    Examples
      ketherapy simulate --drug ketamine --route iv --dose "0.5 mg/kg" \\
                --over "40 min" --weight "71 kg" --plot curve.svg
      ketherapy simulate --drug esketamine --route intranasal --dose "84 mg" --csv levels.csv
      ketherapy simulate --drug esketamine --route iv --dose "10 mg" --over "30 min" \\
                --weight "68 kg" --model otto2021_iv --model simons2022 --until "12 h"
      ketherapy simulate --drug ketamine --route iv --dose "0.5 mg/kg" --over "40 min" \\
                --weight "71 kg" --effects sbp,cadss --sbp "130 mmHg" --sbp-limit "180 mmHg"
    """  # noqa: D301
    refuse_places(plot, csv_path, netcdf)
    request = _request({name: entries[name] for name in ENTRIES}, models)
    asked = {name: text for name, text in entries.items() if name not in ENTRIES}
    wanted = of_effects.read(asked | {"other_site": "yes" if other_site else ""})
    predictions = _predictions(request)
    found = of_effects.predicted(request, wanted) if wanted else None
    _write(
        _Result(request=request, predictions=predictions, wanted=wanted, effects=found),
        plot=plot, csv_path=csv_path, netcdf=netcdf,
    )  # fmt: skip
    click.echo(f"{request.text}\n{NOTICE}")
    for model in request.models:
        click.echo(_report(model, predictions[model.id]))
    if wanted and found:
        from ketherapy.cli.effects_tables import report

        click.echo(report(request, wanted, found, seed=_SEED))
    click.echo(cited(predictions | dict(found.found if found else {})))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Result:
    """Everything that one call predicts."""

    request: SimulationRequest
    predictions: dict[str, xr.Dataset]
    wanted: EffectsRequest | None
    effects: Together | None

    @property
    def of_effects(self) -> Mapping[str, xr.Dataset]:
        return self.effects.found if self.effects else {}

    def bands_of_effects(self) -> dict[str, xr.Dataset]:
        if self.wanted is None or self.effects is None:
            return {}
        return of_effects.bands(self.request, self.wanted, self.effects, seed=_SEED)


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
    result: _Result,
    *,
    plot: Path | None,
    csv_path: Path | None,
    netcdf: Path | None,
) -> None:
    from ketherapy.simulation import export, figure
    from ketherapy.simulation.effects.figure import Panel

    predictions, effects = result.predictions, result.of_effects
    try:
        if csv_path:
            with csv_path.open("w", encoding="utf-8", newline="") as file:
                export.write_csv(predictions, file, effects=effects)
        if netcdf:
            export.write_netcdf(predictions, netcdf, effects=effects)
        if plot:
            around = result.bands_of_effects()
            panels = [Panel(data=data, band=around[name]) for name, data in effects.items()]
            figure.draw(result.request, predictions, _bands(result.request), plot, effects=panels)
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
