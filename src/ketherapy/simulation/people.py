"""Who is simulated: people from a table, from a described distribution, or all alike.

Every source of people obeys one interface: ask for some of them by their numbers. The same number
is the same person, whoever is asked for beside.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, final

import numpy as np
from jaxtyping import Float
from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.errors import ContractError
from ketherapy.pharmacology import portable
from ketherapy.pharmacology.covariates import Person, Sex
from ketherapy.records import RECORD
from ketherapy.simulation import draws
from ketherapy.simulation.draws import Stream
from ketherapy.sources import Cited, Status

_POPULATIONS = Path(__file__).parent / "data" / "populations"


class AbstractPeople(abc.ABC):
    """People to be asked for by number, and what is said of them beside a result."""

    text: str  # who they are
    source: str  # an id of the bibliography, or in words where they come from
    status: Status

    @property
    @abc.abstractmethod
    def size(self) -> int | None:
        """Return how many there are, or None where there is no end."""

    @abc.abstractmethod
    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return ``count`` people from number ``first``, counted from 0, as arrays.

        Errors  ContractError for people that there are not
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Some people of one source, ready to be simulated."""

    person: Person  # arrays over patients
    first: int
    count: int
    text: str
    source: str
    status: Status


def people(origin: AbstractPeople, *, first: int = 0, count: int, seed: int) -> People:
    """Return ``count`` people of ``origin`` from number ``first``, with what they are."""
    return People(
        person=origin.take(first, count, seed=seed),
        first=first,
        count=count,
        text=origin.text,
        source=origin.source,
        status=origin.status,
    )


def _asked(first: int, count: int, size: int | None, text: str) -> None:
    if first < 0 or count < 1:
        raise ContractError(
            "people", expected="a first number from 0 and at least one person",
            got=(first, count), remedy="Correct it.",
        )  # fmt: skip
    if size is not None and first + count > size:
        raise ContractError(
            f"people from {text}", expected=f"at most {size}", got=first + count,
            remedy="Ask for fewer: nobody is repeated to fill up.",
        )  # fmt: skip


@final
@dataclass(frozen=True, kw_only=True)
class Alike(AbstractPeople):
    """Everybody has the covariates of one person and differs in what cannot be seen."""

    person: Person
    text: str = "people who share their covariates"
    source: str = "ketherapy"
    status: Status = Status.CONVENTION

    def __post_init__(self) -> None:
        if self.person.shape:
            raise ContractError(
                "person", expected="one person", got=self.person.shape,
                remedy="Use PeopleTable for people who differ.",
            )  # fmt: skip

    @property
    def size(self) -> int | None:
        """Return None: there are as many as are asked for."""
        return None

    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return the person ``count`` times.

        Errors  ContractError for fewer than one
        """
        _asked(first, count, None, self.text)
        one = self.person
        return replace(
            one,
            **{
                name: None if getattr(one, name) is None else np.full(count, getattr(one, name))
                for name in ("weight", "age", "sex", "ancestry", "kidney", "liver")
            },
        )


@final
@dataclass(frozen=True, kw_only=True)
class PeopleTable(AbstractPeople):
    """The people of a table, in its order; ``read_people`` makes one."""

    person: Person  # arrays over all of them
    text: str
    source: str
    status: Status

    @property
    def size(self) -> int | None:
        """Return the number of rows."""
        return self.person.shape[0]

    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return the people of ``count`` rows from row ``first``, counted from 0.

        Errors  ContractError for more people than there are rows
        """
        _asked(first, count, self.size, self.text)
        some = slice(first, first + count)
        fields = ("weight", "age", "sex", "ancestry", "kidney", "liver")
        given = {name: getattr(self.person, name) for name in fields}
        return replace(self.person, **{name: v[some] for name, v in given.items() if v is not None})


@record(frozen=True, kw_only=True, config=RECORD)
class Spread:
    """How one covariate is spread between people, before both ends are cut off."""

    mean: Cited
    sd: Cited
    low: Cited
    high: Cited
    form: Literal["normal", "log_normal"] = "normal"

    def __post_init__(self) -> None:
        for number in (self.sd, self.low, self.high):
            if not units.same_kind(number.unit, self.mean.unit):
                raise ValueError(f"one kind of unit is needed, not {number.unit} too")
        mean, sd, low, high = self.numbers(self.mean.unit)
        if not (0.0 < low < high and sd > 0.0 and mean > 0.0):
            raise ValueError("a spread needs 0 < low < high, a mean and an SD above zero")

    def numbers(self, unit: str) -> tuple[float, float, float, float]:
        """Return mean, SD, low and high in ``unit``."""
        mean, sd, low, high = (
            units.convert(number.meant, number.unit, to=unit)
            for number in (self.mean, self.sd, self.low, self.high)
        )
        return mean, sd, low, high

    def normal(self, unit: str) -> tuple[float, float, float, float]:
        """Return mean, SD, low and high on the scale on which it is normal."""
        mean, sd, low, high = self.numbers(unit)
        if self.form == "normal":
            return mean, sd, low, high
        variance = float(portable.log(1.0 + (sd / mean) * (sd / mean)))
        middle = float(portable.log(mean)) - 0.5 * variance
        ends = (float(portable.log(low)), float(portable.log(high)))
        return (middle, float(np.sqrt(variance)), *ends)

    def at(self, z: Float[np.ndarray, " patient"], unit: str) -> Float[np.ndarray, " patient"]:
        """Return the values that lie ``z`` standard deviations from the middle, in ``unit``."""
        mean, sd, _, _ = self.normal(unit)
        value = mean + sd * z if self.form == "normal" else portable.exp(mean + sd * z)
        _, _, low, high = self.numbers(unit)
        return np.clip(value, low, high)  # z is within the ends; rounding may pass them by a bit

    def ends(self, unit: str) -> tuple[float, float]:
        """Return the two ends in standard deviations from the middle."""
        mean, sd, low, high = self.normal(unit)
        return (low - mean) / sd, (high - mean) / sd


@final
@record(frozen=True, kw_only=True, config=RECORD)
class DescribedPeople(AbstractPeople):
    """People drawn from a described distribution of sex, age, and weight by sex."""

    id: str
    text: str
    source: str
    status: Status
    women: Cited
    age: Spread
    weight: dict[Sex, Spread]
    correlation: Cited  # of age and weight within a sex, on the scales on which they are normal
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if set(self.weight) != set(Sex):
            raise ValueError("a weight is needed for each sex")
        if not 0.0 <= self._women() <= 1.0:
            raise ValueError("women are 0 to 100 %")
        if not -1.0 < self.correlation.meant < 1.0:
            raise ValueError("a correlation lies between -1 and 1")

    def _women(self) -> float:
        return units.convert(self.women.meant, self.women.unit, to="1")

    @property
    def size(self) -> int | None:
        """Return None: a distribution has no end."""
        return None

    def take(self, first: int, count: int, *, seed: int) -> Person:
        """Return ``count`` people from number ``first``; what is not described is not known.

        Errors  ContractError for fewer than one
        """
        _asked(first, count, None, self.text)
        u = draws.uniforms(seed, stream=Stream.PEOPLE.of(), first=first, count=count, width=3)
        is_woman = u[:, 0] < self._women()
        z = _between(u[:, 1], *self.age.ends("year"))
        weights = [self._weight(self.weight[sex], z, u[:, 2]) for sex in (Sex.FEMALE, Sex.MALE)]
        return Person(
            weight=np.where(is_woman, *weights),
            age=self.age.at(z, "year"),
            sex=np.where(is_woman, Sex.FEMALE.value, Sex.MALE.value),
        )

    def _weight(
        self, spread: Spread, z: Float[np.ndarray, " patient"], u: Float[np.ndarray, " patient"]
    ) -> Float[np.ndarray, " patient"]:
        rho = self.correlation.meant
        own, (low, high) = float(np.sqrt(1.0 - rho * rho)), spread.ends("kg")
        rest = _between(u, (low - rho * z) / own, (high - rho * z) / own)
        return spread.at(rho * z + own * rest, "kg")


def _between(
    u: Float[np.ndarray, " patient"],
    low: float | Float[np.ndarray, " patient"],
    high: float | Float[np.ndarray, " patient"],
) -> Float[np.ndarray, " patient"]:
    """Return normal numbers within ``low`` and ``high``, by the inverse of the distribution.

    Each person's number comes from that person's ``u`` alone; drawing again until one fits would
    make it depend on how many others were refused before.
    """
    bottom, top = portable.normal_fraction(low), portable.normal_fraction(high)
    if not np.all(bottom < top):
        raise ContractError(
            "ends of a spread", expected="some of the people between them", got="none",
            remedy="Move the ends or the mean.",
        )  # fmt: skip
    p = np.clip(bottom + u * (top - bottom), 2.0**-53, 1.0 - 2.0**-53)
    return np.asarray(portable.normal_point(p))


@lru_cache(maxsize=1)
def populations() -> tuple[DescribedPeople, ...]:
    """Return every described population that is shipped, in the order of their ids."""
    return tuple(read_population(path) for path in sorted(_POPULATIONS.glob("*.toml")))


def population(population_id: str) -> DescribedPeople:
    """Return the shipped population with this id.

    Errors  ContractError naming the ids there are
    """
    for entry in populations():
        if entry.id == population_id:
            return entry
    raise ContractError(
        "population",
        expected=f"one of {', '.join(entry.id for entry in populations())}",
        got=population_id,
        remedy="Choose one, or describe your own in a file.",
    )


def read_population(path: Path) -> DescribedPeople:
    """Return the population described in the TOML file at ``path``.

    Errors  DataFileError naming the path and the key
    """
    return records.load(DescribedPeople, path)
