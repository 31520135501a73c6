"""Crossovers: every person gives both numbers, so that the effect is within people.

A report often prints both periods and not the differences. Then a correlation must be supposed,
and several are tried at once: they are the first axis of what is returned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.arms import Counts, Figures, Means, Studies, broadcast
from ketherapy.evidence.effects.measures import Effects, Measure, named, refuse


def paired_means(
    treated: Means,
    control: Means,
    *,
    r: Figures,
    measure: Measure = Measure.MD,
    labels: Sequence[str] = (),
) -> Effects:
    """Return the effect within people, for each correlation ``r`` of their two values.

    The difference as it is, or in standard deviations of the values, with the correction for small
    samples. ``r = 0`` gives the variance of two groups.

    Shapes  r one number, or several on a new first axis
    Source  elbourne2002, cochrane_handbook: crossover trials
    Errors  ContractError where the periods have other people, or for an r that cannot be
    """
    n, m1, s1, m2, s2 = _same_people(treated, control, labels)
    rho = _correlations(r, n.ndim)
    difference = np.broadcast_to(m1 - m2, np.broadcast_shapes(rho.shape, n.shape))
    match measure:
        case Measure.MD:
            y, v = difference, (s1**2 + s2**2 - 2.0 * rho * s1 * s2) / n
        case Measure.SMD:
            refuse(n < 3.0, n, "n", "at least 3 people", labels)
            pooled = np.sqrt(0.5 * (s1**2 + s2**2))
            y = (1.0 - 3.0 / (4.0 * (n - 1.0) - 1.0)) * difference / pooled
            v = (1.0 / n + y**2 / (2.0 * n)) * 2.0 * (1.0 - rho)
        case _:
            raise ContractError(
                "measure", expected="MD or SMD", got=measure.value,
                remedy="Other effects of a crossover need its differences as printed.",
            )  # fmt: skip
    return Effects(measure=measure, y=np.array(y), v=v, labels=named(labels, n.shape[-1]))


def paired_counts(
    treated: Counts, control: Counts, *, r: Figures, labels: Sequence[str] = ()
) -> Effects:
    """Return the odds ratio within people, for each correlation ``r`` of having the event.

    The odds are those of each period, so that it can be pooled with trials of two groups. Where a
    period has nobody or everybody, 0.5 is added to both sides of both periods.

    Shapes  r one number, or several on a new first axis
    Source  becker1993, elbourne2002
    Errors  ContractError where the periods have other people, or an r that the counts cannot have
    """
    a, n1 = treated.read()
    c, n2 = control.read()
    a, c, n1, n2 = broadcast(events1=a, events2=c, n1=n1, n2=n2)
    refuse(n1 != n2, n2, "n of the control period", "the same people in both periods", labels)
    half = np.where((a == 0.0) | (c == 0.0) | (a == n1) | (c == n1), 0.5, 0.0)
    a, c, n = a + half, c + half, n1 + 2.0 * half
    b, d = n - a, n - c
    rho = _correlations(r, n.ndim)
    both = (a * c + rho * np.sqrt(a * b * c * d)) / n
    possible = (both >= np.maximum(0.0, a + c - n) - 1e-9) & (both <= np.minimum(a, c) + 1e-9)
    refuse(~possible, np.broadcast_to(rho, both.shape), "r", "one its counts can have", labels)
    y = np.broadcast_to(np.log(a * d / (b * c)), both.shape)
    v = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d - 2.0 * rho * n / np.sqrt(a * b * c * d)
    return Effects(measure=Measure.OR, y=np.array(y), v=v, labels=named(labels, n.shape[-1]))


def mcnemar_odds_ratio(
    treated_only: Figures, control_only: Figures, *, labels: Sequence[str] = ()
) -> Effects:
    """Return the odds ratio of the people who had the event in one of the two periods.

    It asks a person, not a period: larger than the one of ``paired_counts`` wherever people differ,
    and not to be pooled with it.

    Source  elbourne2002
    Errors  ContractError where nobody had it in one of the periods only
    """
    s, t = broadcast(treated_only=treated_only, control_only=control_only)
    for found, field in ((s, "treated_only"), (t, "control_only")):
        wrong = ~np.isfinite(found) | (found < 1.0) | (found != np.floor(found))
        refuse(wrong, found, field, "a whole number of at least 1 person", labels)
    return Effects(
        measure=Measure.OR, y=np.log(s / t), v=1.0 / s + 1.0 / t, labels=named(labels, s.shape[-1])
    )


def _same_people(treated: Means, control: Means, labels: Sequence[str]) -> tuple[Studies, ...]:
    n1, m1, s1 = treated.read()
    n2, m2, s2 = control.read()
    n1, m1, s1, n2, m2, s2 = broadcast(n1=n1, mean1=m1, sd1=s1, n2=n2, mean2=m2, sd2=s2)
    refuse(n1 != n2, n2, "n of the control period", "the same people in both periods", labels)
    return n1, m1, s1, m2, s2


def _correlations(r: Figures, axes: int) -> Studies:
    rho = np.asarray(r, float)
    refuse(~((rho > -1.0) & (rho < 1.0)), rho, "r", "a correlation between -1 and 1")
    return rho.reshape(*rho.shape, *(1 for _ in range(axes))) if rho.ndim else rho[None]
