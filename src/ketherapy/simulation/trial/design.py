"""The design of a trial as it is written down: what a TOML file may say, each number with its unit.

Nothing is converted and nothing is assumed here; ``read`` turns a design into a ``Trial``, or
refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictFloat, StrictInt
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.errors import ContractError, DataFileError, shown
from ketherapy.records import RECORD, Fault
from ketherapy.sources import Status

_TRIALS = Path(__file__).parent.parent / "data" / "trials"

Control = Literal["saline", "midazolam", "placebo spray", "active", "open"]


@record(frozen=True, kw_only=True, config=RECORD)
class ArmDesign:
    """One arm: what is given when, or against what it is held."""

    id: str
    control: Control | None = None  # of the arm that the others are compared with
    drug: str = ""
    route: str = ""
    dose: str = ""  # '0.5 mg/kg', '84 mg'
    over: str = ""
    given: tuple[str, ...] = ()  # times since the first dose: '0 day', '3 day'
    every: str = ""  # or an interval and a count
    count: StrictInt | None = None
    ratio: StrictInt = 1  # of allocation
    model: str = ""  # of levels; the default of the drug and route where none is named


@record(frozen=True, kw_only=True, config=RECORD)
class PopulationDesign:
    """Who is enrolled: the score at entry, and the people who take the drug."""

    baseline: str = ""  # mean before the criterion cuts it off; that of the setting if not said
    baseline_sd: str = ""  # that of the model if not said
    entry: str = "0 points"  # least score that is let in
    people: str = ""  # a described population
    weight: str = ""  # or what everybody weighs
    age: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class VisitDesign:
    """When people are rated, counted from the first dose."""

    at: tuple[str, ...] = ()
    daily_until: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class MissingDesign:
    """How ratings come to be missing."""

    by_end: str = ""  # share that has left by the last visit: '20 %'
    hazard: str = ""  # or a constant hazard: '1 %/week'
    worse_leave_more: StrictFloat = (
        1.0  # hazard ratio for each 10 points less improvement, as last rated
    )
    skipped: str = "0 %"  # of the ratings of those who stay


@record(frozen=True, kw_only=True, config=RECORD)
class AnalysisDesign:
    """How the trial is analysed."""

    kind: str = "ancova"  # or mmrm
    primary: str  # time of the primary end point, one of the visits
    alpha: str = "5 %"  # two-sided
    visits: tuple[str, ...] = ()  # those the repeated-measures model takes; all where none is named


@record(frozen=True, kw_only=True, config=RECORD)
class ReportedDesign:
    """Where one printed result of this trial stands, by ids of the printed effects."""

    arm: str
    at: str  # a visit
    change: str = ""  # printed change of the arm, or its score where one before is named
    control_change: str = ""
    before: str = ""  # printed baseline, where scores are printed and not changes
    control_before: str = ""
    difference: str = ""  # printed difference, if there is one
    se: str = ""  # its printed standard error, where the row gives one in words: '2.85 points'
    response: str = ""
    control_response: str = ""


@record(frozen=True, kw_only=True, config=RECORD)
class TrialDesign:
    """One trial, as its protocol would say it."""

    id: str
    title: str
    setting: str  # the kind of trial, one of the mood model's settings
    n: StrictInt
    arms: tuple[ArmDesign, ...]
    visits: VisitDesign
    analysis: AnalysisDesign
    population: PopulationDesign = Field(default_factory=PopulationDesign)
    missing: MissingDesign = Field(default_factory=MissingDesign)
    instrument: str = "madrs"
    rater_sd: str = ""  # of one rating; that of the model if not said
    replicates: StrictInt = 1000
    seed: StrictInt
    source: str = ""
    status: Status | None = None
    locator: str = ""
    trial: str = ""  # id of the study among the printed effects
    notes: tuple[str, ...] = ()
    reported: tuple[ReportedDesign, ...] = ()


def read_design(path: Path) -> TrialDesign:
    """Return the design in the TOML file at ``path``.

    Errors  ContractError for a file that is not there or cannot be read, and one that names every
            key that is unknown, missing or not what it should be
    """
    entries = _entries(path)
    if faults := records.faults(TrialDesign, entries):
        count = f"{len(faults)} {'mistake' if len(faults) == 1 else 'mistakes'}"
        raise ContractError(
            f"design {path.name}", expected="a design that can be read", got=count,
            remedy=" ".join(map(_sentence, faults)),
        )  # fmt: skip
    return records.check(TrialDesign, entries, where=path.name)


def _entries(path: Path) -> Mapping[str, object]:
    if not path.is_file():
        raise ContractError(
            f"design {path.name}", expected="a file that is there", got=str(path),
            remedy="Check the place, or name a shipped design without .toml.",
        )  # fmt: skip
    try:
        return records.read_table(path)
    except (DataFileError, OSError) as error:
        raise ContractError(
            f"design {path.name}", expected="a design that can be read", got=path.name,
            remedy=f"{error}",
        ) from error  # fmt: skip


def _sentence(fault: Fault) -> str:
    """Return one mistake in words; the arms and the like are counted from one."""
    key = re.sub(r"\.(\d+)", lambda found: f" no. {int(found[1]) + 1}", fault.key)
    if fault.kind == "unknown":
        return f"{key}: a design has no such key; correct its name, or leave it out."
    if fault.kind == "missing":
        return f"{key}: it is missing."
    should = fault.expected.replace("Input", "it").replace("tuple", "list")
    return f"{key}: {should}, got {shown(fault.got)}."


@lru_cache(maxsize=1)
def designs() -> tuple[TrialDesign, ...]:
    """Return every shipped design, in the order of their ids."""
    return tuple(records.load(TrialDesign, path) for path in sorted(_TRIALS.glob("*.toml")))


def design(design_id: str) -> TrialDesign:
    """Return the shipped design with this id.

    Errors  ContractError where none has it
    """
    for found in designs():
        if found.id == design_id:
            return found
    raise ContractError(
        "design", expected=f"a file, or one of {', '.join(d.id for d in designs())}",
        got=design_id, remedy="Choose one of these, or write your own.",
    )  # fmt: skip
