"""A medicine is known by its name, its brand or its code, and by nothing that resembles one."""

import random
import string

import pytest

from ketherapy.dosing.medicines import medicines, near, recognised


def named(typed):
    return [one.ingredient for one in recognised(typed).medicines]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("lorazepam", ["lorazepam"], id="ingredient"),
        pytest.param("LORAZEPAM", ["lorazepam"], id="in capitals"),
        pytest.param("  lorazepam ", ["lorazepam"], id="with spaces about it"),
        pytest.param("Ativan", ["lorazepam"], id="brand"),
        pytest.param("rifampicin", ["rifampin"], id="synonym"),
        pytest.param("adrenaline", ["epinephrine"], id="British name"),
        pytest.param("rxcui 6470", ["lorazepam"], id="code"),
        pytest.param("RxNorm:6470", ["lorazepam"], id="code, written otherwise"),
        pytest.param("St John’s wort", ["St. John's wort extract"], id="another apostrophe"),
        pytest.param("Auvelity", ["dextromethorphan", "bupropion"], id="a brand of two"),
        pytest.param(
            "bupropion/dextromethorphan", ["bupropion", "dextromethorphan"], id="a stroke"
        ),
        pytest.param("naltrexone + bupropion", ["naltrexone", "bupropion"], id="a plus"),
        pytest.param("lorazepam/lorazepam", ["lorazepam"], id="twice is once"),
        pytest.param("lorazepam 1 mg tablet", ["lorazepam"], id="strength and form"),
        pytest.param("fentanyl 50 µg", ["fentanyl"], id="a micro sign"),
        pytest.param("fentanyl 50 μg", ["fentanyl"], id="a Greek letter"),
        pytest.param("ergometrine", ["ergometrine"], id="no code"),
        pytest.param("lorazepam 0.5mg", ["lorazepam"], id="no space before the unit"),
        pytest.param("theophylline ER 300 mg twice daily", ["theophylline"], id="how it is taken"),
        pytest.param("sertraline 50 mg, once a day in the morning", ["sertraline"], id="commas"),
        pytest.param(
            "insulin glargine 100 units/ml", ["insulin glargine"], id="a strength with a stroke"
        ),
        pytest.param("Suboxone 8 mg/2 mg", ["buprenorphine", "naloxone"], id="two strengths"),
    ],
)
def test_a_medicine_is_known_by_its_names(typed, expected):
    assert sorted(named(typed)) == sorted(expected)
    assert recognised(typed).typed == typed


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("lorazepan", id="one letter off"),
        pytest.param("loraze", id="begun"),
        pytest.param("lorazepam and theophylline", id="two without a stroke"),
        pytest.param("lorazepam stopped", id="a tail that is no form"),
        pytest.param("lorazepam 1 mgs", id="a unit that is none"),
        pytest.param("lorazepam 1 mg tabletten", id="a form that is none here"),
        pytest.param("lorazepam/foo", id="one of two unknown"),
        pytest.param("rxcui 99999999", id="a code of nothing here"),
        pytest.param("rxcui", id="a code without a number"),
        pytest.param("6470", id="a number alone"),
        pytest.param("1 mg", id="a strength alone"),
        pytest.param("", id="nothing"),
        pytest.param("/", id="a stroke"),
        pytest.param("no lorazepam", id="a word before"),
    ],
)
def test_what_only_resembles_a_medicine_is_not_known(typed):
    assert named(typed) == []


def test_near_spellings_are_offered_and_never_taken():
    assert near("lorazepan")[0] == "lorazepam"
    assert near("tranylcypromin") == ("tranylcypromine",)
    assert near("qqqqqqqq") == ()
    assert len(near("prednisolon")) <= 3


def test_random_strings_name_nothing_that_they_do_not_spell_out():
    known = {name.casefold() for one in medicines() for name in one.all_names}
    chance = random.Random(20261123)
    letters = string.ascii_lowercase + "  -/+'."
    for _ in range(20_000):
        typed = "".join(chance.choices(letters, k=chance.randint(1, 14)))
        parts = [part.strip() for part in typed.replace("+", "/").split("/")]
        for part in {typed.strip(), *parts} if named(typed) else ():
            assert any(part.startswith(name) for name in known), typed


def test_one_slip_in_a_name_is_never_repaired():
    """A name with one letter changed is that of another medicine, or of none."""
    names = sorted({name.casefold() for one in medicines() for name in one.all_names})
    chance = random.Random(7)
    for name in chance.sample([one for one in names if len(one) > 6], 400):
        place = chance.randrange(len(name))
        slipped = name[:place] + "q" + name[place + 1 :]
        if slipped != name:
            assert slipped in names or named(slipped) == []


@pytest.mark.parametrize("one", medicines(), ids=lambda one: one.ingredient)
def test_every_name_of_the_table_is_recognised(one):
    for name in one.all_names:
        assert one in recognised(name).medicines
    assert bool(one.rows) == (one.basis != "none")
