"""Print what each engine does at each size."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from tabulate import tabulate

from benchmarks.ket_pop import engines, floor, truth, tuning
from benchmarks.ket_pop import task as tasks
from benchmarks.ket_pop.task import Task

ROOT = Path(__file__).parents[2]
HEADS = ("engine", "subjects", "per second", "per core-second", "peak MiB", "largest error",
         "kept?", "cold s", "runs")  # fmt: skip
STREAMED = 1_000_000  # in pieces; each peer would need far longer than it is given
NOTHING = (None,) * 4  # no figures: why stands in their place
Row = tuple[str | int | float | None, ...]


@click.command()
@click.option("--sizes", default="", help="Numbers of subjects, such as 1000,10000.")
@click.option("--only", default="", help=f"Engines, of {', '.join(engines.ENGINES)}.")
@click.option("--tune", is_flag=True, help="Search for each peer's best setting instead.")
def main(sizes: str, only: str, tune: bool) -> None:
    """Solve the population's course with each engine and print the table."""
    task = tasks.load()
    chosen = tuple(only.split(",")) if only else engines.ENGINES
    if unknown := set(chosen) - set(engines.ENGINES):
        raise click.BadParameter(f"expected engines of {engines.ENGINES}, got {sorted(unknown)}")
    if tune:
        for engine in chosen:
            tuning.search(task, engine)
        return
    counts = [int(size) for size in sizes.split(",")] if sizes else [*task.sizes, STREAMED]
    lowest = floor.rows(task)
    print(tabulate(lowest, headers=floor.HEADS), end="\n\n", flush=True)
    rows = [row for engine in chosen for row in _rows(task, engine, counts)]
    print(tabulate(rows, headers=HEADS, floatfmt=("", "", ".0f", ".0f", ".0f", ".1e", "", ".1f")))
    print(end="\n")
    for size in counts:
        print(*_standing(rows, size, lowest[-1][1]), sep="\n", end="")


def _standing(rows: list[Row], size: int, lowest: float) -> Iterator[str]:
    """Yield how ours stands at one size: beside the fastest peer that ran, and above the floor."""
    rates = {str(row[0]): row[2] for row in rows if row[1] == size and row[2] is not None}
    ours = rates.pop(engines.OURS, None)
    if not isinstance(ours, float):
        return
    yield f"{size} subjects: {lowest / ours:.1f} times the floor"
    if rates:
        fastest = max(rates, key=lambda engine: float(rates[engine] or 0.0))
        yield f"{size} subjects: {ours / float(rates[fastest] or 1.0):.0f} times {fastest}"
    yield ""


def _rows(task: Task, engine: str, counts: list[int]) -> Iterator[Row]:
    """Yield a row for each size, until one is predicted to take too long."""
    rate = None
    for count in sorted(counts):
        if engine != engines.OURS and count == STREAMED:
            return
        if rate is not None and count / rate > task.limit_s:
            yield (engine, count, *NOTHING, f"stopped: {count / rate / 60:.0f} min predicted")
            return
        truth.cached(task, count)  # here, so that its time and memory are nobody's
        ran = _measured(engine, count, task.limit_s)
        if isinstance(ran, str):
            yield (engine, count, *NOTHING, ran)
            return
        rate, kept = ran["rate"], "yes" if ran["error"] <= task.relative else "NO"
        print(f"{engine} {count}: {rate:.0f}/s, error {ran['error']:.1e}", file=sys.stderr)
        yield (engine, count, rate, ran["core_rate"], ran["peak_mib"], ran["error"], kept,
               ran["cold_s"], ran["runs"])  # fmt: skip


def _measured(engine: str, count: int, limit_s: float) -> dict[str, float] | str:
    """Return the figures of one engine at one size, or why there are none."""
    command = [sys.executable, "-m", "benchmarks.ket_pop.worker", engine, str(count)]
    try:
        # all repeats and the check fit well into five times what one run may take
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=5 * limit_s)
    except subprocess.TimeoutExpired:
        return "stopped: took too long"
    if ran.returncode != 0:
        why = (ran.stderr.strip().splitlines() or ["ended without a word"])[-1]
        return why[:80]
    return json.loads(ran.stdout.strip().splitlines()[-1])
