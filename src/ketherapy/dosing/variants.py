"""A clinic's variants of a protocol: they may be tighter, and looser only with a reason.

What cannot be shown to be as tight as before counts as looser. A variant is read from a file that
somebody names; it is never merged into what is shipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ketherapy import records
from ketherapy.dosing.protocol import Protocol, protocol, read_protocol
from ketherapy.dosing.variant_parts import Difference, Direction, differing
from ketherapy.dosing.version import Jurisdiction
from ketherapy.errors import ContractError, DataFileError


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """A clinic's version of a protocol, what it varies, and how they differ."""

    protocol: Protocol
    base: Protocol
    differences: tuple[Difference, ...]


def differences(old: Protocol, new: Protocol) -> tuple[Difference, ...]:
    """Return all in which ``new`` differs from ``old``, the looser first, each with its reason."""
    found = [(one, _reason(new, one.path)) for one in differing(old, new)]
    return tuple(one.because(why) for one, why in sorted(found, key=lambda two: two[0].order))


def _reason(variant: Protocol, path: str) -> str:
    limit = variant.limits.get(path.removeprefix("limits."))
    return (limit.looser_because if limit else "") or variant.looser_because.get(path, "")


def faults(path: Path) -> tuple[str, ...]:
    """Return everything that is wrong with the protocol in a file, each thing by its key.

    Errors  DataFileError for a file that cannot be read at all
    """
    entries = records.read_table(path)
    wrong = tuple(
        f"{one.key or 'file'}: {one.expected} ({one.kind}), got {one.got!r}."
        for one in records.faults(Protocol, {k: v for k, v in entries.items() if k != "sha256"}
                                  | {"sha256": ""})
    )  # fmt: skip
    if wrong:
        return wrong
    try:
        found = read_protocol(path)
    except DataFileError as error:
        return (str(error),)
    return tuple(_not_a_variant(found)) if found.varies else tuple(_idle_reasons(found, set()))


def _not_a_variant(found: Protocol) -> Iterator[str]:
    try:
        base = protocol(found.varies)
    except ContractError as error:
        yield f"varies: {error}"
        return
    if found.jurisdiction is not Jurisdiction.CLINIC:
        yield f"jurisdiction: a variant is the clinic's own, got {found.jurisdiction.value!r}."
    for part in ("drug", "route", "use"):
        if getattr(found, part) != getattr(base, part):
            yield f"{part}: a variant keeps that of {base.id}, {getattr(base, part).value!r}."
    looser = [one for one in differences(base, found) if one.direction is Direction.LOOSER]
    for one in looser:
        if not one.reason.strip():
            yield (f"{one.path}: looser than {base.id} ({one.before or 'nothing'} before,"
                   f" {one.after or 'nothing'} now). Say why in looser_because.")  # fmt: skip
    yield from _idle_reasons(found, {one.path for one in looser})


def _idle_reasons(found: Protocol, looser: set[str]) -> Iterator[str]:
    """Give each reason that stands beside nothing that is looser."""
    given = {name: why for name, why in found.looser_because.items()}
    given |= {f"limits.{k}": one.looser_because for k, one in found.limits.items()
              if one.looser_because}  # fmt: skip
    for path in sorted(given.keys() - looser):
        yield f"{path}: a reason for what is not looser. Take it away, or mend the path."


def read_variant(path: Path) -> Variant:
    """Return the clinic's variant in a file, with all in which it differs from its base.

    Errors  DataFileError naming the file and everything that is wrong with it
    """
    if wrong := faults(path):
        raise DataFileError(
            path.name, expected="a protocol that can be used", got=f"{len(wrong)} faults",
            remedy=" ".join(wrong),
        )  # fmt: skip
    found = read_protocol(path)
    if not found.varies:
        raise DataFileError(
            path.name, expected="varies: the id of the protocol it varies", got="none",
            remedy="Name it; a new protocol is no variant.",
        )  # fmt: skip
    base = protocol(found.varies)
    return Variant(protocol=found, base=base, differences=differences(base, found))
