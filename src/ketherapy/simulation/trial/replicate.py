"""One block of replicates: simulated, analysed as the trial would be, and let go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import Instrument, remitted, responded
from ketherapy.simulation.trial.ancova import Contrast, ancova
from ketherapy.simulation.trial.mmrm import mmrm
from ketherapy.simulation.trial.planned import Trial, World
from ketherapy.simulation.trial.rates import rates
from ketherapy.simulation.trial.run_request import RunRequest, Task, tasks
from ketherapy.simulation.trial.scores import Rated, rated
from ketherapy.simulation.trial.world import world

_IN_CACHE = 2**17  # scores worked on at once
_COURSES = 2000  # replicates of which the mean courses are kept: enough for their band

Found = dict[str, Float[np.ndarray, "..."]]
Through = Callable[[Callable[[Task], "Outcome"], tuple[Task, ...]], Iterable["Outcome"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What some replicates that follow each other found."""

    first: int
    count: int
    found: Found  # by quantity; the first axis is the replicate


def outcome(request: RunRequest, task: Task) -> Outcome:
    """Return what the replicates of ``task`` find; the same wherever it is computed."""
    around = world(request)
    size = max(1, _IN_CACHE // (around.trial.n * len(around.trial.visits)))
    end = task.first + task.count
    parts = [
        _block(request, around, first, min(size, end - first))
        for first in range(task.first, end, size)
    ]
    return Outcome(first=task.first, count=task.count, found=_stacked(parts))


def together(request: RunRequest, outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome of all replicates.

    Errors  ContractError unless they follow each other from the first to the last
    """
    ends = [0, *(one.first + one.count for one in outcomes)]
    if [one.first for one in outcomes] != ends[:-1] or ends[-1] != request.replicates:
        raise ContractError(
            "outcomes", expected=f"those of all {request.replicates} replicates, in order",
            got=ends[-1], remedy="Put every task once.",
        )  # fmt: skip
    return Outcome(first=0, count=ends[-1], found=_stacked([one.found for one in outcomes]))


def run(request: RunRequest, *, through: Through = map) -> Outcome:
    """Return the outcome of every replicate.

    ``through`` is given a function and the tasks and returns the outcomes in order, as ``map``
    does; threads or a cluster may stand behind it.

    Errors  ContractError as ``reading.read``
    """
    world(request)  # refused before anything is shared out, and computed once
    return together(request, list(through(Worker(request), tasks(request))))


@dataclass(frozen=True, slots=True)
class Worker:
    """The request with its function: what another process is sent."""

    request: RunRequest

    def __call__(self, task: Task) -> Outcome:
        """Return what the replicates of ``task`` find."""
        return outcome(self.request, task)


def _stacked(parts: Sequence[Found]) -> Found:
    """Return the parts one after another; what only the first ones hold is kept of those."""
    return {
        name: np.concatenate([part[name] for part in parts if name in part]) for name in parts[0]
    }


def _block(request: RunRequest, around: World, first: int, count: int) -> Found:
    trial = around.trial
    seen = rated(request, around, first=first, count=count)
    change = seen.score - seen.baseline[..., None]
    at = trial.primary
    there = seen.is_rated[..., at]
    found = _contrasts(
        ancova(change[..., at], seen.baseline, there, starts=trial.starts, alpha=trial.alpha), ""
    )
    found |= _answers(trial, seen) | _means(trial, change, seen)
    if request.with_mmrm:
        found |= _repeated(trial, change, seen)
    if first < _COURSES:
        found["course"] = _over_arms(trial, change, seen.is_rated)[: _COURSES - first]
    return found


def _contrasts(found: Contrast, prefix: str) -> Found:
    names = ("difference", "se", "df", "low", "high", "p")
    return {f"{prefix}{name}": getattr(found, name) for name in names}


def _repeated(trial: Trial, change: np.ndarray, seen: Rated) -> Found:
    places = list(trial.analysed)
    fit = mmrm(
        change[..., places], seen.baseline, seen.is_rated[..., places],
        starts=trial.starts, at=places.index(trial.primary), alpha=trial.alpha,
    )  # fmt: skip
    found = _contrasts(fit.contrast, "mmrm_")
    return found | {"mmrm_converged": fit.has_converged.astype(float)}


_ASKED: Mapping[str, Callable[[Instrument, np.ndarray, np.ndarray], np.ndarray]] = {
    "response": lambda scale, baseline, now: responded(scale, baseline, now),
    "remission": lambda scale, baseline, now: remitted(scale, now),
}


def _answers(trial: Trial, seen: Rated) -> Found:
    """Return response and remission at the primary visit, as the instrument defines them."""
    now, there = seen.score[..., trial.primary], seen.is_rated[..., trial.primary]
    found: Found = {}
    for name, asked in _ASKED.items():
        did = asked(trial.instrument, seen.baseline, now)
        answer = rates(did, there, starts=trial.starts, alpha=trial.alpha)
        found[f"{name}_rate"] = answer.rate
        found |= {f"{name}_{part}": getattr(answer, part) for part in ("RD", "low", "high", "p")}
    return found


def _means(trial: Trial, change: np.ndarray, seen: Rated) -> Found:
    """Return, of each arm at the primary visit, how many were rated and their change."""
    at = slice(trial.primary, trial.primary + 1)
    now, there = change[..., at], seen.is_rated[..., at]
    mean = _over_arms(trial, now, there)
    sizes = [arm.n for arm in trial.arms]
    far = np.where(there, now - np.repeat(mean, sizes, axis=1), 0.0)
    n = np.add.reduceat(there[..., 0].astype(float), trial.starts, axis=1)
    squares = np.add.reduceat((far * far)[..., 0], trial.starts, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(squares / np.where(n > 1.0, n - 1.0, np.nan))
    return {
        "n_rated": n,
        "change": mean[..., 0],
        "change_sd": sd,
        "left": np.add.reduceat(seen.has_left.astype(float), trial.starts, axis=1)
        / np.array(sizes),
        "baseline": np.add.reduceat(seen.baseline, trial.starts, axis=1) / np.array(sizes),
    }


def _over_arms(
    trial: Trial,
    change: Float[np.ndarray, "replicate person visit"],
    there: Bool[np.ndarray, "replicate person visit"],
) -> Float[np.ndarray, "replicate arm visit"]:
    """Return the mean change of those rated."""
    total = np.add.reduceat(np.where(there, change, 0.0), trial.starts, axis=1)
    n = np.add.reduceat(there.astype(float), trial.starts, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return total / n
