"""``ketherapy compare``: one regimen under several models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.cli.options import regimen_and_person
from ketherapy.cli.output import NOTICE, Sentence, refuse_places, whole_file

if TYPE_CHECKING:
    from ketherapy.simulation.comparison import Comparison


@click.command()
@regimen_and_person(until="24 h")
@click.option("--model", "models", multiple=True, metavar="ID", help="repeat; default all that fit")
@click.option("--plot", type=click.Path(path_type=Path), help="write a figure: .svg, .png, .pdf")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="write every reading")
def compare(
    models: tuple[str, ...], plot: Path | None, csv_path: Path | None, **entries: str
) -> None:
    """Overlay several models of one regimen and say how far they disagree.

    Levels at the peak and 1, 4 and 24 h after the start; without --model every model of adults
    that describes the drug and route. Arterial and venous are never set against each other.

    \b
    Example
      ketherapy compare --drug ketamine --route iv --dose "0.5 mg/kg" \\
                --over "40 min" --weight "71 kg" --plot overlay.svg
    """  # noqa: D301
    from ketherapy.simulation import comparison
    from ketherapy.simulation.request import Refusal

    refuse_places(plot, csv_path)
    request = comparison.read_comparison(entries, models=models)
    if isinstance(request, Refusal):
        raise Sentence("\n".join(problem.sentence for problem in request.problems))
    found = comparison.compare(request)
    _write(found, plot=plot, csv_path=csv_path)
    click.echo(f"{request.text}\n{NOTICE}\n\n{comparison.report(found)}")


def _write(found: Comparison, *, plot: Path | None, csv_path: Path | None) -> None:
    from ketherapy.simulation import comparison, figure

    if csv_path:
        with whole_file(csv_path) as part, part.open("w", encoding="utf-8", newline="") as file:
            comparison.write_csv(found, file)
    if plot:
        with whole_file(plot) as part:
            figure.overlay(found.request, part)
