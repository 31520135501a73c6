"""The numbers a run takes for true: the typical ones, or draws of how well they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.compartments import Param
from ketherapy.pharmacology.effects.catalog import Effect, Level, Setting, typical
from ketherapy.simulation.effects import numbers

Draws = Mapping[str, Float[np.ndarray, " draw"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimates:
    """The numbers of mood and of one of its settings, in every draw of them."""

    values: Draws  # in the canonical units of the structure
    setting: Draws  # p1, p2 and, where the setting has one, overshoot
    text: str  # how they were drawn

    @property
    def count(self) -> int:
        """Return how many draws there are."""
        return len(self.values["Dmax"])


def certain(mood: Effect, setting: Setting) -> Estimates:
    """Return the typical numbers as a single draw: what is not known is left out.

    Units   those of the structure
    Source  the model's file
    """
    return Estimates(
        values=columns(typical(mood), 1),
        setting=columns(_printed(setting), 1),
        text="the typical numbers, as if they were known",
    )


def uncertain(mood: Effect, setting_id: str, *, count: int, seed: int) -> Estimates:
    """Return ``count`` draws of the numbers of ``mood`` and of one of its settings.

    Where the model names a file of joint draws, these are taken; else its numbers are drawn
    apart, each by the spread that the model states for its estimate.

    Units   those of the structure
    Source  the model's file
    """
    drawn = numbers.drawn(mood, count=count, seed=seed, levels=(Level.ESTIMATE,))
    setting = numbers.setting_numbers(mood, setting_id, count=count, seed=seed)
    text = "numbers drawn apart, by the spread that the model states for each"
    if mood.posterior:
        size = len(next(iter(numbers.joint_draws(mood).values())))
        text = f"{count} of {size} joint draws of the fit"
    return Estimates(values=columns(drawn, count), setting=columns(setting, count), text=text)


def _printed(setting: Setting) -> dict[str, float]:
    """Return the numbers of a setting that its placebo part is made of."""
    found = {"p1": setting.p1.meant, "p2": setting.p2.meant}
    return found if setting.overshoot is None else found | {"overshoot": setting.overshoot.meant}


def columns(drawn: Mapping[str, Param], count: int) -> Draws:
    """Return every number as one for each draw.

    Units   those of the numbers
    """
    return {name: np.broadcast_to(np.asarray(v, float), (count,)) for name, v in drawn.items()}
