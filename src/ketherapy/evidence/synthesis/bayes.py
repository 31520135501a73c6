"""Pooling after Bayes: normal effects, a prior on how they vary, no sampler.

Given tau, everything is normal; tau itself is integrated out by quadrature. The prior is part of
the result, because with few studies it speaks loudest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.evidence import conventions
from ketherapy.evidence.effects.measures import Effects, Measure
from ketherapy.evidence.effects.printed import check_level
from ketherapy.evidence.synthesis.quadrature import Mixture, node_quantile, nodes
from ketherapy.evidence.synthesis.studies import Each, Figure, Studies

_NEAR = 0.1  # of the smallest standard error: how near 0 tau is resolved


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """What is believed before the studies, on the analysis scale."""

    tau_scale: float  # of the half-normal on tau
    mu_sd: float  # of the normal on the mean effect
    mu_mean: float = 0.0

    def __post_init__(self) -> None:
        for value, field in ((self.tau_scale, "tau_scale"), (self.mu_sd, "mu_sd")):
            if not (np.isfinite(value) and value > 0.0):
                raise ContractError(
                    f"prior {field}", expected="a finite number above 0", got=value,
                    remedy="Give it in the unit of the effects.",
                )  # fmt: skip
        if not np.isfinite(self.mu_mean):
            raise ContractError(
                "prior mu_mean", expected="a finite number", got=self.mu_mean,
                remedy="0 is no effect.",
            )  # fmt: skip

    @property
    def said(self) -> str:
        """Return the prior as a reader is told it."""
        return (
            f"tau half-normal({self.tau_scale:g}); mean effect normal({self.mu_mean:g},"
            f" SD {self.mu_sd:g}), on the analysis scale"
        )


def default_prior(measure: Measure, *, scale: float | None = None) -> Prior:
    """Return half-normal(0.5) on tau of log ratios and SMD, and a vague normal on the mean.

    Effects with a unit have no such scale; one must be given.

    Source  roever2021: on the choice of such priors; the scale is a convention
    Errors  ContractError for a measure with a unit and no scale
    """
    if scale is None:
        if not (measure.is_ratio or measure is Measure.SMD):
            raise ContractError(
                f"prior scale of tau for {measure}", expected="one in the unit of the effects",
                got=None, remedy="Say how far studies of this outcome may plausibly differ.",
            )  # fmt: skip
        scale = conventions.conventions().tau_scale.value
    return Prior(tau_scale=scale, mu_sd=conventions.conventions().mu_ratio.value * scale)


@dataclass(frozen=True, kw_only=True, slots=True)
class Posterior:
    """What is believed after the studies, on the analysis scale.

    A figure of one synthesis is a number, of many an array with their axes.
    """

    measure: Measure
    k: int
    prior: Prior
    level: float
    estimate: Figure  # mean of the mean effect
    sd: Figure
    low: Figure
    high: Figure
    tau: Figure  # median
    tau_low: Figure
    tau_high: Figure
    prediction_low: Figure  # of the effect in a further study
    prediction_high: Figure
    p_above_null: Figure  # that the mean effect is above no effect; NaN for a proportion
    mcid: float | None  # on the printed scale
    p_beyond_mcid: Figure  # of the mean effect; NaN without an mcid
    p_new_beyond_mcid: Figure  # of the effect in a further study
    mean_effect: Mixture
    new_effect: Mixture
    tau_nodes: Float[np.ndarray, "run node"]
    notes: tuple[str, ...] = ()


def bayes(
    effects: Effects,
    *,
    prior: Prior | None = None,
    mcid: float | None = None,
    level: float = 0.95,
) -> Posterior:
    """Return the posterior of the mean effect, of tau, and of the effect in a further study.

    ``mcid`` is the smallest effect that matters, on the printed scale; beyond it means further from
    no effect on its side.

    Source  roever2020
    Errors  ContractError without a prior where the measure has a unit, or for an mcid of no effect
    """
    check_level(level)
    prior = default_prior(effects.measure) if prior is None else prior
    limit = _limit(effects.measure, mcid)
    studies = Studies.of(effects)
    tau, share = _tau(studies, prior)
    mean, sd = _mean_given(studies, tau, prior)
    mu, new = Mixture(share, mean, sd), Mixture(share, mean, np.sqrt(sd**2 + tau**2))
    ends = (0.5 * (1.0 - level), 0.5 * (1.0 + level))
    out = studies.figure
    (low, high), (new_low, new_high) = ([out(m.quantile(p)) for p in ends] for m in (mu, new))
    tau_low, middle, tau_high = (out(node_quantile(tau, share, p)) for p in (ends[0], 0.5, ends[1]))
    null = None if effects.measure.is_proportion else 0.0
    return Posterior(
        measure=effects.measure, k=effects.k, prior=prior, level=level,
        estimate=out(mu.centre), sd=out(mu.spread),
        low=low, high=high, tau=middle, tau_low=tau_low, tau_high=tau_high,
        prediction_low=new_low, prediction_high=new_high, p_above_null=out(_beyond(mu, null)),
        mcid=mcid, p_beyond_mcid=out(_beyond(mu, limit)),
        p_new_beyond_mcid=out(_beyond(new, limit)),
        mean_effect=mu, new_effect=new, tau_nodes=tau, notes=_notes(effects, prior),
    )  # fmt: skip


def posterior_density(found: Posterior, x: Float[np.ndarray, " place"]) -> Figure:
    """Return the density of the mean effect at ``x`` of a single synthesis, to draw it.

    Units   x as the analysis scale, the density its inverse
    Source  roever2020
    """
    if len(found.tau_nodes) != 1:
        raise ContractError(
            "posterior", expected="one synthesis", got=len(found.tau_nodes),
            remedy="Draw one at a time.",
        )  # fmt: skip
    return np.array([found.mean_effect.density(np.array([place]))[0] for place in x])


def _limit(measure: Measure, mcid: float | None) -> float | None:
    if mcid is None:
        return None
    limit = measure.analysed(float(mcid))
    if measure.null is None or not np.isfinite(limit) or mcid == measure.null:
        raise ContractError(
            "mcid", expected=f"a {measure} other than {measure.null}, on the printed scale",
            got=mcid, remedy="Give the smallest effect that matters, on the side of a benefit.",
        )  # fmt: skip
    return float(limit)


def _beyond(found: Mixture, limit: float | None) -> Each:
    if limit is None:
        return np.full(len(found.share), np.nan)
    below = found.below(np.full(len(found.share), limit))
    return below if limit < 0.0 else 1.0 - below


def _tau(
    studies: Studies, prior: Prior
) -> tuple[Float[np.ndarray, "run node"], Float[np.ndarray, "run node"]]:
    """Return tau on nodes with their posterior shares.

    The prior falls beyond a few of its scales; studies far apart can hold tau out to the geometric
    mean of their span and that scale.
    """

    def log_density(tau: Each) -> Each:
        mean, sd = _mean_given(studies, tau[:, None], prior)
        w = studies.weights(tau**2)
        square = (w * studies.y**2).sum(axis=1) + (prior.mu_mean / prior.mu_sd) ** 2
        fit = studies.log_weight(tau**2) - square + (mean[:, 0] / sd[:, 0]) ** 2
        return 0.5 * fit + np.log(sd[:, 0]) - 0.5 * (tau / prior.tau_scale) ** 2

    span = studies.y.max(axis=1) - studies.y.min(axis=1)
    far = np.sqrt(prior.tau_scale * span * np.sqrt(studies.k))
    near = _NEAR * np.sqrt(studies.v.min(axis=1))
    return nodes(log_density, bound=10.0 * (prior.tau_scale + far), near=near)


def _mean_given(
    studies: Studies, tau: Float[np.ndarray, "run node"], prior: Prior
) -> tuple[Float[np.ndarray, "run node"], Float[np.ndarray, "run node"]]:
    """Return mean and standard deviation of the mean effect given tau."""
    w = 1.0 / (studies.v[:, None, :] + (tau**2)[:, :, None])
    precision = w.sum(axis=2) + prior.mu_sd**-2
    weighed = (w * studies.y[:, None, :]).sum(axis=2) + prior.mu_mean * prior.mu_sd**-2
    return weighed / precision, precision**-0.5


def _notes(effects: Effects, prior: Prior) -> tuple[str, ...]:
    found = [f"{study.label} is left out: {study.why}." for study in effects.dropped]
    found.append(f"Prior: {prior.said}.")
    if effects.k < 2:
        found.append("A single study: of tau the prior alone speaks.")
    return tuple(found)
