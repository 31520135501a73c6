"""Virtual people: how a prediction spreads between persons who share the same covariates.

Deviations are quasi-random normal draws, numbered by person: the same person has the same
deviations whatever is drawn beside them, and a quantile needs few of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel, extremes, published
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Regimen
from ketherapy.simulation.solve import simulate

if TYPE_CHECKING:
    import xarray as xr


def deviations(
    model: PublishedModel, people: int, *, seed: int
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Return the deviation of each parameter for ``people`` persons on one occasion each.

    Between-subject and between-occasion deviations of one parameter are added. Empty where the
    model records no variability.

    Units   1
    Source  the model's file
    """
    return dict(_drawn(model.id, people, seed))


@lru_cache(maxsize=64)
def _drawn(
    model_id: str, people: int, seed: int
) -> tuple[tuple[str, Float[np.ndarray, " patient"]], ...]:
    from scipy.stats import norm, qmc

    if people < 1:
        raise ContractError("people", expected="1 or more", got=people, remedy="Correct it.")
    blocks = published(model_id).variability
    if not blocks:
        return ()
    width = sum(len(block.parameters) for block in blocks)
    balanced = (people - 1).bit_length()  # Sobol points come in powers of two
    uniform = qmc.Sobol(width, scramble=True, rng=seed).random_base2(balanced)[:people]
    normal = norm.ppf(np.clip(uniform, 1e-12, 1.0 - 1e-12))
    found: dict[str, np.ndarray] = {}
    place = 0
    for block in blocks:
        size = len(block.parameters)
        root = np.linalg.cholesky(block.omega2())
        eta = normal[:, place : place + size] @ root.T
        for k, name in enumerate(block.parameters):
            found[name] = found.get(name, 0.0) + eta[:, k]
        place += size
    for values in found.values():
        values.setflags(write=False)  # shared between callers
    return tuple(found.items())


def band(
    model: PublishedModel,
    regimen: Regimen,
    t: Float[np.ndarray, " time"],
    *,
    person: Person,
    seed: int,
    people: int = 128,
    probabilities: tuple[float, float] = (0.05, 0.95),
) -> xr.Dataset | None:
    """Return quantiles between people like ``person``, or None where variability is not known.

    Where a number of the model is known only as a range, the band holds the quantiles at either
    end of it too. Dimensions ``probability`` and ``time``; residual (measurement) error is not
    added. Beside 8,192 people, 128 give the 5th and 95th percentile of ketamine after an infusion
    within about 5 %, after a spray within 15 %, and those of metabolites within 25 to 40 %: a
    band, not a limit.

    Units   t h; result mg/L
    Source  ketherapy
    """
    eta = deviations(model, people, seed=seed)
    if not eta:
        return None
    found = simulate(model, regimen, t, person=person, eta=eta).quantile(
        list(probabilities), dim="patient", keep_attrs=True
    )
    for other in extremes(model):
        found = _wider(found, simulate(other, regimen, t, person=person, eta=eta))
    return found.rename(quantile="probability")


def _wider(band: xr.Dataset, people: xr.Dataset) -> xr.Dataset:
    """Return ``band`` stretched where the quantiles of ``people`` lie outside it."""
    low, high = band["quantile"].values
    other = people.quantile([low, high], dim="patient")
    stretched = band.copy()
    for analyte, values in other.data_vars.items():
        own = band[analyte].values
        stretched[analyte] = band[analyte].copy(
            data=np.stack([np.minimum(own[0], values[0]), np.maximum(own[1], values[1])])
        )
    return stretched
