"""``ketherapy population``: many people, one model, reduced on the way."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy import units
from ketherapy.cli.options import ENTRIES, regimen_and_person
from ketherapy.cli.output import NOTICE, refuse_places, whole_file
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    import xarray as xr
    from click._termui_impl import ProgressBar

    from ketherapy.simulation.population import Plan, PopulationRequest, Summary, Task

_OFTEN = 20.0  # [s] between checkpoints
_UNCERTAINTY = "everyone, over draws of the estimates"  # a group of the files
_FILE = click.Path(path_type=Path)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """How a plan is carried out."""

    plan: Plan
    checkpoint: Path
    is_resumed: bool
    scheduler: str


@click.command()
@regimen_and_person(until="8 h", whose="everybody's: ")
@click.option("--model", default="", metavar="ID", help="default: the first recommended one")
@click.option("--n", type=int, required=True, metavar="PEOPLE", help="how many people")
@click.option("--seed", type=int, required=True, help="the same seed draws the same people")
@click.option("--people", type=_FILE, help="a CSV table of people, one row each")
@click.option("--population", default="", metavar="NAME", help="a described population")
@click.option("--analyte", multiple=True, metavar="NAME", help="only this one; default: all")
@click.option("--assay-error", is_flag=True, help="curves as an assay would read them")
@click.option("--estimate-draws", type=int, metavar="DRAWS",
              help="how well quantiles are known, from draws of the estimates")  # fmt: skip
@click.option("--above", multiple=True, metavar="LEVEL", help="a level such as '100 ng/mL'")
@click.option("--by", multiple=True, metavar="GROUPING", help="sex, ancestry, age:40,65, weight:80")
@click.option("--every", default="", metavar="TIME", help="step of the grid; default 1 min")
@click.option("--times", default="", metavar="TIMES", help="the grid itself: '0 min, 30 min, 2 h'")
@click.option("--assume-cv", multiple=True, metavar="P=CV", help="an assumption: 'CL=30 %'")
@click.option("--assume-label", default="", metavar="TEXT", help="who assumes it, and why")
@click.option("--engine", type=click.Choice(["automatic", "compiled", "jax"]), default="automatic",
              help="what computes; automatic: the kernel where there is a compiler")  # fmt: skip
@click.option("--precision", type=click.Choice(["float64", "float32"]), default="float64")
@click.option("--device", default="cpu", metavar="KIND", help="where the engine computes")
@click.option("--memory", default="2 GiB", metavar="SIZE", help="the most a run may need")
@click.option("--scheduler", default="", metavar="ADDRESS", help="a Dask cluster: tcp://host:8786")
@click.option("--checkpoint", type=_FILE, help="where to keep how far the run has come")
@click.option("--resume", is_flag=True, help="go on from the checkpoint of this very run")
@click.option("--plot", type=_FILE, help="write a fan chart: .svg, .png, .pdf")
@click.option("--csv", "csv_path", type=_FILE, help="write a tidy table")
@click.option("--netcdf", type=_FILE, help="write labelled arrays")
def population(
    plot: Path | None,
    csv_path: Path | None,
    netcdf: Path | None,
    checkpoint: Path | None,
    resume: bool,
    scheduler: str,
    estimate_draws: int | None,
    **typed: object,
) -> None:
    """Predict how plasma concentrations spread between many people under one model.

    Curves are reduced block by block to quantiles, so that a million people need little memory.
    Stopped with Ctrl-C, a run leaves a checkpoint and no half file; --resume goes on from there to
    the same digits.

    \b
    Examples
      ketherapy population --drug esketamine --route iv --dose "20 mg" --over "40 min" \\
                --weight "71 kg" --n 1000 --seed 1 --plot fan.svg
      ketherapy population --drug ketamine --route iv --dose "0.5 mg/kg" --over "40 min" \\
                --people people.csv --n 200 --seed 1 --by sex --above "100 ng/mL" --csv out.csv
    """  # noqa: D301
    from ketherapy.simulation import population as runs
    from ketherapy.simulation.uncertain import drawable

    people = typed["people"]
    table = people if isinstance(people, Path) else None
    refuse_places(plot, csv_path, netcdf, checkpoint, read=table)
    plan = runs.plan(_request(typed))
    if estimate_draws is not None:
        drawable(plan.request, estimate_draws)  # refused before anything is simulated
    kept = checkpoint or Path(f"ketherapy-population-{plan.fingerprint[:12]}.checkpoint")
    refuse_places(None, kept)
    click.echo(f"{plan.request.n:,} people, {plan.attrs['regimen']}\n{NOTICE}")
    how = _Run(plan=plan, checkpoint=kept, is_resumed=resume, scheduler=scheduler)
    results = _results(how)
    with _going_on(kept):
        unsure = None if estimate_draws is None else _uncertain(how, estimate_draws)
        _write(plan, results, unsure, plot=plot, csv_path=csv_path, netcdf=netcdf)
    kept.unlink(missing_ok=True)
    _report(results, plan.request.people.size)
    if unsure is not None:
        _report_uncertainty(unsure)


def _request(typed: dict[str, object]) -> PopulationRequest:
    from ketherapy.cli import population_entries
    from ketherapy.cli.population_entries import Entries

    regimen = {name: str(typed.pop(name)) for name in ENTRIES}
    return population_entries.read(Entries(regimen=regimen, **typed))  # pyright: ignore[reportArgumentType]


def _results(how: _Run) -> dict[str, xr.Dataset]:
    """Return the result of each group; what they were read from is let go."""
    from ketherapy.simulation import population as runs

    summary = _summary(how)
    groups = runs.sorted_groups(summary)
    return {name: runs.result(how.plan, summary, group=name) for name in groups}


def _summary(run: _Run) -> Summary:
    """Return the summary of all tasks; keep what there is when the run is stopped."""
    from ketherapy.cli import checkpoint

    so_far = checkpoint.read(run.checkpoint, run.plan) if run.is_resumed else None
    left = run.plan.tasks[so_far.following if so_far else 0 :]
    saved_at = time.monotonic()
    try:
        with _summaries(run, left) as found, _progress(run.plan, len(left)) as bar:
            for task, summary in zip(left, found, strict=True):
                so_far = so_far.merged(summary) if so_far else summary
                bar.update(task.count)
                if time.monotonic() - saved_at > _OFTEN:
                    checkpoint.write(run.checkpoint, run.plan, so_far)
                    saved_at = time.monotonic()
    except BaseException:
        if so_far is not None:
            checkpoint.write(run.checkpoint, run.plan, so_far)
            click.echo(f"\nStopped; --resume goes on from {run.checkpoint}.", err=True)
        raise
    from ketherapy.simulation.population import together

    summary = together(run.plan, (), so_far=so_far)
    if left:
        _keep(run, summary)
    return summary


def _keep(run: _Run, summary: Summary) -> None:
    """Keep the whole run until its results are written: that may fail and be tried again."""
    from ketherapy.cli import checkpoint

    try:
        checkpoint.write(run.checkpoint, run.plan, summary)
    except ContractError as error:  # the results themselves may still find their place
        click.echo(f"The checkpoint was not kept. {error}", err=True)


@contextmanager
def _going_on(kept: Path) -> Iterator[None]:
    """Say what a run that stops here leaves to go on from."""
    try:
        yield
    except BaseException:
        if kept.exists():
            click.echo(f"\nStopped; --resume goes on from {kept}.", err=True)
        raise


def _uncertain(how: _Run, draws: int) -> xr.Dataset:
    """Return how far the quantiles move with the estimates; nothing of it is kept after a stop."""
    from ketherapy.simulation.uncertain import uncertain

    people = draws * how.plan.request.n
    with click.progressbar(length=people, label="drawing estimates", file=sys.stderr) as bar:

        def through(plan: Plan) -> Iterator[Summary]:
            with _summaries(replace(how, plan=plan), plan.tasks) as found:
                for task, summary in zip(plan.tasks, found, strict=True):
                    bar.update(task.count)
                    yield summary

        return uncertain(how.plan.request, draws=draws, through=through)


def _progress(plan: Plan, left: int) -> AbstractContextManager[ProgressBar[int]]:
    from ketherapy.simulation import memory

    people = sum(task.count for task in plan.tasks[len(plan.tasks) - left :])
    label = f"simulating in up to {units.shown(memory.expected(plan))} GiB"
    return click.progressbar(
        length=people, label=label, file=sys.stderr, show_eta=True, show_pos=True
    )


@contextmanager
def _summaries(run: _Run, left: tuple[Task, ...]) -> Iterator[Iterable[Summary]]:
    from ketherapy.simulation.population import summarise

    if not (run.scheduler and left):
        yield (summarise(run.plan, task) for task in left)
        return
    from ketherapy.simulation import cluster

    with cluster.connected(run.scheduler) as client:
        yield cluster.summaries(run.plan, left, client=client)


def _write(
    plan: Plan,
    results: dict[str, xr.Dataset],
    unsure: xr.Dataset | None,
    *,
    plot: Path | None,
    csv_path: Path | None,
    netcdf: Path | None,
) -> None:
    from ketherapy.simulation import fan, population_files
    from ketherapy.simulation.groups import EVERYONE

    written = results if unsure is None else results | {_UNCERTAINTY: unsure}
    if csv_path:
        with whole_file(csv_path) as part, part.open("w", encoding="utf-8", newline="") as file:
            population_files.write_csv(written, file)
    if netcdf:
        with whole_file(netcdf) as part:
            population_files.write_netcdf(written, part)
    if plot:
        with whole_file(plot) as part:
            fan.draw(results[EVERYONE], plan.request.regimen, part, uncertain=unsure)


def _report(results: dict[str, xr.Dataset], of: int | None) -> None:
    from ketherapy.cli.population_tables import said, table

    for name, data in results.items():
        click.echo(f"\n{name}, {int(data.attrs['n']):,} people\n{table(data)}")
    click.echo(said(next(iter(results.values())), of=of))


def _report_uncertainty(unsure: xr.Dataset) -> None:
    from ketherapy.cli.population_tables import uncertain_said, uncertain_table

    click.echo(
        f"\nHow well these quantiles are known: 5 to 95 % of {unsure.attrs['draws']} draws of the"
        f" estimates\n{uncertain_table(unsure)}\n{uncertain_said(unsure)}"
    )
