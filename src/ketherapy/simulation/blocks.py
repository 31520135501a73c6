"""One block of people: simulated, and each curve turned into exposures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.covariates import Person, needed
from ketherapy.simulation.areas import areas
from ketherapy.simulation.engine import Precision
from ketherapy.simulation.individuals import deviations, residual
from ketherapy.simulation.planned import Plan
from ketherapy.simulation.reduction import METRICS, Block
from ketherapy.simulation.solve import concentrations, parents, parts

_AT_ONCE = 1024  # people given to the engine at once: its own work arrays stay small


def people(plan: Plan, first: int, count: int) -> Person:
    """Return the people of the block that begins at number ``first``."""
    return plan.request.people.take(first, count, seed=plan.request.seed)


def block(plan: Plan, *, first: int, count: int) -> Block:
    """Return the curves and exposures of ``count`` people from number ``first`` on.

    Units   as Block says; in 64-bit floats
    Source  ketherapy
    """
    levels, width = plan.request.levels, len(METRICS) + len(plan.request.levels)
    shape = (len(plan.analytes), len(plan.times), count)
    found = Block(
        curves=np.empty(shape),
        exposures=np.empty((len(plan.analytes), width, count)),
        peaks=np.empty(count),
        readings=np.empty(shape) if plan.request.with_residual else None,
    )
    for start in range(0, count, _AT_ONCE):
        size = min(_AT_ONCE, count - start)
        _simulated(plan, first + start, found.of(slice(start, start + size)))
    for place in range(len(plan.analytes)):
        for row, level in enumerate(levels, start=len(METRICS)):
            found.exposures[place, row] = time_above(found.curves[place], plan.times, level=level)
    return found


def _simulated(plan: Plan, first: int, into: Block) -> None:
    """Fill the columns of these people; what the engine returns for all of them is let go."""
    request, count = plan.request, into.curves.shape[-1]
    person = people(plan, first, count)
    eta = deviations(
        request.model, first=first, count=count, seed=request.seed, occasion=request.occasion
    )
    split = parts(request.model, request.regimen, person=person, eta=eta, values=plan.values)
    found = concentrations(split, plan.times, engine=request.engine)
    # areas are differences: in short floats little would be left of those of an early window
    finely = replace(request.engine, precision=Precision.FLOAT64)
    whole = areas(split, until=float(plan.times[-1]), engine=finely)
    scale = np.atleast_1d(needed(person.weight, "weight") if request.is_per_kg else 1.0)
    highest = np.max([np.max(found[name], axis=-1) for name in parents(found)], axis=0)
    into.peaks[:] = highest * scale
    for place, analyte in enumerate(plan.analytes):
        curves = found[analyte] * scale[:, None] if request.is_per_kg else found[analyte]
        curves = np.broadcast_to(curves, (count, len(plan.times)))
        into.curves[place] = curves.T
        area = np.asarray(whole[analyte] * scale)
        into.exposures[place, : len(METRICS)] = _metrics(curves, plan.times, area)
    if into.readings is not None:
        _read(plan, first, into.curves, into.readings)


def _read(plan: Plan, first: int, curves: np.ndarray, into: np.ndarray) -> None:
    """Fill in what an assay would read of each true level."""
    request = plan.request
    for place, analyte in enumerate(plan.analytes):
        true = {analyte: curves[place].T}
        read = residual(
            request.model, true, first=first, seed=request.seed, occasion=request.occasion
        )
        into[place] = read[analyte].T


def _metrics(
    curves: Float[np.ndarray, "patient time"], t: np.ndarray, area: np.ndarray
) -> Float[np.ndarray, "metric patient"]:
    highest = np.argmax(curves, axis=1)
    Cmax = np.take_along_axis(curves, highest[:, None], axis=1)[:, 0]
    return np.stack([Cmax, np.broadcast_to(area, Cmax.shape), t[highest]])


def time_above(
    curve: Float[np.ndarray, "time patient"], t: Float[np.ndarray, " time"], *, level: float
) -> Float[np.ndarray, " patient"]:
    """Return how long each curve is above ``level``, straight between the times of the grid.

    Units   curve and level mg/L; t and result h
    Source  ketherapy
    """
    over = curve - level
    high, low = np.maximum(over[:-1], over[1:]), np.minimum(over[:-1], over[1:])
    # of each step: all of it, the part beyond the crossing, or none
    span = np.where(high > low, high - low, 1.0)
    share = np.where(low > 0.0, 1.0, np.clip(high, 0.0, None) / span)
    return np.diff(t) @ share
