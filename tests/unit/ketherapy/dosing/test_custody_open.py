"""What is open at the end of the day, and what stops further dosing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ketherapy.dosing.custody import book
from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_events import Discrepancy, Waste
from ketherapy.dosing.custody_open import OpenItem, OpenKind, blocked, open_items
from tests.custody import CALENDAR, draw, give, minutes, receipt

MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


def items(*events, now=MIDNIGHT, calendar=CALENDAR):
    seen = book(events, now=now, calendar=calendar, witnesses={})
    return open_items(seen, now=now, calendar=calendar)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        pytest.param(MIDNIGHT - timedelta(minutes=1), False, id="before the day is over"),
        pytest.param(MIDNIGHT, True, id="at midnight"),
        pytest.param(MIDNIGHT + timedelta(days=3), True, id="days later"),
    ],
)
def test_a_draw_is_open_when_its_day_is_over(now, is_open):
    found = items(receipt(), draw(), give(), now=now)
    if not is_open:
        assert found == ()
        return
    assert found == (
        OpenItem(kind=OpenKind.UNSETTLED, about="D", vial="v", microlitres=100, patient="one"),
    )
    assert not found[0].is_blocking


def test_the_day_is_that_of_the_place():
    west = Calendar(zone=timezone(timedelta(hours=-8)))
    assert items(receipt(), draw(), give(), calendar=west) == ()


def test_a_draw_that_is_settled_is_not_open():
    waste = Waste(id="W", at=minutes(3), by="ann", vial="v", draw="D", microlitres=100)
    assert items(receipt(), draw(), give(), waste) == ()


def test_a_dose_of_unknown_fate_blocks_at_once_whoever_got_it():
    for person in ("one", "two"):
        unknown = give(microlitres=None, patient=person)
        found = items(receipt(), draw(), unknown, now=minutes(2))
        assert found == (
            OpenItem(
                kind=OpenKind.UNKNOWN_FATE, about="D", vial="v", microlitres=600, patient=person
            ),
        )
        assert blocked(found, person) == found
        assert blocked(found, "three") == ()


def test_a_correction_ends_the_block():
    better = replace(give("G2"), replaces="G")
    assert items(receipt(), draw(), give(microlitres=None), better, now=minutes(9)) == ()


@pytest.mark.parametrize("microlitres", [601, None])
def test_a_dose_that_cannot_be_true_blocks_too(microlitres):
    if microlitres is None:
        found = items(receipt(), give(microlitres=None), now=minutes(2))
    else:
        found = items(receipt(), draw(), give(microlitres=microlitres), now=minutes(2))
    assert found == (
        OpenItem(
            kind=OpenKind.REFUSED_DOSE, about="G", vial="v", microlitres=microlitres, patient="one"
        ),
    )
    assert blocked(found, "one") == found


def test_a_dose_from_the_future_blocks_until_it_is_corrected():
    found = items(receipt(), draw(), give(at=60), now=minutes(59))
    assert [one.kind for one in found] == [OpenKind.REFUSED_DOSE]


def test_a_discrepancy_is_open_and_blocks_nobody():
    found = items(
        receipt(),
        Discrepancy(id="X", at=minutes(1), by="ann", vial="v", difference=-30),
        Discrepancy(id="X2", at=minutes(2), by="ann", vial="v", difference=4),
    )
    assert [(one.kind, one.about, one.microlitres, one.patient) for one in found] == [
        (OpenKind.DISCREPANCY, "X", 30, None), (OpenKind.DISCREPANCY, "X2", -4, None),
    ]  # fmt: skip
    assert not any(one.is_blocking for one in found)
    assert found[0].vial == "v"


def test_everything_open_is_returned_not_the_first():
    found = items(
        receipt(),
        draw(microlitres=300),
        draw("D2", at=2, microlitres=100, patient="two"),
        give(at=3, microlitres=None, draw="D2", patient="two"),
        give("G9", at=3, draw="D9"),
        Discrepancy(id="X", at=minutes(4), by="ann", vial="v", difference=-30),
    )
    assert [(one.kind, one.about) for one in found] == [
        (OpenKind.REFUSED_DOSE, "G9"), (OpenKind.UNSETTLED, "D"), (OpenKind.UNKNOWN_FATE, "D2"),
        (OpenKind.DISCREPANCY, "X"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "what", "to_do"),
    [
        (OpenKind.UNSETTLED, "neither given, wasted nor put back", "settle it"),
        (OpenKind.UNKNOWN_FATE, "nobody knows how much was given", "correct the entry"),
        (OpenKind.REFUSED_DOSE, "a dose was entered that cannot be true", "correct the entry"),
        (OpenKind.DISCREPANCY, "another amount than the book says", "resolve it, or enter the"),
    ],
)
def test_what_is_open_is_said_with_what_to_do(kind, what, to_do):
    said, _, remedy = kind.value.partition(": ")
    assert what in said
    assert to_do in remedy
