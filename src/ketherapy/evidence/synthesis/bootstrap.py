"""How far a synthesis moves when its studies are drawn again: a check of its intervals.

Many syntheses are pooled at once, so ten thousand draws take seconds. The same seed gives the same
digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.measures import Effects, Measure
from ketherapy.evidence.effects.printed import check_level
from ketherapy.evidence.synthesis.pool import pool
from ketherapy.evidence.synthesis.pooled import Interval, Pooled, Prediction
from ketherapy.evidence.synthesis.tau2 import Tau2

_AT_ONCE = 1000  # draws; part of what a seed means
_LEAST = 3
Progress = Callable[[int, int], None]


class Redraw(StrEnum):
    """What is drawn again."""

    STUDIES = "studies"  # as many as there are, some twice and some not
    EFFECTS = "effects"  # of the same studies, from the fitted random effects


@dataclass(frozen=True, kw_only=True, slots=True)
class Bootstrap:
    """The pooled effect and tau2 of every draw, on the analysis scale."""

    measure: Measure
    redraw: Redraw
    seed: int
    level: float
    estimates: Float[np.ndarray, " draw"]
    tau2s: Float[np.ndarray, " draw"]
    low: float
    high: float
    tau2_low: float
    tau2_high: float


def bootstrap(
    effects: Effects,
    *,
    seed: int,
    draws: int = 2000,
    redraw: Redraw = Redraw.EFFECTS,
    tau2: Tau2 = Tau2.REML,
    level: float = 0.95,
    progress: Progress | None = None,
) -> Bootstrap:
    """Return the synthesis of every draw, and the middle of them as intervals.

    With few studies the draws of studies say less than they seem to: some hold one study only.
    ``progress`` is told how many draws are done, and of how many.

    Source  vandennoortgate2005
    Errors  ContractError for more than one synthesis, fewer than 3 studies, or too few draws
    """
    check_level(level)
    _can_be_drawn(effects, draws)
    rng = np.random.Generator(np.random.Philox(key=seed))
    whole = pool(effects, tau2=tau2, interval=Interval.WALD, prediction=Prediction.NONE)
    blocks = []
    for first in range(0, draws, _AT_ONCE):
        found = pool(
            _drawn(effects, rng, redraw, whole),
            tau2=tau2, interval=Interval.WALD, prediction=Prediction.NONE,
        )  # fmt: skip
        blocks.append(np.stack([np.asarray(found.estimate), np.asarray(found.tau2)]))
        if progress is not None:
            progress(min(first + _AT_ONCE, draws), draws)
    estimates, tau2s = np.concatenate(blocks, axis=1)[:, :draws]
    ends = (0.5 * (1.0 - level), 0.5 * (1.0 + level))
    (low, high), (tau2_low, tau2_high) = (np.quantile(x, ends) for x in (estimates, tau2s))
    return Bootstrap(
        measure=effects.measure, redraw=redraw, seed=seed, level=level, estimates=estimates,
        tau2s=tau2s, low=float(low), high=float(high), tau2_low=float(tau2_low),
        tau2_high=float(tau2_high),
    )  # fmt: skip


def _drawn(effects: Effects, rng: np.random.Generator, redraw: Redraw, whole: Pooled) -> Effects:
    shape = (_AT_ONCE, effects.k)
    match redraw:
        case Redraw.STUDIES:
            places = rng.integers(0, effects.k, shape)
            y, v = effects.y[places], effects.v[places]
        case Redraw.EFFECTS:
            v = np.broadcast_to(effects.v, shape)
            y = whole.estimate + rng.standard_normal(shape) * np.sqrt(v + whole.tau2)
    return Effects(measure=effects.measure, y=y, v=v, labels=effects.labels)


def _can_be_drawn(effects: Effects, draws: int) -> None:
    if effects.y.ndim > 1 or effects.k < _LEAST:
        raise ContractError(
            "effects", expected=f"one synthesis of at least {_LEAST} studies",
            got=effects.y.shape, remedy="Draw one at a time; two studies have nothing to draw.",
        )  # fmt: skip
    if draws < 100:
        raise ContractError(
            "draws", expected="at least 100", got=draws,
            remedy="Fewer tell nothing of the ends of an interval.",
        )  # fmt: skip
