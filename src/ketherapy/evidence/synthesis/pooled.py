"""What a synthesis comes to, and the choices it was made with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from jaxtyping import Float, Int

from ketherapy.evidence.effects.measures import Measure
from ketherapy.evidence.synthesis.studies import Figure
from ketherapy.evidence.synthesis.tau2 import Tau2


class Interval(StrEnum):
    """How the interval of the pooled effect is made."""

    WALD = "Wald"  # normal, as if tau2 were known
    HKSJ = "Hartung-Knapp-Sidik-Jonkman"  # t with k - 1, scaled by the spread that is seen
    HKSJ_MODIFIED = "modified Hartung-Knapp-Sidik-Jonkman"  # the same, never below the unscaled


class Prediction(StrEnum):
    """How the interval for the effect in a further study is made."""

    NONE = "none"
    K_MINUS_2 = "t with k - 2"  # with the Wald variance of the mean
    K_MINUS_1 = "t with k - 1"  # with the variance that the interval uses


class Weighting(StrEnum):
    """What the studies are weighted by."""

    INVERSE_VARIANCE = "inverse variance"
    MANTEL_HAENSZEL = "Mantel-Haenszel"
    PETO = "Peto"


@dataclass(frozen=True, slots=True)
class Choices:
    """Estimator, interval, prediction and level of a synthesis."""

    tau2: Tau2 = Tau2.REML
    interval: Interval = Interval.HKSJ_MODIFIED
    prediction: Prediction = Prediction.K_MINUS_2
    level: float = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """The pooled effect on the printed scale."""

    estimate: Figure
    low: Figure
    high: Figure
    prediction_low: Figure
    prediction_high: Figure


@dataclass(frozen=True, kw_only=True, slots=True)
class Pooled:
    """The pooled effect of each synthesis on the analysis scale.

    A figure of one synthesis is a number, of many an array with their axes. What cannot be told is
    NaN, and ``notes`` say why.
    """

    measure: Measure
    k: int | Int[np.ndarray, "*runs"]  # studies
    estimate: Figure
    se: Figure  # of the chosen interval
    low: Figure
    high: Figure
    p: Figure  # two-sided, of no effect; NaN for a proportion, which is compared with nothing
    tau2: Figure
    tau2_low: Figure  # Q-profile
    tau2_high: Figure
    Q: Figure  # around the common effect
    p_Q: Figure
    I2: Figure  # [%] from Q, so that it does not depend on the estimator of tau2
    H2: Figure
    prediction_low: Figure
    prediction_high: Figure
    weights: Float[np.ndarray, "*runs study"]  # sum 1
    labels: tuple[str, ...]
    method: Tau2
    interval: Interval
    prediction: Prediction
    level: float
    weighting: Weighting = Weighting.INVERSE_VARIANCE
    notes: tuple[str, ...] = ()

    @property
    def printed(self) -> Printed:
        """Return estimate and intervals on the printed scale."""
        return Printed(
            estimate=self._shown(self.estimate),
            low=self._shown(self.low),
            high=self._shown(self.high),
            prediction_low=self._shown(self.prediction_low),
            prediction_high=self._shown(self.prediction_high),
        )

    def _shown(self, x: Figure) -> Figure:
        return self.measure.shown(x)
