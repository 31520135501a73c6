"""How an engine is set: what the search over methods and tolerances may turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Solver = Callable[[np.ndarray], Sequence[np.ndarray]]  # subject parameter -> output subject time


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A method of a peer and its tolerances; ``atol`` holds for every state."""

    method: str
    rtol: float
    atol: float
