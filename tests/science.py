"""What the tests of models share: every model with every drug and route, and random regimens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from ketherapy.pharmacology import catalog
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.compartments import rate_matrix
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import solve
from ketherapy.simulation.solve import Part
from ketherapy.simulation.solvers import exact
from ketherapy.simulation.solvers.inputs import Pulses, pulses

PERSON = Person(weight=70.0, age=45.0)
INFUSED = (Route.IV, Route.SC)  # what may have a duration


@dataclass(frozen=True, repr=False)
class Case:
    """One model used for one drug by one route."""

    model: PublishedModel
    drug: Drug
    route: Route

    def __str__(self) -> str:
        """Return the name of the test case."""
        return f"{self.model.id}-{self.drug.value}-{self.route.value}"

    __repr__ = __str__

    def dose(self, amount: float = 30.0, at: float = 0.0, over: float = 0.5) -> Dose:
        """Return a dose by the case's route; only an infusion has a duration."""
        duration = over if self.route is Route.IV else 0.0
        return Dose(drug=self.drug, route=self.route, amount=amount, at=at, over=duration)

    def parts(self, regimen: Regimen, person: Person = PERSON) -> tuple[Part, ...]:
        """Return what is simulated for ``regimen``."""
        return solve.parts(self.model, regimen, person=person)

    @property
    def analyte(self) -> str:
        """Return the parent as it is measured."""
        return self.drug.value


CASES = [
    Case(model, drug, route)
    for model in catalog.models()
    for route in model.domain.routes
    for drug in catalog.drugs(model, route)
]

# Each structure with each way in, once: a racemate is simulated as S and R of these.
DISTINCT = [case for case in CASES if case.drug is case.model.drug]


def whole(part: Part) -> tuple[np.ndarray, Pulses]:
    """Return the full matrix and the pulses of one part."""
    K = np.asarray(rate_matrix(part.structure.states, part.structure.flows(), np))
    return K, pulses(part.structure, part.regimen, np, states=part.structure.states)


def exactly(K: np.ndarray, given: Pulses, t: np.ndarray) -> np.ndarray:
    """Return the exact amounts."""
    with solve.precision():
        return np.asarray(exact.states(K, given, t))


minutes = st.integers(min_value=0, max_value=600).map(lambda k: k / 60.0)
amounts = st.floats(min_value=0.5, max_value=200.0)


@st.composite
def regimens(draw: st.DrawFn, drug: Drug, route: Route) -> Regimen:
    """Draw doses that overlap, change rate, start together or stand at time zero."""
    doses = []
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        at = draw(st.sampled_from([0.0, 0.5]) | minutes)
        over = draw(st.sampled_from([0.0, 2.0 / 3.0]) | minutes) if route in INFUSED else 0.0
        device = draw(st.integers(1, 3)) if route is Route.INTRANASAL else 1
        amount = draw(amounts)
        doses.append(Dose(drug=drug, route=route, amount=amount, at=at, over=over, device=device))
    return Regimen(doses=tuple(doses))


@st.composite
def horizons(draw: st.DrawFn) -> float:
    """Draw how long to look, from a minute to sixty days."""
    return draw(st.sampled_from([1.0 / 60.0, 1.0, 8.0, 24.0, 1440.0]) | st.floats(0.02, 1440.0))
