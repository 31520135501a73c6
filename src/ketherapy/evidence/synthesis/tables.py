"""Counts pooled without an effect for each study: Mantel-Haenszel, and the one step of Peto.

Both suppose a common effect. Cells that are empty need no correction, and a study in which nobody
had the event adds nothing to a ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.evidence import conventions
from ketherapy.evidence.effects.arms import Counts
from ketherapy.evidence.effects.binary import Table, informative
from ketherapy.evidence.effects.measures import Dropped, Measure, named, refuse
from ketherapy.evidence.effects.printed import check_level
from ketherapy.evidence.synthesis.pool import heterogeneity
from ketherapy.evidence.synthesis.pooled import Interval, Pooled, Prediction, Weighting
from ketherapy.evidence.synthesis.studies import Each, Values, in_axes
from ketherapy.evidence.synthesis.tau2 import Tau2

_NO_Q = "Mantel-Haenszel tells nothing of heterogeneity: pool the effects of the studies for it."
_UNBALANCED = "Peto's odds ratio is biased with arms of unequal size: {labels}."
_COMMON = "Peto's odds ratio is meant for rare events: {labels}."
_LARGE = "Peto's odds ratio is biased towards 1 where the effect is large, as it is here."


@dataclass(frozen=True, slots=True)
class _Common:
    """A common effect, its variance, and what the studies count for."""

    estimate: Each
    v: Each
    weights: Values
    Q: Each | None = None
    notes: tuple[str, ...] = ()


def mantel_haenszel(
    measure: Measure,
    treated: Counts,
    control: Counts,
    *,
    labels: Sequence[str] = (),
    level: float = 0.95,
) -> Pooled:
    """Return the common risk ratio, odds ratio or risk difference of Mantel and Haenszel.

    Source  mantel1959, greenland1985, robins1986: the last for the variance of the odds ratio
    Errors  ContractError for another measure, or where a ratio has no denominator
    """
    table = Table.of(treated, control)
    names: tuple[str, ...] = named(labels, table.a.shape[-1])
    dropped: tuple[Dropped, ...] = ()
    if measure in (Measure.RR, Measure.OR):
        table, names, dropped = informative(table, names)
    found = _counted(measure, table.flat(), names)
    return _pooled(
        replace(found, notes=(*_left_out(dropped), _NO_Q)), measure, names,
        weighting=Weighting.MANTEL_HAENSZEL, level=level, runs=table.a.shape[:-1],
    )  # fmt: skip


def _counted(measure: Measure, table: Table, names: tuple[str, ...]) -> _Common:
    match measure:
        case Measure.RR:
            return _risk_ratio(table, names)
        case Measure.OR:
            return _odds_ratio(table, names)
        case Measure.RD:
            return _risk_difference(table)
        case _:
            raise ContractError(
                "measure", expected="RR, OR or RD", got=measure.value,
                remedy="Mantel and Haenszel pool counts; pool other effects by their variances.",
            )  # fmt: skip


def _risk_ratio(t: Table, names: tuple[str, ...]) -> _Common:
    n = t.n1 + t.n2
    r, s = t.a * t.n2 / n, t.c * t.n1 / n
    R, S = _both_sides(r, s, names)
    p = (t.n1 * t.n2 * (t.a + t.c) - t.a * t.c * n) / n**2
    return _Common(np.log(R / S), p.sum(axis=-1) / (R * S), s)


def _odds_ratio(t: Table, names: tuple[str, ...]) -> _Common:
    n = t.n1 + t.n2
    r, s = t.a * t.d / n, t.b * t.c / n
    R, S = _both_sides(r, s, names)
    p, q = (t.a + t.d) / n, (t.b + t.c) / n
    v = (
        (p * r).sum(axis=-1) / (2.0 * R**2)
        + (p * s + q * r).sum(axis=-1) / (2.0 * R * S)
        + (q * s).sum(axis=-1) / (2.0 * S**2)
    )
    return _Common(np.log(R / S), v, s)


def _risk_difference(t: Table) -> _Common:
    n = t.n1 + t.n2
    w = t.n1 * t.n2 / n
    W = w.sum(axis=-1)
    d = ((t.a * t.n2 - t.c * t.n1) / n).sum(axis=-1) / W
    squares = (t.a * t.b * t.n2**3 + t.c * t.d * t.n1**3) / (t.n1 * t.n2 * n**2)
    v = squares.sum(axis=-1) / W**2
    refuse(v <= 0.0, v, "events", "some people with and some without the event")
    return _Common(d, v, w)


def _both_sides(r: Values, s: Values, names: tuple[str, ...]) -> tuple[Each, Each]:
    R, S = r.sum(axis=-1), s.sum(axis=-1)
    if np.any((R == 0.0) | (S == 0.0)):
        raise ContractError(
            f"events of {', '.join(names)}", expected="some in each arm of the studies together",
            got=0, remedy="No ratio can be told; show the counts, or the risk difference.",
        )  # fmt: skip
    return R, S


def peto(
    treated: Counts, control: Counts, *, labels: Sequence[str] = (), level: float = 0.95
) -> Pooled:
    """Return the common odds ratio of Peto's one step, with a note where it should not be used.

    Source  yusuf1985, greenland1990: the latter for where it is biased
    Errors  ContractError where nobody or everybody had the event in every study
    """
    table = Table.of(treated, control)
    table, names, dropped = informative(table, named(labels, table.a.shape[-1]))
    t = table.flat()
    n, events = t.n1 + t.n2, t.a + t.c
    away = t.a - t.n1 * events / n
    v = t.n1 * t.n2 * events * (n - events) / (n**2 * (n - 1.0))
    V = v.sum(axis=-1)
    estimate = away.sum(axis=-1) / V
    Q = np.maximum((away**2 / v).sum(axis=-1) - estimate**2 * V, 0.0)
    notes = (*_left_out(dropped), *_doubts(t, estimate, names))
    return _pooled(
        _Common(estimate, 1.0 / V, v, Q, notes), Measure.OR, names,
        weighting=Weighting.PETO, level=level, runs=table.a.shape[:-1],
    )  # fmt: skip


def _left_out(dropped: tuple[Dropped, ...]) -> tuple[str, ...]:
    return tuple(f"{study.label} is left out: {study.why}." for study in dropped)


def _doubts(t: Table, estimate: Each, names: tuple[str, ...]) -> list[str]:
    limits = conventions.peto()
    larger, smaller = np.maximum(t.n1, t.n2), np.minimum(t.n1, t.n2)
    uneven = _which(names, larger > limits.ratio * smaller)
    often = _which(names, t.a + t.c > limits.risk * (t.n1 + t.n2))
    found = [
        said.format(labels=labels)
        for said, labels in ((_UNBALANCED, uneven), (_COMMON, often))
        if labels
    ]
    return [*found, _LARGE] if np.any(np.abs(estimate) > np.log(limits.effect)) else found


def _which(names: tuple[str, ...], flags: Bool[np.ndarray, "run study"]) -> str:
    return ", ".join(name for place, name in enumerate(names) if np.any(flags[..., place]))


def _pooled(
    found: _Common, measure: Measure, labels: tuple[str, ...], *,
    weighting: Weighting, level: float, runs: tuple[int, ...],
) -> Pooled:  # fmt: skip
    check_level(level)
    estimate, se, w = found.estimate, np.sqrt(found.v), found.weights
    k = np.full(estimate.shape, float(w.shape[-1]))
    none = in_axes(np.full(estimate.shape, np.nan), runs)
    Q = np.full(estimate.shape, np.nan) if found.Q is None else found.Q
    spread = heterogeneity(Q, k)
    wide = special.ndtri(0.5 + 0.5 * level) * se
    p = 2.0 * special.ndtr(-np.abs(estimate / se))
    return Pooled(
        measure=measure, labels=labels, k=np.full(runs, w.shape[-1]) if runs else w.shape[-1],
        estimate=in_axes(estimate, runs), se=in_axes(se, runs),
        low=in_axes(estimate - wide, runs), high=in_axes(estimate + wide, runs),
        p=in_axes(p, runs), tau2=in_axes(np.zeros(k.shape), runs), tau2_low=none, tau2_high=none,
        Q=in_axes(Q, runs), p_Q=in_axes(spread.p, runs), I2=in_axes(spread.I2, runs),
        H2=in_axes(spread.H2, runs), prediction_low=none, prediction_high=none,
        weights=(w / w.sum(axis=-1, keepdims=True)).reshape(*runs, w.shape[-1]),
        method=Tau2.COMMON, interval=Interval.WALD, prediction=Prediction.NONE, level=level,
        weighting=weighting, notes=found.notes,
    )  # fmt: skip
