"""How far a result may be believed: RoB 2 for one result of a trial, GRADE for a body of them.

Both are judgements that somebody made and gave reasons for; here they are kept and combined as
their guides say, never made up. Checks for small studies stand in ``small_study``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass as plain
from enum import StrEnum
from typing import Literal

from pydantic.dataclasses import dataclass

from ketherapy.errors import ContractError
from ketherapy.evidence.small_study import (
    Filled,
    Side,
    SmallStudyTest,
    begg,
    egger,
    peters,
    trim_and_fill,
)
from ketherapy.records import RECORD
from ketherapy.sources import Status

__all__ = [
    "Certainty",
    "Domain",
    "Downgrade",
    "EarlierDomain",
    "EarlierRiskOfBias",
    "Filled",
    "Grade",
    "Guesses",
    "Judged",
    "Judgement",
    "Reason",
    "RiskOfBias",
    "Side",
    "SmallStudyTest",
    "begg",
    "egger",
    "peters",
    "trim_and_fill",
]


class Judgement(StrEnum):
    """A judgement of RoB 2."""

    LOW = "low"
    SOME = "some concerns"
    HIGH = "high"


class Domain(StrEnum):
    """A domain of RoB 2."""

    RANDOMISATION = "randomisation process"
    DEVIATIONS = "deviations from intended interventions"
    MISSING = "missing outcome data"
    MEASUREMENT = "measurement of the outcome"
    REPORTING = "selection of the reported result"


@dataclass(frozen=True, kw_only=True, config=RECORD)
class Judged:
    """One domain, judged, and what for."""

    judgement: Judgement
    why: str


@dataclass(frozen=True, kw_only=True, config=RECORD)
class RiskOfBias:
    """RoB 2 of one outcome of a trial; a domain that nobody judged is None, which is not low.

    Source  sterne2019
    """

    randomisation: Judged | None = None
    deviations: Judged | None = None
    missing: Judged | None = None
    measurement: Judged | None = None
    reporting: Judged | None = None
    judged_by: str = ""
    blinding_guessed: str = ""  # what people guessed of their arm, where the report says so

    @property
    def domains(self) -> dict[Domain, Judged | None]:
        """Return each domain and how it was judged."""
        return {
            Domain.RANDOMISATION: self.randomisation,
            Domain.DEVIATIONS: self.deviations,
            Domain.MISSING: self.missing,
            Domain.MEASUREMENT: self.measurement,
            Domain.REPORTING: self.reporting,
        }

    @property
    def overall(self) -> Judgement | None:
        """Return the worst judgement, or None where a domain is not judged and none is high.

        Several domains with some concerns may be judged high together; that is for people to say,
        so it is not done here.
        """
        found = [judged.judgement if judged else None for judged in self.domains.values()]
        if Judgement.HIGH in found:
            return Judgement.HIGH
        if None in found:
            return None
        return Judgement.SOME if Judgement.SOME in found else Judgement.LOW


class EarlierDomain(StrEnum):
    """A domain of the tool before RoB 2, which most reviews of ketamine used."""

    SEQUENCE = "sequence generation"
    CONCEALMENT = "allocation concealment"
    PARTICIPANTS = "blinding of participants"
    ASSESSORS = "blinding of assessors"
    INCOMPLETE = "incomplete outcome data"
    REPORTING = "selective reporting"
    OTHER = "other bias"


@dataclass(frozen=True, kw_only=True, config=RECORD)
class EarlierRiskOfBias:
    """Judgements of a trial by a review that used the earlier Cochrane tool, as printed.

    A domain that is not there was not read, which is not low.

    Source  sterne2019
    """

    domains: Mapping[EarlierDomain, Literal["low", "unclear", "high"]]
    source: str
    locator: str
    status: Status
    note: str = ""


@dataclass(frozen=True, kw_only=True, config=RECORD)
class Guesses:
    """What people guessed of their arm, as printed: whether a blind was kept.

    Source  ketherapy
    """

    printed: str
    source: str
    locator: str
    status: Status


class Certainty(StrEnum):
    """How sure GRADE is that the effect is near the estimate."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very low"


class Reason(StrEnum):
    """What GRADE takes certainty off for."""

    BIAS = "risk of bias"  # with functional unblinding
    INCONSISTENCY = "inconsistency"
    INDIRECTNESS = "indirectness"
    IMPRECISION = "imprecision"
    PUBLICATION = "publication bias"


@dataclass(frozen=True, kw_only=True, config=RECORD)
class Downgrade:
    """One or two steps down, and what for."""

    reason: Reason
    steps: int
    why: str

    def __post_init__(self) -> None:
        if self.steps not in (1, 2) or not self.why.strip():
            raise ContractError(
                f"downgrade for {self.reason}", expected="1 or 2 steps, and why",
                got=f"{self.steps} steps, {self.why!r}", remedy="Say what takes certainty off.",
            )  # fmt: skip


@plain(frozen=True, slots=True)
class Grade:
    """The certainty of a body of evidence, and every step that was taken down from the start."""

    downgrades: tuple[Downgrade, ...] = ()
    start: Certainty = Certainty.HIGH  # randomised trials; LOW where people were only observed

    def __post_init__(self) -> None:
        reasons = [down.reason for down in self.downgrades]
        if len(set(reasons)) < len(reasons):
            raise ContractError(
                "downgrades", expected="each reason once", got=", ".join(reasons),
                remedy="Put everything that one reason holds against it together.",
            )  # fmt: skip

    @property
    def certainty(self) -> Certainty:
        """Return the certainty after all steps; below very low there is nothing.

        Source  guyatt2008
        """
        order = list(Certainty)
        down = sum(one.steps for one in self.downgrades)
        return order[min(order.index(self.start) + down, len(order) - 1)]

    @property
    def said(self) -> str:
        """Return the certainty with its reasons, as a reader is told it."""
        why = "; ".join(f"{one.reason} (-{one.steps}): {one.why}" for one in self.downgrades)
        return f"{self.certainty} certainty" + (f", for {why}" if why else "")
