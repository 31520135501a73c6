"""How each person deviates from the typical: the same draws whoever is simulated beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from ketherapy.pharmacology.catalog import PublishedModel
from ketherapy.pharmacology.variability import Level, Scale, Variability


@dataclass(frozen=True, kw_only=True, slots=True)
class AssumedVariability:
    """Variability that somebody assumes for a model that prints none."""

    label: str
    cv: Mapping[str, float]  # [%] by parameter

    def on(self, model: PublishedModel) -> PublishedModel:
        """Return ``model`` with this assumption in place of the variability it does not print."""
        blocks = (
            Variability(
                parameters=(name,), level=Level.SUBJECT, scale=Scale.LOG, cv=cv, unit="%",
                locator=f"assumed, not published: {self.label}",
            )
            for name, cv in self.cv.items()
        )  # fmt: skip
        return replace(model, variability=tuple(blocks))


def deviations(
    model: PublishedModel, *, first: int, count: int, seed: int, occasion: int = 1
) -> dict[str, Float[np.ndarray, " patient"]]:
    """Return the deviation of each parameter of people ``first`` and following.

    Units   1
    Source  the model's file
    """
    found: dict[str, np.ndarray] = {}
    for place, block in enumerate(model.variability):
        stream = place if block.level is Level.SUBJECT else place + 1000 * occasion
        width = len(block.parameters)
        eta = _normals(seed, stream, first, count, width) @ np.linalg.cholesky(block.omega2()).T
        for k, name in enumerate(block.parameters):
            found[name] = found.get(name, 0.0) + eta[:, k]
    return found


def _normals(seed: int, stream: int, first: int, count: int, width: int) -> np.ndarray:
    per = -(-width // 4)  # a Philox counter gives four words
    bits = np.random.Philox(key=[seed, stream], counter=[first * per, 0, 0, 0])
    raw = bits.random_raw(count * per * 4).reshape(count, per * 4)[:, :width]
    return ndtri(((raw >> np.uint64(11)) + 0.5) * 2.0**-53)
