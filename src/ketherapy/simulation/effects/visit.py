"""What one visit may bring: limits crossed, and when level and dissociation have fallen again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr

from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects.structures import Pressure


@dataclass(frozen=True, kw_only=True, slots=True)
class Chance:
    """How likely a limit is crossed: between two answers, because people's spread is not known."""

    least: float  # noise of the readings and doubt about the slope alone
    most: float  # people differ as the highest rises of four weeks did
    without: float  # the same reading noise and no drug


def crossing(
    rise: Float[np.ndarray, "draw time"],
    *,
    baseline: float,
    limit: float,
    noise: float,
    max_sd: float,
    placebo_max_sd: float,
    before: int,
) -> Chance:
    """Return how likely a reading of a visit is at or above ``limit``.

    ``rise`` holds the predicted rise at each reading, for draws of what is not known of it; the
    first ``before`` of them are taken before the dose. Readings scatter around it independently.
    For the upper answer the highest rise of a person spreads besides as the highest rises of four
    weeks did beyond those on placebo, which is more than one visit holds; this is the drug's, and
    not in a reading before the dose.

    Units   mmHg; result 1
    Source  doherty2020
    Errors  ContractError where there is no reading, or a number that cannot be
    """
    _possible(rise, baseline=baseline, limit=limit, noise=noise, spreads=(max_sd, placebo_max_sd))
    if not 0 <= before <= rise.shape[-1]:
        raise ContractError(
            "readings before the dose", expected=f"0 to {rise.shape[-1]}", got=before,
            remedy="Count them among the readings.",
        )  # fmt: skip
    spread = np.sqrt(max(max_sd**2 - placebo_max_sd**2, 0.0))
    z = (np.arange(101) + 0.5) / 101.0
    people = spread * _normal_points(z)
    room = limit - baseline - rise
    is_after = np.arange(rise.shape[-1]) >= before
    return Chance(
        least=float(np.mean(_any_above(room, noise))),
        most=float(np.mean([_any_above(room - extra * is_after, noise) for extra in people])),
        without=float(_any_above(np.full((1, rise.shape[-1]), limit - baseline), noise)[0]),
    )


def _possible(
    rise: np.ndarray, *, baseline: float, limit: float, noise: float, spreads: tuple[float, float]
) -> None:
    above, not_below = (baseline, limit, noise), spreads
    if (
        rise.size == 0
        or not np.all(np.isfinite(rise))
        or not all(np.isfinite(x) and x > 0.0 for x in above)
        or not all(np.isfinite(x) and x >= 0.0 for x in not_below)
    ):
        raise ContractError(
            "chance of crossing a limit",
            expected="finite readings, with a baseline, a limit and a noise above zero",
            got=(rise.shape, *above, *not_below), remedy="Correct them.",
        )  # fmt: skip


def _any_above(room: np.ndarray, noise: float) -> np.ndarray:
    """Return the chance that one of the readings of each draw uses up its room."""
    return 1.0 - np.prod(ndtr(room / noise), axis=-1)


def _normal_points(p: np.ndarray) -> np.ndarray:
    from ketherapy.pharmacology import portable

    return np.asarray(portable.normal_point(p))


def pressures(effect: Pressure, sign: str) -> tuple[float, float, float]:
    """Return the noise of a reading and the spreads of highest rises, for ``sbp`` or ``dbp``.

    Units   mmHg
    Source  doherty2020
    Errors  ContractError for another sign
    """
    match sign:
        case "sbp":
            found = (effect.noise_SBP, effect.max_sd_SBP, effect.placebo_max_sd_SBP)
        case "dbp":
            found = (effect.noise_DBP, effect.max_sd_DBP, effect.placebo_max_sd_DBP)
        case _:
            raise ContractError(
                "pressure", expected="sbp or dbp", got=sign, remedy="Choose one of them."
            )
    return tuple(float(np.mean(x)) for x in found)  # pyright: ignore[reportReturnType]


def falls_below(
    t: Float[np.ndarray, " time"], course: Float[np.ndarray, " time"], limit: float
) -> float | None:
    """Return from when on ``course`` stays at or below ``limit``; None where it does not.

    Between two times the course is taken as straight. Zero where it never was above.

    Units   h
    Source  ketherapy
    Errors  ContractError for times or values that are none, are not in order or are not finite
    """
    _looked_at(t, course, limit)
    above = np.flatnonzero(course > limit)
    if len(above) == 0:
        return 0.0
    last = int(above[-1])
    if last == len(t) - 1:
        return None
    share = (course[last] - limit) / (course[last] - course[last + 1])
    return float(t[last] + share * (t[last + 1] - t[last]))


def _looked_at(t: np.ndarray, course: np.ndarray, limit: float) -> None:
    """Refuse what nothing can be said of: a level that is not known is not a low one."""
    if len(t) == 0 or len(t) != len(course) or not np.all(np.diff(t) > 0.0):
        raise ContractError(
            "times of a course", expected="at least one, each later than the one before, a value"
            " at each", got=(len(t), len(course)), remedy="Correct them.",
        )  # fmt: skip
    if not (np.all(np.isfinite(t)) and np.all(np.isfinite(course)) and np.isfinite(limit)):
        raise ContractError(
            "course and its limit", expected="finite numbers", got=limit,
            remedy="Leave out what is not known; it is not below a limit.",
        )  # fmt: skip
