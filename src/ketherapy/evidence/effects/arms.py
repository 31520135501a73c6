"""What the arms of a study print: means with their standard deviations, and counts of people.

Studies are the last axis; numbers broadcast. What cannot be right is refused with its field and
its study.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from jaxtyping import Float, Shaped

from ketherapy.errors import ContractError
from ketherapy.evidence.effects.measures import refuse

Figures = int | float | np.integer | Sequence[int | float] | Shaped[np.ndarray, "..."]
Studies = Float[np.ndarray, "*runs study"]


@dataclass(frozen=True, slots=True)
class Means:
    """People, mean and standard deviation of an arm; never a standard error for the deviation."""

    n: Figures
    mean: Figures
    sd: Figures  # of the people, in the unit of the mean

    def __post_init__(self) -> None:
        n, mean, sd = self.read()
        refuse(~_whole(n) | (n < 2.0), n, "n", "a whole number of at least 2 people")
        refuse(~np.isfinite(mean), mean, "mean", "a finite number")
        refuse(~(np.isfinite(sd) & (sd > 0.0)), sd, "sd", "a standard deviation above 0")

    def read(self) -> tuple[Studies, Studies, Studies]:
        """Return people, means and standard deviations, each with an axis of studies."""
        n, mean, sd = broadcast(n=self.n, mean=self.mean, sd=self.sd)
        return n, mean, sd


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the people of an arm had the event."""

    events: Figures
    n: Figures

    def __post_init__(self) -> None:
        events, n = self.read()
        refuse(~_whole(n) | (n < 1.0), n, "n", "a whole number of at least 1 person")
        wrong = ~_whole(events) | (events < 0.0) | (events > n)
        refuse(wrong, events, "events", "a whole number between 0 and the people of the arm")

    def read(self) -> tuple[Studies, Studies]:
        """Return events and people, each with an axis of studies."""
        events, n = broadcast(events=self.events, n=self.n)
        return events, n


def _whole(x: Studies) -> Shaped[np.ndarray, "*runs study"]:
    with np.errstate(invalid="ignore"):
        return np.isfinite(x) & (x == np.floor(x))


def broadcast(**figures: Figures) -> tuple[Studies, ...]:
    """Return the figures as arrays of one shape, with at least the axis of studies.

    Errors  ContractError where they are not numbers, or do not fit each other
    """
    try:
        read = [np.atleast_1d(np.asarray(value, float)) for value in figures.values()]
        return tuple(np.array(one) for one in np.broadcast_arrays(*read))
    except ValueError:
        raise ContractError(
            ", ".join(figures), expected="numbers, as many of each as there are studies",
            got=[np.shape(value) for value in figures.values()],
            remedy="Give one of each for every study; leave out a study that lacks one.",
        ) from None  # fmt: skip


def combined_means(*arms: Means) -> Means:
    """Return several arms as one: all their people, their mean and the spread around it.

    The spread holds the one within the arms and the one between them. For trials with several
    treated arms, so that a shared control is used once.

    Source  cochrane_handbook: arms of one study combined
    """
    _at_least_one(arms)
    return reduce(_together, arms)


def _together(one: Means, other: Means) -> Means:
    (n1, m1, s1), (n2, m2, s2) = one.read(), other.read()
    n = n1 + n2
    squares = (n1 - 1.0) * s1**2 + (n2 - 1.0) * s2**2 + n1 * n2 / n * (m1 - m2) ** 2
    return Means(n, (n1 * m1 + n2 * m2) / n, np.sqrt(squares / (n - 1.0)))


def combined_counts(*arms: Counts) -> Counts:
    """Return several arms as one: all their events among all their people.

    Source  cochrane_handbook: arms of one study combined
    """
    _at_least_one(arms)
    events, n = zip(*(arm.read() for arm in arms), strict=True)
    return Counts(reduce(np.add, events), reduce(np.add, n))


def _at_least_one(arms: Sequence[object]) -> None:
    if not arms:
        raise ContractError(
            "arms", expected="at least one", got=0, remedy="Name the arms that are to be one."
        )
