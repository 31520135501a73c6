"""Trials as they were printed: arms, outcomes, contrasts, and what of them is not known.

A trial is one file. Its numbers are what a document prints; effects are computed from them and
never typed. What is known only from memory is no number here: it is a gap, named and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError
from ketherapy.evidence.bias import EarlierRiskOfBias, Guesses, RiskOfBias
from ketherapy.evidence.conditions import Condition, condition
from ketherapy.records import RECORD
from ketherapy.sources import Status

DATA = Path(__file__).parent / "data" / "trials"


class Design(StrEnum):
    """How people came to be treated."""

    PARALLEL = "parallel"
    CROSSOVER = "crossover"
    FIRST_PERIOD = "first period of a crossover"
    WITHDRAWAL = "randomised withdrawal"
    SINGLE_ARM = "single arm"
    COHORT = "cohort"
    AS_REVIEWED = "as reviewed"  # two groups as a review used them; the design was not read


class Masking(StrEnum):
    """Who did not know what was given."""

    TRIPLE = "triple"
    DOUBLE = "double"
    ASSESSOR = "assessor"
    OPEN = "open"
    UNKNOWN = "unknown"


class Control(StrEnum):
    """What the others were given. Midazolam is felt, saline is not: they are kept apart."""

    MIDAZOLAM = "midazolam"
    SALINE = "saline"
    SALINE_ASLEEP = "saline under anaesthesia"
    PLACEBO_SPRAY = "placebo spray"
    PLACEBO = "placebo"
    ECT = "electroconvulsive therapy"
    KETOROLAC = "ketorolac"
    UNCLEAR = "unclear"  # one of two by the document that was read, and not which
    NONE = "none"

    @property
    def group(self) -> str:
        """Return what it is to those who get it; controls of different groups are never pooled."""
        match self:
            case Control.MIDAZOLAM:
                return "felt"
            case Control.SALINE | Control.PLACEBO | Control.PLACEBO_SPRAY:
                return "not felt"
            case Control.SALINE_ASLEEP:
                return "given to people asleep"
            case Control.ECT | Control.KETOROLAC:
                return "a treatment itself"
            case Control.UNCLEAR:
                return "not known"
            case Control.NONE:
                return "none"


class Given(StrEnum):
    """Which drug the treated were given."""

    KETAMINE = "ketamine"  # the racemate
    ESKETAMINE = "esketamine"
    OTHER = "other"  # another NMDA antagonist that a review looked at beside it


class Kind(StrEnum):
    """What was counted or measured."""

    RESPONSE = "response"
    ANY_TIME = "response at any time"
    REMISSION = "remission"
    RELAPSE = "relapse"
    WORSENING = "worsening"
    SCORE = "score"  # as it stood
    CHANGE = "change"  # from the beginning
    BASELINE = "baseline"
    EVENT = "event"  # people with an unwanted effect
    TOLERABILITY = "tolerability"  # people who stopped for it
    SIZE = "size"  # how many there were, and no more


class About(StrEnum):
    """What it was about."""

    DEPRESSION = "depression"
    SUICIDAL_THOUGHTS = "suicidal thoughts"
    ANXIETY = "anxiety"
    HOPELESSNESS = "hopelessness"
    PTSD = "post-traumatic stress"
    OCD = "obsessions and compulsions"
    PAIN = "pain"
    DISABILITY = "disability"
    QUALITY_OF_LIFE = "quality of life"
    HARM = "unwanted effects"
    PRESSURE = "blood pressure"
    MEMORY = "memory"
    PEOPLE = "people"


_GOOD = frozenset({Kind.RESPONSE, Kind.ANY_TIME, Kind.REMISSION})
_BAD = frozenset({Kind.RELAPSE, Kind.WORSENING, Kind.EVENT, Kind.TOLERABILITY})
# What is measured on scales of either direction, or where no side is better.
_EITHER_WAY = frozenset({About.QUALITY_OF_LIFE, About.MEMORY, About.PEOPLE, About.PRESSURE})


def better_side(kind: Kind, about: About) -> Literal["above", "below"] | None:
    """Return the side of no difference that speaks for treatment, or None where it is not known.

    Source  ketherapy
    """
    if kind in _GOOD:
        return "above"
    if kind in _BAD or about not in _EITHER_WAY:
        return "below"
    return None


@record(frozen=True, kw_only=True, config=RECORD)
class Arm:
    """What one group was given, as printed."""

    label: str
    role: Literal["treated", "control", "both"]  # both: a document gives the two together only
    given: Given | None = None  # of the treated
    drug: str
    route: str = ""
    dose: str = ""
    schedule: str = ""

    def __post_init__(self) -> None:
        if (self.role == "treated") != (self.given is not None):
            raise ValueError("a treated arm says which drug was given, and no other does")


@record(frozen=True, kw_only=True, config=RECORD)
class Result:
    """The printed numbers of one group."""

    n: int | None = None
    events: int | None = None
    mean: float | None = None
    sd: float | None = None
    se: float | None = None  # where a standard error is printed, and no deviation
    percent: float | None = None  # where only a share is printed
    status: Status | None = None  # None: that of the outcome
    how: str = ""  # such as "count derived" from a printed share
    dose: str = ""  # where this document prints another than the arm
    schedule: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.n is not None and self.n < 1:
            raise ValueError("n is the number of people: at least one")
        if self.events is not None and (self.n is None or not 0 <= self.events <= self.n):
            raise ValueError("events lie between none and n, which is needed beside them")
        for name, spread in (("sd", self.sd), ("se", self.se)):
            if spread is not None and spread <= 0.0:
                raise ValueError(f"{name} is more than nothing: people differ")
        if self.percent is not None and not 0.0 <= self.percent <= 100.0:
            raise ValueError("percent lies between 0 and 100")
        if self.sd is not None and self.se is not None:
            raise ValueError("sd or se as printed, not both")


@record(frozen=True, kw_only=True, config=RECORD)
class Outcome:
    """One thing counted or measured at one time, group by group."""

    id: str
    kind: Kind
    about: About
    outcome: str  # as printed
    scale: str = ""  # as printed
    instrument: str | None = None  # id of the rating scale, where it is one of ours
    definition: str = ""  # as printed
    drop: float | None = None  # fall from the baseline that counts as response [1]
    at_most: float | None = None  # total that counts as remission
    timepoint: str = ""  # as printed
    at: float | None = None  # hours from the first dose [h]; None where no time is printed
    part: str = ""  # whom it counts, where not everybody
    counted: Literal["people", "events", "sessions"] = "people"  # only people give shares
    leavers: Literal["", "not counted"] = ""  # those who left before that time
    control_type: str = ""  # where this document prints another word than the trial
    source: str
    locator: str
    status: Status
    results: Mapping[str, Result]  # by arm
    note: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class Contrast:
    """One printed difference between groups, where the groups are not printed themselves."""

    id: str
    contrast: str  # as printed
    treated: str = ""  # arms, where they are those of the file
    control: str = ""
    kind: Kind
    about: About
    outcome: str
    scale: str = ""
    instrument: str | None = None
    timepoint: str
    at: float | None = None
    part: str = ""
    measure: Literal["MD", "SMD", "OR", "RR", "HR", "RD"]
    favourable: Literal["above", "below"]  # side of no effect that speaks for treatment
    printed_measure: str
    unit: str = ""
    estimate: float
    se: float | None = None
    low: float | None = None
    high: float | None = None
    people: int | None = None  # on both sides, where the document prints them
    p: str = ""  # as printed
    source: str
    locator: str
    status: Status
    note: str = ""

    def __post_init__(self) -> None:
        if self.se is not None and self.se <= 0.0:
            raise ValueError("se is more than nothing")
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends")
        low, high = self.low, self.high
        if low is not None and high is not None and not low <= self.estimate <= high:
            raise ValueError("the estimate lies in its interval")


@record(frozen=True, kw_only=True, config=RECORD)
class Gap:
    """One thing that was looked for and is not here, and why."""

    what: str
    where: str = ""  # the arm, outcome or field it belongs to
    why: str


@record(frozen=True, kw_only=True, config=RECORD)
class Trial:
    """One trial as its documents print it."""

    id: str
    acronym: str = ""
    first_author: str  # empty where it was not read
    year: int
    source: str
    status: Status
    registry: str = ""
    pmid: str = ""
    country: str = ""
    design: Design
    design_printed: str = ""
    masking: Masking
    condition: str  # id of conditions.toml
    condition_printed: str
    population: str = ""
    control: Control
    control_printed: str
    cohort: str = ""  # trials with the same one may share people
    bias_printed: str = ""  # what readers noted of its weaknesses
    risk_of_bias: Mapping[str, RiskOfBias] = field(default_factory=dict)  # RoB 2, by outcome
    earlier_risk_of_bias: EarlierRiskOfBias | None = None
    guesses: Guesses | None = None
    note: str = ""
    arms: Mapping[str, Arm]
    outcomes: tuple[Outcome, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def __post_init__(self) -> None:
        for place, result_arm in _named_arms(self):
            if result_arm not in self.arms:
                raise ValueError(f"{place} names the arm {result_arm}, which is not in the file")
        ids = [one.id for one in (*self.outcomes, *self.contrasts)]
        if not (self.acronym or self.first_author):
            raise ValueError("an acronym or a first author is needed to name it")
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"{', '.join(twice)}: each outcome and contrast has an id of its own")

    def outcome(self, outcome_id: str) -> Outcome:
        """Return the outcome with this id.

        Errors  ContractError where none has it
        """
        return _found(self.outcomes, outcome_id, f"outcome of {self.id}")

    def contrast(self, contrast_id: str) -> Contrast:
        """Return the contrast with this id.

        Errors  ContractError where none has it
        """
        return _found(self.contrasts, contrast_id, f"contrast of {self.id}")

    @property
    def name(self) -> str:
        """Return the name a reader knows it by."""
        return self.acronym or f"{self.first_author} {self.year}"


def _named_arms(trial: Trial) -> Iterator[tuple[str, str]]:
    for outcome in trial.outcomes:
        yield from ((f"outcome {outcome.id}", arm) for arm in outcome.results)
    for contrast in trial.contrasts:
        named = (contrast.treated, contrast.control)
        yield from ((f"contrast {contrast.id}", arm) for arm in named if arm)


One = TypeVar("One", Outcome, Contrast)


def _found(ones: tuple[One, ...], wanted: str, what: str) -> One:
    for one in ones:
        if one.id == wanted:
            return one
    raise ContractError(
        what, expected=f"one of {', '.join(one.id for one in ones) or 'none: it has none'}",
        got=wanted, remedy="Choose one of these.",
    )  # fmt: skip


@lru_cache(maxsize=1)
def trials() -> tuple[Trial, ...]:
    """Return every trial, in the order of their ids.

    Errors  DataFileError where a file is wrong, named by path and key
    """
    return tuple(records.load(Trial, path) for path in sorted(DATA.glob("*.toml")))


def trial(trial_id: str) -> Trial:
    """Return the trial with this id.

    Errors  ContractError where none has it
    """
    for found in trials():
        if found.id == trial_id:
            return found
    raise ContractError(
        "trial", expected="an id that 'ketherapy evidence list' shows", got=trial_id,
        remedy="Choose one of these, or add its file.",
    )  # fmt: skip


def condition_of(of: Trial) -> Condition:
    """Return the condition a trial was made in.

    Errors  ContractError where its file names none of ours
    """
    return condition(of.condition)
