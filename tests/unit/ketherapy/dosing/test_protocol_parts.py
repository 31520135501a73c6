"""The parts of a protocol: what fits together is read, and what does not is refused with why."""

from datetime import date

import pytest

from ketherapy.dosing.protocol_parts import (
    ADVISED,
    LEAST,
    LIMITS,
    Advice,
    Anchor,
    DueCheck,
    Giving,
    Leaving,
    Limit,
    Phase,
    Remark,
    Schedule,
)
from ketherapy.errors import ContractError
from ketherapy.sources import Cited

OURS = {"source": "ketherapy", "status": "convention"}
DAYS_FROM = Remark(text="Of this test.", **OURS)


def cited(value, unit, **ends):
    return Cited(value=value, unit=unit, locator="this test", **ends)


def giving(value=0.5, unit="mg/kg", *, low=None, high=None, **parts):
    return Giving(given=cited(value, unit, low=low, high=high), **parts)


def limit(**told):
    return Limit(value=25, unit="mg/h", locator="this test", since=date(2026, 1, 1), **told)


def test_what_is_limited_is_measured_in_its_unit():
    assert LIMITS == {
        "amount_per_visit_max": "mg", "amount_per_visit_per_kg_max": "mg/kg",
        "bolus_per_kg_max": "mg/kg", "rate_max": "mg/h", "rate_per_kg_max": "mg/kg/h",
        "amount_per_week_max": "mg", "amount_per_course_max": "mg",
        "visits_per_week_max": "1", "visits_per_course_max": "1",
        "apart_min": "h", "over_min": "h",
    }  # fmt: skip


def test_what_is_not_to_be_gone_below_is_named_so():
    assert {name for name in LIMITS if name.endswith("_min")} == LEAST


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        pytest.param(date(2025, 12, 31), False, id="the day before"),
        pytest.param(date(2026, 1, 1), True, id="the day from which it holds"),
        pytest.param(date(2026, 6, 29), True, id="its last day"),
        pytest.param(date(2026, 6, 30), False, id="the day on which it ends"),
    ],
)
def test_a_limit_holds_from_its_day_until_it_ends(day, holds):
    assert limit(until=date(2026, 6, 30)).holds_on(day) is holds


def test_a_limit_without_an_end_goes_on_and_begins_on_its_day():
    assert limit().until is None
    assert limit().holds_on(date(2126, 1, 1))
    assert not limit().holds_on(date(2025, 12, 31))


@pytest.mark.parametrize("day", [1, 2])
def test_a_limit_ends_after_it_begins(day):
    if day == 2:
        assert limit(until=date(2026, 1, day)).holds_on(date(2026, 1, 1))
        return
    with pytest.raises(ValueError, match="a limit ends after it begins"):
        limit(until=date(2026, 1, day))


def test_what_a_part_leaves_out_is_nothing_and_never_a_guess():
    assert (limit().source, limit().status) == (None, None)
    assert (limit().looser_because, limit().note) == ("", "")
    assert (DAYS_FROM.locator, DAYS_FROM.rule) == ("", "")
    assert (giving().over, giving().step, giving().bolus) == (None, None, None)
    assert (giving().choices, giving().first, giving().titration) == ((), (), ())
    before = DueCheck(check="pressure", when="before", **OURS)
    assert (before.anchor, before.minutes) == (Anchor.START, None)
    assert (before.locator, before.note) == ("", "")
    open_ended = Schedule(days=(0,), days_from=DAYS_FROM)
    assert (open_ended.visits, open_ended.apart) == (None, None)
    assert Phase(id="all", title="All", dose=giving(), schedule=open_ended).review == ()


def advice(of, sign, value, unit):
    told = {"of": of, "is": sign, "value": value, "unit": unit}
    return Advice(**told, says="Look.", locator="", **OURS)


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"),
    [("<", True, False, False), ("<=", True, True, False), (">", False, False, True),
     (">=", False, True, True)],
)  # fmt: skip
@pytest.mark.parametrize(
    ("of", "value", "unit", "canonical"),
    [("amount_per_visit", 0.08, "g", 80.0), ("over", 30, "min", 0.5),
     ("rate_per_kg", 0.01, "mg/kg/min", 0.6)],
)  # fmt: skip
def test_advice_speaks_below_at_and_above_its_number(of, value, unit, canonical, *, sign, below, at,
                                                     above):  # fmt: skip
    one = advice(of, sign, value, unit)
    assert one.rule == ""
    told = tuple(one.speaks(canonical * factor) for factor in (0.99, 1.0, 1.01))
    assert told == (below, at, above)


@pytest.mark.parametrize("of", sorted(ADVISED))
def test_advice_in_what_cannot_be_compared_is_refused(of):
    says = rf"{of} is compared in {ADVISED[of]} or what converts to it"
    with pytest.raises(ValueError, match=says):
        advice(of, "<", 1, "mg/L")


@pytest.mark.parametrize(
    ("unit", "over", "is_rate", "is_per_kg"),
    [
        ("mg", None, False, False), ("g", None, False, False), ("mg/kg", None, False, True),
        ("ug/kg", None, False, True), ("mg/h", 4, True, False), ("mg/min", 4, True, False),
        ("mg/kg/h", 4, True, True), ("ug/kg/min", 4, True, True),
    ],
)  # fmt: skip
def test_a_dose_is_an_amount_or_a_rate_with_a_weight_or_without(unit, over, is_rate, is_per_kg):
    one = giving(1, unit, over=None if over is None else cited(over, "h"))
    assert (one.is_rate, one.is_per_kg) == (is_rate, is_per_kg)
    if over is not None:
        assert one.time == cited(over, "h")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        pytest.param({"unit": "mg/L"}, "given in one of mg, mg/kg, mg/h, mg/kg/h",
                     id="a concentration"),
        pytest.param({"over": cited(40, "mg")}, "over a time", id="over an amount"),
        pytest.param({"value": 0.0}, "more than nothing is given, over more than no time",
                     id="nothing"),
        pytest.param({"over": cited(0.0, "h")}, "more than nothing is given, over more than no",
                     id="over no time"),
        pytest.param({"unit": "mg/kg/h"}, "a rate is given over a time", id="a rate at once"),
        pytest.param({"choices": (0.4, 0.6)}, "the usual dose is one of the choices",
                     id="another dose is usual"),
        pytest.param({"choices": (0.5, 0.6), "first": (0.4,)},
                     "the first dose is one of the choices", id="another dose is first"),
        pytest.param({"first": (0.5,)}, "the first dose is one of the choices", id="no choices"),
        pytest.param({"low": 0.51}, "the usual dose lies in its range", id="below its range"),
        pytest.param({"high": 0.49}, "the usual dose lies in its range", id="above its range"),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_refused(told, says):
    with pytest.raises(ValueError, match=says):
        giving(**told)


@pytest.mark.parametrize(
    ("told", "span"),
    [
        pytest.param({}, (0.5, 0.5), id="the usual dose alone"),
        pytest.param({"low": 0.5}, (0.5, 0.5), id="at its lowest"),
        pytest.param({"low": 0.25}, (0.25, 0.5), id="lower"),
        pytest.param({"high": 0.5}, (0.5, 0.5), id="at its highest"),
        pytest.param({"high": 1.0}, (0.5, 1.0), id="higher"),
        pytest.param({"choices": (0.4, 0.5, 0.75)}, (0.4, 0.75), id="the choices"),
    ],
)
def test_the_doses_allowed_reach_from_the_lowest_to_the_highest(told, span):
    assert giving(**told).span == span


def test_less_than_a_unit_may_be_given_over_less_than_an_hour():
    assert giving(0.1, over=cited(0.5, "h")).time == cited(0.5, "h")


def test_the_first_dose_may_be_any_of_the_choices():
    assert giving(choices=(0.4, 0.5), first=(0.4, 0.5)).first == (0.4, 0.5)


def test_what_is_given_at_once_has_no_time():
    with pytest.raises(ContractError) as refused:
        _ = giving().time
    assert str(refused.value) == (
        "time of giving: expected what is given over a time, got 'at once'. It has no time."
    )


def test_what_is_open_ended_has_no_number_and_its_first_days_can_be_asked_for():
    with pytest.raises(ContractError) as refused:
        _ = Schedule(days=(0, 3), days_from=DAYS_FROM).number
    assert str(refused.value) == (
        "number of visits: expected a phase that ends, got 'an open-ended one'."
        " Ask for its first days instead."
    )
    visits = cited(2, "1")
    assert Schedule(days=(0, 3), days_from=DAYS_FROM, visits=visits).number == visits


@pytest.mark.parametrize("days", [(1, 2), (), (0, 3, 2), (0, 2, 2)])
def test_days_run_upwards_from_the_first(days):
    with pytest.raises(ValueError, match="days run upwards from zero, each once"):
        Schedule(days=days, days_from=DAYS_FROM)


@pytest.mark.parametrize("visits", [1, 3])
def test_there_is_a_day_for_each_visit(visits):
    with pytest.raises(ValueError, match="there is a day for each visit"):
        Schedule(days=(0, 3), days_from=DAYS_FROM, visits=cited(visits, "1"))


@pytest.mark.parametrize("when", ["before", "at", "every", "throughout", "leaving"])
def test_what_is_due_at_a_time_or_every_so_often_says_its_minutes_and_nothing_else(when):
    minutes, has_time = cited(40, "min"), when in ("at", "every")
    right, wrong = (minutes, None) if has_time else (None, minutes)
    assert DueCheck(check="pressure", when=when, minutes=right, **OURS).minutes == right
    with pytest.raises(ValueError, match="minutes are for what is due at a time, or every so of"):
        DueCheck(check="pressure", when=when, minutes=wrong, **OURS)


def test_minutes_are_a_time():
    with pytest.raises(ValueError, match="minutes are a time"):
        DueCheck(check="pressure", when="at", minutes=cited(40, "mg"), **OURS)


def test_a_person_is_observed_for_a_time():
    told = {"anchor": "end", "rules": ()}
    assert Leaving(observed_for=cited(120, "min"), **told).anchor is Anchor.END
    with pytest.raises(ValueError, match="observed for a time"):
        Leaving(observed_for=cited(120, "mg"), **told)


@pytest.mark.parametrize(
    "check",
    ["pressure", "pulse", "saturation", "ecg", "capnography", "breathing", "sedation",
     "dissociation", "mania", "weight"],
)  # fmt: skip
@pytest.mark.parametrize("anchor", ["first_device", "start", "end"])
def test_what_is_checked_and_from_when_on_is_read_by_its_name(check, anchor):
    one = DueCheck(check=check, when="before", anchor=anchor, **OURS)
    assert (one.check.value, one.anchor.value) == (check, anchor)
