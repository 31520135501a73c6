"""What is planned for one visit, and what was given before: the input of the limit ladder."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

from pydantic import StrictFloat
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import RECORD, Instant


@record(frozen=True, kw_only=True, config=RECORD)
class Given:
    """One dose of this course that was given before."""

    at: Instant  # start
    amount: StrictFloat | None  # [mg of base]; None: its fate is not known

    def __post_init__(self) -> None:
        if self.amount is not None and not self.amount > 0.0:
            raise ValueError("a dose that was given is more than nothing")


@record(frozen=True, kw_only=True, config=RECORD)
class Cap:
    """The most that its owner allows, or that the owner sets none, by name and with a reason."""

    most: StrictFloat | None = None  # in mg; of the predicted peak, in mg/L
    set_by: str
    reason: str

    def __post_init__(self) -> None:
        if not (self.set_by and self.reason):
            raise ValueError("a cap, and the lack of one, has a name and a reason")
        if self.most is not None and not self.most > 0.0:
            raise ValueError("a cap is more than nothing: to give nothing, plan nothing")


@record(frozen=True, kw_only=True, config=RECORD)
class Caps:
    """What the clinic and the prescriber have set; what is None was never set."""

    clinic_visit: Cap | None = None
    clinic_week: Cap | None = None
    clinic_course: Cap | None = None
    prescriber_visit: Cap | None = None
    peak: Cap | None = None


@record(frozen=True, kw_only=True, config=RECORD)
class Predicted:
    """A peak level that was predicted for a dose, kept as it was computed."""

    amount: StrictFloat  # [mg] for which it was computed
    over: StrictFloat  # [h]
    low: StrictFloat  # [mg/L] ends of the band between people
    median: StrictFloat
    high: StrictFloat
    band: str  # "5 to 95 % of people"
    model: str
    population: str
    engine: str  # name and version

    def __post_init__(self) -> None:
        if not (self.amount > 0.0 and 0.0 < self.low <= self.median <= self.high):
            raise ValueError("a band has a low, a median and a high end, of a dose above nothing")


@record(frozen=True, kw_only=True, config=RECORD)
class PlannedDose:
    """One visit's dose under one protocol."""

    protocol: str  # id of the version
    phase: str
    amount: StrictFloat | None = None  # [mg of base]; None: only the ladder is asked for
    over: StrictFloat | None = None  # [h]; None: as the phase has it
    given: tuple[Given, ...] | None = None  # all of this course; None: not known
    caps: Caps = Caps()
    predicted: Predicted | None = None
    on_hand: StrictFloat | None = None  # [mg] in the vials chosen; None: none is chosen yet

    def __post_init__(self) -> None:
        for number in (self.amount, self.over, self.on_hand):
            if number is not None and not (math.isfinite(number) and number > 0.0):
                raise ValueError("an amount or a time is more than nothing")


def read_planned(entries: Mapping[str, object]) -> PlannedDose:
    """Return the planned dose that ``entries`` carry.

    Errors  ContractError naming what cannot be read
    """
    try:
        return records.check(PlannedDose, entries, where="dose")
    except DataFileError as error:
        raise ContractError(
            "dose", expected="a protocol, a phase, an amount, what was given and the caps",
            got="something else", remedy=str(error),
        ) from error  # fmt: skip


def planned_wire(dose: PlannedDose) -> dict[str, object]:
    """Return a planned dose as ``read_planned`` reads it."""
    given = [{"at": one.at.isoformat(), "amount": one.amount} for one in dose.given or ()]
    return {**asdict(dose), "given": None if dose.given is None else given}
