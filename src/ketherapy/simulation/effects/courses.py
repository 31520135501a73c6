"""Courses of effects: the cascade from levels to block, effect sites, trace and mood.

Levels are exact; every linear block behind them (effect site, trace, response) is propagated
exactly from samples that the panels resolve. One person, or a thousand with numbers of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.pharmacology.effects.structures import (
    HALVES,
    AbstractAcuteEffect,
    AbstractEffect,
    Mood,
    ReceptorBlock,
    Sedation,
    rate_of,
)
from ketherapy.simulation.effects.conventions import reference_tail
from ketherapy.simulation.effects.upstream import Upstream
from ketherapy.simulation.solvers import cascade
from ketherapy.simulation.solvers.cascade import Filtered, Panels

Kind = TypeVar("Kind", bound=AbstractEffect)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampled:
    """Levels at the nodes of panels that resolve every link asked for."""

    over: Panels
    levels: dict[str, Array]  # (*patients, panel, point) by analyte


@dataclass(frozen=True, kw_only=True, slots=True)
class Drive:
    """What mood is driven by: the receptor's block, counted in reference sessions."""

    block: ReceptorBlock
    mood: Mood
    session: Array | float  # area of block over the reference session [h]


def sampled(up: Upstream, until: float, *, drive: Drive | None = None) -> Sampled:
    """Return levels on panels up to ``until`` that resolve them, and the links to mood if driven.

    Units   until h; levels mg/L
    Source  ketherapy
    """
    names = tuple(up.levels(np.array([0.0])))

    def sample(t: np.ndarray) -> np.ndarray:
        found = np.broadcast_arrays(*up.levels(t).values())
        return np.stack(found, axis=-2)  # (*patients, analyte, time)

    def links(over: Panels, found: Array) -> tuple[Array, ...]:
        if drive is None:
            return ()
        return _links(_named(names, found), over, drive)

    over, found = cascade.resolved(sample, cascade.panels(up.edges, until), then=links)
    return Sampled(over=over, levels=_named(names, found))


def _named(names: tuple[str, ...], found: Array) -> dict[str, Array]:
    return {name: found[..., place, :, :] for place, name in enumerate(names)}


def _links(levels: Mapping[str, Array], over: Panels, drive: Drive) -> tuple[Array, ...]:
    block = _wide(drive.block, 2).block(levels)
    trace = _trace(block, over, drive)
    return block, _target(trace.inner, drive.mood)


def _trace(block: Array, over: Panels, drive: Drive) -> Filtered:
    """Return the trace that exposure leaves: dA/dt = RO / AUC_ref - kA A."""
    session = np.asarray(drive.session)[..., None, None]
    return cascade.filtered(over, block / session, rate_of(drive.mood.t_half_A))


def _target(trace: Array, mood: Mood) -> Array:
    mood = _wide(mood, 2)
    return mood.Dmax * trace / (mood.A50 + trace)


def _wide(effect: Kind, axes: int) -> Kind:
    """Return the effect with room for ``axes`` more axes behind each number of people."""
    return replace(  # pyright: ignore[reportReturnType]
        effect,  # pyright: ignore[reportArgumentType]  # every structure is a dataclass
        **{
            field.name: np.asarray(value)[(..., *[None] * axes)] if np.ndim(value) else value
            for field in fields(effect)  # pyright: ignore[reportArgumentType]
            for value in [getattr(effect, field.name)]
        },
    )


def _deep(rate: Param) -> Param:
    return np.asarray(rate)[..., None, None] if np.ndim(rate) else rate


def blocked(up: Upstream, t: Float[np.ndarray, " time"], *, block: ReceptorBlock) -> Array:
    """Return the fraction of receptors blocked at ``t``.

    Units   t h; result 1
    Source  shaffer2014
    """
    return _wide(block, 1).block(up.levels(t))


def site(
    up: Upstream, samples: Sampled, t: Float[np.ndarray, " time"], *, t_half_ke0: Param
) -> Array:
    """Return the S-ketamine level at an effect site; at once where the half-life is zero.

    Units   t, t_half_ke0 h; result mg/L
    Source  ketherapy
    Errors  ContractError where no S-ketamine is given
    """
    if HALVES[0] not in samples.levels:
        raise ContractError(
            "effect", expected="a drug that holds S-ketamine", got=up.regimen.drug.value,
            remedy="R-ketamine alone was not what these effects were fitted to.",
        )  # fmt: skip
    now = np.asarray(t_half_ke0) <= 0.0
    level = up.levels(t)[HALVES[0]]
    if now.all():
        return level
    ke0 = rate_of(np.where(now, 1.0, t_half_ke0) if np.ndim(t_half_ke0) else t_half_ke0)
    driver = samples.levels[HALVES[0]] * _deep(ke0)
    Ce = _not_below_zero(cascade.filtered(samples.over, driver, ke0).at(t))
    return np.where(now[..., None], level, Ce) if np.ndim(now) else Ce


def acute(
    up: Upstream,
    samples: Sampled,
    t: Float[np.ndarray, " time"],
    *,
    effect: AbstractAcuteEffect,
) -> dict[str, Array]:
    """Return the outputs of an effect that follows an effect site.

    Units   t h; results as the effect says
    Source  ketherapy
    """
    Ce = site(up, samples, t, t_half_ke0=effect.t_half_ke0)
    return _wide(effect, 1).outputs(Ce)


def sedation_chance(highest: Float[np.ndarray, ...] | float, *, effect: Sedation) -> Array:
    """Return the chance of any sedation in a session, by its highest effect-site level.

    Units   highest mg/L; result 1
    Source  spravato_rems
    """
    x = np.maximum(np.asarray(highest) / effect.reference, 1e-12)
    logit = effect.intercept + effect.slope * np.log(x)
    return 1.0 / (1.0 + np.exp(-logit))


def drug_share(samples: Sampled, t: Float[np.ndarray, " time"], *, drive: Drive) -> Array:
    """Return the share R of the remaining depression score that the drug takes away at ``t``.

    Units   t h; result 1
    Source  ketherapy
    """
    target = _links(samples.levels, samples.over, drive)[1]
    kon = rate_of(drive.mood.t_half_onset)
    driver = target * _deep(kon)
    return _not_below_zero(cascade.filtered(samples.over, driver, kon).at(t))


def _not_below_zero(found: Array) -> Array:
    # nothing driven by what is never negative is: below zero is the tolerance of the panels, and
    # a share of a rounding less than nothing has no log odds
    return cascade.namespace(found).maximum(found, 0.0)


def session_area(up: Upstream, *, block: ReceptorBlock) -> Array:
    """Return the area under the receptor's block from the start of a session until none is left.

    Units   h
    Source  ketherapy
    """
    names = tuple(up.levels(np.array([0.0])))

    def sample(t: np.ndarray) -> np.ndarray:
        return np.stack(np.broadcast_arrays(*up.levels(t).values()), axis=-2)

    def link(over: Panels, found: Array) -> tuple[Array, ...]:
        return (_wide(block, 2).block(_named(names, found)),)

    over, found = cascade.resolved(sample, cascade.panels(up.edges, reference_tail()), then=link)
    return cascade.area(over, link(over, found)[0])
