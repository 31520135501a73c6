"""Exposure metrics of one person, computed from the exact solution rather than from a grid.

Every area names its interval. Totals of a racemate (``ketamine``) are sums of their enantiomers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.compartments import AbstractStructure, rate_matrix
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.moments import behind, input_edges
from ketherapy.simulation.solve import (
    TOTALS,
    Part,
    molar_ratio,
    parts,
    precision,
    simulate,
    split,
)

_GRID = 400  # even points of the first look for a peak or a crossing, beside those at edges
_ZOOMS, _ZOOM_POINTS = 6, 21  # each zoom narrows a bracket ten-fold
_FOLLOWED = 12  # local maxima followed at once


def _levels(
    model: PublishedModel, regimen: Regimen, analyte: str, t: np.ndarray, person: Person | None
) -> Float[np.ndarray, " time"]:
    data = simulate(model, regimen, t, person=person)
    if analyte not in data:
        raise ContractError(
            "analyte",
            expected=f"one of {', '.join(sorted(map(str, data.data_vars)))}",
            got=analyte,
            remedy=f"{model.id} does not describe it for this regimen.",
        )
    if data[analyte].ndim != 1:
        raise ContractError(
            "person",
            expected="one person",
            got=data[analyte].shape,
            remedy="Ask for one at a time.",
        )
    return data[analyte].values


def _grid(
    model: PublishedModel, regimen: Regimen, until: float, person: Person | None
) -> Float[np.ndarray, " time"]:
    edges = input_edges(model, regimen, person or Person())
    just_before = np.nextafter(edges[edges <= until], -np.inf)
    t = np.concatenate([np.linspace(0.0, until, _GRID), behind(edges, until), just_before])
    return np.unique(t[t >= 0.0])


def peak(
    model: PublishedModel,
    regimen: Regimen,
    analyte: str,
    *,
    until: float,
    person: Person | None = None,
) -> tuple[float, float]:
    """Return (Cmax, Tmax) between zero and ``until``.

    Every local maximum of a first look is followed, so that no dose of many is overlooked.

    Units   until h; Cmax mg/L; Tmax h
    Source  ketherapy
    """
    t = _grid(model, regimen, until, person)
    level = _levels(model, regimen, analyte, t, person)
    for _ in range(_ZOOMS):
        tops = _tops(level)
        around = [
            np.linspace(t[max(k - 1, 0)], t[min(k + 1, len(t) - 1)], _ZOOM_POINTS) for k in tops
        ]
        t = np.unique(np.concatenate([*around, t[tops]]))
        level = _levels(model, regimen, analyte, t, person)
    top = int(np.argmax(level))
    return float(level[top]), float(t[top])


def _tops(level: Float[np.ndarray, " time"]) -> np.ndarray:
    """Return where ``level`` is no lower than on both sides, the highest few."""
    padded = np.concatenate([[-np.inf], level, [-np.inf]])
    tops = np.flatnonzero((level >= padded[:-2]) & (level >= padded[2:]))
    return np.sort(tops[np.argsort(level[tops])[::-1][:_FOLLOWED]])


def Cmax(
    model: PublishedModel,
    regimen: Regimen,
    analyte: str,
    *,
    until: float,
    person: Person | None = None,
) -> float:
    """Return the highest concentration between zero and ``until``.

    Units   until h; result mg/L
    Source  ketherapy
    """
    return peak(model, regimen, analyte, until=until, person=person)[0]


def Tmax(
    model: PublishedModel,
    regimen: Regimen,
    analyte: str,
    *,
    until: float,
    person: Person | None = None,
) -> float:
    """Return when the highest concentration between zero and ``until`` is reached.

    Units   h
    Source  ketherapy
    """
    return peak(model, regimen, analyte, until=until, person=person)[1]


def AUC(
    model: PublishedModel,
    regimen: Regimen,
    analyte: str,
    *,
    interval: tuple[float, float],
    person: Person | None = None,
) -> float:
    """Return the area under the concentration over ``interval``, whose end may be infinity.

    Units   interval h; result mg h/L
    Source  ketherapy
    """
    start, end = interval
    if not 0.0 <= start < end:
        raise ContractError(
            "interval [h]", expected="0 <= start < end", got=interval, remedy="Correct it."
        )
    halves = parts(model, regimen, person=person or Person())
    described = {name for part in halves for name in part.analytes.values()}
    wanted = (analyte,) if analyte in described else TOTALS.get(analyte, (analyte,))
    found = [
        _area(part, role, start, end)
        for part in halves
        for role, name in part.analytes.items()
        if name in wanted
    ]
    if len(found) < len(wanted):
        raise ContractError(
            "analyte",
            expected=f"one that {model.id} describes for this regimen",
            got=analyte,
            remedy="'ketherapy models' lists them.",
        )
    return math.fsum(found)


def _area(part: Part, role: str, start: float, end: float) -> float:
    K, weights = _matrix(part.structure), _weights(part.structure, role)
    begun = _area_until(part, K, weights, start) if start > 0 else 0.0
    is_whole = math.isinf(end)
    whole = _area_whole(part, K, weights) if is_whole else _area_until(part, K, weights, end)
    return whole - begun


def _matrix(structure: AbstractStructure) -> Float[np.ndarray, "state state"]:
    return np.asarray(rate_matrix(structure.states, structure.flows(), np))


def _weights(structure: AbstractStructure, role: str) -> Float[np.ndarray, " state"]:
    observed = structure.observed[role]
    weights = np.zeros(len(structure.states))
    volume = float(getattr(structure, observed.volume))
    weights[structure.states.index(observed.state)] = molar_ratio(observed.substance) / volume
    return weights


def _area_until(part: Part, K: np.ndarray, weights: np.ndarray, end: float) -> float:
    """Integrate by carrying the area as one more state, fed by the concentration."""
    from ketherapy.simulation.solvers import exact
    from ketherapy.simulation.solvers.inputs import pulses

    n = len(K)
    wide = np.zeros((n + 1, n + 1))
    wide[:n, :n], wide[n, :n] = K, weights
    with precision():
        given = pulses(part.structure, part.regimen, np, states=part.structure.states)
        return float(exact.states(wide, given, np.array([end]))[0, n])


def _area_whole(part: Part, K: np.ndarray, weights: np.ndarray) -> float:
    from ketherapy.simulation.solvers.inputs import pulses

    given = pulses(part.structure, part.regimen, np, states=part.structure.states)
    total = np.zeros(len(K))
    np.add.at(total, list(given.state), np.asarray(given.amount))
    body = slice(0, len(K) - 1)  # all but what has been eliminated
    return float(-weights[body] @ np.linalg.solve(K[body, body], total[body]))


def time_above(
    model: PublishedModel,
    regimen: Regimen,
    analyte: str,
    *,
    level: float,
    until: float,
    person: Person | None = None,
) -> float:
    """Return how long the concentration exceeds ``level`` between zero and ``until``.

    Units   level mg/L; until h; result h
    Source  ketherapy
    """
    from scipy.optimize import brentq

    def excess(t: float | np.ndarray) -> np.ndarray:
        return _levels(model, regimen, analyte, np.atleast_1d(t), person) - level

    t = _grid(model, regimen, until, person)
    above = excess(t)
    crossings = [
        float(brentq(lambda x: float(excess(x)[0]), t[k], t[k + 1], xtol=1e-9))  # pyright: ignore[reportArgumentType]
        for k in np.flatnonzero((above[:-1] > 0) != (above[1:] > 0))
    ]
    return _covered(crossings, begins=bool(above[0] > 0), until=until)


def _covered(crossings: Iterable[float], *, begins: bool, until: float) -> float:
    marks = [*([0.0] if begins else []), *crossings]
    if len(marks) % 2:
        marks.append(until)
    return math.fsum(end - start for start, end in zip(marks[::2], marks[1::2], strict=True))


def half_lives(
    model: PublishedModel, drug: Drug, *, person: Person, role: str = "parent"
) -> Float[np.ndarray, " phase"]:
    """Return the half-lives of the disposition of ``drug``, shortest first; the last is terminal.

    Units   h
    Source  ketherapy
    """
    from scipy.sparse.csgraph import connected_components

    structure = catalog.structure(model, person, drug=drug)
    if role not in structure.observed:
        raise ContractError(
            "role",
            expected=f"one of {', '.join(structure.observed)}",
            got=role,
            remedy=f"{model.id} describes no other.",
        )
    K = _matrix(structure)
    _, label = connected_components(K.T != 0, directed=True, connection="strong")
    inside = label == label[structure.states.index(structure.observed[role].state)]
    rates = np.linalg.eigvals(K[np.ix_(inside, inside)])
    return np.sort(math.log(2.0) / -np.real(rates))


def CL(model: PublishedModel, drug: Drug, *, person: Person | None = None) -> float:
    """Return the clearance of an intravenous dose: dose over AUC to infinity of ``drug``.

    Of a model that is offered for other routes alone it is that of its disposition.

    Units   L/h
    Source  ketherapy
    """
    regimen = Regimen.of(Dose(drug=drug, route=Route.IV, amount=1.0))
    halves = split(model, regimen, person=person or Person())
    return 1.0 / math.fsum(_area(part, "parent", 0.0, math.inf) for part in halves)


def F(model: PublishedModel, regimen: Regimen, *, person: Person | None = None) -> float:
    """Return the absolute bioavailability of ``regimen``: its area beside that of the vein.

    Units   1
    Source  ketherapy
    """
    drug = regimen.drug
    area = AUC(model, regimen, drug.value, interval=(0.0, math.inf), person=person)
    return area * CL(model, drug, person=person) / regimen.total
