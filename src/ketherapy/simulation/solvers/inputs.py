"""Input as pulses: what every solver is given."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from ketherapy.pharmacology.compartments import AbstractStructure, Array, Param
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


def pulses(
    structure: AbstractStructure, regimen: Regimen, xp: ModuleType, *, states: tuple[str, ...]
) -> Pulses:
    """Return every pulse that ``regimen`` gives through the doors of ``structure``.

    ``states`` are those simulated, in order.

    Units   mg, h
    Errors  ContractError for a route the structure has no door for
    """
    rows = [(dose, door) for dose in regimen.doses for door in structure.doors(dose)]
    amount = xp.broadcast_arrays(*(xp.asarray(d.amount * door.fraction) for d, door in rows))
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
