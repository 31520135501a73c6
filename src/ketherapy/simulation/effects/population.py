"""Effects in many people: simulated block by block, reduced on the way, the same for one or many.

People are numbered; each has the covariates, the deviations and the effect numbers of that number,
whichever others are simulated beside them. Of a block nothing is kept but quantile sketches and
counts, so that a million curves are never in memory together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects.catalog import Level
from ketherapy.regimen import Regimen
from ketherapy.simulation.effects import numbers
from ketherapy.simulation.effects.predict import beyond, beyond_lines, effects_and_highest
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.individuals import deviations
from ketherapy.simulation.people import AbstractPeople
from ketherapy.simulation.sketch import Sketch, buffer_size

if TYPE_CHECKING:
    import xarray as xr

BLOCK = 512  # people simulated at once
_DECIDING = 32  # the first people, whose typical highest level refuses a dose or not


@dataclass(frozen=True, kw_only=True, slots=True)
class EffectsOfMany:
    """Which effects are wanted, of which regimen, in whom.

    Amounts are in mg for everybody. Mood is no effect of one person and is refused.
    """

    model: PublishedModel
    regimen: Regimen
    people: AbstractPeople
    n: int
    seed: int
    times: tuple[float, ...]  # [h]
    asked: Asked
    above: Mapping[str, float] = field(default_factory=dict)  # a threshold of an output, by name
    probabilities: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)

    def __post_init__(self) -> None:
        if self.n < 1 or not self.times:
            raise ContractError(
                "effects in many people", expected="at least one person and one time",
                got=(self.n, len(self.times)), remedy="Ask for some.",
            )  # fmt: skip
        if not self.asked.effects:
            raise ContractError(
                "effects in many people", expected="at least one effect", got="none",
                remedy="Name one.",
            )  # fmt: skip
        if any(effect.settings for effect in self.asked.effects):
            raise ContractError(
                "effects in many people", expected="effects on one person", got="mood",
                remedy="A mood curve is the average of a kind of trial: leave it out here.",
            )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What is kept of people whose numbers follow each other."""

    first: int
    n: int
    outputs: tuple[str, ...]
    attrs: Mapping[str, Mapping[str, str]]  # of each output, and of all under ""
    curves: Sketch  # series: outputs by times
    highest: Sketch  # series: outputs
    ever: Int[np.ndarray, " output"]  # people at or above the threshold at any time
    beyond: Mapping[str, int]  # people above the levels that an effect rests on, by its id

    def merged(self, other: Kept) -> Kept:
        """Return what is kept of both.

        Errors  ContractError unless the people of ``other`` follow
        """
        if other.first != self.first + self.n or other.outputs != self.outputs:
            raise ContractError(
                "people", expected=f"those from number {self.first + self.n}", got=other.first,
                remedy="Merge in the order of their numbers.",
            )  # fmt: skip
        return Kept(
            first=self.first,
            n=self.n + other.n,
            outputs=self.outputs,
            attrs=self.attrs,
            curves=self.curves.merged(other.curves),
            highest=self.highest.merged(other.highest),
            ever=self.ever + other.ever,
            beyond={key: count + other.beyond[key] for key, count in self.beyond.items()},
        )


def kept(asked: EffectsOfMany, *, first: int, count: int) -> Kept:
    """Return what is kept of ``count`` people from number ``first`` on.

    Errors  ContractError for an effect that cannot be predicted here, with the reason
    """
    found: Kept | None = None
    for start, size in _blocks(first, count):
        part = _block(asked, start, size)
        found = found.merged(part) if found else part
    if found is None:
        raise ContractError("people", expected="at least one", got=count, remedy="Ask for some.")
    return found


def _blocks(first: int, count: int) -> Iterator[tuple[int, int]]:
    """Give (first, count) of each block; blocks begin at fixed numbers wherever people begin."""
    end = first + count
    while first < end:
        size = min(BLOCK - first % BLOCK, end - first)
        yield first, size
        first += size


def _block(asked: EffectsOfMany, first: int, count: int) -> Kept:
    t = np.array(asked.times)
    own = {
        effect.id: numbers.drawn(
            effect, count=count, seed=asked.seed, levels=(Level.PERSON,), first=first
        )
        for effect in asked.asked.effects
    }
    person = asked.people.take(first, count, seed=asked.seed)
    eta = deviations(asked.model, first=first, count=count, seed=asked.seed)
    data, highest = effects_and_highest(
        asked.model, asked.regimen, t, asked=asked.asked, person=person, eta=eta, numbers=own,
        typical=_deciding(asked),
    )  # fmt: skip
    outputs = tuple(map(str, data.data_vars))
    curves = np.stack([np.broadcast_to(data[name].values, (count, len(t))) for name in outputs])
    attrs = {name: dict(data[name].attrs) for name in outputs}
    over = beyond(asked.asked, highest)
    said = {**attrs, "": dict(data.attrs)}
    return _reduced(curves, asked, first=first, attrs=said, over=over)


def _deciding(asked: EffectsOfMany) -> Person:
    """Return the people whose middle one decides whether a dose is refused.

    The same ones whoever is simulated, so that one person is refused where all of them are.
    """
    size = asked.people.size
    count = _DECIDING if size is None else min(_DECIDING, size)
    return asked.people.take(0, count, seed=asked.seed)


def _reduced(
    curves: Float[np.ndarray, "output patient time"],
    asked: EffectsOfMany,
    *,
    first: int,
    attrs: Mapping[str, Mapping[str, str]],
    over: Mapping[str, int],
) -> Kept:
    outputs = tuple(name for name in attrs if name)
    if unknown := sorted(set(asked.above) - set(outputs)):
        raise ContractError(
            "threshold", expected=f"of one of {', '.join(outputs)}", got=", ".join(unknown),
            remedy="Name an output that is predicted here.",
        )  # fmt: skip
    k, highest = buffer_size(asked.n), curves.max(axis=2)
    limits = np.array([asked.above.get(name, np.inf) for name in outputs])
    rows = np.moveaxis(curves, 1, 2).reshape(-1, curves.shape[1])
    return Kept(
        first=first,
        n=curves.shape[1],
        outputs=outputs,
        attrs=attrs,
        curves=Sketch.empty(len(rows), k=k).added(rows),
        highest=Sketch.empty(len(outputs), k=k).added(highest),
        ever=np.count_nonzero(highest >= limits[:, None], axis=1),
        beyond=over,
    )


def result(asked: EffectsOfMany, found: Kept) -> xr.Dataset:
    """Return quantiles of each output and of its highest value, and shares above a threshold.

    Dimensions ``probability`` and ``time``; ``cadss_highest`` has the first alone, and
    ``cadss_ever_above`` is the share of people at or above the threshold at any time.

    Units   as each variable says; shares 1
    Source  ketherapy
    """
    import xarray as xr

    shape = (len(asked.probabilities), len(found.outputs), len(asked.times))
    curves = found.curves.quantiles(asked.probabilities).reshape(shape)
    highest = found.highest.quantiles(asked.probabilities)
    variables: dict[str, tuple[tuple[str, ...], np.ndarray | float, dict[str, str]]] = {}
    for place, name in enumerate(found.outputs):
        attrs = dict(found.attrs[name])
        variables[name] = (("probability", "time"), curves[:, place], attrs)
        variables[f"{name}_highest"] = (("probability",), highest[:, place], attrs)
        if name in asked.above:
            share = float(found.ever[place]) / found.n
            said = {"units": "1", "threshold": f"{asked.above[name]:g} {attrs['units']}"}
            variables[f"{name}_ever_above"] = ((), share, said)
    coords = {"probability": list(asked.probabilities), "time": list(asked.times)}
    own = {"n": str(found.n), "seed": str(asked.seed), "people": asked.people.text}
    errors = {"rank_error": f"{found.curves.rank_error:g}", "estimates": _ESTIMATES}
    data = xr.Dataset(variables, coords=coords)
    said = {**found.attrs[""], **own, **errors}
    over = beyond_lines(asked.asked, found.beyond, found.n)
    said["people_beyond"] = "\n".join(over)
    said["cautions"] = "\n".join([*filter(None, [said["cautions"]]), *over])
    return data.assign_attrs(said)


_ESTIMATES = "typical ones; how well they are known is not in the quantiles"


def run(asked: EffectsOfMany) -> xr.Dataset:
    """Return the effects of ``asked`` in all its people.

    Units   as each variable says
    Source  ketherapy
    Errors  ContractError for an effect that cannot be predicted here, with the reason
    """
    return result(asked, kept(asked, first=0, count=asked.n))
