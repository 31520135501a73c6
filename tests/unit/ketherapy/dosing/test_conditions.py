"""Conditions: comparators as written, times, and Kleene's three values."""

import math
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from ketherapy.dosing.conditions import Answer, Condition
from ketherapy.dosing.facts import Observation
from ketherapy.errors import DataFileError
from ketherapy.records import check

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


def condition(**entries):
    return check(Condition, {key.rstrip("_"): value for key, value in entries.items()}, where="a")


def yes(fact):
    return {"fact": fact, "is": "yes"}


def above(limit=140, fact="sbp"):
    return {"fact": fact, "is": ">", "limit": limit, "unit": "mmHg"}


def seen(**values):
    return {name: Observation(value=value) for name, value in values.items()}


def truth(entries, facts):
    return condition(**entries).answer(facts, NOW).truth


@pytest.mark.parametrize(
    ("is_", "below", "at", "over"),
    [
        (">", False, False, True),
        (">=", False, True, True),
        ("<", True, False, False),
        ("<=", True, True, False),
    ],
)
def test_a_comparator_is_the_one_that_is_written(is_, below, at, over):
    entries = {"fact": "sbp", "is": is_, "limit": 140, "unit": "mmHg"}
    for value, expected in ((139.9, below), (140.0, at), (140.1, over)):
        assert truth(entries, seen(sbp=value)) is expected
        assert truth(entries | {"of": "value"}, seen(sbp=value)) is expected


def test_a_limit_is_compared_in_the_canonical_unit():
    entries = {"fact": "sbp", "is": ">", "limit": 20, "unit": "kPa"}
    assert condition(**entries).threshold == pytest.approx(150.012, abs=0.001)
    assert truth(entries, seen(sbp=150.0)) is False
    assert truth(entries, seen(sbp=150.1)) is True


def test_a_limit_of_zero_is_a_limit():
    entries = {"fact": "benzodiazepine_dose", "is": ">", "limit": 0, "unit": "mg/day"}
    assert condition(**entries).threshold == 0.0
    assert truth(entries, seen(benzodiazepine_dose=0.0)) is False
    assert truth(entries, seen(benzodiazepine_dose=0.1)) is True


@pytest.mark.parametrize(("is_", "value"), [*product(("yes", "no"), (True, False))])
def test_a_flag_is_yes_or_no(is_, value):
    assert truth({"fact": "stroke", "is": is_}, seen(stroke=value)) is (value is (is_ == "yes"))


def test_a_choice_is_one_of_its_words():
    entries = {"fact": "child_pugh", "is": "one of", "words": ["b", "c"]}
    for word, expected in (("none", False), ("a", False), ("b", True), ("c", True)):
        assert truth(entries, seen(child_pugh=word)) is expected


@pytest.mark.parametrize(
    ("entries", "value"),
    [
        pytest.param(above(), True, id="a flag where a number belongs"),
        pytest.param(above(), "150", id="a text where a number belongs"),
        pytest.param(above(), math.nan, id="not a number"),
        pytest.param(yes("stroke"), "yes", id="a word where a flag belongs"),
        pytest.param(yes("stroke"), 1.0, id="a number where a flag belongs"),
        pytest.param({"fact": "stroke", "is": "no"}, "no", id="another word"),
        pytest.param(
            {"fact": "child_pugh", "is": "one of", "words": ["c"]}, "d", id="a word it has not"
        ),
    ],
)
def test_a_value_of_another_kind_is_not_known_and_never_passes(entries, value):
    fact = entries["fact"]
    expected = Answer(truth=None, missing=(fact,))
    assert condition(**entries).answer(seen(**{fact: value}), NOW) == expected


AGO = {"fact": "food_at", "of": "ago", "limit": 2, "unit": "h"}


@pytest.mark.parametrize(
    ("is_", "sooner", "at", "later", "never"),
    [
        (">", False, False, True, True),
        (">=", False, True, True, True),
        ("<", True, False, False, False),
        ("<=", True, True, False, False),
    ],
)
def test_time_since_is_counted_from_now_and_never_is_longer_than_any(is_, sooner, at, later, never):
    cases = [
        (NOW - timedelta(minutes=119), sooner),
        (NOW - timedelta(minutes=120), at),
        (NOW - timedelta(minutes=121), later),
        ("never", never),
    ]
    for value, expected in cases:
        assert truth(AGO | {"is": is_}, seen(food_at=value)) is expected


def test_a_time_is_the_same_in_any_zone():
    local = (NOW - timedelta(minutes=121)).astimezone(
        datetime.fromisoformat("2026-01-01T00:00+05:30").tzinfo
    )
    assert truth(AGO | {"is": "<"}, seen(food_at=local)) is False


@pytest.mark.parametrize("value", [NOW + timedelta(seconds=1), "yesterday", 3.0])
def test_what_is_still_to_come_or_is_no_time_is_not_known(value):
    assert truth(AGO | {"is": "<"}, seen(food_at=value)) is None


def test_now_is_no_time_ago():
    assert truth(AGO | {"is": "<"}, seen(food_at=NOW)) is True


def test_the_age_of_a_measurement_is_counted_from_when_it_was_made():
    old = condition(fact="sbp", of="age", is_=">", limit=12, unit="h")

    def measured(at):
        return old.answer({"sbp": Observation(value=120.0, at=at)}, NOW)

    assert measured(NOW - timedelta(hours=12)).truth is False
    assert measured(NOW - timedelta(hours=12, seconds=1)) == Answer(truth=True, seen=("sbp",))
    assert measured(NOW + timedelta(seconds=1)).truth is None
    assert measured(None) == Answer(truth=None, missing=("sbp",))
    assert old.answer({}, NOW) == Answer(truth=None, missing=("sbp",))


TRUTHS = {True: 150.0, False: 120.0, None: None}


def facts_of(sbp, dbp):
    values = {"sbp": TRUTHS[sbp], "dbp": TRUTHS[dbp]}
    return seen(**{name: value for name, value in values.items() if value is not None})


@pytest.mark.parametrize(("sbp", "dbp"), [*product((True, False, None), repeat=2)])
def test_any_and_all_are_kleenes(sbp, dbp):
    parts = [above(), above(fact="dbp")]
    either = condition(any=parts).answer(facts_of(sbp, dbp), NOW)
    both = condition(all=parts).answer(facts_of(sbp, dbp), NOW)
    kleene_any = True if True in (sbp, dbp) else None if None in (sbp, dbp) else False
    kleene_all = False if False in (sbp, dbp) else None if None in (sbp, dbp) else True
    assert (either.truth, both.truth) == (kleene_any, kleene_all)
    named = {"sbp": sbp, "dbp": dbp}
    for answer in (either, both):
        wanted = answer.truth is not False
        assert answer.seen == tuple(n for n, t in named.items() if wanted and t is True)
        assert answer.missing == tuple(n for n, t in named.items() if wanted and t is None)


def test_what_is_not_known_counts_inside_too_and_each_fact_is_named_once():
    inner = {"any": [above(), above(150), above(fact="dbp")]}
    whole = condition(all=[inner, yes("stroke")])
    answer = whole.answer(seen(sbp=160.0, stroke=True), NOW)
    assert answer == Answer(truth=True, seen=("sbp", "stroke"), missing=("dbp",))
    assert whole.facts() == ("sbp", "dbp", "stroke")
    assert condition(**yes("stroke")).facts() == ("stroke",)


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        pytest.param({}, "one fact, or any of several, or all", id="nothing"),
        pytest.param(yes("stroke") | {"any": [yes("mania")]}, "one fact", id="a fact and any"),
        pytest.param({"any": [yes("mania")], "all": [yes("stroke")]}, "one fact", id="any and all"),
        pytest.param({"fact": "stroke"}, "say how", id="a fact that is not compared"),
        pytest.param({"any": [yes("mania")], "is": "yes"}, "say how", id="any, compared"),
        pytest.param({"any": [yes("mania")], "limit": 1}, "inside", id="any, with a limit"),
        pytest.param({"any": [yes("mania")], "unit": "h"}, "inside", id="any, with a unit"),
        pytest.param({"any": [yes("mania")], "words": ["a"]}, "inside", id="any, with words"),
        pytest.param({"any": [yes("mania")], "of": "age"}, "inside", id="any, of an age"),
        pytest.param(yes("nobody_knows"), "nobody_knows", id="no such fact"),
        pytest.param({"fact": "sbp", "is": ">"}, "need both", id="no limit"),
        pytest.param({"fact": "sbp", "is": ">", "limit": 1}, "need both", id="no unit"),
        pytest.param({"fact": "sbp", "is": ">", "unit": "mmHg"}, "need both", id="only a unit"),
        pytest.param(yes("stroke") | {"limit": 1}, "need both", id="a flag with a limit"),
        pytest.param(yes("stroke") | {"unit": "h"}, "need both", id="a flag with a unit"),
        pytest.param(yes("stroke") | {"limit": 1, "unit": "h"}, "need both", id="a flag with both"),
        pytest.param(above() | {"unit": "mg"}, "mmHg", id="another kind of unit"),
        pytest.param(above() | {"unit": "torr"}, "unit", id="an unknown unit"),
        pytest.param(above() | {"words": ["a"]}, "words are for", id="a number with words"),
        pytest.param({"fact": "child_pugh", "is": "one of"}, "words are for", id="no words"),
        pytest.param(
            {"fact": "child_pugh", "is": "one of", "words": ["c", "d"]},
            "child_pugh knows .*none",
            id="a word it has not",
        ),
        pytest.param(
            {"fact": "child_pugh", "is": "yes", "words": ["c"]}, "words are for", id="yes, words"
        ),
        pytest.param(
            yes("sbp"), "sbp, of the kind number, is not compared by yes", id="a number, yes"
        ),
        pytest.param(
            {"fact": "child_pugh", "is": "no"}, "child_pugh, of the kind choice", id="a choice, no"
        ),
        pytest.param(
            {"fact": "stroke", "is": ">", "limit": 1, "unit": "h"},
            "stroke, of the kind flag",
            id="a flag",
        ),
        pytest.param(
            {"fact": "food_at", "is": "<", "limit": 2, "unit": "h"},
            "food_at, of the kind instant",
            id="of a value",
        ),
        pytest.param(
            above() | {"of": "ago", "unit": "h"},
            "sbp, of the kind number, is no time ago",
            id="ago",
        ),
        pytest.param(
            {"fact": "food_at", "of": "ago", "is": "yes"}, "a time is compared by", id="ago, yes"
        ),
        pytest.param(yes("stroke") | {"of": "age"}, "a time is compared by", id="age, yes"),
        pytest.param(AGO | {"is": "<", "unit": "kg"}, "unit", id="a time in kg"),
        pytest.param(above() | {"of": "age"}, "unit", id="an age in mmHg"),
        pytest.param(above() | {"limit": math.inf}, "finite", id="no finite limit"),
        pytest.param(yes("stroke") | {"why": "so"}, "keyword", id="another key"),
        pytest.param({"fact": "stroke", "is": "perhaps"}, "yes", id="no such comparator"),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused_with_the_file(entries, says):
    with pytest.raises((DataFileError, ValueError), match=says):
        condition(**entries)


def test_a_number_that_may_be_none_is_held_against_nothing():
    entries = {"fact": "weight_before", "is": ">", "limit": 70, "unit": "kg"}
    with pytest.raises(DataFileError, match="may be none"):
        check(Condition, entries, where="a test")
