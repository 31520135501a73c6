"""How far a population run has come, kept in a file so that it can go on after a stop.

The file holds numbers and names only, never code: reading one that somebody else made runs nothing.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ketherapy.cli.output import whole_file
from ketherapy.errors import ContractError

if TYPE_CHECKING:
    from ketherapy.simulation.population import Plan, Summary

    Encoded = None | int | float | str | list["Encoded"] | dict[str, "Encoded"]

# what reading a file that is cut off, or is no checkpoint at all, may raise
_DAMAGE = (
    OSError, KeyError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile,
)  # fmt: skip


def write(path: Path, plan: Plan, summary: Summary) -> None:
    """Write what is known after the tasks of ``summary``; an older file stays until it is whole."""
    arrays: list[np.ndarray] = []
    tree = {"fingerprint": plan.fingerprint, "summary": _encoded(summary, arrays)}
    text = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    with whole_file(path) as part, part.open("wb") as file:
        named = {f"a{place}": array for place, array in enumerate(arrays)}
        np.savez(file, allow_pickle=False, text=text, **named)


def read(path: Path, plan: Plan) -> Summary:
    """Return the summary in the file at ``path``, which must be one of this very run.

    Errors  ContractError for a file that is not there, is damaged, or is of another run
    """
    from ketherapy.simulation.population import Summary

    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            tree = json.loads(file["text"].tobytes())
            fingerprint = tree["fingerprint"]
            found = _decoded(tree["summary"], file) if fingerprint == plan.fingerprint else None
    except FileNotFoundError as error:
        raise _refusal("a checkpoint of this run", "none", path) from error
    except _DAMAGE as error:
        raise _refusal("a checkpoint", "a damaged or foreign file", path) from error
    if not isinstance(found, Summary):
        raise _refusal("a checkpoint of this very run", "one of another", path)
    return found


def _refusal(expected: str, got: str, path: Path) -> ContractError:
    return ContractError(
        f"checkpoint {path.name}", expected=expected, got=got,
        remedy="Leave --resume out to begin again.",
    )  # fmt: skip


def _encoded(value: object, arrays: list[np.ndarray]) -> Encoded:
    match value:
        case None | int() | float() | str():
            return value
        case np.ndarray():
            arrays.append(value)
            return {"array": len(arrays) - 1}
        case tuple():
            return [_encoded(item, arrays) for item in value]
        case dict():
            return {"dict": {str(name): _encoded(item, arrays) for name, item in value.items()}}
    if not is_dataclass(value):
        raise TypeError(f"a checkpoint cannot hold {type(value).__name__}")
    parts = {f.name: _encoded(getattr(value, f.name), arrays) for f in fields(value)}
    return {"type": type(value).__name__, "fields": parts}


def _decoded(value: Encoded, arrays: Mapping[str, np.ndarray]) -> object:
    match value:
        case list():
            return tuple(_decoded(item, arrays) for item in value)
        case {"array": int(place)}:
            return arrays[f"a{place}"]
        case {"dict": dict(items)}:
            return {name: _decoded(item, arrays) for name, item in items.items()}
        case {"type": str(kind), "fields": dict(parts)}:
            return _types()[kind](**{name: _decoded(v, arrays) for name, v in parts.items()})
    return value


def _types() -> dict[str, type]:
    """Return what a checkpoint may hold; nothing else is ever made from a file."""
    from ketherapy.simulation.labelled import Extent
    from ketherapy.simulation.population import Summary
    from ketherapy.simulation.reduction import Reduction
    from ketherapy.simulation.sketch import Sketch
    from ketherapy.simulation.spread import Spread

    return {kind.__name__: kind for kind in (Extent, Reduction, Sketch, Spread, Summary)}
