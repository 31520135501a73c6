"""Of a hundred people: what a comparison of counts comes to without and with the drug."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ketherapy.evidence.conventions import conventions
from ketherapy.evidence.effects import Counts, Measure
from ketherapy.evidence.questions import SHARES
from ketherapy.evidence.selection import Study
from ketherapy.evidence.synthesis import Pooled


@dataclass(frozen=True, kw_only=True, slots=True)
class Absolute:
    """Of a hundred people: how many without the drug, how many with it, and how sure that is.

    Of one trial these are its own shares and Newcombe's interval of their difference. Of several,
    the control share is the median of theirs, and the treated share and the interval follow from it
    and the pooled effect.
    """

    control: float  # [%]
    treated: float
    low: float  # of the difference [percentage points]
    high: float

    @property
    def difference(self) -> float:
        """Return how many more of a hundred, fewer where negative."""
        return self.treated - self.control


def absolute(studies: Sequence[Study], pooled: Pooled) -> Absolute | None:
    """Return the shares of a hundred, or None where one pair of shares would mislead.

    It would where nobody in a control group had the event, where the control groups differ too
    much to stand for one another, and where the shares that follow go beyond everybody.

    Source  ketherapy
    """
    if pooled.measure not in SHARES or any(study.contrast is not None for study in studies):
        return None
    if len(studies) == 1:
        return of_one(*studies[0].counts(), level=pooled.level)
    bases = [float((events / n).item()) for events, n in _controls(studies)]
    if min(bases) == 0.0 or max(bases) > conventions().base_ratio.value * min(bases):
        return None
    base = float(np.median(bases))
    shares = [applied(base, float(x), pooled.measure) for x in _ends(pooled)]
    if any(share is None for share in shares):
        return None
    treated, low, high = (100.0 * share for share in shares if share is not None)
    control = 100.0 * base
    return Absolute(control=control, treated=treated, low=low - control, high=high - control)


def _controls(studies: Sequence[Study]) -> list[tuple[np.ndarray, np.ndarray]]:
    return [study.counts()[1].read() for study in studies]


def _ends(pooled: Pooled) -> tuple[np.ndarray, ...]:
    return (np.asarray(pooled.estimate), np.asarray(pooled.low), np.asarray(pooled.high))


def applied(base: float, effect: float, measure: Measure) -> float | None:
    """Return the share that follows from a control share and an effect, or None beyond everybody.

    Units   shares 1; effect on the analysis scale of the measure
    Source  cochrane_handbook
    """
    match measure:
        case Measure.RR:
            found = base * np.exp(effect)
        case Measure.OR:
            if base == 1.0:  # the odds of everybody are no number
                return None
            odds = np.exp(effect) * base / (1.0 - base)
            found = odds / (1.0 + odds)
        case _:
            found = base + effect
    return float(found) if 0.0 <= found <= 1.0 else None


def of_one(treated: Counts, control: Counts, *, level: float = 0.95) -> Absolute:
    """Return the shares of one trial and Newcombe's interval of their difference.

    Units   shares in percent, the interval in percentage points
    Source  newcombe1998
    """
    (p1, l1, u1), (p2, l2, u2) = (_wilson(side, level) for side in (treated, control))
    low = p1 - p2 - float(np.hypot(p1 - l1, u2 - p2))
    high = p1 - p2 + float(np.hypot(u1 - p1, p2 - l2))
    return Absolute(control=100.0 * p2, treated=100.0 * p1, low=100.0 * low, high=100.0 * high)


def _wilson(side: Counts, level: float) -> tuple[float, float, float]:
    """Return a share and Wilson's interval of it, which holds more than nothing also for none."""
    events, n = (float(x.item()) for x in side.read())
    z = float(special.ndtri(0.5 + 0.5 * level))
    p = events / n
    middle = (p + z**2 / (2.0 * n)) / (1.0 + z**2 / n)
    half = z / (1.0 + z**2 / n) * float(np.sqrt(p * (1.0 - p) / n + z**2 / (4.0 * n**2)))
    return p, middle - half, middle + half
