"""Facts: what an answer may be, read strictly, said in words, written back as it was read."""

from datetime import UTC, datetime

import pytest

from ketherapy.dosing import facts
from ketherapy.dosing.facts import (
    Fact,
    FactKind,
    Observation,
    fact,
    read_fact,
    read_facts,
    said,
    vocabulary,
    wire,
)
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import check

AT = "2026-01-31T09:05:00+00:00"
WHEN = datetime(2026, 1, 31, 9, 5, tzinfo=UTC)


def value(fact_id, entry):
    return read_fact(fact(fact_id), entry).value


def refused(fact_id, entry):
    with pytest.raises(ContractError) as caught:
        read_fact(fact(fact_id), entry)
    return str(caught.value)


def test_the_vocabulary_stands_under_its_headings():
    found = vocabulary()
    assert {one.group for one in found.facts.values()} == {group.id for group in found.groups}
    assert all(name == one.id for name, one in found.facts.items())
    assert all(one.label and one.asks for one in found.facts.values())
    assert all(group.why.endswith(".") and group.title for group in found.groups)


def test_a_number_is_converted_to_its_own_unit():
    assert value("sbp", {"value": 20, "unit": "kPa"}) == pytest.approx(150.012, abs=1e-3)
    assert value("sbp", {"value": 120, "unit": "mmHg"}) == 120.0
    assert value("weight", {"value": 154.0, "unit": "lb"}) == pytest.approx(69.853, abs=1e-3)


@pytest.mark.parametrize("number", [40, 300, 40.0, 300.0])
def test_the_lowest_and_the_highest_are_still_numbers(number):
    assert value("sbp", {"value": number, "unit": "mmHg"}) == number


@pytest.mark.parametrize("number", [39.99, 300.01, 0, -120, 1200])
def test_beyond_them_it_is_a_slip_and_no_illness(number):
    said = refused("sbp", {"value": number, "unit": "mmHg"})
    assert "sbp: expected 40 to 300 mmHg: beyond that it is taken for a slip" in said
    assert f"{number} mmHg" in said


def test_nought_can_be_the_lowest():
    assert value("benzodiazepine_dose", {"value": 0, "unit": "mg/day"}) == 0.0
    assert "0 to 200 mg/day" in refused("benzodiazepine_dose", {"value": -1, "unit": "mg/day"})


@pytest.mark.parametrize("bad", ["120", None, True, False, [120], float("nan"), float("inf")])
def test_what_is_no_number_is_refused(bad):
    said = refused("sbp", {"value": bad, "unit": "mmHg"})
    assert "a number with its unit, such as { value = 40, unit = 'mmHg' }" in said


@pytest.mark.parametrize("unit", [None, "", "kg", "torr", 5])
def test_a_number_without_its_unit_is_refused(unit):
    said = refused("sbp", {"value": 120, "unit": unit})
    assert "sbp, unit: expected mmHg or what converts to it" in said


def test_a_bare_number_has_no_unit():
    assert "unit" in refused("sbp", 120)


@pytest.mark.parametrize(("word", "is_so"), [("yes", True), ("no", False)])
def test_a_flag_is_yes_or_no(word, is_so):
    assert value("stroke", word) is is_so
    assert value("stroke", {"value": word}) is is_so


@pytest.mark.parametrize("bad", [True, False, "Yes", "maybe", "", None, 1, ["yes"], {}])
def test_anything_else_is_no_flag(bad):
    assert "yes or no, and nothing where it is not known" in refused("stroke", bad)


def test_a_choice_is_one_of_its_words():
    assert value("child_pugh", "b") == "b"
    for bad in ("B", "d", "", None, True, ["b"]):
        assert "child_pugh: expected one of none, a, b, c, got" in refused("child_pugh", bad)


@pytest.mark.parametrize("entry", [AT, "2026-01-31T09:05:00Z", WHEN, "2026-01-31T10:05:00+01:00"])
def test_an_instant_has_its_zone(entry):
    assert value("food_at", entry) == WHEN


def test_never_is_an_answer():
    assert value("food_at", "never") == "never"


@pytest.mark.parametrize("bad", ["2026-01-31T09:05:00", datetime(2026, 1, 31), 5, None, ["never"]])  # noqa: DTZ001
def test_an_instant_without_its_zone_is_refused(bad):
    assert "food_at: expected a time with its zone" in refused("food_at", bad)


def test_what_is_no_time_is_refused():
    assert "a time such as 2026-01-31T09:05:00Z, or never" in refused("food_at", "at nine")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("none", ()),
        (["lithium"], ("lithium",)),
        ([" lithium ", "ibuprofen"], ("lithium", "ibuprofen")),
        (("lithium",), ("lithium",)),
    ],
)
def test_a_list_is_names_or_none(entry, expected):
    assert value("medicines", entry) == expected


@pytest.mark.parametrize("bad", [[], "lithium", None, [""], [" "], ["lithium", 5], {}])
def test_what_is_no_list_is_refused(bad):
    assert "a list of names, or the word none" in refused("medicines", bad)


@pytest.mark.parametrize("fact_id", ["stroke", "child_pugh", "food_at", "medicines"])
def test_only_a_number_has_a_unit(fact_id):
    said = refused(fact_id, {"value": "no", "unit": "kg"})
    assert f"{fact_id}: expected an answer without a unit, got 'kg'" in said


def test_when_and_by_whom_may_stand_beside_a_value():
    found = read_fact(fact("stroke"), {"value": "no", "at": AT, "by": "nurse"})
    assert found == Observation(value=False, at=WHEN, by="nurse")
    assert read_fact(fact("stroke"), "no") == Observation(value=False)


def test_when_and_by_whom_are_read_strictly():
    assert "stroke, at: expected a time with its zone" in refused(
        "stroke", {"value": "no", "at": 5}
    )
    assert "stroke, by: expected a name or a role" in refused("stroke", {"value": "no", "by": 5})
    assert "stroke: expected value, unit, at and by, got 'how, who'. Take" in refused(
        "stroke", {"value": "no", "who": "me", "how": "so"}
    )


@pytest.mark.parametrize(
    ("fact_id", "entry", "got"),
    [
        ("sbp", {"value": "12O", "unit": "mmHg"}, "'12O'"),
        ("sbp", {"value": 120, "unit": "kg"}, "'kg'"),
        ("stroke", "maybe", "'maybe'"),
        ("stroke", {"value": "no", "by": 5}, "5"),
        ("child_pugh", "d", "'d'"),
        ("food_at", "at nine", "'at nine'"),
        ("food_at", 5, "5"),
        ("medicines", "lithium", "'lithium'"),
    ],
)
def test_a_refusal_says_what_came(fact_id, entry, got):
    assert f", got {got}. Correct it" in refused(fact_id, entry)


def test_the_example_of_a_number_may_be_nought():
    assert "{ value = 0, unit = 'mg/day' }" in refused("benzodiazepine_dose", {"value": "none"})


def test_a_refusal_says_what_to_do():
    assert "Correct it, or leave it out: then it is asked for." in refused("stroke", 1)


def test_all_that_cannot_be_read_is_named_at_once():
    with pytest.raises(ContractError) as caught:
        read_facts({"stroke": "perhaps", "sbp": 120, "age": {"value": 40, "unit": "year"}})
    said = str(caught.value)
    assert "facts: expected facts that can all be read, got '2 that cannot'" in said
    assert "stroke: expected yes or no" in said
    assert "then it is asked for. sbp, unit: expected" in said


def test_an_unknown_fact_is_refused_and_none_is_guessed():
    with pytest.raises(ContractError, match=r"fact: expected one of those .*, got 'strok'.*screen"):
        fact("strok")
    with pytest.raises(ContractError, match="strok"):
        read_facts({"strok": "no"})


def test_facts_are_read_once_and_not_changed():
    found = read_facts({"stroke": "no"})
    assert dict(found) == {"stroke": Observation(value=False)}
    with pytest.raises(TypeError):
        found["stroke"] = Observation(value=True)  # pyright: ignore[reportIndexIssue]
    with pytest.raises(TypeError):
        vocabulary().facts["stroke"] = fact("mania")  # pyright: ignore[reportIndexIssue]


SAID = [
    ("stroke", "yes", "stroke: yes"),
    ("stroke", "no", "stroke: no"),
    ("medicines", "none", "medicines taken: none"),
    ("medicines", ["lithium", "ibuprofen"], "medicines taken: lithium, ibuprofen"),
    ("food_at", AT, "last food: 2026-01-31 09:05 UTC"),
    ("food_at", "never", "last food: never"),
    ("child_pugh", "b", "hepatic impairment: B, moderate"),
    ("sbp", {"value": 141.0, "unit": "mmHg"}, "resting systolic pressure 141 mmHg"),
    ("sbp", {"value": 140.12345, "unit": "mmHg"}, "resting systolic pressure 140.1 mmHg"),
]


@pytest.mark.parametrize(("fact_id", "entry", "expected"), SAID)
def test_an_observation_is_said_in_words(fact_id, entry, expected):
    asked = fact(fact_id)
    assert said(asked, read_fact(asked, entry)) == expected


@pytest.mark.parametrize(("fact_id", "entry", "_"), SAID)
@pytest.mark.parametrize("beside", [{}, {"at": AT}, {"by": "nurse"}, {"at": AT, "by": "nurse"}])
def test_what_is_written_is_what_was_read(fact_id, entry, _, beside):
    asked = fact(fact_id)
    table = entry if isinstance(entry, dict) else {"value": entry}
    found = read_fact(asked, table | beside)
    written = wire(asked, found)
    assert written == table | beside
    assert read_fact(asked, written) == found


def test_a_number_is_written_in_its_own_unit():
    asked = fact("weight")
    found = read_fact(asked, {"value": 154, "unit": "lb"})
    assert wire(asked, found) == {"value": pytest.approx(69.85322, abs=1e-5), "unit": "kg"}


def a_fact(**changes):
    entries = {"id": "a", "label": "a", "asks": "A?", "kind": "flag", "group": "g"} | changes
    return check(Fact, entries, where="facts")


def test_a_fact_is_of_one_kind():
    assert a_fact().kind is FactKind.FLAG
    assert (a_fact().units, a_fact().worse, a_fact().note) == ((), "", "")
    assert a_fact(kind="number", unit="kg", low=0, high=1).high == 1.0
    assert a_fact(kind="choice", choices={"b": "c"}).choices == {"b": "c"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "number"}, "a number, and nothing else, has a unit"),
        ({"kind": "number", "unit": "kg"}, "a number"),
        ({"kind": "number", "unit": "kg", "low": 0}, "a number"),
        ({"kind": "number", "unit": "kg", "high": 0}, "a number"),
        ({"kind": "number", "low": 0, "high": 1}, "a number"),
        ({"unit": "kg", "low": 0, "high": 1}, "a number"),
        ({"kind": "choice"}, "a choice, and nothing else, has choices"),
        ({"choices": {"b": "c"}}, "a choice"),
        ({"worse": "up"}, "higher"),
        ({"kind": "guess"}, "flag"),
    ],
)
def test_a_fact_that_cannot_be_asked_for_is_refused(changes, says):
    with pytest.raises(DataFileError, match=says):
        a_fact(**changes)


TEXT = """
source = "ketherapy"
status = "convention"
[[group]]
id = "g"
title = "G"
why = "So."
[[fact]]
id = "a"
label = "a"
asks = "A?"
kind = "flag"
group = "g"
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEXT + TEXT[TEXT.index("[[fact]]") :], "an id of its own"),
        (TEXT.replace('group = "g"', 'group = "h"'), "under a heading"),
    ],
)
def test_a_vocabulary_that_is_wrong_is_refused(tmp_path, monkeypatch, text, says):
    path = tmp_path / "facts.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(facts, "_FACTS", path)
    with pytest.raises(DataFileError, match=says):
        vocabulary.__wrapped__()


@pytest.mark.parametrize("fact_id", ["first_device_at", "dosing_ended_at"])
def test_what_has_been_was_not_never(fact_id):
    said = refused(fact_id, "never")
    assert "expected the time at which it was, got 'never'" in said
    assert value("food_at", "never") == "never"


@pytest.mark.parametrize("number", [10**400, -(10**400), 10**15, float("inf"), float("nan")])
def test_a_number_too_long_to_keep_is_no_number(number):
    assert "a number with its unit" in refused("weight", {"value": number, "unit": "kg"})


def test_only_an_instant_has_been():
    with pytest.raises(DataFileError, match="only an instant has been"):
        a_fact(kind="flag", has_been=True, unit="", low=None, high=None)


def test_a_number_that_may_be_none_is_said_to_be():
    asked = fact("weight_before")
    for entry in ("none", {"value": "none"}):
        seen = read_fact(asked, entry)
        assert seen.value == "none"
        assert wire(asked, seen) == {"value": "none"}
        assert said(asked, seen) == "weight at an earlier visit: none"
    assert read_fact(asked, {"value": 70, "unit": "kg"}).value == 70.0
    for wrong in ({"value": "none", "unit": "kg"}, "None", None):
        with pytest.raises(ContractError, match="weight_before"):
            read_fact(asked, wrong)
    with pytest.raises(ContractError, match="weight: expected a number"):
        read_fact(fact("weight"), "none")
    with pytest.raises(ValueError, match="only a number may be none"):
        Fact(id="x", label="x", asks="x", kind=FactKind.FLAG, group="g", may_be_none=True)
