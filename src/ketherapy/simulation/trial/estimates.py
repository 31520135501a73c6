"""How well the mood model's numbers are known: joint draws of them, or the spread it states.

A draw is one set of numbers that may be the true one. Draws belong to their number and to the
seed, and come the same whatever is drawn beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from jaxtyping import Float

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.pharmacology import portable
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Effect, Level, Scale, Setting, typical
from ketherapy.simulation import draws
from ketherapy.simulation.draws import Stream

_DRAWS = Path(catalog.__file__).parent.parent / "data" / "effects"

Draws = Mapping[str, Float[np.ndarray, " draw"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimates:
    """The numbers of one effect and of one of its settings, in every draw of them."""

    values: Draws  # in the canonical units of the structure
    setting: Draws  # p1, p2
    text: str  # how they were drawn

    @property
    def count(self) -> int:
        """Return how many draws there are."""
        return len(next(iter(self.values.values())))


def certain(model: Effect, kind: Setting) -> Estimates:
    """Return the typical numbers as a single draw: what is not known is left out.

    Units   those of the structure
    Source  the model's file
    """
    return Estimates(
        values={name: np.array([value]) for name, value in typical(model).items()},
        setting={"p1": np.array([kind.p1.meant]), "p2": np.array([kind.p2.meant])},
        text="the typical numbers, as if they were known",
    )


def uncertain(model: Effect, kind: Setting, setting_id: str, *, count: int, seed: int) -> Estimates:
    """Return ``count`` draws of the numbers of ``model`` and of its setting.

    Where the model names a file of joint draws, these are taken in turn; else its numbers are
    drawn apart, each by the spread that the model states for its estimate.

    Units   those of the structure
    Source  the model's file
    """
    if model.posterior:
        return _joint(model, kind, setting_id, count=count, seed=seed)
    once = certain(model, kind)
    return Estimates(
        values=spread(model, count=count, seed=seed),
        setting={name: np.repeat(value, count) for name, value in once.setting.items()},
        text="numbers of the estimate drawn apart, by the spread that the model states for each",
    )


def spread(model: Effect, *, count: int, seed: int) -> dict[str, Float[np.ndarray, " draw"]]:
    """Return draws of the numbers of ``model`` by the spread it states for their estimates.

    Units   those of the structure
    Source  the model's file
    Errors  ContractError for a spread on the plain scale, which could pass below zero
    """
    found = {name: np.full(count, value) for name, value in typical(model).items()}
    blocks = [block for block in model.spread if block.level is Level.ESTIMATE]
    if not blocks:
        return found
    place = Stream.TRIAL.of(_number(model), 0)
    z = draws.normals(seed, stream=place, first=0, count=count, width=len(blocks))
    for column, block in enumerate(blocks):
        for name in block.parameters:
            found[name] = _moved(found[name], block.scale, block.value * z[:, column], name)
    return found


def _number(model: Effect) -> int:
    """Return a place of its own in the stream, so that two effects never share their draws."""
    return 256 + sum(map(ord, model.id)) % 256


def _moved(value: np.ndarray, scale: Scale, by: np.ndarray, name: str) -> np.ndarray:
    match scale:
        case Scale.LOG:
            return value * portable.exp(by)
        case Scale.LOGIT:
            odds = value / (1.0 - value) * portable.exp(by)
            return odds / (1.0 + odds)
        case Scale.PLAIN:
            raise ContractError(
                f"spread of {name}", expected="one on the log or logit scale", got=scale.value,
                remedy="On the plain scale a draw could pass below zero.",
            )  # fmt: skip


def _joint(model: Effect, kind: Setting, setting_id: str, *, count: int, seed: int) -> Estimates:
    """Return joint draws from the model's file, in turn from a place that the seed decides."""
    table = _table(_DRAWS / model.posterior)
    size = len(next(iter(table.values())))
    begin = int(draws.uniforms(seed, stream=Stream.TRIAL.of(1, 0), first=0, count=1, width=1)[0, 0]
                * size)  # fmt: skip
    rows = (begin + np.arange(count)) % size
    once = certain(model, kind)
    values = {
        name: table[name][rows] if name in table else np.repeat(value, count)
        for name, value in once.values.items()
    }
    own = {name: _column(table, setting_id, name) for name in once.setting}
    setting = {
        name: np.repeat(once.setting[name], count) if column is None else column[rows]
        for name, column in own.items()
    }
    return Estimates(
        values=values, setting=setting,
        text=f"{count} of {size} joint draws of the fit ({model.posterior})",
    )  # fmt: skip


def _column(table: Draws, setting_id: str, name: str) -> np.ndarray | None:
    """Return the draws of a number of one setting, or None where the fit did not inform it."""
    return table.get(f"{setting_id}.{name}")


def _table(path: Path) -> Draws:
    rows = records.load_columns(path)
    return MappingProxyType({name: np.array(column) for name, column in rows.items()})
