"""The highest point of a likelihood of tau2, which may have more than one peak."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ketherapy.evidence.synthesis.studies import Each

_CELLS = 40  # from the finest to the largest tau2, each larger by one ratio
_FINEST = 0.01  # of the smallest variance: below it tau2 changes nothing
_HALVINGS = 60  # of a cell
Curve = Callable[[Each], Each]


def highest(bound: Each, smallest: Each, *, height: Curve, slope: Curve) -> Each:
    """Return where ``height`` is greatest between 0 and ``bound``, beyond which it falls.

    It is looked at over the whole range first, down to where tau2 is nothing beside the smallest
    variance, and the slope is halved to 0 around the best place; exactly 0 comes out where it falls
    from there on.

    Units   those of the effects, squared
    Source  derived: bisection of the slope
    """
    finest = _FINEST * smallest
    by = np.maximum(bound / finest, 2.0) ** (1.0 / _CELLS)
    best, at = height(np.zeros_like(bound)), np.full(bound.shape, -1.0)
    for place in range(_CELLS + 1):
        found = height(finest * by**place)
        better = found > best
        best, at = np.where(better, found, best), np.where(better, place, at)
    low = np.where(at > 0.0, finest * by ** (at - 1.0), 0.0)
    high = finest * by ** np.minimum(at + 1.0, _CELLS)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        rises = slope(middle) > 0.0
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return low


def reach(span: Each, v: Each, *, per: float) -> Each:
    """Return a tau2 above which a likelihood falls, for effects within ``span`` of each other.

    Its slope is negative where ``tau2**2 > S (v + tau2)``, with S the squared span times ``per``
    (studies over what the line leaves of them) and v the largest variance.

    Units   span as the effects; v and what is returned, squared
    Source  derived: bounds on the two terms of the slope
    """
    S = per * span**2
    return np.asarray(0.5 * (S + np.sqrt(S * (S + 4.0 * v))))
