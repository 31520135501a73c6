"""Studies for tests of the synthesis: made by Hypothesis, or few and plain."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from ketherapy.evidence.effects import Effects, Measure

Plain = tuple[np.ndarray, np.ndarray]


def effects(y, v, measure: Measure = Measure.SMD) -> Effects:
    """Return effects with these numbers, named by their place."""
    y, v = np.asarray(y, float), np.asarray(v, float)
    labels = tuple(f"study {place + 1}" for place in range(y.shape[-1]))
    return Effects(measure=measure, y=y, v=v, labels=labels)


def studies(least: int = 2, most: int = 12) -> st.SearchStrategy[Plain]:
    """Return a strategy for effects and variances of between ``least`` and ``most`` studies."""
    effect = st.integers(-3000, 3000).map(lambda n: n / 1000.0)
    variance = st.integers(5, 1500).map(lambda n: n / 1000.0)
    rows = st.lists(st.tuples(effect, variance), min_size=least, max_size=most)
    return rows.map(lambda found: tuple(np.array(part) for part in zip(*found, strict=True)))


def alike(k: int = 12, seed: int = 5) -> Effects:
    """Return ``k`` studies that differ by chance and a little more."""
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.02, 0.3, k)
    return effects(rng.normal(0.4, np.sqrt(v + 0.05)), v)
