"""The result of a run as labelled arrays, and what it comes to: power, assurance, intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.catalog import effect
from ketherapy.simulation.solve import ENGINE
from ketherapy.simulation.trial.planned import Trial
from ketherapy.simulation.trial.rates import score_interval
from ketherapy.simulation.trial.replicate import Outcome
from ketherapy.simulation.trial.run_request import Chance, RunRequest
from ketherapy.simulation.trial.world import world
from ketherapy.sources import bibliography, cite

if TYPE_CHECKING:
    import xarray as xr

_POINTS = ("difference", "se", "low", "high")
_OVER_ARMS = ("response_rate", "remission_rate", "n_rated", "change", "change_sd", "left",
              "baseline")  # fmt: skip
_WORDS = {
    "difference": "adjusted difference to the control in change (analysis of covariance)",
    "se": "standard error of that difference",
    "df": "degrees of freedom of that difference",
    "low": "lower end of its confidence interval",
    "high": "upper end of its confidence interval",
    "p": "two-sided p value of that difference",
    "response_rate": "share of those rated who responded",
    "remission_rate": "share of those rated who are in remission",
    "n_rated": "people rated at the primary visit",
    "change": "mean change of those rated at the primary visit",
    "change_sd": "SD of that change",
    "left": "share of those randomised who have left by the last visit",
    "baseline": "mean baseline of those randomised",
    "course": "mean change of those rated, of the first replicates",
    "mmrm_converged": "whether the repeated-measures fit converged",
}
_CHANCE = {
    Chance.SAMPLING: "people and ratings differ between replicates; the typical numbers are taken"
    " as true and trials as alike",
    Chance.ALL: "people, ratings, trials and the estimated numbers differ between replicates",
}


def dataset(request: RunRequest, found: Outcome) -> xr.Dataset:
    """Return every quantity of every replicate, with what it rests on.

    Units   as each variable says
    Source  ketherapy
    """
    import xarray as xr

    trial = world(request).trial
    dims = {
        name: ("replicate", "arm" if name in _OVER_ARMS else "comparison") for name in found.found
    }
    dims |= {"course": ("course_replicate", "arm", "visit"), "mmrm_converged": ("replicate",)}
    variables = {
        name: (dims[name], values, {"units": _unit(name), "long_name": _long_name(name)})
        for name, values in found.found.items()
    }
    hours = {"units": "h", "long_name": "time since the first dose"}
    coordinates = {
        "replicate": np.arange(found.count),
        "arm": [arm.id for arm in trial.arms],
        "comparison": list(trial.comparisons),
        "visit": ("visit", trial.t, hours),
    }
    return xr.Dataset(variables, coords=coordinates).assign_attrs(provenance(request))


def _unit(name: str) -> str:
    bare = name.removeprefix("mmrm_")
    return "points" if bare in (*_POINTS, "change", "change_sd", "baseline", "course") else "1"


def _long_name(name: str) -> str:
    bare = name.removeprefix("mmrm_")
    if name in _WORDS:
        return _WORDS[name]
    if bare in _WORDS:
        return _WORDS[bare].replace("analysis of covariance", "repeated measures")
    what, _, part = name.partition("_")
    parts = {"RD": "difference to the control in", "p": "p value of the difference in"}
    ends = {"low": "lower end of the interval of the difference in",
            "high": "upper end of the interval of the difference in"}  # fmt: skip
    return f"{(parts | ends)[part]} {what}"


def provenance(request: RunRequest) -> dict[str, str | int | float]:
    """Return what a result rests on, in words."""
    found = world(request)
    trial, mood = found.trial, found.trial.mood
    return {
        "design": trial.design.id,
        "title": trial.design.title,
        "arms": "\n".join(f"{arm.id}: {arm.n} people, {arm.text}" for arm in trial.arms),
        "setting": trial.setting.text,
        "n": trial.n,
        "people": trial.people.text,
        "replicates": request.replicates,
        "seed": trial.design.seed,
        "alpha": trial.alpha,
        "primary_h": trial.visits[trial.primary],
        "chance": _CHANCE[request.chance],
        "estimates": found.estimates.text,
        "draws": found.estimates.count,
        "analysis": "people who were rated; " + trial.design.analysis.kind,
        "status": mood.status.value,
        "design_status": trial.design.status.value if trial.design.status else "not said",
        "notes": "\n".join(trial.design.notes),
        "cautions": "\n".join(trial.cautions),
        "sources": "\n".join(dict.fromkeys(_sources(trial))),
        "engine": ENGINE,
        "nature": "predicted, not measured; the average of a kind of trial, not any person",
    }


def _sources(trial: Trial) -> Iterator[str]:
    """Give the design's own source, then those of the models of mood, of levels and of block."""
    own = trial.design.source
    if own:
        yield cite(own) if own in bibliography() else f"{own} (as the design says)"
    keys = [trial.mood.source, *trial.mood.also, trial.setting.p1.source or trial.mood.source]
    for arm in trial.arms:
        if arm.treatment is not None:
            block = effect("nmda_block")  # drives the response to whatever is given
            keys += [arm.treatment.model.source, *arm.treatment.model.also]
            keys += [block.source, *block.also]
    yield from map(cite, keys)


_Z = float(special.ndtri(0.975))  # standard errors to either side of an interval of 95 %


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A share of replicates and how far chance may have moved it."""

    value: float
    interval: tuple[float, float] | None  # of 95 %, by Wilson's score; None: not known

    @classmethod
    def of(cls, did: Float[np.ndarray, " replicate"], draws: int) -> Share:
        """Return the share of ones.

        Units   1
        """
        value = float(np.mean(did))
        if len(did) < 2:
            return cls(value=value, interval=None)
        worth = np.array([_worth(did, value, draws)])
        low, high = score_interval(np.array([value]), worth, _Z)
        # at 0 and 1 an end may pass the scale by a rounding error
        return cls(value=value, interval=(max(0.0, float(low[0])), min(1.0, float(high[0]))))


def _worth(did: Float[np.ndarray, " replicate"], value: float, draws: int) -> float:
    """Return how many replicates of draws of their own would tell the share as well."""
    if draws == 1 or len(did) <= draws:
        return float(len(did))
    error = monte_carlo_error(did, draws)
    if not error:  # all alike: then no more is known than that every draw was so
        return float(draws)
    return float(np.clip(value * (1.0 - value) / error**2, 1.0, len(did)))


def monte_carlo_error(values: Float[np.ndarray, " replicate"], draws: int) -> float | None:
    """Return the standard error of the mean of ``values``, of which NaN is left out.

    None where it is not known: from fewer than two values, or two draws.

    Replicates take the draws of the estimates in turn. Those of one draw are alike, so that many
    replicates of few draws are worth less than their number says: the draws are what is counted.

    Units   those of the values
    Source  ketherapy
    """
    there = np.isfinite(values)
    draw = np.arange(len(values))[there] % draws
    n = np.bincount(draw, minlength=draws)
    means = values[there]
    if draws > 1 and n.max() > 1:
        means = np.bincount(draw, means, draws)[n > 0] / n[n > 0]
    return None if len(means) < 2 else float(np.std(means, ddof=1) / math.sqrt(len(means)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What the replicates of one comparison come to, in one analysis."""

    comparison: str
    analysis: str
    expected: float  # mean difference [points]
    expected_error: float | None  # Monte Carlo standard error of it; None: not known
    interval: tuple[float, float]  # that holds 95 % of the differences found [points]
    positive: Share  # trials significant in favour of the arm
    harmful: Share  # trials significant against it
    lost: int  # replicates whose analysis gave no answer; they count as not positive


def summary(data: xr.Dataset, comparison: str, *, analysis: str = "ancova") -> Summary:
    """Return what the replicates of ``comparison`` come to.

    Units   points
    Source  ketherapy
    Errors  ContractError for an analysis that was not run
    """
    difference, p = _found(data, comparison, analysis)
    there = difference[np.isfinite(difference)]
    if not len(there):
        raise ContractError(
            f"comparison {comparison}", expected="a replicate whose analysis gave an answer",
            got="none", remedy="Enrol more people, or lose fewer.",
        )  # fmt: skip
    significant = _is_significant(p, data)
    low, high = np.quantile(there, [0.025, 0.975])
    draws = int(data.attrs["draws"])
    return Summary(
        comparison=comparison,
        analysis=analysis,
        expected=float(there.mean()),
        expected_error=monte_carlo_error(difference, draws),
        interval=(float(low), float(high)),
        positive=positive(data, comparison, analysis=analysis),
        harmful=Share.of((significant & (difference > 0.0)).astype(float), draws),
        lost=len(difference) - len(there),
    )


def positive(data: xr.Dataset, comparison: str, *, analysis: str = "ancova") -> Share:
    """Return the share of trials significant in favour of the arm; one without an answer is not.

    Units   1
    Source  ketherapy
    Errors  ContractError for an analysis that was not run
    """
    difference, p = _found(data, comparison, analysis)
    did = _is_significant(p, data) & (difference < 0.0)
    return Share.of(did.astype(float), int(data.attrs["draws"]))


def _found(data: xr.Dataset, comparison: str, analysis: str) -> tuple[np.ndarray, np.ndarray]:
    prefix = {"ancova": "", "mmrm": "mmrm_"}.get(analysis, "?")
    if f"{prefix}difference" not in data:
        raise ContractError(
            "analysis", expected="one that was run", got=analysis, remedy="Ask for it in the run."
        )
    own = data.sel(comparison=comparison)
    return own[f"{prefix}difference"].values, own[f"{prefix}p"].values


def _is_significant(p: np.ndarray, data: xr.Dataset) -> np.ndarray:
    return np.nan_to_num(p, nan=1.0) < data.attrs["alpha"]
