"""What the drug takes away over time, in a pool of virtual people and for draws of the estimates.

Levels come from the exact engine; block of the receptor, the trace it leaves and the response
that follows it are the cascade's quadrature on them. The course is given without its scale Dmax:
a trial's own effect multiplies that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.compartments import Array, Param
from ketherapy.pharmacology.covariates import Person, needed
from ketherapy.pharmacology.effects import catalog as effects
from ketherapy.pharmacology.effects.catalog import Effect
from ketherapy.pharmacology.effects.structures import ReceptorBlock, rate_of
from ketherapy.regimen import Dose, Regimen
from ketherapy.simulation import domain
from ketherapy.simulation.individuals import deviations
from ketherapy.simulation.people import AbstractPeople
from ketherapy.simulation.solve import Part, levels, precision, split
from ketherapy.simulation.solvers.cascade import Panels, filtered, panels, resolved
from ketherapy.simulation.trial.estimates import Draws
from ketherapy.simulation.trial.planned import Treatment

_REFERENCE_WEIGHT = 70.0  # [kg] of whom the reference session is given to, as elsewhere
_AFTER = 72.0  # [h] after a session in which its exposure is over

Levels = Mapping[str, Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drive:
    """The levels of one pool of people on panels that resolve what follows from them."""

    over: Panels
    levels: Levels  # by analyte, (*patients, panel, point), mg/L


def courses(
    given: Treatment,
    people: AbstractPeople,
    t: Float[np.ndarray, " visit"],
    *,
    mood: Draws,
    block: Draws,
    reference: Effect,
    pool: int,
    seed: int,
) -> Float[np.ndarray, "draw person visit"]:
    """Return the response at the visits as a fraction of Dmax, for each draw and pooled person.

    ``mood`` and ``block`` are draws of the numbers of the two effects, as many of one as of the
    other; ``reference`` is the mood model, which names the session that counts as one.

    Units   t h; result 1
    Source  ketherapy
    """
    drive = _pooled(given, people, until=float(t[-1]), pool=pool, seed=seed, block=block)
    one = _reference_session(given.model, reference)
    count = len(mood["A50"])
    found = np.empty((count, pool, len(t)))
    for k in range(count):
        blocked = ReceptorBlock(**{name: float(column[k]) for name, column in block.items()})
        own = {name: float(column[k]) for name, column in mood.items()}
        area = _area(one, blocked)
        found[k] = _response(drive, blocked, own, area, t)
    return found


def _pooled(
    given: Treatment,
    people: AbstractPeople,
    *,
    until: float,
    pool: int,
    seed: int,
    block: Draws,
) -> Drive:
    person = people.take(0, pool, seed=seed)
    eta = deviations(given.model, first=0, count=pool, seed=seed)
    scale = np.asarray(needed(person.weight, "weight")) if given.is_per_kg else np.ones(pool)
    parts = split(given.model, given.regimen, person=person, eta=eta)
    return _drive(parts, given.regimen, scale, until=until, block=block)


def _drive(
    parts: tuple[Part, ...], regimen: Regimen, scale: Param, *, until: float, block: Draws
) -> Drive:
    """Return the levels on panels that resolve the block by the first draw's numbers."""
    first = ReceptorBlock(**{name: float(column[0]) for name, column in block.items()})
    edges = np.array(regimen.edges)
    over, _ = resolved(
        lambda at: first.block(_levels(parts, scale)(at)), panels(edges, until), rtol=1e-7
    )
    at_nodes = _levels(parts, scale)(over.nodes.ravel())
    shape = (len(over.start), -1)
    return Drive(
        over=over,
        levels={name: np.reshape(v, (*v.shape[:-1], *shape)) for name, v in at_nodes.items()},
    )


def _levels(parts: tuple[Part, ...], scale: Param) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    """Return the function from times to the levels of every analyte that can block."""

    def at(t: np.ndarray) -> dict[str, np.ndarray]:
        found: dict[str, np.ndarray] = {}
        with precision():
            for part in parts:
                each = levels(part.structure, part.regimen, t, times_dose=scale)
                found |= {part.analytes[role]: np.asarray(level) for role, level in each.items()
                          if role in part.analytes}  # fmt: skip
        return found

    return at


def _reference_session(model: PublishedModel, mood: Effect) -> Drive:
    """Return the levels of the session counted as one, in a typical person of the same model.

    A model of another drug or route cannot describe it: then that of the reference itself is
    asked.
    """
    named = mood.reference
    if named is None:
        raise ContractError(
            f"effect {mood.id}", expected="a reference session", got=None, remedy="Add it."
        )
    if not domain.fits(model, named.drug, named.route):
        model = catalog.published(catalog.defaults(named.drug, named.route)[0])
    amount = units.convert(named.amount.meant, named.amount.unit, to="mg/kg")
    over = units.convert(named.over.meant, named.over.unit, to="h")
    dose = Dose.per_kg(
        amount, weight=_REFERENCE_WEIGHT, drug=named.drug, route=named.route, over=over
    )
    regimen = Regimen.of(dose)
    parts = split(model, regimen, person=Person(weight=_REFERENCE_WEIGHT))
    block = {k: np.array([v]) for k, v in effects.typical(effects.effect("nmda_block")).items()}
    return _drive(parts, regimen, 1.0, until=_AFTER, block=block)


def _area(one: Drive, blocked: ReceptorBlock) -> float:
    """Return the area under the block of the reference session [h]."""
    driver = blocked.block(one.levels)
    # a block that is never lost is the integral itself
    return float(np.asarray(filtered(one.over, driver, 1e-12).at(np.array([one.over.end])))[0])


def _response(
    drive: Drive,
    blocked: ReceptorBlock,
    own: Mapping[str, float],
    area: float,
    t: Float[np.ndarray, " visit"],
) -> Float[np.ndarray, "person visit"]:
    """Return the response of each pooled person, as a fraction of Dmax."""
    driver = blocked.block(drive.levels) / area
    A = filtered(drive.over, driver, rate_of(own["t_half_A"])).inner
    onset = rate_of(own["t_half_onset"])
    saturated = A / (own["A50"] + A)
    return np.asarray(filtered(drive.over, onset * saturated, onset).at(t))
