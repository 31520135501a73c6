"""What a synthesis owes to single studies and to groups of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.measures import Effects
from ketherapy.evidence.synthesis.pool import pooled
from ketherapy.evidence.synthesis.pooled import Choices, Interval, Pooled, Prediction
from ketherapy.evidence.synthesis.studies import Figure, Studies
from ketherapy.evidence.synthesis.tau2 import Tau2

Groups = Float[np.ndarray, "group *runs"]


def leave_one_out(
    effects: Effects,
    *,
    tau2: Tau2 = Tau2.REML,
    interval: Interval = Interval.HKSJ_MODIFIED,
    prediction: Prediction = Prediction.K_MINUS_2,
    level: float = 0.95,
) -> Pooled:
    """Return the synthesis without each study in turn, on a new first axis.

    The study left out has the weight 0.

    Source  cochrane_handbook: sensitivity analyses
    Errors  ContractError for fewer than 3 studies: nothing would be left to pool
    """
    _at_least(3, effects, "to leave one out")
    is_in = ~np.eye(effects.k, dtype=bool)
    return _subsets(effects, is_in, Choices(tau2, interval, prediction, level))


def cumulative(
    effects: Effects,
    order: Sequence[int],
    *,
    tau2: Tau2 = Tau2.REML,
    interval: Interval = Interval.HKSJ_MODIFIED,
    prediction: Prediction = Prediction.K_MINUS_2,
    level: float = 0.95,
) -> Pooled:
    """Return the synthesis as it stood after each study in ``order``, on a new first axis.

    The first is that study alone, with the Wald interval of its own variance. Weights stay in the
    order of the effects.

    Source  lau1992
    Errors  ContractError where the order does not name every study once
    """
    if sorted(order) != list(range(effects.k)):
        raise ContractError(
            "order", expected=f"each of 0 to {effects.k - 1} once", got=list(order),
            remedy="Give the places of all studies, the first to be pooled first.",
        )  # fmt: skip
    rank = np.argsort(np.asarray(order))
    is_in = rank <= np.arange(effects.k)[:, None]
    return _subsets(effects, is_in, Choices(tau2, interval, prediction, level))


@dataclass(frozen=True, kw_only=True, slots=True)
class Subgroups:
    """The synthesis of each group, and whether groups differ by more than chance."""

    groups: tuple[str, ...]
    pooled: Pooled  # the groups on a first axis
    Q_between: Figure
    df: float
    p_between: Figure
    notes: tuple[str, ...] = ()


def subgroups(
    effects: Effects,
    groups: Sequence[str],
    *,
    tau2: Tau2 = Tau2.REML,
    interval: Interval = Interval.HKSJ_MODIFIED,
    prediction: Prediction = Prediction.K_MINUS_2,
    level: float = 0.95,
) -> Subgroups:
    """Return the synthesis of each group and the test of a difference between them.

    Each group has its own tau2. The test weighs the groups by the variances of their Wald errors;
    it compares studies, so it shows an association and not what a group does.

    Source  borenstein2009: subgroup analysis
    Errors  ContractError for one group, or another number of names than of studies
    """
    names = _names(groups, effects.k)
    is_in = np.array([[group == name for group in groups] for name in names])
    found = _subsets(effects, is_in, Choices(tau2, interval, prediction, level))
    wald = _subsets(effects, is_in, Choices(tau2, Interval.WALD, Prediction.NONE, level))
    Q = _between(np.asarray(found.estimate), np.asarray(wald.se))
    df = len(names) - 1.0
    alone = [name for name in names if list(groups).count(name) == 1]
    notes = (f"A single study, so no tau2 of its own: {', '.join(alone)}.",) if alone else ()
    p = special.chdtrc(df, Q)
    return Subgroups(
        groups=names, pooled=found, Q_between=Q, df=df,
        p_between=np.asarray(p) if isinstance(Q, np.ndarray) else float(p), notes=notes,
    )  # fmt: skip


def _names(groups: Sequence[str], k: int) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(groups))
    if len(groups) != k or len(names) < 2:
        raise ContractError(
            "groups", expected=f"a name for each of {k} studies, of two or more groups",
            got=f"{len(groups)} names of {len(names)} groups",
            remedy="Name the group of every study, in the order of the effects.",
        )  # fmt: skip
    return names


def _between(estimate: Groups, se: Groups) -> Figure:
    w = 1.0 / se**2
    mean = (w * estimate).sum(axis=0) / w.sum(axis=0)
    Q = (w * (estimate - mean) ** 2).sum(axis=0)
    return Q if isinstance(Q, np.ndarray) and Q.ndim else float(Q)


def _subsets(effects: Effects, is_in: Bool[np.ndarray, "subset study"], choices: Choices) -> Pooled:
    axes = (len(is_in), *(1 for _ in effects.y.shape[:-1]), effects.k)
    return pooled(effects, Studies.of(effects, is_in.reshape(axes)), choices)


def _at_least(least: int, effects: Effects, why: str) -> None:
    if effects.k < least:
        raise ContractError(
            "studies", expected=f"at least {least} {why}", got=effects.k,
            remedy="Show the studies themselves.",
        )  # fmt: skip
