"""``ketherapy compare-mechanisms``: ketamine beside a reuptake inhibitor, minutes to weeks."""

from __future__ import annotations

from pathlib import Path

import click

from ketherapy.cli.output import NOTICE, Sentence, refuse_places, whole_file


@click.command("compare-mechanisms")
@click.option("--dose", default="", metavar="DOSE", help="'0.5 mg/kg' iv, '56 mg' intranasal")
@click.option("--route", default="", metavar="ROUTE", help="iv (usual) or intranasal")
@click.option("--sessions", default="", metavar="N", help="1 to 8, twice a week; usual 1")
@click.option(
    "--weight", default="", metavar="WEIGHT", help="'71 kg'; needed where a dose is given"
)
@click.option("--setting", default="", metavar="SETTING", help="kind of trial of the mood curve")
@click.option("--plot", type=click.Path(path_type=Path), help="write a figure: .svg, .png, .pdf")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="write a tidy table")
def compare_mechanisms(plot: Path | None, csv_path: Path | None, **entries: str) -> None:
    """Set ketamine beside a reuptake inhibitor, from minutes to eight weeks.

    Level, block and mood of one; transporters and mood of the other; placebo under both. Mood is
    the average of a kind of trial, not of a person, and tells nothing about which dose to choose.

    \b
    Examples
      ketherapy compare-mechanisms
      ketherapy compare-mechanisms --route intranasal --dose "84 mg" --weight "71 kg" \\
                --sessions 8 --plot both.svg
    """  # noqa: D301
    from ketherapy.simulation.mechanism import report
    from ketherapy.simulation.mechanism.comparison import compare
    from ketherapy.simulation.mechanism.question import read_question
    from ketherapy.simulation.request import Refusal

    refuse_places(plot, csv_path)
    question = read_question(entries)
    if isinstance(question, Refusal):
        raise Sentence("\n".join(problem.sentence for problem in question.problems))
    found = compare(question)
    if csv_path:
        with whole_file(csv_path) as part, part.open("w", encoding="utf-8", newline="") as file:
            report.write_csv(found, file)
    if plot:
        from ketherapy.simulation.mechanism import figure

        with whole_file(plot) as part:
            figure.draw(found, part)
    click.echo(f"{NOTICE}\n\n{report.report(found)}")
