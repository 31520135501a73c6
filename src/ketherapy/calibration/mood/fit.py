"""Sample the mood model's posterior, and say how far the sampler and the data can be trusted."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.calibration import extras
from ketherapy.calibration.mood import model
from ketherapy.calibration.mood.trials import Trial
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.structures import Mood
from ketherapy.simulation import solve

if TYPE_CHECKING:
    import arviz

KEPT = 512  # draws that are written
_TARGET = 0.98  # acceptance that the step size is tuned to
_WEAK = 0.5  # contraction below which the data say less than the prior does


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampling:
    """How long and from where to sample."""

    draws: int = 500  # of each chain, after as many to tune it
    chains: int = 4
    seed: int = 1

    def __post_init__(self) -> None:
        for what, value in (("draws", self.draws), ("chains", self.chains)):
            if value < 1:
                raise ContractError(what, expected="1 or more", got=value, remedy="Correct it.")

    @property
    def total(self) -> int:
        """Return the draws of all chains."""
        return self.draws * self.chains


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """The posterior of one number, and how it was come by."""

    name: str
    unit: str
    median: float
    sd: float
    low: float  # 5 %
    high: float  # 95 %
    r_hat: float
    ess_bulk: float
    ess_tail: float
    contraction: float  # share of the prior's variance that the data took away

    @property
    def identifiability(self) -> str:
        """Return what the data say of it, in words."""
        if self.contraction < _WEAK:
            return "not identifiable: the prior speaks"
        return "identified"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """A sampled posterior."""

    data: arviz.InferenceData
    names: tuple[str, ...]  # the numbers that describe every trial
    divergences: int
    e_bfmi: float  # the smallest of the chains


def sample(trials: tuple[Trial, ...], how: Sampling) -> Fit:
    """Return the posterior of the mood model given ``trials``, by NUTS in 64-bit floats.

    Errors  ContractError where NumPyro or ArviZ is not installed
    """
    numpyro, az = extras.numpyro(), extras.arviz()
    with solve.precision():
        import jax

        kernel = numpyro.infer.NUTS(
            model.hierarchical(trials), target_accept_prob=_TARGET, dense_mass=True
        )
        sampler = numpyro.infer.MCMC(
            kernel,
            num_warmup=how.draws,
            num_samples=how.draws,
            num_chains=how.chains,
            chain_method="sequential",
            progress_bar=False,
        )
        sampler.run(jax.random.PRNGKey(how.seed), extra_fields=("diverging", "energy"))
        found = {key: np.asarray(x) for key, x in sampler.get_samples(group_by_chain=True).items()}
        extra = sampler.get_extra_fields(group_by_chain=True)
    stats = {"diverging": np.asarray(extra["diverging"]), "energy": np.asarray(extra["energy"])}
    data = az.from_dict(posterior=found, sample_stats=stats)
    return Fit(
        data=data,
        names=model.names(trials),
        divergences=int(stats["diverging"].sum()),
        e_bfmi=float(np.min(az.bfmi(data))),
    )


def estimates(fit: Fit) -> tuple[Estimate, ...]:
    """Return the posterior of each number with its convergence.

    Errors  ContractError where ArviZ is not installed
    """
    az = extras.arviz()
    names = list(fit.names)
    r_hat, bulk, tail = (
        az.rhat(fit.data, var_names=names),
        az.ess(fit.data, var_names=names, method="bulk"),
        az.ess(fit.data, var_names=names, method="tail"),
    )
    return tuple(
        _estimate(fit, name, *(float(table[name]) for table in (r_hat, bulk, tail)))
        for name in fit.names
    )


def _estimate(fit: Fit, name: str, r_hat: float, bulk: float, tail: float) -> Estimate:
    kind = name.partition(".")[0]
    drawn = fit.data["posterior"][name].values.ravel()
    z = fit.data["posterior"][f"z.{name}"].values.ravel()
    if model.is_spread(name):
        z, prior = abs(z), 1.0 - 2.0 / math.pi
    else:
        prior = 1.0
    return Estimate(
        name=name,
        unit=Mood.units.get(kind, "1"),
        median=float(np.median(drawn)),
        sd=float(np.std(drawn)),
        low=float(np.quantile(drawn, 0.05)),
        high=float(np.quantile(drawn, 0.95)),
        r_hat=r_hat,
        ess_bulk=bulk,
        ess_tail=tail,
        contraction=1.0 - float(np.var(z)) / prior,
    )


def thinned(fit: Fit, count: int = KEPT) -> dict[str, np.ndarray]:
    """Return ``count`` joint draws of the numbers, evenly from all chains, or all if fewer.

    Units   those of the structure
    """
    every = {name: fit.data["posterior"][name].values.T.ravel() for name in fit.names}
    size = len(every[fit.names[0]])
    places = np.linspace(0, size - 1, min(count, size)).round().astype(int)
    return {name: drawn[places] for name, drawn in every.items()}


def with_borrowed(draws: dict[str, np.ndarray], trials: tuple[Trial, ...]) -> dict[str, np.ndarray]:
    """Return the draws with a p1 of its own for each setting that was fitted with another's.

    Units   those of the structure
    """
    borrowed = {
        f"p1.{trial.study.setting}": draws[f"p1.{trial.study.p1_setting}"] for trial in trials
    }
    return draws | {name: drawn for name, drawn in borrowed.items() if name not in draws}


def write_draws(draws: dict[str, np.ndarray], path: Path) -> None:
    """Write joint draws, one a row, six digits each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(draws)
        rows.writerows([f"{x:.6g}" for x in row] for row in zip(*draws.values(), strict=True))


def read_draws(path: Path) -> dict[str, np.ndarray]:
    """Return joint draws by name.

    Units   those of the structure
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    table = np.array(rows[1:], float)
    return {name: table[:, k] for k, name in enumerate(rows[0])}
