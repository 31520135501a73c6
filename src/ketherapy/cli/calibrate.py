"""``ketherapy calibrate``: refit an effect model and hold the shipped numbers against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.cli.output import whole_file
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.calibration.derived import Finding

# Conventions of this command, none of them found anywhere.
_BOUNDS = {"draws": range(40, 100_001), "chains": range(1, 65), "seed": range(2**32)}


@click.command()
@click.argument("model", default="")
@click.option("--all", "every", is_flag=True, help="every effect model, mood among them")
@click.option("--draws", default=500, show_default=True, help="of each chain, or of the inputs")
@click.option("--chains", default=4, show_default=True, help="of the sampler; mood only")
@click.option("--seed", default=1, show_default=True, help="of chance")
@click.option(
    "--write",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="write the refitted numbers and draws there",
)
def calibrate(
    model: str, every: bool, draws: int, chains: int, seed: int, folder: Path | None
) -> None:
    """Refit MODEL from the printed effects and compare it with the shipped file.

    Mood is sampled (minutes; needs the extra 'calibration'), the others are derived at once.
    Nothing shipped is changed. Exit status 1 where a shipped number does not agree.

    \b
    Examples
      ketherapy calibrate pressure
      ketherapy calibrate mood --chains 4 --draws 500 --seed 1 --write refit
    """  # noqa: D301
    wanted = _wanted(model, every=every)
    _refuse(draws=draws, chains=chains, seed=seed)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    agree = [
        _one(model_id, draws=draws, chains=chains, seed=seed, folder=folder) for model_id in wanted
    ]
    if not all(agree):
        raise click.exceptions.Exit(1)


def _refuse(*, draws: int, chains: int, seed: int) -> None:
    reasons = {
        "draws": "Fewer say nothing of the ends of an interval; more fill the memory.",
        "chains": "Each is a fit of its own: more tell nothing new.",
        "seed": "Every whole number of 32 bits is one.",
    }
    for what, value in (("draws", draws), ("chains", chains), ("seed", seed)):
        if value not in _BOUNDS[what]:
            within = _BOUNDS[what]
            raise ContractError(
                what, expected=f"{within.start:,} to {within.stop - 1:,}", got=value,
                remedy=reasons[what],
            )  # fmt: skip


def _wanted(model: str, *, every: bool) -> tuple[str, ...]:
    from ketherapy.calibration.derived import derived_models

    known = (*derived_models(), "mood")
    if every == bool(model) or (model and model not in known):
        raise ContractError(
            "model", expected=f"one of {', '.join(known)}, or --all",
            got=f"{model or 'none'}{' and --all' if every else ''}", remedy="Name one.",
        )  # fmt: skip
    return known if every else (model,)


def _one(model_id: str, *, draws: int, chains: int, seed: int, folder: Path | None) -> bool:
    from ketherapy.calibration import report

    click.echo(f"\n{model_id}\n")
    if model_id == "mood":
        found = _mood(draws=draws, chains=chains, seed=seed, folder=folder)
    else:
        found = _derived(model_id, draws=draws, seed=seed)
    click.echo(report.table(found))
    wrong = [one.name for one in found if not one.agrees]
    click.echo(f"\nThe shipped file does not agree: {', '.join(wrong)}." if wrong else
               "\nThe shipped file agrees.")  # fmt: skip
    if folder:
        _write(found, folder / f"{model_id}.csv")
    return not wrong


def _derived(model_id: str, *, draws: int, seed: int) -> tuple[Finding, ...]:
    from ketherapy.calibration import derived

    return derived.findings(model_id, draws=draws, seed=seed)


def _mood(*, draws: int, chains: int, seed: int, folder: Path | None) -> tuple[Finding, ...]:
    from ketherapy.calibration import report
    from ketherapy.calibration.mood import fit
    from ketherapy.calibration.mood.trials import trials

    studied = trials()
    sampling = fit.Sampling(draws=draws, chains=chains, seed=seed)
    click.echo(f"Sampling {chains} chains of {draws} draws, after as many to tune each …", err=True)
    found = fit.sample(studied, sampling)
    click.echo(report.diagnostics(found) + "\n")
    if folder:
        with whole_file(folder / "mood_draws.csv") as part:
            fit.write_draws(fit.with_borrowed(fit.thinned(found), studied), part)
    return report.mood_findings(found)


def _write(found: tuple[Finding, ...], path: Path) -> None:
    import csv
    from dataclasses import asdict

    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, list(asdict(found[0])), lineterminator="\n")
        rows.writeheader()
        rows.writerows(asdict(one) for one in found)
