"""``ketherapy trial``: a whole trial from its design, simulated many times."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy import units
from ketherapy.cli.output import refuse_places, whole_file
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.simulation.trial.design import TrialDesign
    from ketherapy.simulation.trial.replicate import Outcome
    from ketherapy.simulation.trial.report import Results
    from ketherapy.simulation.trial.run_request import Chance, RunRequest, Task
    from ketherapy.simulation.trial.sample_size import SampleSize

_FILE = click.Path(path_type=Path)
_REPORT = "report.html"  # in a folder


@dataclass(frozen=True, kw_only=True, slots=True)
class _Places:
    """The files to be written."""

    report: Path | None
    csv: Path | None
    netcdf: Path | None


@click.command()
@click.argument("design", metavar="DESIGN")
@click.option("--replicates", type=int, metavar="COUNT", help="default: what the design says")
@click.option("--n", type=int, metavar="PEOPLE", help="in place of the design's number of people")
@click.option("--seed", type=int, help="in place of the design's")
@click.option("--chance", type=click.Choice(["both", "sampling", "all"]), default="both",
              help="sampling: the typical trial; all: trials and estimates differ too")  # fmt: skip
@click.option("--mmrm", is_flag=True, help="the repeated-measures model beside the covariance one")
@click.option("--power", default="", metavar="SHARE", help="find the size for it, such as '80 %'")
@click.option("--arm", default="", metavar="ID", help="of --power; default: the first compared")
@click.option(
    "--report", type=_FILE, metavar="PLACE", help="write a page: a .html file or a folder"
)
@click.option("--csv", "csv_path", type=_FILE, help="write a tidy table of replicates")
@click.option("--netcdf", type=_FILE, help="write labelled arrays, as ArviZ groups them")
@click.option("--scheduler", default="", metavar="ADDRESS", help="a Dask cluster: tcp://host:8786")
def trial(
    design: str,
    report: Path | None,
    csv_path: Path | None,
    netcdf: Path | None,
    scheduler: str,
    **typed: object,
) -> None:
    """Simulate a trial many times from its DESIGN: a TOML file, or the id of a shipped one.

    Says what difference to expect, how often the trial is positive if the typical numbers are
    true (power) and with all that is not known (assurance), and how many people it takes. Stopped
    with Ctrl-C, nothing is written.

    \b
    Examples
      ketherapy trial murrough2013 --replicates 500
      ketherapy trial example_28_days --power "80 %" --report trial.html
      ketherapy trial my_design.toml --mmrm --netcdf trial.nc
    """  # noqa: D301
    page = _page(report)
    source = Path(design) if design.endswith(".toml") else None
    refuse_places(None, page, csv_path, netcdf, read=source)
    if page:
        _refuse_no_plots()
    asked = _Typed(**typed)  # pyright: ignore[reportArgumentType]
    wanted = _wanted(asked)
    requests = _requests(_design(design, asked), asked)
    _refuse_other_arm(requests[0], wanted)
    _say(requests[0])
    results = _results(requests, wanted, scheduler)
    _write(results, _Places(report=page, csv=csv_path, netcdf=netcdf))
    _show(results)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Typed:
    """What was typed beside the design and the files."""

    replicates: int | None
    n: int | None
    seed: int | None
    chance: str
    mmrm: bool
    power: str
    arm: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """The power that a size is wanted for."""

    power: float
    arm: str


def _wanted(asked: _Typed) -> _Wanted | None:
    from ketherapy.simulation.trial.sample_size import refuse_power

    if not asked.power:
        if asked.arm:
            raise ContractError(
                "--arm", expected="--power beside it", got=asked.arm,
                remedy="It says for which arm a size is found: leave it out, or name the power.",
            )  # fmt: skip
        return None
    power = units.read(asked.power, what="power", to="1", example="80 %")
    refuse_power(power)
    return _Wanted(power=power, arm=asked.arm)


def _page(report: Path | None) -> Path | None:
    """Return the file of the report: itself, or one of a known name in a folder."""
    if report is None or report.suffix == ".html":
        return report
    if report.is_dir():
        return report / _REPORT
    raise ContractError(
        "report", expected="a file that ends in .html, or a folder that is there", got=str(report),
        remedy="Write for instance 'trial.html'.",
    )  # fmt: skip


def _refuse_no_plots() -> None:
    from ketherapy.simulation import figure

    figure.refuse_format(Path("report.svg"))


def _design(design: str, asked: _Typed) -> TrialDesign:
    from ketherapy.simulation.trial import design as designs

    path = Path(design)
    found = designs.read_design(path) if path.suffix == ".toml" else designs.design(design)
    given = {name: getattr(asked, name) for name in ("replicates", "n", "seed")}
    return replace(found, **{name: value for name, value in given.items() if value is not None})


def _requests(design: TrialDesign, asked: _Typed) -> tuple[RunRequest, ...]:
    """Return the runs: of the typical trial, and of all that is not known."""
    from ketherapy.simulation.trial.reading import read, refuse_too_many_visits
    from ketherapy.simulation.trial.run_request import Chance, RunRequest

    read(design)  # refused before anything is simulated
    chances = tuple(Chance) if asked.chance == "both" else (Chance(asked.chance),)
    with_mmrm = asked.mmrm or design.analysis.kind == "mmrm"
    if with_mmrm:
        refuse_too_many_visits(design)
    return tuple(
        RunRequest(design=design, replicates=design.replicates, chance=chance, with_mmrm=with_mmrm)
        for chance in chances
    )


def _refuse_other_arm(request: RunRequest, wanted: _Wanted | None) -> None:
    from ketherapy.simulation.trial.reading import read

    offered = read(request.design).comparisons
    if wanted and wanted.arm and wanted.arm not in offered:
        raise ContractError(
            "arm", expected=f"one that is compared: {', '.join(offered)}", got=wanted.arm,
            remedy="Choose one of them.",
        )  # fmt: skip


def _say(request: RunRequest) -> None:
    from ketherapy.simulation.trial.reading import read
    from ketherapy.simulation.trial.report import NOTICE

    found = read(request.design)
    lines = [f"{arm.id}: {arm.n} people, {arm.text}" for arm in found.arms]
    click.echo("\n".join([found.design.title, *lines, found.setting.text, NOTICE]))


def _results(requests: tuple[RunRequest, ...], wanted: _Wanted | None, scheduler: str) -> Results:
    from ketherapy.simulation.trial.report import Results
    from ketherapy.simulation.trial.result import dataset

    with _through(scheduler) as through:
        found: dict[Chance, object] = {}
        for request in requests:
            with _progress(request, f"simulating, {request.chance.value}") as bar:
                outcome = _run(request, through, bar)
            found[request.chance] = dataset(request, outcome)
        size = _size(requests[0], wanted, through) if wanted else None
    return Results(by_chance=found, size=size)  # pyright: ignore[reportArgumentType]


Carry = Callable[[Callable[["Task"], "Outcome"], tuple["Task", ...]], Iterable["Outcome"]]


def _run(request: RunRequest, through: Carry, bar: Callable[[int], None]) -> Outcome:
    from ketherapy.simulation.trial.replicate import run

    def counted(work: Callable[[Task], Outcome], tasks: tuple[Task, ...]) -> Iterator[Outcome]:
        for found in through(work, tasks):
            bar(found.count)
            yield found

    return run(request, through=counted)


def _size(request: RunRequest, wanted: _Wanted, through: Carry) -> SampleSize:
    from ketherapy.simulation.trial.reading import read
    from ketherapy.simulation.trial.sample_size import sample_size

    arm = wanted.arm or read(request.design).comparisons[0]
    click.echo("searching the number of people …", err=True)
    return sample_size(request, arm, power=wanted.power, through=through)


@contextmanager
def _progress(request: RunRequest, label: str) -> Iterator[Callable[[int], None]]:
    with click.progressbar(
        length=request.replicates, label=label, file=sys.stderr, show_eta=True, show_pos=True
    ) as bar:
        yield bar.update


@contextmanager
def _through(scheduler: str) -> Iterator[Carry]:
    """Give what carries tasks out: one after another here, or a cluster."""
    if not scheduler:
        yield map
        return
    from ketherapy.simulation import cluster

    with cluster.connected(scheduler) as client:
        yield lambda work, tasks: cluster.carried_out(work, tasks, client=client)


def _write(results: Results, places: _Places) -> None:
    from ketherapy.simulation.trial import export
    from ketherapy.simulation.trial.report import page

    if places.csv:
        with whole_file(places.csv) as part, part.open("w", encoding="utf-8", newline="") as file:
            export.write_csv(results.by_chance, file)
    if places.netcdf:
        with whole_file(places.netcdf) as part:
            export.write_netcdf(results.by_chance, part)
    if places.report:
        with whole_file(places.report) as part:
            part.write_text(page(results), encoding="utf-8")


def _show(results: Results) -> None:
    from tabulate import tabulate

    from ketherapy.simulation.trial import report

    tables = (
        (report.SUMMARY_HEADS, report.summary_rows(results)),
        (report.RATE_HEADS, report.rate_rows(results.widest)),
    )
    for heads, rows in tables:
        click.echo("\n" + tabulate(rows, headers=list(heads), disable_numparse=True))
    if results.size is not None:
        chance = next(iter(results.by_chance))
        click.echo("\n" + report.size_sentence(results.size, chance))
    for name in ("notes", "cautions", "sources"):
        if told := report.lines(results.widest, name):
            click.echo("\n" + "\n".join([name.capitalize(), *(f"  {line}" for line in told)]))
