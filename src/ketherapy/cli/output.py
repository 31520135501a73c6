"""What every command says, and how its files come to be: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ketherapy.errors import ContractError

if TYPE_CHECKING:
    import xarray as xr

NOTICE = "Predicted, not measured. A simulation, not a dose order. Amounts are mg of base."


class Sentence(click.ClickException):
    """Bad input: the sentence on standard error, exit code 2."""

    exit_code = 2


def refuse_places(plot: Path | None, *others: Path | None, read: Path | None = None) -> None:
    """Refuse a file that cannot be written, or one named twice, before any other is written.

    ``read`` is a file that is read: nothing may be written over it.
    """
    if plot:
        from ketherapy.simulation import figure

        figure.refuse_format(plot)
    places = [path.resolve() for path in (plot, *others, read) if path]
    for path in places:
        if places.count(path) > 1:
            raise ContractError(
                "output", expected="a file of its own for each thing written", got=path.name,
                remedy="It is named twice, and one would overwrite or remove the other.",
            )  # fmt: skip
    for path in (plot, *others):
        if path and (path.is_dir() or not os.access(path.absolute().parent, os.W_OK)):
            raise unwritable(str(path), "not a file in a folder that can be written to")


def unwritable(path: str, why: str) -> ContractError:
    """Return the error for a file that cannot be written."""
    return ContractError(
        "output", expected="a file that can be written", got=path,
        remedy=f"It is {why}. Choose another place.",
    )  # fmt: skip


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name to write to beside ``path``; the file takes its place once it is complete.

    Errors  ContractError where the system refuses; what was at ``path`` is then as before
    """
    part = path.with_name(f".{os.getpid()}.part.{path.name}")
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(part, path)
    except OSError as error:
        raise unwritable(str(path), "refused by the system") from error
    finally:
        part.unlink(missing_ok=True)


def cited(predictions: Mapping[str, xr.Dataset]) -> str:
    """Return the sources of all predictions, each once."""
    lines = [
        line for data in predictions.values() for line in str(data.attrs["sources"]).split("\n")
    ]
    return "\n".join(["", "Sources", *(f"  {line}" for line in dict.fromkeys(lines))])
