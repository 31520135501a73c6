"""The conventions that wait until a clinic adopts them: rules of instruments, and schedules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import Instrument, instruments
from ketherapy.instruments.rules import Adopted, key
from ketherapy.instruments.schedule import schedules


@dataclass(frozen=True, kw_only=True, slots=True)
class Convention:
    """One rule that nobody has read in a source, and what is known of it."""

    key: str
    text: str
    note: str


def conventions() -> tuple[Convention, ...]:
    """Return everything that a clinic may adopt, the instruments first."""
    of_schedules = [Convention(key=s.id, text=s.title, note=s.note) for s in schedules()]
    return (*(one for scale in instruments() for one in _of(scale)), *of_schedules)


def adopting(*keys: str) -> Adopted:
    """Return what a clinic adopts by these keys.

    Errors  ContractError naming every key that no convention has
    """
    known = {one.key for one in conventions()}
    if unknown := sorted({*keys} - known):
        raise ContractError(
            "adopted conventions", expected=f"keys among {', '.join(sorted(known))}",
            got=", ".join(unknown), remedy="Correct these keys; nothing was adopted.",
        )  # fmt: skip
    return frozenset(keys)


def _of(scale: Instrument) -> Iterator[Convention]:
    for text, rule_id, rule in (
        *((f"{d.kind.value}: {d.text}", d.id, d.rule) for d in scale.definitions),
        *((t.act, t.id, t.rule) for t in scale.triggers),
    ):
        if rule.needs_adoption:
            yield Convention(key=key(scale.id, rule_id), text=text, note=rule.note)
