"""Draws of an effect's numbers: how well they are known, how trials differ, how people differ.

Each level has random numbers of its own, so that adding one moves nothing of another.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from ketherapy import units
from ketherapy.errors import ContractError, DataFileError
from ketherapy.instruments.instrument import instrument
from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import STRUCTURES, Effect, Level, Scale, Spread
from ketherapy.simulation import draws
from ketherapy.simulation.draws import Stream
from ketherapy.simulation.effects import mood

_LEVELS = tuple(Level)
_HALF = 2**16  # of the numbers of a checksum
_MOST_SPREADS = 2**8  # of one effect


def drawn(
    effect: Effect, *, count: int, seed: int, levels: Collection[Level], first: int = 0
) -> dict[str, Param]:
    """Return the numbers of ``effect`` for ``count`` draws from number ``first``.

    A number that no level moves stays one number. Where the effect has joint draws of its
    estimates, these are taken in place of independent ones.

    Shapes  each is one number or (draw,)
    Units   those of the structure
    Source  ketherapy
    """
    found: dict[str, Param] = dict(catalog.typical(effect))
    if Level.ESTIMATE in levels and effect.posterior:
        found |= _joint(effect, count=count, seed=seed, first=first)
    for place, spread in _from_estimates_on(effect):
        if spread.level not in levels or (spread.level is Level.ESTIMATE and effect.posterior):
            continue
        stream = _stream(effect, _LEVELS.index(spread.level), place)
        z = draws.normals(seed, stream=stream, first=first, count=count, width=1)[:, 0]
        for name in spread.parameters:
            found[name] = _moved(found[name], spread, z, STRUCTURES[effect.structure].units[name])
    return found


def _from_estimates_on(effect: Effect) -> list[tuple[int, Spread]]:
    """Return each spread with its place in the file; people differ around what was drawn."""
    return sorted(enumerate(effect.spread), key=lambda found: _LEVELS.index(found[1].level))


def _stream(effect: Effect, level: int, place: int) -> int:
    """Return the stream of one spread, by the whole id of its effect and by nothing else."""
    # a checksum, because Python's own hash of a text differs from one process to the next
    high, low = divmod(zlib.crc32(effect.id.encode()), _HALF)
    return Stream.EFFECTS.of(high, low, level * _MOST_SPREADS + place)


def _moved(value: Param, spread: Spread, z: Float[np.ndarray, " draw"], unit: str) -> Param:
    match spread.scale:
        case Scale.LOG:
            return value * np.exp(spread.value * z)
        case Scale.LOGIT:
            odds = value / (1.0 - value) * np.exp(spread.value * z)
            return odds / (1.0 + odds)
        case Scale.PLAIN:
            return value + units.convert(spread.value, spread.unit, to=unit) * z
        case Scale.SHARE:
            most = instrument(spread.of).score_range[1]
            return most * np.asarray(mood.shares(np.asarray(value) / most, spread.value, z))


def _joint(effect: Effect, *, count: int, seed: int, first: int) -> dict[str, Param]:
    posterior = joint_draws(effect)
    rows = joint_rows(effect, count=count, seed=seed, first=first)
    known = STRUCTURES[effect.structure].units
    return {name: values[rows] for name, values in posterior.items() if name in known}


def setting_numbers(
    effect: Effect, setting_id: str, *, count: int, seed: int, first: int = 0
) -> dict[str, Param]:
    """Return p1, p2 and overshoot of a setting for draws of the estimates.

    From the same joint draws as the numbers of the structure, where there are any; a number that
    they do not hold is the printed one in every draw.

    Shapes  each is one number or (draw,)
    Units   1
    Source  ketherapy
    Errors  ContractError where the effect has no such setting
    """
    setting = catalog.setting(effect, setting_id)
    found: dict[str, Param] = {"p1": setting.p1.meant, "p2": setting.p2.meant}
    if setting.overshoot is not None:
        found["overshoot"] = setting.overshoot.meant
    if effect.posterior:
        joint = joint_draws(effect)
        rows = joint_rows(effect, count=count, seed=seed, first=first)
        own = {name: joint.get(f"{name}.{setting_id}") for name in found}
        found |= {name: values[rows] for name, values in own.items() if values is not None}
    return found


def joint_rows(
    effect: Effect, *, count: int, seed: int, first: int = 0
) -> Int[np.ndarray, " draw"]:
    """Return which of the joint draws each draw is, counted from zero.

    Units   1
    Source  ketherapy
    Errors  ContractError where the effect has no joint draws
    """
    size = len(next(iter(joint_draws(effect).values())))
    stream = _stream(effect, len(_LEVELS), 0)
    u = draws.uniforms(seed, stream=stream, first=first, count=count, width=1)[:, 0]
    return (u * size).astype(int)


def joint_draws(effect: Effect) -> Mapping[str, Float[np.ndarray, " draw"]]:
    """Return the joint draws of the estimates, by number and setting.

    Units   those of the structure
    Source  ketherapy
    Errors  ContractError where the effect has none
    """
    if not effect.posterior:
        raise ContractError(
            f"joint draws of {effect.id}", expected="a file of them", got="none",
            remedy="Draw each estimate from its own spread.",
        )  # fmt: skip
    return _read(catalog.FOLDER / effect.posterior)


@lru_cache(maxsize=8)
def _read(path: Path) -> dict[str, np.ndarray]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    try:
        values = np.array(rows, float)
    except ValueError as error:
        raise DataFileError(
            path.name, expected="numbers in every cell", got=str(error), remedy="Fit it again."
        ) from error
    values.setflags(write=False)
    return dict(zip(header, values.T, strict=True))
