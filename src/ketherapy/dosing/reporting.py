"""Reports that are owed about sessions, adverse events and losses, and the REMS monitoring form.

A setting that was not entered counts as every setting, and a seriousness that nobody has judged as
serious: what is not known asks, it never passes.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic.dataclasses import dataclass as record

from ketherapy import records
from ketherapy.dosing.adverse_events import AdverseEvent, Setting
from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_duties import (
    Due,
    Duty,
    duties_in,
    losses,
    reports,
    soonest_first,
)
from ketherapy.dosing.custody_events import AbstractEvent
from ketherapy.dosing.custody_log import read_log
from ketherapy.errors import ContractError
from ketherapy.records import RECORD
from ketherapy.regimen import Drug, Route
from ketherapy.sources import Status

_FOLDER = Path(__file__).parent / "data" / "reporting"
_FILES = {"US": _FOLDER / "us_2026_01.toml"}  # by jurisdiction: whose rules were read

Answer = bool | float | str | date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Treatment(AbstractEvent):
    """A drug was given to a person: ``at`` is the first device or the begin of the infusion."""

    patient: str
    drug: Drug
    route: Route
    setting: Setting | None  # None: not entered


@record(frozen=True, kw_only=True, config=RECORD)
class FormField:
    """One field of the form, and when it is asked at all."""

    asks: str
    source: str = ""
    status: Status | None = None  # None: that of the file
    only_if: str = ""
    is_answered: bool | str = Field(default="", alias="is")


@record(frozen=True, kw_only=True, config=RECORD)
class FormFile:
    """The REMS monitoring form, as far as it was read."""

    source: str
    status: Status
    locator: str
    fields: dict[str, FormField]


@dataclass(frozen=True, kw_only=True, slots=True)
class RemsForm:
    """What a monitoring form still lacks."""

    missing: tuple[str, ...]
    unread: tuple[str, ...]  # of these, the fields that nobody has read in the form itself

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is missing, of what was read and of what was not."""
        return not self.missing


def reporting_duties(jurisdiction: str) -> tuple[Duty, ...]:
    """Return the duties to report of a jurisdiction, those that are off as well.

    Errors  ContractError where none were read: that is not the same as there being none
    """
    return duties_in(_FILES, jurisdiction)


def reports_due(
    duties: Iterable[Duty],
    events: Iterable[AbstractEvent],
    *,
    now: datetime,
    calendar: Calendar,
) -> tuple[Due, ...]:
    """Return every report that is owed and was not sent, the soonest first.

    Pass the duties about controlled drugs too, and losses are among them.

    Errors  ContractError where one id has two contents, or corrections run in a circle
    """
    log = read_log(events, now=now)
    return soonest_first(reports(tuple(duties), log, calendar=calendar, occasions=occasions))


def occasions(event: AbstractEvent) -> Collection[str]:
    """Return the occasions for reports that an event is."""
    match event:
        case Treatment() if _is_rems(event):
            return _in_settings(event, "treatment")
        case AdverseEvent():
            return _of_adverse_event(event)
        case _:
            return losses(event)


def _is_rems(event: Treatment | AdverseEvent) -> bool:
    return event.drug is Drug.ESKETAMINE and event.route is Route.INTRANASAL


def _in_settings(event: Treatment | AdverseEvent, what: str) -> set[str]:
    return {f"{one.value}_{what}" for one in Setting if event.setting in (None, one)}


def _of_adverse_event(event: AdverseEvent) -> set[str]:
    is_serious = event.is_serious is not False
    found = {"serious_adverse_event"} if is_serious else set()
    if _is_rems(event):
        found |= _in_settings(event, "adverse_event")
        found |= _in_settings(event, "serious_event") if is_serious else set()
    return found


@lru_cache(maxsize=1)
def rems_fields() -> Mapping[str, FormField]:
    """Return the fields of the monitoring form by id, each with its source and status."""
    return records.load(FormFile, _FOLDER / "rems_form.toml").fields


def rems_form(answers: Mapping[str, Answer]) -> RemsForm:
    """Return what is missing in the monitoring form of one session.

    Errors  ContractError for an answer to a question that the form does not ask
    """
    fields = rems_fields()
    if strange := sorted(answers.keys() - fields.keys()):
        raise ContractError(
            "REMS form", expected="answers to its own fields", got=", ".join(strange),
            remedy="Use the ids of data/reporting/rems_form.toml.",
        )  # fmt: skip
    missing = tuple(
        key
        for key, one in fields.items()
        if _is_asked(one, answers) and _is_blank(answers.get(key))
    )
    unread = tuple(key for key in missing if fields[key].status is Status.CONVENTION)
    return RemsForm(missing=missing, unread=unread)


def _is_asked(one: FormField, answers: Mapping[str, Answer]) -> bool:
    return one.only_if == "" or answers.get(one.only_if) == one.is_answered


def _is_blank(answer: Answer) -> bool:
    if isinstance(answer, float):
        return not math.isfinite(answer)
    return answer is None or (isinstance(answer, str) and not answer.strip())
