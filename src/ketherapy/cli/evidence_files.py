"""``ketherapy evidence check`` and ``import``: files of trials, looked at before they are used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.evidence.imports import Report

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=_PATH, metavar="[FILE]...")
def check(files: tuple[Path, ...]) -> None:
    """Check files of trials and say everything that is wrong; without FILE, all that ship.

    An error must be mended before the file is used; a warning is a number to look at once more.
    Exit status 1 where there is an error.

    \b
    Examples
      ketherapy evidence check
      ketherapy evidence check smith2030.toml
    """  # noqa: D301
    from ketherapy.evidence.check import check as problems
    from ketherapy.evidence.check import shipped
    from ketherapy.evidence.problems import Severity

    looked_at = files or shipped()
    found = [problem for path in looked_at for problem in problems(path)]
    for problem in found:
        click.echo(problem.sentence)
    errors = sum(problem.severity is Severity.ERROR for problem in found)
    click.echo(f"{len(looked_at)} files, {errors} errors, {len(found) - errors} warnings.")
    if errors:
        raise click.exceptions.Exit(1)


@click.command(name="import")
@click.argument("table", type=_PATH, metavar="FILE.csv")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="where files are written; default: the folder of FILE.csv")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="say what would come of it, write nothing")
@click.option("--overwrite", is_flag=True, help="write over files that are there")
def import_table(table: Path, into: Path | None, dry_run: bool, overwrite: bool) -> None:
    """Bring a CSV table of new trials in: one row for each arm and outcome, one file a trial.

    Every row is reported. A trial of which one row is refused is not written. Exit status 1 where a
    row was refused.

    \b
    Examples
      ketherapy evidence import new.csv --dry-run
      ketherapy evidence import new.csv --into trials
    """  # noqa: D301
    from ketherapy.evidence.imports import read

    folder = into or table.parent
    if into is not None and not into.is_dir():
        raise ContractError(
            "--into", expected="a folder that is there", got=str(into), remedy="Make it first."
        )
    report = read(table)
    click.echo(report.text)
    if not dry_run:
        _write(report, folder, overwrite=overwrite)
    if report.is_refused:
        raise click.exceptions.Exit(1)


def _write(report: Report, folder: Path, *, overwrite: bool) -> None:
    """Write every file, or none where one would be written over another."""
    from ketherapy.cli.output import whole_file

    places = {folder / f"{trial_id}.toml": text for trial_id, text in report.files.items()}
    there = [path.name for path in places if path.exists()]
    if there and not overwrite:
        raise ContractError(
            "output", expected="files that are not there yet", got=", ".join(there),
            remedy="Nothing was written. Add --overwrite to write over them.",
        )  # fmt: skip
    for path, text in places.items():
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"wrote {path}")
