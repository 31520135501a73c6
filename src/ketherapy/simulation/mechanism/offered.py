"""What the comparison of two mechanisms offers and draws, as data."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic.dataclasses import dataclass as record

from ketherapy import records, units
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import Studied
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Cited, Status

_FILE = Path(__file__).parent.parent / "data" / "mechanism.toml"


@record(frozen=True, kw_only=True, config=RECORD)
class Stretch:
    """A stretch of the time axis, drawn on a scale of its own."""

    name: str
    until: Cited


@record(frozen=True, kw_only=True, config=RECORD)
class Way:
    """One way of giving the drug: what is drawn where nothing else is asked for."""

    drug: Drug
    name: str
    setting: str  # the kind of trial that its mood curve usually belongs to
    amount: Cited
    step: Cited  # between the doses that a page offers
    weight: Cited  # of the person of the example
    over: Cited | None = None

    @property
    def studied(self) -> Studied:
        """Return what was given in the kind of trial that is usual here."""
        trial = catalog.setting(catalog.effect("mood"), self.setting)
        return next(found for found in trial.studied if found.drug is self.drug)

    @property
    def lowest(self) -> Cited:
        """Return the lowest dose of a session whose effect on mood was studied."""
        return self.studied.lowest

    @property
    def highest(self) -> Cited:
        """Return the highest dose of a session whose effect on mood was studied."""
        return self.studied.highest

    @property
    def amounts(self) -> tuple[float, ...]:
        """Return the doses that a page offers, in the unit of the lowest."""
        steps = round((self.highest.value - self.lowest.value) / self.step.value)
        return tuple(round(self.lowest.value + n * self.step.value, 6) for n in range(steps + 1))


@record(frozen=True, kw_only=True, config=RECORD)
class Offered:
    """Everything in ``data/mechanism.toml``."""

    source: str
    status: Status
    comparator: str
    comparator_dose: Cited
    horizon: Cited
    between_sessions: Cited
    most_sessions: Cited
    stretches: tuple[Stretch, ...]
    ways: dict[Route, Way]

    @property
    def most(self) -> int:
        """Return how many sessions may be asked for."""
        return int(self.most_sessions.value)

    @property
    def apart(self) -> float:
        """Return the time between the starts of two sessions [h]."""
        return units.convert(self.between_sessions.value, self.between_sessions.unit, to="h")

    @property
    def ends(self) -> tuple[float, ...]:
        """Return where each stretch of the axis ends [h]."""
        return tuple(units.convert(s.until.value, s.until.unit, to="h") for s in self.stretches)


@lru_cache(maxsize=1)
def offered() -> Offered:
    """Return what the comparison offers.

    Errors  DataFileError naming the path and the key
    """
    return records.load(Offered, _FILE)
