"""Effects as a study prints them: an estimate with its interval or its standard error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from ketherapy.errors import ContractError
from ketherapy.evidence import conventions
from ketherapy.evidence.effects.arms import Figures, Studies, broadcast
from ketherapy.evidence.effects.measures import Effects, Measure, named, refuse


def generic(
    measure: Measure,
    estimate: Figures,
    *,
    se: Figures | None = None,
    low: Figures | None = None,
    high: Figures | None = None,
    level: float = 0.95,
    labels: Sequence[str] = (),
) -> Effects:
    """Return effects as printed: on the printed scale, with an interval or a standard error.

    ``se`` is that of the analysis scale: of the logarithm where the measure is a ratio. An interval
    is read as normal on that scale, so it must be about as long on both sides of the estimate.

    Source  cochrane_handbook: generic inverse variance
    Errors  ContractError for both or neither of se and interval, or one that cannot be right
    """
    if (se is None) == (low is None and high is None) or (low is None) != (high is None):
        raise ContractError(
            "generic effect", expected="either se, or low and high", got="another choice",
            remedy="Give the interval as printed; se only where no interval is.",
        )  # fmt: skip
    if low is not None and high is not None:
        return _from_interval(measure, (low, estimate, high), level, labels)
    shown, error = broadcast(estimate=estimate, se=0.0 if se is None else se)
    y = _analysed(measure, shown, "estimate", labels)
    refuse(~(np.isfinite(error) & (error > 0.0)), error, "se", "a standard error above 0", labels)
    return Effects(measure=measure, y=y, v=error**2, labels=named(labels, y.shape[-1]))


def hazard_ratio(
    estimate: Figures,
    low: Figures,
    high: Figures,
    *,
    level: float = 0.95,
    labels: Sequence[str] = (),
) -> Effects:
    """Return the logarithm of printed hazard ratios, with the variance of their intervals.

    Source  cochrane_handbook: generic inverse variance
    Errors  ContractError for an interval that cannot be right
    """
    return generic(Measure.HR, estimate, low=low, high=high, level=level, labels=labels)


def check_level(level: float) -> None:
    """Return nothing for the level of an interval.

    Errors  ContractError where it is not between 0 and 1
    """
    if not 0.0 < level < 1.0:
        raise ContractError(
            "level", expected="a fraction between 0 and 1, such as 0.95", got=level,
            remedy="Write 95 % as 0.95.",
        )  # fmt: skip


def _from_interval(
    measure: Measure,
    printed: tuple[Figures, Figures, Figures],
    level: float,
    labels: Sequence[str],
) -> Effects:
    check_level(level)
    shown = broadcast(low=printed[0], estimate=printed[1], high=printed[2])
    names = ("low", "estimate", "high")
    low, y, high = (
        _analysed(measure, x, name, labels) for x, name in zip(shown, names, strict=True)
    )
    refuse(~((low < y) & (y < high)), shown[1], "estimate", "one inside its interval", labels)
    off = np.abs((high - y) - (y - low)) / (high - low)
    allowed = conventions.asymmetry()
    refuse(
        off > allowed, off, "interval",
        f"as long on both sides of the estimate, to {allowed:g} of its length",
        labels,
    )  # fmt: skip
    z = special.ndtri(0.5 + 0.5 * level)
    v = ((high - low) / (2.0 * z)) ** 2
    return Effects(measure=measure, y=y, v=v, labels=named(labels, y.shape[-1]))


def _analysed(measure: Measure, shown: Studies, field: str, labels: Sequence[str]) -> Studies:
    found = np.asarray(measure.analysed(shown))
    refuse(~np.isfinite(found), shown, field, f"a number that a {measure} can be", labels)
    return found
