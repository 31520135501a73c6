"""Effects of means: the difference, the standardised difference, the ratio."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ketherapy.evidence.effects.arms import Means, Studies, broadcast
from ketherapy.evidence.effects.measures import Effects, Measure, named, refuse


def mean_difference(treated: Means, control: Means, labels: Sequence[str] = ()) -> Effects:
    """Return treated minus control in the unit of the scale.

    Source  cochrane_handbook: mean difference
    """
    n1, m1, s1, n2, m2, s2 = _both(treated, control)
    return _effects(Measure.MD, m1 - m2, s1**2 / n1 + s2**2 / n2, labels)


def standardised_mean_difference(
    treated: Means, control: Means, labels: Sequence[str] = ()
) -> Effects:
    """Return treated minus control in pooled standard deviations, as Hedges' g.

    With the correction for small samples and the variance that RevMan uses.

    Source  hedges1981, cochrane_handbook: standardised mean difference
    """
    n1, m1, s1, n2, m2, s2 = _both(treated, control)
    n = n1 + n2
    pooled = np.sqrt(((n1 - 1.0) * s1**2 + (n2 - 1.0) * s2**2) / (n - 2.0))
    g = (1.0 - 3.0 / (4.0 * n - 9.0)) * (m1 - m2) / pooled
    return _effects(Measure.SMD, g, n / (n1 * n2) + g**2 / (2.0 * (n - 3.94)), labels)


def ratio_of_means(treated: Means, control: Means, labels: Sequence[str] = ()) -> Effects:
    """Return the logarithm of the treated mean over that of the control.

    Source  hedges1999: log response ratio
    Errors  ContractError where a mean is not above 0: it has no logarithm
    """
    n1, m1, s1, n2, m2, s2 = _both(treated, control)
    for mean, arm in ((m1, "treated mean"), (m2, "control mean")):
        refuse(mean <= 0.0, mean, arm, "a mean above 0, so that a ratio has a meaning", labels)
    v = s1**2 / (n1 * m1**2) + s2**2 / (n2 * m2**2)
    return _effects(Measure.ROM, np.log(m1 / m2), v, labels)


def _both(treated: Means, control: Means) -> tuple[Studies, ...]:
    n1, m1, s1 = treated.read()
    n2, m2, s2 = control.read()
    return broadcast(n1=n1, mean1=m1, sd1=s1, n2=n2, mean2=m2, sd2=s2)


def _effects(measure: Measure, y: Studies, v: Studies, labels: Sequence[str]) -> Effects:
    return Effects(measure=measure, y=y, v=v, labels=named(labels, y.shape[-1]))
