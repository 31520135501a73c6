"""Sessions of a course: which one a moment belongs to, and what wears off from one to the next."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.regimen import Regimen
from ketherapy.simulation.cumulative import sessions


def starts(regimen: Regimen) -> Float[np.ndarray, " session"]:
    """Return when each session starts.

    Units   h
    """
    return np.array([found.start for found in sessions(regimen, at=regimen.edges[-1])])


def number(regimen: Regimen, t: Float[np.ndarray, " time"]) -> Int[np.ndarray, " time"]:
    """Return the session that each time belongs to, counted from 1; 0 before the first.

    Units   t h
    """
    return np.searchsorted(starts(regimen), t, side="right")


def worn(session: Int[np.ndarray, " time"], *, f: Param, n0: Param) -> Array:
    """Return what is left of dissociation in each session, of that in the first.

    Shapes  f and n0 may be arrays over people
    Units   1
    Source  ketherapy
    """
    f, n0 = (np.asarray(x)[..., None] if np.ndim(x) else x for x in (f, n0))
    return f + (1.0 - f) * np.exp(-np.maximum(session - 1, 0) / n0)


def highest(
    level: Float[np.ndarray, "*patients time"], session: Int[np.ndarray, " time"]
) -> Float[np.ndarray, "*patients session"]:
    """Return the highest level in each session, from 1 on.

    Units   those of ``level``
    """
    last = max(int(session.max()), 1)
    return np.stack(
        [level[..., session == n].max(axis=-1, initial=0.0) for n in range(1, last + 1)], axis=-1
    )
