"""When to look: every instant an input changes, and close behind it, where levels bend."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Regimen
from ketherapy.simulation.solve import parts
from ketherapy.simulation.solvers.inputs import pulses

_FIRST = 0.25 / 60.0  # [h] first look after an edge …
_GROWTH = 1.5  # … and how much later each next one is


def input_edges(
    model: PublishedModel, regimen: Regimen, person: Person
) -> Float[np.ndarray, " edge"]:
    """Return every instant an input starts or ends, those of the model's absorption included.

    Units   h
    """
    found = [np.array(regimen.edges)]
    for part in parts(model, regimen, person=person):
        given = pulses(part.structure, part.regimen, np, states=part.structure.states)
        found += [np.ravel(given.start), np.ravel(np.asarray(given.start + given.over))]
    return distinct(np.concatenate(found))


def behind(
    edges: Float[np.ndarray, " edge"], until: float, *, growth: float = _GROWTH
) -> Float[np.ndarray, " moment"]:
    """Return each edge up to ``until`` and, ever farther apart, moments between it and the next.

    Units   h; growth 1
    """
    edges = edges[edges <= until]
    steps = int(np.ceil(np.log(max(until / _FIRST, 1.0)) / np.log(growth))) + 1
    ladder = _FIRST * growth ** np.arange(steps)
    found = [edges]
    for edge, following in zip(edges, [*edges[1:], until], strict=True):
        found.append(edge + ladder[edge + ladder < following])
    return np.concatenate(found)


def distinct(t: Float[np.ndarray, " time"]) -> Float[np.ndarray, " moment"]:
    """Return ``t`` in order; of times that differ by rounding alone, the latest.

    The latest, so that a look at an input edge sees what the edge has brought.

    Units   h
    """
    ordered = np.unique(t)
    return ordered[np.append(np.diff(ordered) > 1e-9, True)]
