"""Random numbers that belong to a patient: the same bits whatever is drawn beside them.

A counter-based generator (Philox) is asked for the numbers of patient ``i`` directly, so that
chunks, their order, threads and machines make no difference. Nothing here keeps a state.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from jaxtyping import Float

from ketherapy.errors import ContractError
from ketherapy.pharmacology import portable

_BLOCK = 4  # numbers that one count of the generator gives
_WORD = 64  # bits
_IN_CACHE = 2**14  # numbers worked on at once
_FINE = 52  # bits of a uniform number: with half a step added, still exact and never 0 or 1


class Stream(IntEnum):
    """What is drawn: each has numbers of its own under one seed."""

    PEOPLE = 1  # covariates
    SUBJECT = 2  # deviations between people
    OCCASION = 3  # deviations between occasions of one person
    RESIDUAL = 4  # errors of measurement
    ESTIMATES = 5  # uncertainty of the typical values
    EFFECTS = 6  # numbers of effect models: how well known, between trials, between people
    TRIAL = 7  # a virtual trial: its effects, its people, their ratings

    def of(self, *places: int) -> int:
        """Return the stream of one occasion, analyte or the like, each counted from zero.

        Errors  ContractError for a place outside 0 to 65,535
        """
        number = 0
        for place in places:
            if not 0 <= place < _PLACES:
                raise ContractError(
                    "place in a stream", expected=f"0 to {_PLACES - 1}", got=place,
                    remedy="Count from zero.",
                )  # fmt: skip
            number = number * _PLACES + place
        return number * _KINDS + self.value


_PLACES = 2**16
_KINDS = 2**8


def uniforms(
    seed: int, *, stream: int, first: int, count: int, width: int
) -> Float[np.ndarray, "patient width"]:
    """Return ``width`` numbers above 0 and below 1 for each of ``count`` patients from ``first``.

    Number ``k`` of patient ``i`` depends on seed, stream, ``i`` and ``k`` alone.

    Units   1
    Source  ketherapy
    """
    for what, value, low in (("first", first, 0), ("count", count, 1), ("width", width, 1)):
        if value < low:
            raise ContractError(what, expected=f"{low} or more", got=value, remedy="Correct it.")
    for what, value in (("seed", seed), ("stream", stream), ("last patient", first + count)):
        if not 0 <= value < 2**_WORD:
            raise ContractError(
                what, expected="zero or more, in 64 bits", got=value, remedy="Correct it."
            )
    raw = np.empty((count, -(-width // _BLOCK), _BLOCK), np.uint64)
    for place in range(raw.shape[1]):
        raw[:, place] = _raw(seed, stream, (place << _WORD) + first, count)
    fine = (raw.reshape(count, -1)[:, :width] >> np.uint64(_WORD - _FINE)).astype(float)
    return (fine + 0.5) * 2.0**-_FINE


def _raw(seed: int, stream: int, counter: int, count: int) -> np.ndarray:
    # The generator counts up before it gives, hence one less.
    before = (counter - 1) % 2 ** (4 * _WORD)
    philox = np.random.Philox(counter=before, key=seed + (stream << _WORD))
    return philox.random_raw(count * _BLOCK).reshape(count, _BLOCK)


def normals(
    seed: int, *, stream: int, first: int, count: int, width: int
) -> Float[np.ndarray, "patient width"]:
    """Return standard normal numbers, drawn as ``uniforms`` draws.

    Units   1
    Source  wichura1988
    """
    drawn = uniforms(seed, stream=stream, first=first, count=count, width=width)
    return normal(drawn)


def normal(drawn: Float[np.ndarray, "patient width"]) -> Float[np.ndarray, "patient width"]:
    """Return the standard normal number that belongs to each uniform one.

    Units   1
    Source  wichura1988
    """
    found = np.empty(drawn.shape)
    size = max(1, _IN_CACHE // max(1, drawn.shape[1]))
    for first in range(
        0, len(drawn), size
    ):  # a few at a time, so that each step stays in the cache
        rows = slice(first, first + size)
        found[rows] = portable.normal_point(drawn[rows])
    return found
