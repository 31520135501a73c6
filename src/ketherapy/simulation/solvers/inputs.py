"""What every solver is given: a network of flows, input as pulses, and what a level drives."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

from ketherapy.pharmacology.compartments import (
    AbstractStructure,
    Array,
    Flow,
    Param,
    rate_matrix,
)
from ketherapy.regimen import Dose, Regimen


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulses:
    """Amounts entering states from a start over a duration; zero duration is an instant.

    Shapes: ``state`` (pulse,); the others (*patients, pulse), broadcastable.
    """

    state: tuple[int, ...]  # place of the state each pulse enters
    amount: Array  # [mg]
    start: Array  # [h]
    over: Array  # [h]


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """States joined by flows, and what is seen of them: a state times a scale for each level."""

    names: tuple[str, ...]
    flows: tuple[Flow, ...]  # those that start in one of the states
    seen: tuple[int, ...]
    scales: tuple[Param, ...]  # [1/L] or whatever turns an amount into a level

    @property
    def states(self) -> int:
        """Return how many states there are."""
        return len(self.names)

    @property
    def rates(self) -> tuple[Param, ...]:
        """Return the rate of each flow [1/h]."""
        return tuple(flow.rate for flow in self.flows)

    def pattern(self) -> tuple[tuple[int, int, bool], ...]:
        """Return start, end and whether it is a tap, for each flow; -1 is out of these states."""
        place = {name: k for k, name in enumerate(self.names)}
        return tuple(
            (place[flow.start], place.get(flow.end, -1), flow.is_tap) for flow in self.flows
        )

    def matrix(self, xp: ModuleType) -> Array:
        """Return ``K`` [1/h], patients leading."""
        return rate_matrix(self.names, self.flows, xp)


def network(
    structure: AbstractStructure, states: tuple[str, ...], *, scales: dict[str, Param]
) -> Network:
    """Return the part of ``structure`` that ``states`` make up, with a scale for each role seen.

    Units   rates 1/h
    """
    return Network(
        names=states,
        flows=tuple(flow for flow in structure.flows() if flow.start in states),
        seen=tuple(states.index(structure.observed[role].state) for role in scales),
        scales=tuple(scales.values()),
    )


class Driven(NamedTuple):
    """A turnover response driven by one state: what the solvers need of it."""

    state: int  # place of the state that drives it
    kin: Param  # [response/h]
    kout: Param  # [1/h]
    Emax: Param  # [1]
    EC50: Param  # in units of state times scale
    gamma: Param  # [1]
    scale: Param  # turns the state into a level


def pulses(
    structure: AbstractStructure,
    regimen: Regimen,
    xp: ModuleType,
    *,
    states: tuple[str, ...],
    times: Param = 1.0,
) -> Pulses:
    """Return every pulse that ``regimen`` gives through the doors of ``structure``.

    ``states`` are those simulated, in order; every amount is multiplied by ``times``.

    Units   mg, h
    Errors  ContractError for a route the structure has no door for
    """
    rows = [(dose, door) for dose in regimen.doses for door in structure.doors(dose)]
    amount = xp.broadcast_arrays(
        *(xp.asarray(d.amount * door.fraction * times) for d, door in rows)
    )
    over = xp.broadcast_arrays(
        *(xp.asarray(_duration(dose, door.over) * 1.0) for dose, door in rows)
    )
    return Pulses(
        state=tuple(states.index(door.state) for _, door in rows),
        amount=xp.stack(amount, axis=-1),
        start=xp.stack([xp.asarray(dose.at * 1.0) for dose, _ in rows], axis=-1),
        over=xp.stack(over, axis=-1),
    )


def _duration(dose: Dose, door: Param | None) -> Param:
    return dose.over if door is None else door
