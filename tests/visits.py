"""Invented visits: events by the minute, read as a protocol of the tests asks for."""

from __future__ import annotations

from datetime import datetime, timedelta

from ketherapy.dosing.visit import Act, Done, Event, Noticed, Reading, Visit, folded
from tests.dosing import NOW, invented, number

START = NOW
CALM = {"sbp": 120.0, "dbp": 78.0, "hr": 70.0, "spo2": 98.0, "moaas": 5.0, "resp_rate": 14.0}


def at(minutes: float) -> datetime:
    """Return the moment that many minutes after the dose began."""
    return START + timedelta(minutes=minutes)


def done(act: str, minutes: float) -> Done:
    """Return something done."""
    return Done(id=f"{act}@{minutes}", at=at(minutes), act=Act(act))


def read(minutes: float, **values: float | None) -> list[Event]:
    """Return readings of one moment."""
    return [
        Reading(id=f"{sign}@{minutes}", at=at(minutes), sign=sign, value=value, by="nurse")
        for sign, value in values.items()
    ]


def noticed(symptom: str, minutes: float, *, is_over: bool = False) -> Noticed:
    """Return a symptom."""
    return Noticed(
        id=f"{symptom}@{minutes}{is_over}", at=at(minutes), symptom=symptom, is_over=is_over
    )


def calm_before() -> list[Event]:
    """Return a visit opened, with normal readings, and the dose begun at minute 0."""
    return [done("opened", -30), *read(-10, **CALM), done("started", 0)]


def visit(*events: Event, now: float = 0.0) -> Visit:
    """Return the visit that the events tell of at minute ``now``."""
    return folded(events, at(now))


def check(which: str, when: str, **more: object) -> dict[str, object]:
    """Return a due check, as a file holds it; ``minutes`` as a number."""
    minutes = more.pop("minutes", None)
    timed = {} if minutes is None else {"minutes": number(float(str(minutes)), "min")}
    return {
        "check": which, "when": when, "source": "ketherapy", "status": "convention",
        **timed, **more,
    }  # fmt: skip


def watched(*checks: dict[str, object], minutes: float = 60, anchor: str = "end"):
    """Return an invented protocol with these due checks, observed for ``minutes``."""
    leaving = {"observed_for": number(minutes, "min"), "anchor": anchor, "rules": []}
    return invented(due=list(checks), leaving=leaving)
