"""Counts by their exact likelihood: nothing is added to empty cells.

A sensitivity analysis for rare events. The first takes the events of each study as given and lets
the odds ratios vary normally; a study without events then says nothing. The second lets the risks
of each arm vary; there such a study counts, but treated and control people of different studies
are compared, which randomisation does not cover.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import special

from ketherapy.errors import ContractError, SolverError
from ketherapy.evidence.effects.arms import Counts
from ketherapy.evidence.effects.binary import Table, informative
from ketherapy.evidence.effects.measures import Measure, named
from ketherapy.evidence.effects.printed import check_level

_HALF, _NODES = 6.0, 61  # standard deviations on each side, and nodes over all of them
_MOST_TAU = 5.0  # of log odds: a ratio of 150 between two ordinary studies
_MOST_RHO = 0.99
_FURTHEST = 12.0  # log ratio beyond which an interval has no end
_TIGHT = {"xatol": 1e-6, "fatol": 1e-9, "maxiter": 4000, "maxfev": 4000}
Likelihood = Callable[[Float[np.ndarray, " parameter"]], float]
Cells = Float[np.ndarray, " study"]
Counted = Float[np.ndarray, "study count"]
Each = Float[np.ndarray, "..."]
Bounds = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Exact:
    """A common or mean effect by likelihood, with its profile interval, on the analysis scale."""

    measure: Measure
    model: str
    k: int
    labels: tuple[str, ...]
    estimate: float
    low: float  # minus infinity where the likelihood sets no end
    high: float
    spread: float  # tau of log odds ratios, or the correlation within an arm
    log_likelihood: float
    level: float
    notes: tuple[str, ...]

    @property
    def printed(self) -> tuple[float, float, float]:
        """Return estimate and interval on the printed scale."""
        shown = self.measure.shown(np.array([self.estimate, self.low, self.high]))
        estimate, low, high = (float(x) for x in np.asarray(shown))
        return estimate, low, high


def hypergeometric_normal(
    treated: Counts, control: Counts, *, labels: Sequence[str] = (), level: float = 0.95
) -> Exact:
    """Return the mean odds ratio, given the events of each study, with odds ratios that vary.

    An end that the likelihood does not set within a ratio of 160,000 is infinite.

    Source  stijnen2010
    Errors  ContractError for fewer than 2 studies that say something, or without a finite ratio
    """
    check_level(level)
    table = _one_synthesis(Table.of(treated, control))
    table, names, dropped = informative(table, named(labels, table.a.shape[-1]))
    _can_be_fitted(table, names)
    supports = _Supports.of(table)

    def likelihood(x: Float[np.ndarray, " parameter"]) -> float:
        return supports.log_likelihood(float(x[0]), float(x[1]))

    crude = np.log((table.a.sum() + 0.5) / (table.b.sum() + 0.5))
    crude -= np.log((table.c.sum() + 0.5) / (table.d.sum() + 0.5))
    bounds = ((-_FURTHEST, _FURTHEST), (0.0, _MOST_TAU))
    found = _fit(likelihood, np.array([crude, 0.3]), bounds, level)
    notes = [f"{study.label} is left out: {study.why}." for study in dropped]
    if found.best[1] > 0.99 * _MOST_TAU:
        notes.append("The studies may differ by more than was looked for: tau is at its largest.")
    return Exact(
        measure=Measure.OR, model="hypergeometric-normal", k=len(names), labels=names,
        estimate=float(found.best[0]), low=found.low, high=found.high,
        spread=float(found.best[1]), log_likelihood=found.height, level=level, notes=tuple(notes),
    )  # fmt: skip


def beta_binomial(
    measure: Measure,
    treated: Counts,
    control: Counts,
    *,
    labels: Sequence[str] = (),
    level: float = 0.95,
) -> Exact:
    """Return the odds ratio or risk ratio of beta-binomial risks; every study counts.

    Source  kuss2015
    Errors  ContractError for another measure, fewer than 2 studies, or without a finite ratio
    """
    check_level(level)
    if measure not in (Measure.OR, Measure.RR):
        raise ContractError(
            "measure", expected="OR or RR", got=measure.value, remedy="Ask for one of these ratios."
        )
    table = _one_synthesis(Table.of(treated, control))
    names = named(labels, table.a.shape[-1])
    _can_be_fitted(table, names)

    def likelihood(x: Float[np.ndarray, " parameter"]) -> float:
        risk1, risk0 = _risks(measure, x[0], x[1])
        treated_arms = _beta_binomial(table.a, table.n1, risk1, x[2])
        return treated_arms + _beta_binomial(table.c, table.n2, risk0, x[2])

    start = special.logit((table.a.sum() + table.c.sum()) / (table.n1.sum() + table.n2.sum() + 1.0))
    bounds = ((-_FURTHEST, _FURTHEST), (-_FURTHEST, _FURTHEST), (0.0, _MOST_RHO))
    found = _fit(likelihood, np.array([0.0, start, 0.05]), bounds, level)
    return Exact(
        measure=measure, model="beta-binomial", k=len(names), labels=names,
        estimate=float(found.best[0]), low=found.low, high=found.high,
        spread=float(found.best[2]), log_likelihood=found.height, level=level,
        notes=("Arms of different studies are compared: randomisation does not cover this.",),
    )  # fmt: skip


def _risks(measure: Measure, effect: float, level: float) -> tuple[float, float]:
    """Return the treated and the control risk; for a risk ratio ``level`` is of the larger."""
    if measure is Measure.OR:
        return float(special.expit(level + effect)), float(special.expit(level))
    larger, smaller = special.expit(level), special.expit(level) * np.exp(-abs(effect))
    return (float(larger), float(smaller)) if effect > 0.0 else (float(smaller), float(larger))


@dataclass(frozen=True, slots=True)
class _Supports:
    """The treated events that the total of a study allows, and the ways there are to each."""

    x: Counted
    log_ways: Counted  # minus infinity where a study has fewer possible counts than another
    seen: Cells
    seen_ways: Cells

    @classmethod
    def of(cls, table: Table) -> _Supports:
        n1, n2, m = table.n1, table.n2, table.a + table.c
        first, last = np.maximum(0.0, m - n2), np.minimum(n1, m)
        x = first[:, None] + np.arange((last - first).max() + 1.0)
        is_in = x <= last[:, None]
        x = np.where(is_in, x, last[:, None])
        ways = _log_choose(n1[:, None], x) + _log_choose(n2[:, None], m[:, None] - x)
        seen = _log_choose(n1, table.a) + _log_choose(n2, m - table.a)
        return cls(x, np.where(is_in, ways, -np.inf), table.a, seen)

    def log_likelihood(self, mean: float, tau: float) -> float:
        """Return that of what was seen, over odds ratios around ``mean``."""
        u = np.linspace(-_HALF, _HALF, _NODES) if tau > 0.0 else np.zeros(1)
        theta = (mean + tau * u)[:, None]
        logs = self.log_ways + theta[:, :, None] * self.x
        highest = logs.max(axis=2)
        possible = highest + np.log(np.exp(logs - highest[:, :, None]).sum(axis=2))
        weight = np.exp(-0.5 * u * u)[:, None]
        seen = np.exp(self.seen_ways + theta * self.seen - possible)
        return float(np.log((weight * seen).sum(axis=0) / weight.sum()).sum())


def _log_choose(n: Each, x: Each) -> Each:
    return special.gammaln(n + 1.0) - special.gammaln(x + 1.0) - special.gammaln(n - x + 1.0)


def _beta_binomial(x: Cells, n: Cells, risk: float, rho: float) -> float:
    """Return the log likelihood of an arm; written so that ``rho = 0`` is the plain binomial."""
    step = rho / (1.0 - rho) * np.arange(float(n.max()))
    ways = special.gammaln(n + 1.0) - special.gammaln(x + 1.0) - special.gammaln(n - x + 1.0)
    one, other, every = (np.append(0.0, np.cumsum(np.log(a + step))) for a in (risk, 1 - risk, 1.0))
    count, people = x.astype(int), n.astype(int)
    return float((ways + one[count] + other[people - count] - every[people]).sum())


@dataclass(frozen=True, slots=True)
class _Fitted:
    best: Float[np.ndarray, " parameter"]
    height: float
    low: float
    high: float


def _fit(
    likelihood: Likelihood, start: Float[np.ndarray, " parameter"], bounds: Bounds, level: float
) -> _Fitted:
    """Return the highest point, and where the profile of its first parameter falls too low."""
    best, height = _highest(likelihood, start, bounds)
    if abs(best[0]) > 0.99 * _FURTHEST:
        raise ContractError(
            "events", expected="studies that do not all point to an endless ratio",
            got="events only in one arm of each, as far as its total allows",
            remedy="No ratio has an estimate; show the counts.",
        )  # fmt: skip
    fall = 0.5 * special.ndtri(0.5 + 0.5 * level) ** 2

    def profile(effect: float) -> float:
        def rest(x: Float[np.ndarray, " parameter"]) -> float:
            return likelihood(np.concatenate([[effect], x]))

        return _highest(rest, best[1:], bounds[1:])[1] - height + fall

    ends = []
    for side in (-1.0, 1.0):
        inside, step = float(best[0]), 0.25
        while profile(outside := inside + side * step) > 0.0:
            inside, step = outside, 2.0 * step
            if abs(inside) > _FURTHEST:
                break
        is_open = abs(inside) > _FURTHEST
        ends.append(side * np.inf if is_open else _crossing(profile, inside, outside))
    return _Fitted(best, height, float(ends[0]), float(ends[1]))


def _crossing(profile: Callable[[float], float], inside: float, outside: float) -> float:
    from scipy import optimize  # on first use: it takes a tenth of a second to import

    found = optimize.root_scalar(profile, bracket=(inside, outside), xtol=1e-5)
    return float(found.root)


def _highest(
    likelihood: Likelihood, start: Float[np.ndarray, " parameter"], bounds: Bounds
) -> tuple[Float[np.ndarray, " parameter"], float]:
    from scipy import optimize  # on first use, as above

    found = optimize.minimize(
        lambda x: -likelihood(x), start, method="Nelder-Mead", bounds=bounds, options=_TIGHT
    )
    if not found.success:
        raise SolverError(
            f"exact likelihood: expected a highest point, got {found.message}. Report it."
        )
    return np.asarray(found.x), -float(found.fun)


def _one_synthesis(table: Table) -> Table:
    if table.a.ndim > 1:
        raise ContractError(
            "counts", expected="one synthesis", got=table.a.shape, remedy="Fit one at a time."
        )
    return table


def _can_be_fitted(table: Table, names: tuple[str, ...]) -> None:
    if len(names) < 2 or not (table.a.sum() > 0.0 and table.c.sum() > 0.0):
        raise ContractError(
            f"events of {', '.join(names)}",
            expected="at least 2 studies, with events in both arms of them together",
            got=f"{len(names)} studies, {table.a.sum():g} and {table.c.sum():g} events",
            remedy="No ratio has an estimate; show the counts.",
        )  # fmt: skip
