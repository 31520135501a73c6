"""The command ``ketherapy compare``: one regimen under several models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.simulation.comparison import Comparison

_NOTICE = "Predicted, not measured. A simulation, not a dose order. Amounts are mg of base."


class _Refused(click.ClickException):
    """Bad input: every sentence on standard error, exit code 2."""

    exit_code = 2


@click.command()
@click.option("--drug", required=True, metavar="DRUG", help="ketamine, esketamine or arketamine")
@click.option("--route", required=True, metavar="ROUTE",
              help="iv, im, sc, intranasal, oral, sublingual, buccal")  # fmt: skip
@click.option("--dose", required=True, metavar="DOSE", help="with its unit: '0.5 mg/kg', '35 mg'")
@click.option("--over", default="", metavar="TIME", help="an infusion's duration, or 'bolus'")
@click.option("--weight", default="", metavar="WEIGHT", help="'71 kg' or '156 lb'")
@click.option("--age", default="", metavar="AGE", help="'45 years'; some models use it")
@click.option("--model", "models", multiple=True, metavar="ID", help="repeat; default all that fit")
@click.option("--until", default="", metavar="TIME", help="how long to look; default 24 h")
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
    from ketherapy.simulation import comparison, figure
    from ketherapy.simulation.request import Refusal

    if plot:
        figure.refuse_format(plot)
    request = comparison.read_comparison(entries, models=models)
    if isinstance(request, Refusal):
        raise _Refused("\n".join(problem.sentence for problem in request.problems))
    found = comparison.compare(request)
    _write(found, plot=plot, csv_path=csv_path)
    click.echo(f"{request.text}\n{_NOTICE}\n\n{comparison.report(found)}")


def _write(found: Comparison, *, plot: Path | None, csv_path: Path | None) -> None:
    from ketherapy.simulation import comparison, figure

    try:
        if csv_path:
            with csv_path.open("w", encoding="utf-8", newline="") as file:
                comparison.write_csv(found, file)
        if plot:
            figure.overlay(found.request, plot)
    except OSError as error:
        raise ContractError(
            "output", expected="a file that can be written", got=str(error.filename),
            remedy="It is refused by the system. Choose another place.",
        ) from error  # fmt: skip
