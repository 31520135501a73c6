"""What may be believed after the trials, and whether small trials stray: with what was supposed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from clinic.explore.evidence_method import Method
from clinic.explore.evidence_studies import Extent
from ketherapy.errors import ContractError
from ketherapy.evidence.analysis import Analysis
from ketherapy.evidence.bias import egger
from ketherapy.evidence.effects import Effects, Measure
from ketherapy.evidence.synthesis import Posterior, Prior, bayes, default_prior

WITHOUT_SCALE = (
    "A prior in {unit} is needed first: say in the form how far trials of this outcome may"
    " plausibly differ."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Belief:
    """The posterior on the printed scale, and the prior it began with."""

    prior: str
    extent: Extent
    prediction: tuple[float, float]
    is_null_known: bool
    above: float  # probability that the effect is above "no difference"
    beyond: float | None  # the difference the reader asks about
    is_below: bool  # whether beyond means below it
    p_beyond: float | None
    p_new_beyond: float | None  # in a further trial


@dataclass(frozen=True, kw_only=True, slots=True)
class Asymmetry:
    """Egger's test, where there are studies enough."""

    p: float


def believed(found: Analysis, method: Method) -> Belief | str:
    """Return the posterior, or why there is none."""
    effects = found.effects
    if effects is None:
        return ""
    if effects.k < 2:
        return "One trial tells nothing of how trials differ: nothing is computed."
    prior = _prior(effects.measure, method.spread)
    if prior is None:
        return WITHOUT_SCALE.format(unit="points" if effects.measure is Measure.MD else "shares")
    posterior = bayes(effects, prior=prior, mcid=method.beyond, level=method.choices.level)
    return _belief(posterior, method.beyond)


def _prior(measure: Measure, scale: float | None) -> Prior | None:
    """Return the prior; None for effects with a unit of which no scale is given."""
    if scale is None and not (measure.is_ratio or measure is Measure.SMD):
        return None
    return default_prior(measure, scale=scale)


def _belief(found: Posterior, beyond: float | None) -> Belief:
    shown = found.measure.shown
    null = found.measure.null
    ends = (float(shown(float(x))) for x in (found.estimate, found.low, found.high))
    estimate, low, high = ends
    return Belief(
        prior=found.prior.said,
        extent=Extent(estimate=estimate, low=low, high=high),
        prediction=(
            float(shown(float(found.prediction_low))),
            float(shown(float(found.prediction_high))),
        ),
        is_null_known=null is not None,
        above=float(found.p_above_null),
        beyond=beyond,
        is_below=beyond is not None and null is not None and beyond < null,
        p_beyond=_known(float(found.p_beyond_mcid)),
        p_new_beyond=_known(float(found.p_new_beyond_mcid)),
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def asymmetry(effects: Effects | None) -> Asymmetry | None:
    """Return Egger's test; None where there are too few studies for one."""
    if effects is None:
        return None
    try:
        return Asymmetry(p=float(egger(effects).p))
    except ContractError:  # fewer than ten studies, or all of one size
        return None
