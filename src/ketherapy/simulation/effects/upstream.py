"""Exact levels of the drug's halves and their metabolites, at whatever times an effect asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects.structures import HALVES
from ketherapy.regimen import Regimen
from ketherapy.simulation.engine import AUTOMATIC, Engine
from ketherapy.simulation.moments import input_edges
from ketherapy.simulation.solve import Part, concentrations, parts

# Where a model does not tell the hands apart, half of the whole is taken as each.
_WHOLES = {
    "ketamine": ("esketamine", "arketamine"),
    "norketamine": ("esnorketamine", "arnorketamine"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Upstream:
    """One regimen under one model: what drives every effect."""

    model: PublishedModel
    regimen: Regimen
    parts: tuple[Part, ...]
    edges: Float[np.ndarray, " edge"]  # [h] instants at which an input starts or stops, and zero
    engine: Engine
    times: Param = 1.0  # what every dose is multiplied by: a number, or one for each patient

    @property
    def is_split(self) -> bool:
        """Return whether S and R are told apart, where both are given."""
        found = {name for part in self.parts for name in part.analytes.values()}
        return not found & set(_WHOLES)

    def levels(self, t: Float[np.ndarray, " time"]) -> dict[str, np.ndarray]:
        """Return the level of each half and its norketamine that the model describes.

        Shapes  each is (*patients, time)
        Units   t h; result mg/L
        """
        times = np.asarray(self.times)[:, None] if np.ndim(self.times) else self.times
        found = {
            name: times * level  # every model is linear in the dose
            for name, level in concentrations(self.parts, t, engine=self.engine).items()
        }
        halves = {name: found[name] for name in HALVES if name in found}
        for whole, names in _WHOLES.items():
            if whole in found and not halves.keys() & set(names):
                halves |= dict.fromkeys(names, 0.5 * found[whole])
        return halves


def upstream(
    model: PublishedModel,
    regimen: Regimen,
    *,
    person: Person,
    eta: Mapping[str, Param] | None = None,
    times: Param = 1.0,
    engine: Engine = AUTOMATIC,
) -> Upstream:
    """Return what drives the effects of ``regimen``, each dose ``times`` as large.

    Units   mg, L, h; times 1
    Errors  ContractError for a drug, route or person the model cannot describe
    """
    split = parts(model, regimen, person=person, eta=eta)
    edges = np.unique(np.append(input_edges(model, regimen, person), 0.0))
    if edges[0] < 0.0:
        raise ContractError(
            "doses", expected="starts from zero on", got=float(edges[0]), remedy="Count from it."
        )
    return Upstream(
        model=model, regimen=regimen, parts=split, edges=edges, engine=engine, times=times
    )
