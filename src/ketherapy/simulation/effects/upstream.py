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
    times_dose: Param = 1.0  # what every amount is multiplied by: a weight, where it is per kg

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
        found = concentrations(self.parts, t, engine=self.engine)
        halves = {name: found[name] for name in HALVES if name in found}
        for whole, names in _WHOLES.items():
            if whole in found and not halves.keys() & set(names):
                halves |= dict.fromkeys(names, 0.5 * found[whole])
        times = np.asarray(self.times_dose)[..., None]
        return {name: times * level for name, level in halves.items()}


def upstream(
    model: PublishedModel,
    regimen: Regimen,
    *,
    person: Person,
    eta: Mapping[str, Param] | None = None,
    times_dose: Param = 1.0,
    engine: Engine = AUTOMATIC,
) -> Upstream:
    """Return what drives the effects of ``regimen`` under ``model``.

    Every amount is multiplied by ``times_dose``, so that a regimen in mg/kg is given by weight.

    Shapes  times_dose is a number or one for each patient
    Units   mg, L, h
    Errors  ContractError for a drug, route or person the model cannot describe
    """
    split = parts(model, regimen, person=person, eta=eta)
    edges = np.unique(np.append(input_edges(model, regimen, person), 0.0))
    if edges[0] < 0.0:
        raise ContractError(
            "doses", expected="starts from zero on", got=float(edges[0]), remedy="Count from it."
        )
    return Upstream(
        model=model, regimen=regimen, parts=split, edges=edges, engine=engine,
        times_dose=times_dose,
    )  # fmt: skip
