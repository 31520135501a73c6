"""How many of one group had the event, where there is nothing to compare it with.

The default is the logit. The double arcsine keeps groups without events, but its inverse depends on
a number of people that a pooled effect does not have: ``miller`` takes one, and what comes of it
must be labelled with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.arms import Counts, Studies
from ketherapy.evidence.effects.measures import Effects, Measure, Numbers, named


def proportion(
    counts: Counts, *, measure: Measure = Measure.PLO, labels: Sequence[str] = ()
) -> Effects:
    """Return the log odds of the event in each group, or its double arcsine.

    For the logit 0.5 is added to those with and those without the event where either is nobody.

    Source  freeman1950, cochrane_handbook: the former for the double arcsine
    Errors  ContractError for a measure that compares two groups
    """
    events, n = counts.read()
    match measure:
        case Measure.PLO:
            y, v = _logit(events, n)
        case Measure.PFT:
            y, v = _double_arcsine(events, n)
        case _:
            raise ContractError(
                "measure", expected="PLO or PFT", got=measure.value,
                remedy="One group has no comparison: name the other arm for one.",
            )  # fmt: skip
    return Effects(measure=measure, y=y, v=v, labels=named(labels, y.shape[-1]))


def _logit(events: Studies, n: Studies) -> tuple[Studies, Studies]:
    half = np.where((events == 0.0) | (events == n), 0.5, 0.0)
    with_event, without = events + half, n - events + half
    return np.log(with_event / without), 1.0 / with_event + 1.0 / without


def _double_arcsine(events: Studies, n: Studies) -> tuple[Studies, Studies]:
    lower, upper = np.sqrt(events / (n + 1.0)), np.sqrt((events + 1.0) / (n + 1.0))
    return 0.5 * (np.arcsin(lower) + np.arcsin(upper)), 1.0 / (4.0 * n + 2.0)


def harmonic_n(counts: Counts) -> float:
    """Return the harmonic mean of the people of the groups.

    Source  miller1978
    """
    _, n = counts.read()
    return float(1.0 / np.mean(1.0 / n))


def miller(y: Numbers, n: float) -> Numbers:
    """Return the proportion whose double arcsine in ``n`` people is ``y``.

    Exact for the group it was made from. With the harmonic mean of groups of unequal size it can be
    far off, even outside all of them: show it beside the pooled logit, labelled with its ``n``. A
    ``y`` beyond that of nobody or of everybody is nobody or everybody.

    Source  miller1978, schwarzer2019: the latter for how it misleads
    Errors  ContractError for fewer people than one
    """
    if not n >= 1.0:
        raise ContractError(
            "n", expected="a number of people of at least 1", got=n,
            remedy="Give the harmonic mean of the groups, and show it.",
        )  # fmt: skip
    first, last = (
        float(_double_arcsine(np.array([x]), np.array([n]))[0][0]) for x in (0.0, float(n))
    )
    t = 2.0 * np.clip(np.asarray(y), first, last)
    sine = np.sin(t)
    inner = sine + (sine - 1.0 / sine) / n
    p = 0.5 * (1.0 - np.sign(np.cos(t)) * np.sqrt(np.maximum(1.0 - inner**2, 0.0)))
    return p if isinstance(y, np.ndarray) else float(p)
