"""What drives mood under a regimen: receptor block on fixed panels, in reference sessions per hour.

The block does not depend on the numbers that are fitted: it is sampled once, from the exact
engine, on panels fine enough for every link that follows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ketherapy import units
from ketherapy.calibration.mood.evidence import Given, evidence, regimen_times
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog as effects
from ketherapy.pharmacology.effects.structures import ReceptorBlock, rate_of
from ketherapy.pharmacology.observations import conventions
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import solve
from ketherapy.simulation.accepted import accepted
from ketherapy.simulation.effects.reference import reference_area

if TYPE_CHECKING:
    from ketherapy.simulation.solvers import cascade

_DAY = 24.0
_STEEPEST = {"A50": (0.02, 0.2, 2.0), "t_half_A": 20.0}  # links that the panels must resolve
_RTOL = 1e-6


class Drive(NamedTuple):
    """The block of receptors on panels, relative to the area of a reference session."""

    over: cascade.Panels
    rate: np.ndarray  # reference sessions per hour; (panel, point)
    t: np.ndarray  # when somebody was rated on it [h]


def unit_response(
    drive: Drive, *, A50: Param | Array, t_half_A: Param | Array, t_half_onset: Param | Array
) -> Array:
    """Return the mood response at ``drive.t`` for a Dmax of one; differentiable in the numbers.

    Units   A50 1; half-lives h; result 1
    Source  ketherapy
    """
    from ketherapy.simulation.solvers import cascade

    kA = rate_of(t_half_A)  # pyright: ignore[reportArgumentType]
    kon = rate_of(t_half_onset)  # pyright: ignore[reportArgumentType]
    A = cascade.filtered(drive.over, drive.rate, kA).inner
    return cascade.filtered(drive.over, kon * A / (A50 + A), kon).at(drive.t)


@lru_cache(maxsize=1)
def drives() -> dict[str, Drive]:
    """Return the drive of every regimen of the evidence.

    Units   t h
    """
    model = catalog.published(evidence().reference_model)
    area = float(reference_area(model, Person(), block=_block()))
    rated = regimen_times(evidence())
    return {key: _drive(evidence().regimens[key], t, area) for key, t in rated.items()}


def _drive(given: Given, t: np.ndarray, area: float) -> Drive:
    over, block = _sampled(given.model, regimen(given), float(t.max()), area=area)
    return Drive(over, block / area, t)


def regimen(given: Given) -> Regimen:
    """Return what an arm was given, for a typical person."""
    session = _sprays(given.devices, given.drug) if given.devices else _infusion(given)
    doses = (dose.later(day * _DAY) for day in given.days for dose in session.doses)
    return Regimen(doses=tuple(doses))


def _sprays(count: int, drug: Drug) -> Regimen:
    device = accepted().device
    apart = units.convert(device.apart.value, device.apart.unit, to="h")
    return Regimen.devices(device.amount.value, count, drug=drug, apart=apart)


def _infusion(given: Given) -> Regimen:
    if given.amount is None or given.over is None:
        raise ContractError(
            "infusion", expected="an amount and how long it lasts", got=given,
            remedy="Write both in mood_evidence.toml.",
        )  # fmt: skip
    amount = units.convert(given.amount.value, given.amount.unit, to="mg/kg")
    over = units.convert(given.over.value, given.over.unit, to="h")
    weight = conventions().typical_weight.value
    return Regimen.of(Dose(drug=given.drug, route=Route.IV, amount=amount * weight, over=over))


def _sampled(
    model_id: str, given: Regimen, until: float, *, area: float = 1.0
) -> tuple[cascade.Panels, np.ndarray]:
    from ketherapy.simulation.solvers import cascade

    weight = conventions().typical_weight.value
    person = Person(weight=weight)
    halves = solve.split(catalog.published(model_id), given, person=person)
    block = _block()

    def sample(t: np.ndarray) -> Array:
        return block.block(solve.concentrations(halves, t))

    first = cascade.panels(np.array(given.edges), until)
    over, found = cascade.resolved(sample, first, then=_links(area), rtol=_RTOL)
    return over, np.asarray(found)


def _links(area: float) -> Callable[[cascade.Panels, Array], tuple[Array, ...]]:
    from ketherapy.simulation.solvers import cascade as cascades

    def later(over: cascade.Panels, block: Array) -> tuple[Array, ...]:
        A = cascades.filtered(over, block / area, rate_of(_STEEPEST["t_half_A"])).inner
        return tuple(A / (A50 + A) for A50 in _STEEPEST["A50"])

    return later


def _block() -> ReceptorBlock:
    model = effects.effect("nmda_block")
    found = effects.structure(model, effects.typical(model))
    assert isinstance(found, ReceptorBlock)
    return found
