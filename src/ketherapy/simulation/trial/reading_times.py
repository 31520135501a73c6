"""The times and shares of a design: visits, the primary one, who leaves, alpha."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.simulation.trial.design import TrialDesign
from ketherapy.simulation.trial.planned import Leaving

DAY = 24.0  # [h]
_MOST = 1000  # visits
_LONGEST = 366.0 * DAY  # [h]


def hours(text: str, *, what: str) -> float:
    """Return the time written in ``text``, such as ``'24 h'`` or ``'28 day'``.

    Units   h
    Errors  ContractError for one that cannot be read, or before the first dose
    """
    found = units.read(text, what=what, to="h", example="28 day")
    if found < 0.0:
        raise ContractError(
            what, expected="zero or more, counted from the first dose", got=text,
            remedy="What is before the first dose is the baseline, which every trial has.",
        )  # fmt: skip
    if found > _LONGEST:
        raise ContractError(what, expected="a year at most", got=text, remedy="Check the unit.")
    return found


def share(text: str, *, what: str, below: float = 1.0) -> float:
    """Return the share written in ``text``, such as ``'20 %'``.

    Units   1
    Errors  ContractError outside zero to ``below``, which itself is refused
    """
    found = units.read(text, what=what, to="1", example="20 %")
    if not 0.0 <= found < below:
        raise ContractError(
            what, expected=f"0 % to below {100.0 * below:g} %", got=text, remedy="Correct it."
        )
    return found


def visits(design: TrialDesign) -> tuple[float, ...]:
    """Return when people are rated.

    Units   h
    Errors  ContractError for none, times out of order, or one at or before the first dose
    """
    asked = design.visits
    if bool(asked.at) == bool(asked.daily_until):
        raise ContractError(
            "visits", expected="either 'at' or 'daily_until'",
            got="both" if asked.at else None, remedy="Write one of them.",
        )  # fmt: skip
    if asked.daily_until:
        last = hours(asked.daily_until, what="daily_until")
        if not math.isclose(last / DAY, round(last / DAY), rel_tol=0.0, abs_tol=1e-9):
            raise ContractError(
                "daily_until", expected="whole days", got=asked.daily_until,
                remedy="People are rated at the end of each day: write for instance '28 day'.",
            )  # fmt: skip
        found = tuple(np.arange(DAY, last + 1e-6, DAY).tolist())
    else:
        found = tuple(hours(text, what="visit") for text in asked.at)
    in_order = all(early < late for early, late in pairwise((0.0, *found)))
    if not found or not in_order or len(found) > _MOST:
        raise ContractError(
            "visits", expected=f"1 to {_MOST} after the first dose, each later than the one before",
            got=asked.daily_until or ", ".join(asked.at), remedy="Correct them.",
        )  # fmt: skip
    return found


def primary(design: TrialDesign) -> int:
    """Return the place of the primary visit.

    Units   1
    Errors  ContractError for a time at which nobody is rated
    """
    return _place(visits(design), design.analysis.primary, "primary time")


def analysed(design: TrialDesign) -> tuple[int, ...]:
    """Return the places of the visits that the repeated-measures model takes.

    Units   1
    Errors  ContractError for a time at which nobody is rated, or without the primary one
    """
    there = visits(design)
    named = design.analysis.visits
    found = tuple(_place(there, text, "visit of the analysis") for text in named)
    if named and primary(design) not in found:
        raise ContractError(
            "visits of the analysis", expected="the primary one among them",
            got=", ".join(named), remedy="Add it.",
        )  # fmt: skip
    return tuple(sorted(set(found))) if named else tuple(range(len(there)))


def _place(there: tuple[float, ...], text: str, what: str) -> int:
    wanted = hours(text, what=what)
    near = [k for k, t in enumerate(there) if math.isclose(t, wanted, abs_tol=1e-6)]
    if not near:
        raise ContractError(
            what, expected="one of the visits", got=text, remedy="Add it to the visits."
        )
    return near[0]


def leaving(design: TrialDesign) -> Leaving:
    """Return how ratings come to be missing.

    Errors  ContractError for a share of 100 % or more, a negative one, or two that contradict
    """
    asked, last = design.missing, visits(design)[-1]
    if asked.by_end and asked.hazard:
        raise ContractError(
            "drop-out", expected="a share by the end or a hazard, not both",
            got=f"{asked.by_end} and {asked.hazard}", remedy="Leave one of them out.",
        )  # fmt: skip
    hazard, by_end = 0.0, None
    if asked.by_end:
        by_end = share(asked.by_end, what="drop-out by the end")
        hazard = -math.log1p(-by_end) / last
    if asked.hazard:
        hazard = units.read(asked.hazard, what="hazard", to="1/h", example="1 %/week")
    if hazard < 0.0 or not (math.isfinite(asked.worse_leave_more) and asked.worse_leave_more > 0):
        raise ContractError(
            "drop-out", expected="a hazard from zero on and a ratio above zero",
            got=(asked.hazard, asked.worse_leave_more), remedy="Correct them.",
        )  # fmt: skip
    skipped = share(asked.skipped, what="skipped ratings")
    if asked.worse_leave_more == 1.0 or not hazard:
        by_end = None  # the hazard is that share already
    worse = asked.worse_leave_more
    return Leaving(hazard=hazard, by_end=by_end, worse=worse, skipped=skipped)


def alpha(design: TrialDesign) -> float:
    """Return the two-sided level of significance.

    Units   1
    Errors  ContractError outside zero to 50 %
    """
    found = share(design.analysis.alpha, what="alpha", below=0.5)
    if found == 0.0:
        raise ContractError("alpha", expected="more than 0 %", got=0.0, remedy="Correct it.")
    return found
