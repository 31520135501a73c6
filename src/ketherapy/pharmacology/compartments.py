"""Linear compartment structures: states joined by first-order flows.

A structure declares states, flows, doors (where a dose enters) and what is observed; it holds
parameters, never numbers of its own. Amounts ``a`` [mg] follow ``da/dt = K a + u`` with ``u`` the
input [mg/h]. One patient or a thousand: a parameter is a float or an array over patients.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from dataclasses import dataclass, fields
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar, Protocol, final, runtime_checkable

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.regimen import Dose, Route

if TYPE_CHECKING:
    import jax

    Param = float | np.ndarray
    Array = np.ndarray | jax.Array
else:

    @runtime_checkable
    class Param(Protocol):
        """A number or an array of any library: whatever can be scaled and divided."""

        def __mul__(self, other): ...
        def __truediv__(self, other): ...

    Array = Param


ELIMINATED = "eliminated"  # collects what has left the body, so that mass balance can be read off


@dataclass(frozen=True, slots=True)
class Flow:
    """A first-order flow from one state to another."""

    start: str
    end: str
    rate: Param  # [1/h]
    is_tap: bool = False  # feeds the end without emptying the start, as an effect site is fed


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Where a dose enters: a state, the fraction that goes there, and how long that takes."""

    state: str
    fraction: Param = 1.0  # [1]
    over: Param | None = None  # [h] zero-order duration of the door itself; None: the dose's own


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """What is measured: a state divided by a volume."""

    state: str
    volume: str  # name of the parameter [L]
    substance: str | None = None  # where mg of parent must be converted by molar mass


def rate_matrix(states: Sequence[str], flows: Sequence[Flow], xp: ModuleType) -> Array:
    """Return ``K`` [1/h] with the patients' axes leading.

    Over all states of a structure its columns sum to zero, but for taps. Over some of them, a
    flow to a state that is left out is a loss, and a flow from one is not there.

    Shapes  rates broadcast against each other; the result is (*patients, state, state)
    Units   rates and K 1/h
    Source  ketherapy
    """
    index = {state: place for place, state in enumerate(states)}
    flows = [flow for flow in flows if flow.start in index]
    rates = xp.broadcast_arrays(*(xp.asarray(flow.rate) for flow in flows))
    grid = [[xp.zeros_like(rates[0])] * len(states) for _ in states]
    for flow, rate in zip(flows, rates, strict=True):
        start = index[flow.start]
        if not flow.is_tap:
            grid[start][start] = grid[start][start] - rate
        if flow.end in index:
            end = index[flow.end]
            grid[end][start] = grid[end][start] + rate
    return xp.stack([xp.stack(row, axis=-1) for row in grid], axis=-2)


def reached(flows: Sequence[Flow], doors: set[str]) -> set[str]:
    """Return every state that an amount entering at ``doors`` can come to."""
    found, frontier = set(doors), set(doors)
    while frontier:
        frontier = {flow.end for flow in flows if flow.start in frontier} - found
        found |= frontier
    return found


class AbstractStructure(abc.ABC):
    """Equations without numbers: what every structure declares."""

    states: ClassVar[tuple[str, ...]]
    observed: ClassVar[dict[str, Observed]]

    def parameters(self) -> tuple[Param, ...]:
        """Return every parameter, in the order of its declaration."""
        declared = fields(self)  # pyright: ignore[reportArgumentType]  # every structure is one
        return tuple(getattr(self, field.name) for field in declared)

    @abc.abstractmethod
    def flows(self) -> tuple[Flow, ...]:
        """Return every flow between states, those into ``eliminated`` included."""

    @abc.abstractmethod
    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return where ``dose`` enters.

        Errors  ContractError for a route this structure has no door for
        """


def no_door(route: Route, offered: str) -> ContractError:
    """Return the error for a route that a structure cannot take."""
    return ContractError(
        "route",
        expected=offered,
        got=route.value,
        remedy="Choose a route this model was made for, or another model.",
    )


def mammillary(
    centre: str, *, V1: Param, exchanges: Sequence[tuple[str, Param, Param]]
) -> tuple[Flow, ...]:
    """Return the flows between a centre and its peripheral states, given (state, Q, V) for each.

    Units   V1, V L; Q L/h; rates 1/h
    Source  ketherapy
    """
    return tuple(
        flow
        for state, Q, V in exchanges
        for flow in (Flow(centre, state, Q / V1), Flow(state, centre, Q / V))
    )


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class TwoCompartment(AbstractStructure):
    """A central volume and one peripheral one.

    Linear: superposition holds and AUC = dose / CL.
    """

    states: ClassVar[tuple[str, ...]] = ("A1", "A2", ELIMINATED)
    observed: ClassVar[dict[str, Observed]] = {"parent": Observed(state="A1", volume="V1")}

    CL: Param  # clearance [L/h]
    V1: Param  # central volume [L]
    Q2: Param  # clearance between V1 and V2 [L/h]
    V2: Param  # [L]

    def flows(self) -> tuple[Flow, ...]:
        """Return exchange with the peripheral state and elimination from the centre."""
        return (
            *mammillary("A1", V1=self.V1, exchanges=(("A2", self.Q2, self.V2),)),
            Flow("A1", ELIMINATED, self.CL / self.V1),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return the centre for an intravenous dose."""
        if dose.route is not Route.IV:
            raise no_door(dose.route, "iv")
        return (Door(state="A1"),)


@final
@dataclass(frozen=True, kw_only=True, slots=True)
class ThreeCompartment(AbstractStructure):
    """Mammillary disposition: a central volume and two peripheral ones.

    Linear: superposition holds and AUC = dose / CL.
    """

    states: ClassVar[tuple[str, ...]] = ("A1", "A2", "A3", ELIMINATED)
    observed: ClassVar[dict[str, Observed]] = {"parent": Observed(state="A1", volume="V1")}

    CL: Param  # clearance [L/h]
    V1: Param  # central volume [L]
    Q2: Param  # clearance between V1 and V2 [L/h]
    V2: Param  # [L]
    Q3: Param  # clearance between V1 and V3 [L/h]
    V3: Param  # [L]

    def flows(self) -> tuple[Flow, ...]:
        """Return exchange with both peripheral states and elimination from the centre."""
        exchanges = (("A2", self.Q2, self.V2), ("A3", self.Q3, self.V3))
        return (
            *mammillary("A1", V1=self.V1, exchanges=exchanges),
            Flow("A1", ELIMINATED, self.CL / self.V1),
        )

    def doors(self, dose: Dose) -> tuple[Door, ...]:
        """Return the centre for an intravenous dose."""
        if dose.route is not Route.IV:
            raise no_door(dose.route, "iv")
        return (Door(state="A1"),)


def from_micro_constants(
    *,
    V1: Param,
    k10: Param,
    k12: Param,
    k21: Param,
    k13: Param | None = None,
    k31: Param | None = None,
) -> dict[str, Param]:
    """Return clearances and volumes for printed micro-constants of two or three compartments.

    Units   V1 L; k 1/h; result L and L/h
    Source  ketherapy
    """
    Q2 = k12 * V1
    found = {"CL": k10 * V1, "V1": V1, "Q2": Q2, "V2": Q2 / k21}
    if k13 is None or k31 is None:
        return found
    Q3 = k13 * V1
    return {**found, "Q3": Q3, "V3": Q3 / k31}
