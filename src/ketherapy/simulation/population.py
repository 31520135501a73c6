"""Runs of many people: planned, summarised task by task, merged in the order of the tasks.

``plan`` checks a request and cuts it into tasks. ``summarise`` is a pure function of the plan and
one task, so that tasks may run anywhere; their summaries merge in order, and give the same result
bit for bit however the work was shared out between machines of one kind, and to 1e-12 where
processors or compilers differ. A million curves are never in memory together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person, needed
from ketherapy.simulation import blocks, labelled, memory
from ketherapy.simulation.engine import Engine, Kind, Precision
from ketherapy.simulation.groups import EVERYONE, labels
from ketherapy.simulation.individuals import measurable
from ketherapy.simulation.labelled import Extent
from ketherapy.simulation.planned import Plan, PopulationRequest, Task, tasks
from ketherapy.simulation.reduction import Block, Reduction
from ketherapy.simulation.sketch import buffer_size
from ketherapy.simulation.solve import simulate

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "Plan", "PopulationRequest", "Precision", "Summary", "Task", "plan", "result", "run",
    "summarise", "together",
]  # fmt: skip

Through = Callable[[Callable[[Task], "Summary"], tuple[Task, ...]], Iterable["Summary"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What is kept of the people of some tasks that follow each other."""

    first: int  # number of the first task
    following: int  # number of the task after the last
    groups: dict[str, Reduction]  # everyone, and each subgroup that has anybody in it
    extent: Extent

    def merged(self, other: Summary) -> Summary:
        """Return the summary of both.

        Errors  ContractError unless ``other`` follows: the order decides the last digits
        """
        if other.first != self.following:
            raise ContractError(
                "summary", expected=f"that of task {self.following}", got=other.first,
                remedy="Merge in the order of the tasks.",
            )  # fmt: skip
        return Summary(
            first=self.first,
            following=other.following,
            groups=_merged(self.groups, other.groups),
            extent=self.extent.merged(other.extent),
        )


def _merged(one: dict[str, Reduction], other: dict[str, Reduction]) -> dict[str, Reduction]:
    both = {name: one[name].merged(found) for name, found in other.items() if name in one}
    return one | other | both


def plan(request: PopulationRequest) -> Plan:
    """Return the plan of a run, after one person has been simulated to see that all is there.

    Errors  ContractError for what the model cannot describe, an analyte it does not have, a
            device that is not here, a population that lacks what is asked of it, or a run that
            may need more memory than the request allows
    """
    first = request.people.take(0, 1, seed=request.seed)
    for grouping in request.groupings:
        labels(grouping, first, 1)
    if request.is_per_kg:
        needed(first.weight, "weight")
    seen = simulate(
        request.model, request.regimen, np.array(request.times[:2]), person=first,
        engine=replace(request.engine, kind=Kind.AUTOMATIC),
    )  # fmt: skip
    there = tuple(map(str, seen.data_vars))
    if unknown := sorted(set(request.analytes) - set(there)):
        raise ContractError(
            "analyte", expected=f"among {', '.join(there)}", got=", ".join(unknown),
            remedy=f"{request.model.id} describes no other for this regimen.",
        )  # fmt: skip
    analytes = request.analytes or there
    if request.with_residual:
        _refuse_unmeasured(request.model, analytes)
    found = Plan(
        request=request,
        analytes=analytes,
        k=buffer_size(request.n),
        attrs=labelled.provenance(request, {k: str(v) for k, v in seen.attrs.items()}),
        tasks=tasks(request.n),
    )
    memory.refuse_beyond(found)
    return found


def _refuse_unmeasured(model: PublishedModel, analytes: tuple[str, ...]) -> None:
    known = measurable(model)
    if unknown := sorted(set(analytes) - set(known)):
        raise ContractError(
            f"assay error by {model.id}",
            expected=f"analytes whose residual error is published: {', '.join(known) or 'none'}",
            got=", ".join(unknown),
            remedy="Ask for those alone, or leave the assay error out; of a total of enantiomers"
            " it is not known how the errors of the two go together.",
        )


def summarise(plan: Plan, task: Task) -> Summary:
    """Return what is kept of the people of ``task``; the same wherever it is computed."""
    groups: dict[str, Reduction] = {}
    extent: Extent | None = None
    for first, count in task.blocks():
        part, seen = _block(plan, first, count)
        groups, extent = _merged(groups, part), extent.merged(seen) if extent else seen
    if extent is None:
        raise ContractError("task", expected="people", got=task, remedy="Use the plan's tasks.")
    return Summary(first=task.number, following=task.number + 1, groups=groups, extent=extent)


def _block(plan: Plan, first: int, count: int) -> tuple[dict[str, Reduction], Extent]:
    request = plan.request
    found = blocks.block(plan, first=first, count=count)
    kept, error = _kept(plan, found, first)
    person = blocks.people(plan, first, count)
    groups = {
        name: Reduction.of(part, levels=request.levels, k=plan.k)
        for name, part in _parted(plan, person, kept, count)
    }
    return groups, Extent.of(person, found, error)


def _kept(plan: Plan, found: Block, first: int) -> tuple[Block, float]:
    """Return the block in the floats asked for and, of a run's first block, the error of that.

    The error is the largest of any curve beside 64-bit floats, relative to the curve's peak.
    """
    if plan.request.engine.precision is Precision.FLOAT64:
        return found, 0.0
    short = Block(
        curves=found.curves.astype(np.float32),
        exposures=found.exposures.astype(np.float32),
        peaks=found.peaks,
        readings=None if found.readings is None else found.readings.astype(np.float32),
    )
    if first:
        return short, 0.0
    plainly = replace(plan.request, engine=Engine(kind=Kind.JAX), with_residual=False)
    exactly = replace(plan, request=plainly)
    exact = blocks.block(exactly, first=first, count=found.curves.shape[-1]).curves
    peak = np.maximum(exact.max(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return short, float(np.max(np.abs(short.curves - exact) / peak))


def _parted(plan: Plan, person: Person, block: Block, count: int) -> Iterator[tuple[str, Block]]:
    yield EVERYONE, block
    for grouping in plan.request.groupings:
        names = labels(grouping, person, count)
        for name in np.unique(names):
            yield str(name), block.of(names == name)


def together(plan: Plan, summaries: Iterable[Summary], *, so_far: Summary | None = None) -> Summary:
    """Return the summary of all ``summaries``, which come in the order of their tasks.

    Errors  ContractError where they do not
    """
    for summary in summaries:
        so_far = so_far.merged(summary) if so_far else summary
    if so_far is None or so_far.first or so_far.following != len(plan.tasks):
        raise ContractError(
            "summaries", expected=f"those of all {len(plan.tasks)} tasks, in order",
            got=so_far and (so_far.first, so_far.following), remedy="Merge every task once.",
        )  # fmt: skip
    return so_far


def result(plan: Plan, summary: Summary, *, group: str = EVERYONE) -> xr.Dataset:
    """Return the quantile curves, fractions above levels and exposures of ``group``.

    Units   as each variable says
    Source  ketherapy
    Errors  ContractError for a group that nobody is in
    """
    if group not in summary.groups:
        raise ContractError(
            "group", expected=f"one of {', '.join(summary.groups)}", got=group, remedy="Choose one."
        )
    done = summary.following == len(plan.tasks)
    return labelled.dataset(
        plan, summary.groups[group], group=group, extent=summary.extent, is_whole=done
    )


def run(request: PopulationRequest, *, through: Through = map) -> dict[str, xr.Dataset]:
    """Return the result for everyone and for each subgroup, by name.

    ``through`` is given a function and the tasks and returns the summaries in order, as ``map``
    does; a pool of processes or a cluster may stand behind it.

    Units   as each variable says
    """
    planned = plan(request)
    summary = together(planned, through(_Worker(planned), planned.tasks))
    return {name: result(planned, summary, group=name) for name in sorted_groups(summary)}


def sorted_groups(summary: Summary) -> list[str]:
    """Return the names of the groups, everyone first."""
    return sorted(summary.groups, key=lambda name: (name != EVERYONE, name))


@dataclass(frozen=True, slots=True)
class _Worker:
    """The plan with its function: what another process is sent."""

    plan: Plan

    def __call__(self, task: Task) -> Summary:
        return summarise(self.plan, task)
