"""Invented protocols and visits, to stand on each rung of the limit ladder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ketherapy import records
from ketherapy.dosing.ladder import Ladder, asked_of, climb
from ketherapy.dosing.planned import PlannedDose, read_planned
from ketherapy.dosing.protocol import Protocol
from ketherapy.dosing.rungs import Rung, Visit

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NO_CAP = {"most": None, "set_by": "Practice Director", "reason": "none is wanted in this test"}
NO_CAPS = dict.fromkeys(
    ("clinic_visit", "clinic_week", "clinic_course", "prescriber_visit", "peak"), NO_CAP
)


def cap(most: float) -> dict[str, object]:
    """Return a cap that somebody set."""
    return {"most": most, "set_by": "Practice Director", "reason": "a test"}


def number(value: float, unit: str, **more: object) -> dict[str, object]:
    """Return a cited number, as a file holds it."""
    return {"value": value, "unit": unit, "locator": "a test", **more}


def limits(**named: tuple[float, str]) -> dict[str, object]:
    """Return limits by their names, as a file holds them; the most in a visit is always said."""
    wanted = {"amount_per_visit_max": (100, "mg"), **named}
    since = {"since": "2026-01-01"}
    return {name: {**number(*pair), **since} for name, pair in wanted.items() if pair}


def invented(**changes: object) -> Protocol:
    """Return 0.5 mg/kg into a vein over 40 minutes, at most 100 mg, with ``changes``."""
    remark = {"text": "invented", "source": "ketherapy", "status": "convention"}
    dose = {"given": number(0.5, "mg/kg"), "over": number(40, "min")}
    schedule = {"visits": number(2, "1"), "days": [0, 3], "days_from": remark}
    entries: dict[str, object] = {
        "id": "invented_2026_01", "title": "Invented", "rules": ["PR-010"],
        "since": "2026-01-01", "stale_after": "2027-01-01", "jurisdiction": "consensus",
        "profile": "us", "indication": "a test", "use": "psychiatry", "setting": "outpatient",
        "age_from": number(18, "year"), "is_off_label": True, "drug": "ketamine", "route": "iv",
        "source": "ketherapy", "status": "convention",
        "limits": limits(), "evidence": [remark], "sha256": "0",
        "leaving": {
            "observed_for": number(60, "min"), "anchor": "end", "rules": [],
        },
    }  # fmt: skip
    dose |= changes.pop("dose", {})  # pyright: ignore[reportCallIssue,reportArgumentType]
    entries["phase"] = [{"id": "series", "title": "Series", "dose": dose, "schedule": schedule}]
    return records.check(Protocol, entries | changes, where="a test")


def planned(**changes: object) -> PlannedDose:
    """Return a dose of the invented protocol, with nothing given before and every cap waived."""
    entries = {
        "protocol": "invented_2026_01", "phase": "series", "given": [], "caps": NO_CAPS,
    }  # fmt: skip
    return read_planned({**entries, **changes})


def before(*days: float, amount: float | None = 40.0) -> list[dict[str, object]]:
    """Return doses given that many days before now."""
    return [{"at": NOW - timedelta(days=day), "amount": amount} for day in days]


def climbed(
    protocol: Protocol,
    dose: PlannedDose,
    *,
    weight: float | None = 80.0,
    age: float | None = 44.0,
    now: datetime = NOW,
) -> Ladder:
    """Return the ladder of a dose for one person."""
    return climb(asked_of(protocol, dose, Visit(weight=weight, age=age, now=now)))


def rung(found: Ladder, name: str) -> Rung | None:
    """Return the rung with this id, where it is there."""
    return next((one for one in found.rungs if one.step.id == name), None)
