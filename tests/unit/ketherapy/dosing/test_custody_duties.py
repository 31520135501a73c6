"""Duties about controlled drugs: what was read, what is off, and when each is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ketherapy.dosing.custody_calendar import Calendar
from ketherapy.dosing.custody_duties import (
    Due,
    DutyKind,
    custody_duties,
    due_at,
    duties_due,
    in_force,
    kept_until,
    read_duties,
    witnesses,
)
from ketherapy.dosing.custody_events import (
    BusinessMoment,
    Count,
    Loss,
    LossKind,
    Move,
    Reported,
)
from ketherapy.errors import ContractError, DataFileError
from ketherapy.sources import Status, source
from tests.custody import CALENDAR, NOON, minutes, receipt

ALL = custody_duties("US")
DUTIES = {one.id: one for one in ALL}
FRIDAY = datetime(2026, 3, 6, 15, tzinfo=UTC)


def loss(at=FRIDAY, kind=LossKind.THEFT, event="L", **more):
    return Loss(id=event, at=at, by="ann", vial="v", microlitres=1, kind_of_loss=kind, **more)


def told(duty, at=FRIDAY + timedelta(hours=1), *, about="L", event="N"):
    return Reported(id=event, at=at, by="ann", duty=duty, about=about)


def count(at, *, location="safe", moment=BusinessMoment.CLOSE, event="C"):
    return Count(id=event, at=at, by="ann", location=location, counted=(), moment=moment)


def due(*events, now=datetime(2027, 1, 1, tzinfo=UTC), calendar=CALENDAR, duties=ALL):
    found = duties_due(in_force(duties), events, now=now, calendar=calendar)
    return [(one.duty.id, one.about, one.due_at) for one in found]


class TestData:
    @pytest.mark.parametrize("duty", ALL, ids=lambda duty: duty.id)
    def test_every_duty_has_a_source_and_what_was_read_has_a_place(self, duty):
        assert source(duty.source)
        assert (duty.status is Status.CONVENTION) == (duty.source == "ketherapy")
        assert duty.locator or duty.status is Status.CONVENTION

    @pytest.mark.parametrize(
        ("key", "kind", "count", "unit"),
        [
            ("records_kept", DutyKind.KEEP, 2, "year"),
            ("inventory", DutyKind.REPEAT, 2, "year"),
            ("loss_notice", DutyKind.REPORT, 1, "business day"),
            ("loss_form", DutyKind.REPORT, 45, "day"),
            ("destruction_witnesses", DutyKind.WITNESS, 2, "person"),
            ("waste_witness", DutyKind.WITNESS, 1, "person"),
            ("no_order_form", DutyKind.NOTE, None, ""),
        ],
    )
    def test_the_numbers_are_those_that_were_read(self, key, kind, count, unit):
        duty = DUTIES[key]
        assert (duty.kind, duty.count, duty.unit) == (kind, count, unit)

    def test_a_number_may_have_a_source_of_its_own(self):
        notice, kept = DUTIES["loss_notice"], DUTIES["records_kept"]
        form, order = DUTIES["loss_form"], DUTIES["no_order_form"]
        assert (notice.source, notice.locator) == ("dea_loss_rule", "abstract")
        assert (kept.source, kept.locator) == ("cfr_1304", "§ 1304.04")
        assert (form.source, kept.status) == ("dea_loss_rule", Status.VERIFIED)
        assert (order.source, order.locator) == ("dea_manual_summary", "table, receiving records")
        assert DUTIES["first_inventory"].status is Status.SECONDARY
        assert notice.note.startswith("Read here as")
        assert notice.says.startswith("The DEA field division office")

    def test_no_country_is_lenient_because_nobody_read_its_rules(self):
        with pytest.raises(ContractError, match=r"were read: US, got 'CH'.*hold, and are not here"):
            custody_duties("CH")


class TestFiles:
    TEXT = """
        id = "x"
        jurisdiction = "X"
        title = "t"
        since = 2026-01-01
        source = "ketherapy"
        status = "convention"
        note = "n"
        [duties.one]
        kind = "KIND"
        says = "s"
        NUMBER
    """

    def read(self, folder: Path, kind: str, number: str):
        path = folder / "x.toml"
        line = f"number = {{ {number} }}" if number else ""
        text = self.TEXT.replace("KIND", kind).replace("NUMBER", line).replace("        ", "")
        path.write_text(text, encoding="utf-8")
        read_duties.cache_clear()
        return read_duties(path)

    @pytest.mark.parametrize(
        ("kind", "number"),
        [
            ("keep", 'value = 2, unit = "year"'),
            ("repeat", 'value = 1, unit = "year"'),
            ("witness", 'value = 1, unit = "person"'),
            ("report", 'value = 7, unit = "day"'),
            ("report", 'value = 7, unit = "business day"'),
            ("report", ""),
            ("first", ""),
            ("note", ""),
        ],
    )
    def test_a_duty_has_a_number_of_its_kind(self, tmp_path, kind, number):
        (duty,) = self.read(tmp_path, kind, number)
        assert duty.status is Status.CONVENTION
        assert (duty.count is None) == (number == "")

    @pytest.mark.parametrize(
        ("kind", "number", "says"),
        [
            ("keep", "", "a duty to keep has a number"),
            ("repeat", "", "a duty to repeat has a number"),
            ("witness", "", "a duty to witness has a number"),
            ("keep", 'value = 2, unit = "day"', "a duty to keep is not in day"),
            ("report", 'value = 2, unit = "year"', "a duty to report is not in year"),
            ("note", 'value = 2, unit = "year"', "a duty to note is not in year"),
            ("first", 'value = 2, unit = "day"', "a duty to first is not in day"),
            ("keep", 'value = 0, unit = "year"', "whole, and one or more"),
            ("keep", 'value = 1.5, unit = "year"', "whole, and one or more"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, tmp_path, kind, number, says):
        with pytest.raises(DataFileError, match=says):
            self.read(tmp_path, kind, number)


class TestForce:
    def test_a_convention_is_off_until_a_clinic_adopts_it(self):
        off = {one.id for one in ALL} - {one.id for one in in_force(ALL)}
        assert off == {"waste_witness"}
        assert in_force(ALL, adopted={"waste_witness"}) == ALL
        assert witnesses(in_force(ALL)) == {"destroyed": 2}
        assert witnesses(ALL) == {"destroyed": 2, "waste": 1}

    @pytest.mark.parametrize("strange", ["inventory", "no such duty"])
    def test_nothing_else_can_be_adopted(self, strange):
        with pytest.raises(ContractError, match=rf"waste_witness, got '{strange}'.*holds without"):
            in_force(ALL, adopted={"waste_witness", strange})


class TestKeeping:
    @pytest.mark.parametrize(
        ("at", "until"),
        [
            (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2028, 3, 4, tzinfo=UTC)),
            (datetime(2023, 2, 28, 9, tzinfo=UTC), datetime(2025, 3, 2, tzinfo=UTC)),
            (datetime(2024, 2, 28, 9, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ],
    )
    def test_a_record_is_kept_for_two_years_and_never_a_day_less(self, at, until):
        assert kept_until(ALL, at, calendar=CALENDAR) == until
        assert until.date() > date(at.year + 2, at.month, at.day)

    def test_where_no_duty_says_there_is_no_end(self):
        assert kept_until([DUTIES["inventory"]], NOON, calendar=CALENDAR) is None

    def test_the_longest_of_several_holds(self):
        longer = replace(DUTIES["records_kept"], count=5)
        seen = kept_until([longer, *ALL], NOON, calendar=CALENDAR)
        assert seen == datetime(2031, 3, 4, tzinfo=UTC)


class TestLoss:
    def test_the_notice_is_due_by_the_end_of_the_next_business_day(self):
        assert due(loss()) == [
            ("loss_notice", "L", datetime(2026, 3, 10, tzinfo=UTC)),
            ("loss_form", "L", FRIDAY + timedelta(days=45)),
        ]

    def test_a_holiday_that_is_passed_in_is_not_counted(self):
        closed = Calendar(zone=UTC, closed=frozenset({date(2026, 3, 9)}))
        assert due(loss(), calendar=closed)[0][2] == datetime(2026, 3, 11, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("now", "is_late"),
        [
            (datetime(2026, 3, 9, 23, 59, tzinfo=UTC), False),
            (datetime(2026, 3, 10, tzinfo=UTC), False),
            (datetime(2026, 3, 10, 0, 1, tzinfo=UTC), True),
        ],
    )
    def test_it_is_late_after_that_moment(self, now, is_late):
        (notice, form) = duties_due(in_force(ALL), [loss()], now=now, calendar=CALENDAR)
        assert notice.is_late(now) is is_late
        assert not form.is_late(now)

    @pytest.mark.parametrize(("minutes", "is_late"), [(-1, False), (0, False), (1, True)])
    def test_the_form_is_late_after_45_days_to_the_minute(self, minutes, is_late):
        now = FRIDAY + timedelta(days=45, minutes=minutes)
        found = duties_due(in_force(ALL), [loss()], now=now, calendar=CALENDAR)
        assert found[1].duty.id == "loss_form"
        assert found[1].is_late(now) is is_late

    def test_each_report_ends_its_own_duty(self):
        assert [one[0] for one in due(loss(), told("loss_notice"))] == ["loss_form"]
        assert [one[0] for one in due(loss(), told("loss_form"))] == ["loss_notice"]
        both = told("loss_notice"), told("loss_form", event="N2")
        assert due(loss(), *both) == []

    def test_a_report_about_another_loss_or_another_duty_ends_nothing(self):
        assert len(due(loss(), told("loss_notice", about="L2"))) == 2
        assert len(due(loss(), told("loss notice"))) == 2

    @pytest.mark.parametrize(("minutes", "left"), [(-1, 2), (0, 1), (1, 1)])
    def test_nothing_is_reported_before_it_was_discovered(self, minutes, left):
        assert len(due(loss(), told("loss_notice", FRIDAY + timedelta(minutes=minutes)))) == left

    def test_a_report_from_the_future_is_none(self):
        now = FRIDAY + timedelta(minutes=30)
        assert len(due(loss(), told("loss_notice"), now=now)) == 2

    @pytest.mark.parametrize("kind", LossKind)
    def test_a_loss_that_nobody_judged_counts_as_significant(self, kind):
        assert (due(loss(kind=kind)) == []) == (kind is LossKind.NOT_SIGNIFICANT)

    def test_a_notice_stays_sent_when_the_loss_is_corrected(self):
        corrected = loss(event="L2", replaces="L", at=FRIDAY + timedelta(minutes=5))
        assert [one[0] for one in due(loss(), told("loss_notice"), corrected)] == ["loss_form"]

    def test_a_loss_that_cannot_be_true_is_reported_all_the_same(self):
        found = due(loss(), now=FRIDAY - timedelta(days=1))
        assert [one[0] for one in found] == ["loss_notice", "loss_form"]


class TestInventory:
    def test_everything_is_counted_on_the_first_day_and_again_within_two_years(self):
        assert due(receipt()) == [
            ("first_inventory", "safe", datetime(2026, 3, 3, tzinfo=UTC)),
            ("inventory", "safe", datetime(2028, 3, 3, tzinfo=UTC)),
        ]

    @pytest.mark.parametrize(
        ("now", "is_late"),
        [
            (datetime(2028, 3, 2, 23, 59, tzinfo=UTC), False),
            (datetime(2028, 3, 3, tzinfo=UTC), False),
            (datetime(2028, 3, 3, 0, 1, tzinfo=UTC), True),
        ],
    )
    def test_two_years_end_with_their_last_day(self, now, is_late):
        events = receipt(), count(minutes(5))
        (found,) = duties_due(in_force(ALL), events, now=now, calendar=CALENDAR)
        assert found.duty.id == "inventory"
        assert found.is_late(now) is is_late

    def test_they_run_from_the_last_one(self):
        last = datetime(2026, 9, 1, 8, tzinfo=UTC)
        events = receipt(), count(last, event="C2"), count(minutes(5))
        assert due(*events) == [("inventory", "safe", datetime(2028, 9, 2, tzinfo=UTC))]

    def test_a_count_without_its_moment_is_no_inventory(self):
        assert len(due(receipt(), count(minutes(5), moment=None))) == 2

    def test_each_place_has_its_own(self):
        carried = Move(id="M", at=minutes(60 * 24), by="ann", vial="v", to="room")
        found = due(receipt(), carried, count(minutes(5)))
        assert found == [
            ("first_inventory", "room", datetime(2026, 3, 4, tzinfo=UTC)),
            ("inventory", "safe", datetime(2028, 3, 3, tzinfo=UTC)),
            ("inventory", "room", datetime(2028, 3, 4, tzinfo=UTC)),
        ]

    def test_a_place_is_known_from_what_first_came_there(self):
        later = receipt("R2", at=60 * 24 * 9, vial="w")
        assert due(receipt(), later) == due(receipt())

    def test_where_nothing_ever_was_nothing_is_counted(self):
        assert due(count(minutes(5))) == []


def test_days_are_those_of_the_place():
    west = timezone(timedelta(hours=-8))
    late_evening = datetime(2026, 3, 6, 7, tzinfo=UTC)  # still Thursday there
    end = due_at(DUTIES["loss_notice"], late_evening, calendar=Calendar(zone=west))
    assert end == datetime(2026, 3, 7, 8, tzinfo=UTC)


def test_without_a_limit_nothing_is_called_late():
    timeless = replace(DUTIES["loss_notice"], count=None, unit="", id="at_once")
    assert due_at(timeless, NOON, calendar=CALENDAR) is None
    assert not Due(duty=timeless, about="L", due_at=None).is_late(NOON)
    found = due(loss(), duties=[DUTIES["loss_notice"], timeless])
    assert [one[0] for one in found] == ["at_once", "loss_notice"]


def test_what_is_due_at_one_moment_is_in_the_order_of_its_name():
    found = due(receipt(), replace(receipt("R2", vial="w"), location="a room"))
    assert [one[:2] for one in found] == [
        ("first_inventory", "a room"), ("first_inventory", "safe"), ("inventory", "a room"),
        ("inventory", "safe"),
    ]  # fmt: skip
