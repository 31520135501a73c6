"""The command line: ``ketherapy simulate | compare | models | cite | completion``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy import __version__
from ketherapy.cli_compare import compare
from ketherapy.errors import ContractError, KetherapyError

if TYPE_CHECKING:
    import xarray as xr

    from ketherapy.pharmacology.catalog import PublishedModel
    from ketherapy.simulation.request import SimulationRequest

_NOTICE = "Predicted, not measured. A simulation, not a dose order. Amounts are mg of base."
# Rows of the printed table, as far as the simulation goes.
_MINUTES = (0, 5, 10, 20, 30, 40, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 5760, 10080)
_SEED = 20260101


class _Sentence(click.ClickException):
    """Bad input: the sentence on standard error, exit code 2."""

    exit_code = 2


class _Group(click.Group):
    """A group that turns our own errors into sentences."""

    def invoke(self, ctx: click.Context) -> object:
        """Return what the command returns.

        Errors  click's own, with exit code 2, in place of a KetherapyError
        """
        try:
            return super().invoke(ctx)
        except ContractError as error:
            raise _Sentence(str(error)) from error
        except KetherapyError as error:  # ours to mend, not the user's
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ketherapy")
def main() -> None:
    """Ketamine therapy as working software: cited models, exact simulation.

    \b
    Examples
      ketherapy models
      ketherapy simulate --drug ketamine --route iv --dose "0.5 mg/kg" \\
                --over "40 min" --weight "71 kg"
      ketherapy cite otto2021_iv
    """  # noqa: D301


main.add_command(compare)


@main.command()
@click.option("--drug", required=True, metavar="DRUG", help="ketamine, esketamine or arketamine")
@click.option("--route", required=True, metavar="ROUTE",
              help="iv, im, sc, intranasal, oral, sublingual, buccal")  # fmt: skip
@click.option("--dose", required=True, metavar="DOSE", help="with its unit: '0.5 mg/kg', '35 mg'")
@click.option("--over", default="", metavar="TIME", help="an infusion's duration, or 'bolus'")
@click.option("--weight", default="", metavar="WEIGHT", help="'71 kg' or '156 lb'")
@click.option("--age", default="", metavar="AGE", help="'45 years'; some models use it")
@click.option("--model", "models", multiple=True, metavar="ID", help="repeat to overlay several")
@click.option("--until", default="", metavar="TIME", help="how long to simulate; default 8 h")
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
    _refuse_places(plot, csv_path, netcdf)
    request = _request(entries, models)
    predictions = _predictions(request)
    _write(request, predictions, plot=plot, csv_path=csv_path, netcdf=netcdf)
    click.echo(f"{request.text}\n{_NOTICE}")
    for model in request.models:
        click.echo(_report(model, predictions[model.id]))
    click.echo(_sources(predictions))


def _refuse_places(plot: Path | None, *others: Path | None) -> None:
    """Refuse a file that cannot be written before any other is."""
    if plot:
        from ketherapy.simulation import figure

        figure.refuse_format(plot)
    for path in (plot, *others):
        if path and (path.is_dir() or not os.access(path.absolute().parent, os.W_OK)):
            raise _unwritable(str(path), "not a file in a folder that can be written to")


def _unwritable(path: str, why: str) -> ContractError:
    return ContractError(
        "output", expected="a file that can be written", got=path,
        remedy=f"It is {why}. Choose another place.",
    )  # fmt: skip


def _request(entries: Mapping[str, str], models: Sequence[str]) -> SimulationRequest:
    from ketherapy.simulation.request import Refusal, read_request

    request = read_request(entries, models=models)
    if isinstance(request, Refusal):
        raise _Sentence("\n".join(problem.sentence for problem in request.problems))
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
        raise _unwritable(str(error.filename or netcdf), "refused by the system") from error


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


def _sources(predictions: Mapping[str, xr.Dataset]) -> str:
    lines = [
        line for data in predictions.values() for line in str(data.attrs["sources"]).split("\n")
    ]
    return "\n".join(["", "Sources", *(f"  {line}" for line in dict.fromkeys(lines))])


@main.command()
def models() -> None:
    """List the published models, how far each is trusted, and which is drawn for which use."""
    from tabulate import tabulate

    from ketherapy.pharmacology import catalog

    rows = [
        (
            f"{model.id}\n{model.confidence_level.value} confidence",
            "\n".join(
                f"{route.value}: {', '.join(d.value for d in catalog.drugs(model, route))}"
                for route in model.domain.routes
            ),
            ", ".join(model.analytes.values()),
            model.site_text,
            model.status.value,
            model.population.text,
        )
        for model in catalog.models()
    ]
    heads = ("model", "routes and drugs", "analytes fitted", "site", "status", "population")
    click.echo(tabulate(rows, headers=heads, maxcolwidths=[None, None, 24, 18, None, 40]))
    click.echo("\nDrawn when none is asked for, and what it is not good for there\n")
    used = [
        (
            f"{use.text} ({', '.join(drug.value for drug in use.drugs)})",
            f"{use.model}\n{use.confidence_level.value} confidence",
            use.why,
            " ".join(use.not_for),
        )
        for use in catalog.uses()
    ]
    click.echo(tabulate(used, headers=("use", "model", "why", "not good for"),
                        maxcolwidths=[32, None, 40, 32]))  # fmt: skip
    for entry in catalog.extensions():
        click.echo(f"\n{entry.id} ({entry.status.value}): {entry.title}.")
        click.echo(f"  applies to {', '.join(entry.extends)}. {entry.confidence}")


@main.command()
@click.argument("model")
@click.option("--bibtex", is_flag=True, help="BibTeX only")
def cite(model: str, bibtex: bool) -> None:
    """Say whom to cite for MODEL, as text and as BibTeX.

    \b
    Example
      ketherapy cite otto2021_iv
    """  # noqa: D301
    from ketherapy import sources
    from ketherapy.pharmacology import catalog

    entry = next((e for e in catalog.extensions() if e.id == model), None)
    found = entry or catalog.published(model)
    keys = (found.source, *found.also)
    if not bibtex:
        click.echo(f"{found.id}: {found.title} (status: {found.status.value})\n")
        for key in keys:
            click.echo(f"  {sources.cite(key)}")
        click.echo("")
    for key in keys:
        click.echo(sources.bibtex(key))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    Example
      eval "$(ketherapy completion bash)"
    """  # noqa: D301
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is None:
        raise _Sentence(f"shell: expected bash, zsh or fish, got {shell!r}. Choose one.")
    click.echo(script(main, {}, "ketherapy", "_KETHERAPY_COMPLETE").source())
