"""Several effects of one request, each under the model of levels that drives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.effects.catalog import Effect
from ketherapy.simulation import export
from ketherapy.simulation.effects.bands import bands
from ketherapy.simulation.effects.driving import driver
from ketherapy.simulation.effects.entries import EffectsRequest
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.moments import behind, distinct, input_edges
from ketherapy.simulation.request import SimulationRequest

if TYPE_CHECKING:
    import xarray as xr

Times = Float[np.ndarray, " time"]
_GROWTH = 2.0  # of the gaps between moments behind an edge, for bands


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """Effects by id under the models that drive them, and those that cannot be predicted."""

    found: Mapping[str, xr.Dataset]
    drivers: Mapping[str, PublishedModel]
    refused: Mapping[str, ContractError]


def together(
    request: SimulationRequest,
    wanted: EffectsRequest,
    t: Times | None = None,
    *,
    models: Sequence[PublishedModel] = (),
) -> Together:
    """Return the effects of ``request`` at ``t``, or at the times of its levels.

    The models of the request may drive them, or only ``models``. What is refused takes nothing
    else away.

    Units   t h; results as each variable says
    Source  ketherapy
    """
    t = export.grid(request) if t is None else t
    found: dict[str, xr.Dataset] = {}
    drivers: dict[str, PublishedModel] = {}
    refused: dict[str, ContractError] = {}
    for effect in wanted.effects:
        try:
            drivers[effect.id] = driver(
                effect, models or request.models, request.regimen, asked=wanted
            )
            found[effect.id] = effects(
                drivers[effect.id], request.regimen, t, asked=wanted.asked(effect),
                person=request.person,
            )  # fmt: skip
        except ContractError as why:  # a refusal of one effect, to be shown in its place
            refused[effect.id] = why
    return Together(found=found, drivers=drivers, refused=refused)


def bands_together(
    request: SimulationRequest,
    wanted: EffectsRequest,
    predicted: Together,
    t: Times,
    *,
    seed: int,
) -> dict[str, xr.Dataset]:
    """Return the bands of every effect that was predicted, by its id.

    Effects that one model drives share its levels. One whose band cannot be had is left out.

    Units   t h; results as each variable says
    Source  ketherapy
    """
    groups: dict[str, list[Effect]] = {}
    for effect in wanted.effects:
        if effect.id in predicted.found:
            groups.setdefault(predicted.drivers[effect.id].id, []).append(effect)
    found: dict[str, xr.Dataset] = {}
    for group in groups.values():
        found |= _of_group(request, wanted, predicted, t, group=group, seed=seed)
    return {effect.id: found[effect.id] for effect in wanted.effects if effect.id in found}


def _of_group(
    request: SimulationRequest,
    wanted: EffectsRequest,
    predicted: Together,
    t: Times,
    *,
    group: Sequence[Effect],
    seed: int,
) -> dict[str, xr.Dataset]:
    try:
        data = bands(
            predicted.drivers[group[0].id], request.regimen, t, asked=wanted.asked(*group),
            seed=seed, person=request.person,
        )  # fmt: skip
    except ContractError:
        if len(group) == 1:
            return {}
        alone = [_of_group(request, wanted, predicted, t, group=(one,), seed=seed) for one in group]
        return {name: data for found in alone for name, data in found.items()}
    return {
        effect.id: data[[name for name in data if data[name].attrs["effect"] == effect.id]]
        for effect in group
    }


def band_times(request: SimulationRequest, until: float, *, count: int) -> Times:
    """Return about ``count`` times up to ``until``, closer where an input has just changed.

    Units   h
    """
    edges = [input_edges(model, request.regimen, request.person) for model in request.models]
    near = behind(distinct(np.concatenate(edges)), until, growth=_GROWTH)
    found = distinct(np.concatenate([near, np.linspace(0.0, until, count)]))
    return found[found <= until]
