"""What can happen to a controlled drug, from the delivery to the last drop, as typed events.

Amounts are whole micro-litres, so that a sum is exact. People, vials and places are ids that mean
nothing by themselves. An event that was wrong is not changed: another one replaces it by name.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from ketherapy.errors import ContractError


class BusinessMoment(StrEnum):
    """When on its day an inventory was taken."""

    OPENING = "opening of business"
    CLOSE = "close of business"


class LossKind(StrEnum):
    """What a loss was found to be."""

    THEFT = "theft"
    SIGNIFICANT = "significant loss"
    NOT_SIGNIFICANT = "loss that is not significant"
    UNJUDGED = "loss that nobody has judged yet"


@dataclass(frozen=True, kw_only=True, slots=True)
class AbstractEvent:
    """What happened, when, and who did it."""

    id: str
    at: datetime  # when it happened, or was discovered; with its zone
    by: str
    replaces: str | None = None  # the event that this one corrects

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ContractError(
                f"{self.kind}.at", expected="an instant with its zone", got=self.at.isoformat(),
                remedy="Pass UTC.",
            )  # fmt: skip
        for one in fields(self):
            _refuse_wrong(f"{self.kind}.{one.name}", getattr(self, one.name))

    @property
    def kind(self) -> str:
        """Return the event's name in data files, such as ``waste``."""
        return type(self).__name__.lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt(AbstractEvent):
    """One vial or spray device came in, full."""

    vial: str
    product: str
    lot: str
    expires_on: date  # the last day on which it may be used
    microlitres: int
    location: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Move(AbstractEvent):
    """A vial was carried to another place of the same registrant."""

    vial: str
    to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw(AbstractEvent):
    """An amount was taken out of a vial for one person; its id names the syringe from now on."""

    vial: str
    location: str
    patient: str
    microlitres: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Give(AbstractEvent):
    """Of what was drawn an amount went into a person; ``None`` where nobody knows how much."""

    vial: str
    draw: str
    patient: str
    microlitres: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Return(AbstractEvent):
    """What was drawn was put back untouched, all of it, such as an unused spray device."""

    vial: str
    draw: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Waste(AbstractEvent):
    """An amount was made unusable: of a draw, or what is left in a vial where none is named."""

    vial: str
    microlitres: int
    draw: str | None = None
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer(AbstractEvent):
    """A vial with all it holds went to another registrant, such as a reverse distributor."""

    vial: str
    to: str
    microlitres: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Destroyed(AbstractEvent):
    """A vial with all it holds was destroyed as stock, not as the remainder of a dose."""

    vial: str
    microlitres: int
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Discrepancy(AbstractEvent):
    """A vial was found to hold another amount than the book says."""

    vial: str
    difference: int  # counted minus book [micro-litres]: below zero where some is missing

    @property
    def missing(self) -> int:
        """Return the micro-litres that are missing, below zero where there are too many."""
        return -self.difference


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved(AbstractEvent):
    """A discrepancy was no difference after all: what the book said is there."""

    vial: str
    discrepancy: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss(AbstractEvent):
    """A loss or theft was discovered: from a vial, of a draw, or behind a discrepancy."""

    vial: str
    microlitres: int
    kind_of_loss: LossKind
    draw: str | None = None
    discrepancy: str | None = None

    def __post_init__(self) -> None:
        AbstractEvent.__post_init__(self)
        if self.draw is not None and self.discrepancy is not None:
            raise ContractError(
                "loss", expected="a draw or a discrepancy that it is of", got="both",
                remedy="Enter a loss for each.",
            )  # fmt: skip

    @property
    def is_notifiable(self) -> bool:
        """Return whether authorities are told: also while nobody has judged it."""
        return self.kind_of_loss is not LossKind.NOT_SIGNIFICANT


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What was found in one vial."""

    vial: str
    found: int  # [micro-litres]; zero in an empty vial
    is_estimated: bool = False

    def __post_init__(self) -> None:
        _refuse_wrong("counted.vial", self.vial)
        _refuse_wrong("counted.found", self.found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Count(AbstractEvent):
    """Everything in one place was counted; a vial that is not named was not there."""

    location: str
    counted: tuple[Counted, ...]
    moment: BusinessMoment | None  # None: not noted, and then it is no inventory

    def __post_init__(self) -> None:
        AbstractEvent.__post_init__(self)
        if len({one.vial for one in self.counted}) < len(self.counted):
            raise ContractError(
                "count", expected="each vial once", got=len(self.counted),
                remedy="Count the vial again that stands here twice.",
            )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported(AbstractEvent):
    """A duty was done: which one, and about which event."""

    duty: str
    about: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EnteredInError(AbstractEvent):
    """The event that this one replaces never happened."""

    reason: str


VialEvent = (
    Receipt | Move | Draw | Give | Return | Waste | Transfer | Destroyed | Discrepancy | Resolved
    | Loss
)  # fmt: skip
Event = VialEvent | Count | Reported | EnteredInError


def _refuse_wrong(name: str, value: object) -> None:
    texts = value if isinstance(value, tuple) else (value,)
    if any(isinstance(one, str) and not one.strip() for one in texts):
        raise ContractError(name, expected="a text", got=value, remedy="Fill it in.")
    least = {"microlitres": 1, "found": 0}.get(name.rpartition(".")[2])
    if least is not None and value is not None and not (type(value) is int and value >= least):
        raise ContractError(
            name, expected=f"whole micro-litres, {least} or more", got=value,
            remedy="1 mL is 1000 micro-litres; nothing is rounded here.",
        )  # fmt: skip
    if name.endswith(".difference") and (type(value) is not int or value == 0):
        raise ContractError(
            name, expected="whole micro-litres, more or fewer than the book has", got=value,
            remedy="Where nothing differs there is nothing to enter.",
        )  # fmt: skip
