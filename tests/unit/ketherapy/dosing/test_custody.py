"""The book of controlled drugs: what counts and is against a rule, counts, and totals."""

from dataclasses import replace
from datetime import date, timedelta, timezone

import pytest

from ketherapy.dosing.custody import book, totals
from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_events import Counted, Reported
from ketherapy.dosing.custody_log import Rule
from ketherapy.dosing.custody_vial import Bucket
from tests.custody import (
    CALENDAR,
    amounts,
    count,
    destroyed,
    draw,
    give,
    kept,
    minutes,
    move,
    note,
    receipt,
    waste,
)


class TestWitnesses:
    @pytest.mark.parametrize(
        ("names", "wanted", "is_enough"),
        [
            ((), 0, True),
            ((), 1, False),
            (("bob",), 1, True),
            (("bob",), 2, False),
            (("bob", "bob"), 2, False),
            (("bob", "cy"), 2, True),
        ],
    )
    def test_as_many_as_the_rules_in_force_want_and_each_once(self, names, wanted, is_enough):
        for rules, event in (
            ({"waste": wanted}, waste(draw=None, witnesses=names)),
            ({"destroyed": wanted}, destroyed(1000, witnesses=names)),
        ):
            if is_enough:
                assert kept(receipt(), event, **rules).findings == ()
            else:
                expected = event.id, Rule.ENOUGH_WITNESSES, f"{wanted}", f"{len(set(names))}"
                assert note(receipt(), event, **rules) == expected

    def test_none_is_wanted_where_no_rule_is_in_force(self):
        assert kept(receipt(), destroyed(1000), waste=2).findings == ()


class TestPeople:
    def test_a_vial_for_two_people_is_flagged_and_counts(self):
        other = draw("D2", at=2, microlitres=100, patient="two")
        assert note(receipt(), draw(), other) == (
            "D2", Rule.ONE_PATIENT, "one person", "another in D",
        )  # fmt: skip
        assert amounts(receipt(), draw(), other)[Bucket.DRAWN] == 700
        again = replace(other, patient="one")
        assert kept(receipt(), draw(), again).findings == ()

    def test_a_draw_given_to_another_person_is_flagged_and_counts(self):
        assert note(receipt(), draw(), give(patient="two")) == (
            "G", Rule.SAME_PATIENT, "the person it was drawn for", "another",
        )  # fmt: skip
        assert amounts(receipt(), draw(), give(patient="two"))[Bucket.GIVEN] == 500
        corrected = receipt(), draw(), draw("D2", replaces="D", patient="two"), give(patient="two")
        assert kept(*corrected).findings == ()


@pytest.mark.parametrize(
    ("last_day", "is_late"),
    [(date(2026, 3, 3), False), (date(2026, 3, 2), False), (date(2026, 3, 1), True)],
)
def test_nothing_is_drawn_after_its_last_day(last_day, is_late):
    vial = replace(receipt(), expires_on=last_day)
    if is_late:
        expected = "D", Rule.NOT_EXPIRED, "2026-03-01 at the latest", "2026-03-02"
        assert note(vial, draw()) == expected
        assert amounts(vial, draw())[Bucket.DRAWN] == 600
    else:
        assert kept(vial, draw()).findings == ()


def test_the_last_day_is_that_of_the_place():
    vial = replace(receipt(), expires_on=date(2026, 3, 2))
    east = Calendar(zone=timezone(timedelta(hours=13)))
    for calendar, late in ((CALENDAR, 0), (east, 1)):
        seen = book([vial, draw()], now=minutes(9), calendar=calendar, witnesses={})
        assert len(seen.findings) == late


class TestCounts:
    def test_a_count_that_agrees_says_nothing(self):
        seen = Counted(vial="v", found=400)
        assert kept(receipt(), draw(), give(), waste(), count(seen)).findings == ()

    @pytest.mark.parametrize("number", [399, 401, 0])
    def test_a_difference_is_named_and_changes_nothing(self, number):
        events = receipt(), draw(), count(Counted(vial="v", found=number))
        expected = "C", Rule.AS_BOOKED, "400 micro-litres in v", f"{number}"
        assert note(*events) == expected
        assert amounts(*events) == {Bucket.IN_VIAL: 400, Bucket.DRAWN: 600}

    def test_a_vial_that_is_not_counted_was_not_there(self):
        assert note(receipt(), count()) == ("C", Rule.AS_BOOKED, "1000 micro-litres in v", "0")
        assert kept(receipt(), draw(microlitres=1000), count()).findings == ()

    def test_a_vial_that_should_be_elsewhere_or_is_unknown_is_named(self):
        seen = Counted(vial="v", found=1000)
        assert note(receipt(), move(), count(seen))[2:] == ("0 micro-litres in v", "1000")
        assert note(count(seen))[2:] == ("0 micro-litres in v", "1000")
        assert kept(receipt(), move(), count(seen, location="room")).findings == ()
        assert kept(receipt(), move(), count()).findings == ()

    def test_every_vial_is_named_in_the_order_of_its_id(self):
        vials = [receipt(f"R{key}", vial=key) for key in "cab"]
        found = kept(*vials, count(Counted(vial="d", found=1))).findings
        assert [one.expected[-1] for one in found] == list("abcd")

    def test_only_an_opened_container_is_estimated(self):
        guess = Counted(vial="v", found=1000, is_estimated=True)
        expected = "C", Rule.OPENED_TO_ESTIMATE, "an exact count of v", "an estimate"
        assert note(receipt(), count(guess)) == expected
        opened = replace(guess, found=400)
        assert kept(receipt(), draw(), count(opened)).findings == ()
        unknown = Counted(vial="w", found=0, is_estimated=True)
        assert kept(count(unknown)).findings[0].rule is Rule.OPENED_TO_ESTIMATE


def test_totals_are_by_whatever_is_asked():
    other = replace(receipt("R2", vial="w", microlitres=70), lot="l2", location="room")
    seen = kept(receipt(), draw(), other)
    by_lot = totals(seen, by=lambda vial: vial.receipt.lot)
    assert {lot: part[Bucket.IN_VIAL] for lot, part in by_lot.items()} == {"l": 400, "l2": 70}
    by_product = totals(seen, by=lambda vial: vial.receipt.product)
    assert by_product["p"][Bucket.IN_VIAL] == 470
    assert by_product["p"][Bucket.DRAWN] == 600
    assert totals(seen, by=lambda vial: vial.location).keys() == {"safe", "room"}


def test_a_report_moves_no_drug():
    told = Reported(id="N", at=minutes(5), by="ann", duty="loss_notice", about="L")
    assert kept(receipt(), told) == kept(receipt())


def test_findings_of_the_log_come_first():
    assert [one.event for one in kept(draw("D9"), receipt(at=700)).findings] == ["R", "D9"]
