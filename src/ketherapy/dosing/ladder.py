"""The limit ladder: every cap on a dose, whose it is, and which one binds.

Each rung says how many mg it leaves for this visit. The lowest binds. A rung that must be set and
is not leaves nothing: no dose can be planned. What the ladder leaves is a ceiling, never advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.planned import PlannedDose
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.protocol_parts import Phase
from ketherapy.dosing.rungs import RUNGS, Asked, Rung, Step, Visit
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.sources import Status

_LADDER = Path(__file__).parent / "data" / "ladder.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class _File:
    source: str
    status: Status
    rung: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Every rung, in the order of the file."""

    rungs: tuple[Rung, ...]

    @property
    def unset(self) -> tuple[Rung, ...]:
        """Return the rungs without which no dose can be planned."""
        return tuple(one for one in self.rungs if one.forbids)

    @property
    def most(self) -> float:
        """Return the mg that may be planned for this visit: nothing where a rung is unset."""
        return 0.0 if self.unset else self._lowest

    @property
    def binding(self) -> tuple[Rung, ...]:
        """Return the rungs that bind: those unset, or else those that leave least."""
        return self.unset or tuple(one for one in self.rungs if one.left == self._lowest)

    @property
    def _lowest(self) -> float:
        return min((one.left for one in self.rungs if one.left is not None), default=0.0)


@lru_cache(maxsize=1)
def steps() -> Mapping[str, Step]:
    """Return every rung of the ladder by its id, in order."""
    return MappingProxyType({one.id: one for one in records.load(_File, _LADDER).rung})


def phase(protocol: Protocol, phase_id: str) -> Phase:
    """Return the phase of ``protocol`` with this id.

    Errors  ContractError where none has it
    """
    for found in protocol.phase:
        if found.id == phase_id:
            return found
    raise ContractError(
        "phase", expected=f"one of {', '.join(one.id for one in protocol.phase)}", got=phase_id,
        remedy=f"Name a phase of {protocol.id}.",
    )  # fmt: skip


def asked_of(protocol: Protocol, dose: PlannedDose, visit: Visit) -> Asked:
    """Return all that the rungs look at.

    Errors  ContractError for a phase that the protocol does not have
    """
    return Asked(protocol=protocol, phase=phase(protocol, dose.phase), dose=dose, visit=visit)


def climb(asked: Asked) -> Ladder:
    """Return every cap on a dose, and what each leaves.

    Units   mg
    Source  ketherapy
    """
    found = [RUNGS[step.id](step, asked) for step in steps().values()]
    return Ladder(rungs=tuple(one for one in found if one is not None))
