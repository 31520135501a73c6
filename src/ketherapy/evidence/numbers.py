"""Numbers that a text states, as a file names them: from which data each is got, and how shown.

A number names a question, a published pool, an outcome or a contrast, and is computed when it is
asked for. Only what no trial or review of the data set holds is printed in the file, with its
unit, source, locator and status.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy.records import RECORD
from ketherapy.sources import Status

SHARE = "of 100 people"


@record(frozen=True, kw_only=True, config=RECORD)
class AbstractNumber:
    """How a number is shown, whatever it comes from."""

    decimals: int = Field(default=0, ge=0, le=4)
    plain_decimals: int = Field(default=0, ge=0, le=4)  # in the text for everybody
    turned: bool = False  # shown with the other sign: a fall as so many points lower
    unit: str = ""  # where the data set does not say it
    control: str = ""  # id of the share of the control group that stands beside this one


@record(frozen=True, kw_only=True, config=RECORD)
class Answered(AbstractNumber):
    """One figure of the answer to a standing question."""

    kind: Literal["answer"]
    question: str
    figure: Literal["treated", "control", "difference", "estimate", "studies", "people"]


@record(frozen=True, kw_only=True, config=RECORD)
class Reproduced(AbstractNumber):
    """One figure of a published pool, computed again from its inputs."""

    kind: Literal["reproduce"]
    review: str
    pool: str
    figure: Literal["treated", "control", "difference", "estimate", "studies", "people"]


@record(frozen=True, kw_only=True, config=RECORD)
class Published(AbstractNumber):
    """One figure of a pool as a review prints it."""

    kind: Literal["published"]
    review: str
    pool: str
    figure: Literal["estimate", "low", "high", "studies", "people"]


@record(frozen=True, kw_only=True, config=RECORD)
class Counted(AbstractNumber):
    """One figure of the groups of one trial."""

    kind: Literal["outcome"]
    trial: str
    outcome: str
    arms: tuple[str, ...] = Field(min_length=1)
    against: tuple[str, ...] = ()
    figure: Literal["share", "events", "people", "mean", "difference"]

    def __post_init__(self) -> None:
        if (self.figure == "difference") != bool(self.against):
            raise ValueError("a difference, and nothing else, is taken against other arms")


@record(frozen=True, kw_only=True, config=RECORD)
class Contrasted(AbstractNumber):
    """One printed difference between the groups of a trial."""

    kind: Literal["contrast"]
    trial: str
    contrast: str


@record(frozen=True, kw_only=True, config=RECORD)
class Printed(AbstractNumber):
    """A number that no trial or review of the data set holds, as printed."""

    kind: Literal["printed"]
    value: float
    low: float | None = None
    high: float | None = None
    source: str
    locator: str
    status: Status
    note: str = ""

    def __post_init__(self) -> None:
        if not self.unit or not self.locator:
            raise ValueError("a printed number has a unit and a locator")


@record(frozen=True, kw_only=True, config=RECORD)
class Subtracted(AbstractNumber):
    """The difference between two other numbers of the same text."""

    kind: Literal["difference"]
    of: str
    less: str


Held = Answered | Reproduced | Published | Counted | Contrasted | Printed
Stateable = Held | Subtracted
Number = Annotated[Stateable, Field(discriminator="kind")]


def is_share(number: Stateable) -> bool:
    """Return whether a number is a share of treated people, or their count: never shown alone."""
    match number:
        case Answered() | Reproduced():
            return number.figure == "treated"
        case Counted():
            return number.figure in ("share", "events")
        case Published() | Printed():
            return number.unit == SHARE
        case Contrasted() | Subtracted():
            return False
