"""How many people a trial needs: the same simulation, at one size after another."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from ketherapy.errors import ContractError
from ketherapy.simulation.trial.planned import shared_out
from ketherapy.simulation.trial.replicate import Outcome, Through, run
from ketherapy.simulation.trial.result import Share, dataset, positive
from ketherapy.simulation.trial.run_request import RunRequest
from ketherapy.simulation.trial.world import world

LARGEST = 6400  # people: beyond it more people are not what a trial lacks
_SHARES = 10  # people to which the ratio of the arms is kept exactly
_NARROW = 1.06  # ratio of the two ends between which the answer lies

Carried = Callable[[RunRequest], Outcome]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """One size that was simulated."""

    n: int
    power: Share


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleSize:
    """The answer, and every size that was tried on the way."""

    wanted: float
    n: int | None  # least of those tried with the power wanted; None: not even the largest
    below: int | None  # largest of those tried without it
    tried: tuple[Tried, ...]  # by size; the answer with replicates that did not choose it

    @property
    def power(self) -> Share:
        """Return the power at the answer, or at the largest size where there is none."""
        return next(t.power for t in self.tried if t.n == (self.n or self.tried[-1].n))

    @property
    def near(self) -> tuple[int, int] | None:
        """Return the ends of the sizes whose Monte Carlo intervals hold the power wanted."""
        ends = {t.n: t.power.interval or (0.0, 1.0) for t in self.tried}
        found = [n for n, (low, high) in ends.items() if low <= self.wanted <= high]
        return (found[0], found[-1]) if found else None

    @property
    def is_short(self) -> bool:
        """Return whether the answer, looked at again, gave less by more than chance."""
        return self.power.interval is not None and self.power.interval[1] < self.wanted


def sample_size(
    request: RunRequest, comparison: str, *, power: float, through: Through = map
) -> SampleSize:
    """Return how many people give ``power``, found by simulating one size after another.

    Power is the share of replicates significant in favour of the arm, by the analysis of the
    design: the power of a typical trial, or the assurance, as the request's chance says. At the
    answer it is found again with other replicates: those that chose it are too kind.

    Units   1
    Source  ketherapy
    Errors  ContractError for a power outside 0 to 1, or a comparison that there is not
    """
    refuse_power(power)
    if comparison not in world(request).trial.comparisons:
        raise ContractError(
            "comparison", expected=" or ".join(world(request).trial.comparisons), got=comparison,
            remedy="Choose one.",
        )  # fmt: skip
    return _searched(request, comparison, power, through)


def refuse_power(power: float) -> None:
    """Refuse a power that no trial can be asked for.

    Units   1
    Errors  ContractError outside 0 to 1, and for both ends
    """
    if not 0.0 < power < 1.0:
        raise ContractError(
            "power", expected="more than 0 % and less than 100 %", got=power, remedy="Correct it."
        )


def _searched(request: RunRequest, comparison: str, power: float, through: Through) -> SampleSize:
    tried: dict[int, Share] = {}
    step = _step(tuple(arm.ratio for arm in request.design.arms))

    def enough(n: int) -> bool:
        tried[n] = _power(request, comparison, n, through)
        return tried[n].value >= power

    low, high = _bracket(enough, least=_least(request, step), first=request.design.n, step=step)
    while low is not None and high is not None and high > max(_NARROW * low, low + step):
        middle = _whole(math.sqrt(low * high), step)
        if middle in tried:
            break
        low, high = (low, middle) if enough(middle) else (middle, high)
    if high is not None:  # the search stopped where chance was kind: look again with another
        tried[high] = _power(_afresh(request), comparison, high, through)
    return SampleSize(
        wanted=power,
        n=high,
        below=low,
        tried=tuple(Tried(n=n, power=tried[n]) for n in sorted(tried)),
    )


def _step(ratios: tuple[int, ...]) -> int:
    """Return the people that are added at a time: whole shares of the arms, where these are few."""
    whole = sum(ratios) // math.gcd(*ratios)
    return whole if whole <= _SHARES else len(ratios)


def _least(request: RunRequest, step: int) -> int:
    """Return the smallest trial that can be analysed, as every larger one can."""
    ratios = tuple(arm.ratio for arm in request.design.arms)
    visits = len(world(request).trial.analysed) if request.design.analysis.kind == "mmrm" else 0
    least = _whole(max(4 * len(ratios), len(ratios) + 3 + visits), step)
    n = max(least, _whole(2 * sum(ratios) / min(ratios), step))  # from here on each arm has two
    while n - step >= least and min(shared_out(n - step, ratios)) >= 2:
        n -= step
    return n


def _whole(n: float | int, step: int) -> int:
    return max(1, math.ceil(n / step - 1e-9)) * step


def _bracket(
    enough: Callable[[int], bool], *, least: int, first: int, step: int
) -> tuple[int | None, int | None]:
    """Return a size that is not enough and one that is; None for one that there is not."""
    n = max(least, _whole(first, step))
    if enough(n):
        while n > least:
            smaller = max(least, _whole(n / 2, step))
            if not enough(smaller):
                return smaller, n
            n = smaller
        return None, n
    while n < LARGEST:
        larger = _whole(min(2 * n, LARGEST), step)
        if enough(larger):
            return n, larger
        n = larger
    return n, None


def _afresh(request: RunRequest) -> RunRequest:
    """Return the request with people, trials and estimates that no size was chosen by."""
    seed = (request.design.seed + 1) % 2**63
    return replace(request, design=replace(request.design, seed=seed))


def _power(request: RunRequest, comparison: str, n: int, through: Through) -> Share:
    kind = request.design.analysis.kind
    asked = replace(
        request, design=replace(request.design, n=n), with_mmrm=kind == "mmrm"
    )  # fmt: skip
    return positive(dataset(asked, run(asked, through=through)), comparison, analysis=kind)
