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
    p1: Float[np.ndarray, " draw"]  # quick placebo share of the setting
    text: str  # how they were drawn

    @property
    def count(self) -> int:
        """Return how many draws there are."""
        return len(self.p1)


def certain(mood: Effect, setting: Setting) -> Estimates:
    """Return the typical numbers as a single draw: what is not known is left out.

    Units   those of the structure
    Source  the model's file
    """
    return Estimates(
        values=columns(typical(mood), 1),
        p1=np.array([setting.p1.meant]),
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
    p1 = np.full(count, mood.settings[setting_id].p1.meant)
    text = "numbers drawn apart, by the spread that the model states for each"
    if mood.posterior:
        joint = numbers.joint_draws(mood)
        text = f"{count} of {len(next(iter(joint.values())))} joint draws of the fit"
        if (own := joint.get(f"p1.{setting_id}")) is not None:
            p1 = own[numbers.joint_rows(mood, count=count, seed=seed)]
    return Estimates(values=columns(drawn, count), p1=p1, text=text)


def columns(drawn: Mapping[str, Param], count: int) -> Draws:
    """Return every number as one for each draw.

    Units   those of the numbers
    """
    return {name: np.broadcast_to(np.asarray(v, float), (count,)) for name, v in drawn.items()}
