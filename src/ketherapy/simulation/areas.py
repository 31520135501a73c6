"""Areas under the concentrations of many people at once, exact over the window.

What has entered the body by the end of the window is either still there or has passed: with
``da/dt = K a + u`` the integral of the amounts is ``inverse(K) (a(end) - what has entered)``.
No grid of times is involved.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from ketherapy.pharmacology.compartments import ELIMINATED, reached
from ketherapy.simulation.engine import AUTOMATIC, Engine
from ketherapy.simulation.solve import TOTALS, Part, molar_ratio, precision
from ketherapy.simulation.solvers.inputs import Network, Pulses, pulses


def areas(
    split: tuple[Part, ...], *, until: float, engine: Engine = AUTOMATIC
) -> dict[str, Float[np.ndarray, "*patients"]]:
    """Return the area under the concentration of every analyte from zero to ``until``.

    Totals of a racemate are sums of their enantiomers.

    Units   until h; result mg h/L
    Source  ketherapy
    """
    found: dict[str, np.ndarray] = {}
    for part in split:
        found |= _of_part(part, until, engine)
    for total, (S, R) in TOTALS.items():
        if S in found and R in found:
            found[total] = found[S] + found[R]
    return found


def _of_part(part: Part, until: float, engine: Engine) -> dict[str, np.ndarray]:
    from ketherapy.simulation.solvers import chosen

    structure = part.structure
    doors = {door.state for dose in part.regimen.doses for door in structure.doors(dose)}
    inside = reached(structure.flows(), doors) - {ELIMINATED}
    states = tuple(state for state in structure.states if state in inside)
    size = len(states)
    body = Network(  # every state, as its amount
        names=states,
        flows=tuple(flow for flow in structure.flows() if flow.start in states),
        seen=tuple(range(size)),
        scales=(1.0,) * size,
    )
    given = pulses(structure, part.regimen, np, states=states)
    with precision():
        found_states = chosen.levels(body, given, np.array([until]), engine=engine)
    left = np.stack([np.asarray(amount)[..., 0] for amount in found_states], axis=-1)
    gone = left - _entered(given, size, until)
    passed = np.linalg.solve(np.asarray(body.matrix(np)), gone[..., None])
    found = {}
    for role, analyte in part.analytes.items():
        observed = structure.observed[role]
        per = molar_ratio(observed.substance) / getattr(structure, observed.volume)
        found[analyte] = np.asarray(passed[..., states.index(observed.state), 0] * per)
    return found


def _entered(given: Pulses, size: int, until: float) -> Float[np.ndarray, "*patients state"]:
    """Return the amount that has entered each state by ``until``."""
    is_instant = given.over <= 0.0
    during = (until - given.start) / np.where(is_instant, 1.0, given.over)
    share = np.where(is_instant, given.start <= until, np.clip(during, 0.0, 1.0))
    into = np.zeros((len(given.state), size))
    into[np.arange(len(given.state)), list(given.state)] = 1.0
    return np.asarray((given.amount * share) @ into)
