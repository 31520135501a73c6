"""Units: every conversion against a published or defined number, and what is refused."""

import pytest

from ketherapy import units
from ketherapy.errors import ContractError

# The expected numbers are definitions: SI prefixes, the international pound, the hour.
DEFINED = [
    (1.0, "g", "mg", 1000.0),
    (1.0, "kg", "g", 1000.0),
    (1.0, "mcg", "mg", 0.001),
    (1.0, "ug", "mg", 0.001),
    (1.0, "µg", "mg", 0.001),
    (1.0, "μg", "mg", 0.001),
    (1_000_000.0, "ng", "mg", 1.0),
    (1.0, "lb", "kg", 0.45359237),
    (1.0, "dL", "mL", 100.0),
    (1.0, "L", "mL", 1000.0),
    (1.0, "h", "min", 60.0),
    (1.0, "min", "s", 60.0),
    (1.0, "day", "h", 24.0),
    (1.0, "week", "day", 7.0),
    (1.0, "year", "day", 365.25),
    (1.0, "mg/L", "ng/mL", 1000.0),
    (1.0, "mcg/mL", "mg/L", 1.0),
    (1.0, "L/min", "L/h", 60.0),
    (1.0, "mL/min/kg", "L/h/kg", 0.06),
    (1.0, "1/min", "1/h", 60.0),
    (1.0, "mg/kg/h", "mcg/kg/min", 1000.0 / 60.0),
    (1.0, "ng*h/mL", "ng*min/mL", 60.0),
    (1.0, "nmol/mL", "umol/L", 1.0),
    (50.0, "%", "1", 0.5),
    (101.325, "kPa", "mmHg", 760.0),  # one atmosphere, both ways
    (1.0, "m", "cm", 100.0),
]


@pytest.mark.parametrize(("value", "unit", "to", "expected"), DEFINED)
def test_a_conversion_agrees_with_its_definition(value, unit, to, expected):
    assert units.convert(value, unit, to=to) == pytest.approx(expected, rel=2e-7)


@pytest.mark.parametrize(("value", "unit", "to", "expected"), DEFINED)
def test_a_conversion_runs_backwards_too(value, unit, to, expected):
    assert units.convert(expected, to, to=unit) == pytest.approx(value, rel=2e-7)


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        pytest.param("mg/kg", "mg", id="a dose per kg is no dose"),
        pytest.param("mg/kg", "1", id="mg per kg of body does not cancel to a number"),
        pytest.param("mg", "mL", id="a mass is no volume"),
        pytest.param("mg/kg/kg", "mg/kg", id="per kg twice"),
        pytest.param("mg/h", "mg", id="a rate is no dose"),
        pytest.param("nmol/mL", "ng/mL", id="moles need a molar mass"),
        pytest.param("m", "min", id="a metre is no minute"),
    ],
)
def test_two_different_kinds_never_convert(unit, to):
    with pytest.raises(ContractError, match="converts to"):
        units.factor(unit, to)


@pytest.mark.parametrize(
    "unit",
    ["MG", "Mg", "ML", "KG", "Kg", "H", "MIN", "mg/Kg", "tsp", "IU", "mEq", "cc", "kmg", "", "?"],
)
def test_an_unknown_unit_is_refused(unit):
    with pytest.raises(ContractError):
        units.factor(unit, "mg")


def test_same_kind_answers_no_for_what_is_not_a_unit():
    assert not units.same_kind("MG", "mg")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("35 mg", 35.0, "mg"),
        ("35mg", 35.0, "mg"),
        ("  35   mg  ", 35.0, "mg"),
        ("0.5 mg/kg", 0.5, "mg/kg"),
        ("0.5 mg / kg", 0.5, "mg/kg"),
        ("0 mg", 0.0, "mg"),
        ("-5 mg", -5.0, "mg"),
        ("62.5 %", 62.5, "%"),
        ("500 µg/kg", 500.0, "µg/kg"),
    ],
)
def test_a_number_and_its_unit_are_read(text, value, unit):
    assert units.split(text, what="dose", example="35 mg") == (value, unit)


UNREADABLE = [
    pytest.param("", "Fill it in", id="empty"),
    pytest.param("   ", "Fill it in", id="blank"),
    pytest.param("35", "Write the unit too", id="no unit"),
    pytest.param("mg", "a number, a space and a unit", id="no number"),
    pytest.param("mg 35", "a number, a space and a unit", id="unit first"),
    pytest.param("1,5 mg", "a point, as in 1.5", id="decimal comma"),
    pytest.param("1,500 mg", "1500 if it marks thousands, 1.5 if decimals", id="thousands comma"),
    pytest.param("1.500,5 mg", "at most one decimal point", id="point and comma"),
    pytest.param("1,500,000 mg", "write 1500000", id="two commas"),
    pytest.param(".5 mg", "Write 0.5", id="bare point"),
    pytest.param("-.5 mg", "Write -0.5", id="bare point keeps its sign"),
    pytest.param("5. mg", "Write 5, without", id="point at the end"),
    pytest.param("05 mg", "leading zero", id="leading zero"),
    pytest.param("00.5 mg", "leading zero", id="two leading zeros"),
    pytest.param("+5 mg", "Write digits", id="plus sign"),
    pytest.param("−5 mg", "Write digits", id="typographic minus"),
    pytest.param("--5 mg", "Write digits", id="two minus signs"),
    pytest.param("5e1 mg", "Write digits", id="exponent"),
    pytest.param("1E400 mg", "Write digits", id="an exponent out of all range"),
    pytest.param("0x10 mg", "Write digits", id="hexadecimal"),
    pytest.param("1_000 mg", "Write digits", id="underscore"),
    pytest.param("1'000 mg", "Write digits", id="apostrophe"),
    pytest.param("O.5 mg", "Write digits", id="letter O"),
    pytest.param("l5 mg", "Write digits", id="letter l"),
    pytest.param("1 000 mg", "a number, a space and a unit", id="space in the number"),
    pytest.param("5 6 mg", "a number, a space and a unit", id="two numbers"),
    pytest.param("5-6 mg", "Write digits", id="a range"),
    pytest.param("~5 mg", "Write digits", id="about"),
    pytest.param("<5 mg", "Write digits", id="less than"),
    pytest.param("5/2 mg", "Write digits", id="a fraction"),
    pytest.param("½ mg", "a number, a space and a unit", id="a fraction in one character"),
    pytest.param("５ mg", "a number, a space and a unit", id="full-width digit"),
    pytest.param("٥ mg", "a number, a space and a unit", id="Arabic digit"),
    pytest.param("५ mg", "a number, a space and a unit", id="Devanagari digit"),
    pytest.param("1٥ mg", "a number, a space and a unit", id="one digit of another script"),
    pytest.param("nan mg", "a number, a space and a unit", id="not a number"),
    pytest.param("inf mg", "a number, a space and a unit", id="infinity"),
    pytest.param("five mg", "a number, a space and a unit", id="in words"),
    pytest.param("5 m g", "as in the example", id="space in the unit"),
    pytest.param("5 mg 6", "as in the example", id="a number after the unit"),
    pytest.param("5 mg twice", "as in the example", id="a word after the unit"),
    pytest.param("5 mg//kg", "as in the example", id="two slashes"),
    pytest.param("5 mg/", "as in the example", id="a slash at the end"),
    pytest.param("5 mg**1", "as in the example", id="a power"),
    pytest.param("5 mg^1", "as in the example", id="a caret"),
    pytest.param("5 mg.", "as in the example", id="a point after the unit"),
    pytest.param("5 mg;DROP", "as in the example", id="a semicolon"),
    pytest.param("5 mg/71kg", "as in the example", id="a number in the unit"),
    pytest.param("5 __class__", "a number, a space and a unit", id="a name of Python's"),
    pytest.param("5\u00a0mg", "plain characters", id="non-breaking space"),
    pytest.param("5\u2009mg", "plain characters", id="thin space"),
    pytest.param("5\tmg", "plain characters", id="tab"),
    pytest.param("5 mg\n", "plain characters", id="line break"),
    pytest.param("5 mg\0", "plain characters", id="null byte"),
    pytest.param("\u200f5 mg", "plain characters", id="right-to-left mark"),
    pytest.param("5\u200b mg", "plain characters", id="space without width"),
    pytest.param("5 mg\ud800", "plain characters", id="half a surrogate pair"),
    pytest.param("9" * 10_000 + " mg", "at most 40", id="10,000 characters"),
    pytest.param("9" * 38 + " mg", "at most 40", id="41 characters"),
]


@pytest.mark.parametrize(("text", "remedy"), UNREADABLE)
def test_what_is_not_unmistakable_is_refused_with_what_to_do(text, remedy):
    with pytest.raises(ContractError) as caught:
        units.split(text, what="dose", example="35 mg")
    assert remedy in str(caught.value)


@pytest.mark.parametrize(("text", "remedy"), UNREADABLE)
def test_a_refusal_says_what_was_read(text, remedy):
    with pytest.raises(ContractError, match=r"^dose: expected .*, got (nothing|['\"])"):
        units.split(text, what="dose", example="35 mg")


WRITE = "Write digits and at most one decimal point."


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        pytest.param("1,5", "a decimal mark is a point, as in 1.5.", id="decimal comma"),
        pytest.param(".5", "Write 0.5: a bare point is easily overlooked.", id="bare point"),
        pytest.param("5.", "Write 5, without the point.", id="point at the end"),
        pytest.param("O.5", WRITE, id="letter O"),
        pytest.param("1e3", f"{WRITE} Leave out the exponent.", id="exponent"),
        pytest.param("-1.5E-3", f"{WRITE} Leave out the exponent.", id="small exponent"),
        pytest.param("١٢", f"{WRITE} The digits are 0 to 9.", id="Arabic digits"),
        pytest.param("１２", f"{WRITE} The digits are 0 to 9.", id="full-width digits"),
        pytest.param("1２", f"{WRITE} The digits are 0 to 9.", id="one full-width digit"),
        pytest.param("1²", WRITE, id="superscript"),
        pytest.param("5\u00a0", WRITE, id="no-break space at the end"),
        pytest.param(" 5", WRITE, id="space before"),
        pytest.param("5\n", WRITE, id="line break at the end"),
        pytest.param("1\u00a0000", f"{WRITE} Write 1000, without thousands marks.", id="no-break"),
        pytest.param("1\u202f000.5", f"{WRITE} Write 1000.5, without thousands marks.", id="thin"),
        pytest.param("1 000", f"{WRITE} Write 1000, without thousands marks.", id="space"),
        pytest.param("-1 000 000", f"{WRITE} Write -1000000, without thousands marks.", id="two"),
        pytest.param("1'000", f"{WRITE} Write 1000, without thousands marks.", id="apostrophe"),
        pytest.param("1_000", f"{WRITE} Write 1000, without thousands marks.", id="underscore"),
        pytest.param("1_00", WRITE, id="no thousands"),
        pytest.param("1.000,5", f"{WRITE} Write 1000.5 if points mark thousands.", id="German"),
        pytest.param(
            "-1.000.000", f"{WRITE} Write -1000000 if points mark thousands.", id="points"
        ),
        pytest.param("1.00.000", WRITE, id="points astray"),
        pytest.param("+5", f"{WRITE} Leave out the plus sign.", id="plus"),
        pytest.param("--5", WRITE, id="two signs"),
        pytest.param("\u22125", WRITE, id="typographic minus"),
        pytest.param("5-", WRITE, id="sign behind"),
        pytest.param("-", WRITE, id="a sign alone"),
        pytest.param("", WRITE, id="nothing"),
        pytest.param("nan", WRITE, id="nan"),
        pytest.param("inf", WRITE, id="inf"),
        pytest.param("007", "Leave out the leading zero.", id="leading zeros"),
    ],
)
def test_a_number_is_refused_with_the_form_that_is_meant(text, remedy):
    with pytest.raises(ContractError) as refused:
        units.read_number(text, what="cell", example="11.7")
    assert str(refused.value).startswith("cell: expected a number")
    assert refused.value.remedy.endswith(remedy)
    assert refused.value.remedy == remedy or "comma" in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0), ("0.5", 0.5), ("-0.5", -0.5), ("10", 10.0), ("1.50", 1.5), ("1.234", 1.234),
        ("123456789012345", 123456789012345.0), ("0.123456789012345", 0.123456789012345),
        ("0.30000000000000004", 0.1 + 0.2), ("9" + "0" * 39, 9e39),
    ],
)  # fmt: skip
def test_a_plain_number_is_read(text, value):
    assert units.read_number(text, what="cell", example="11.7") == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("9007199254740993", id="the first whole number that no float holds"),
        pytest.param("0.12345678901234567890", id="twenty figures"),
        pytest.param("1." + "0" * 20 + "1", id="a last figure that would be lost"),
    ],
)
def test_a_number_that_cannot_be_kept_is_not_cut(text):
    with pytest.raises(ContractError) as refused:
        units.read_number(text, what="cell", example="11.7")
    assert refused.value.expected == "a number of at most 15 figures"
    assert refused.value.remedy == "Leave out what nobody measured."


@pytest.mark.parametrize("text", ["1" + "0" * 40, "9" * 400, "1," * 5000, "٥" * 41])
def test_what_is_longer_than_any_number_is_refused_shortly(text):
    with pytest.raises(ContractError, match="at most 40 characters") as refused:
        units.read_number(text, what="cell", example="11.7")
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("40 min", "h", 2.0 / 3.0),
        ("156 lb", "kg", 70.76040972),
        ("0.5 g", "mg", 500.0),
        ("500 mcg/kg", "mg/kg", 0.5),
    ],
)
def test_a_quantity_is_read_into_the_canonical_unit(text, to, expected):
    assert units.read(text, what="entry", to=to, example="x") == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("text", ["5 h", "5 MG", "5 mg/kg", "5 tablets", "5 mg/kg/h", "5 mL"])
def test_a_quantity_in_an_unfit_unit_is_refused(text):
    with pytest.raises(ContractError, match="none is guessed"):
        units.read(text, what="dose", to="mg", example="35 mg")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (35.5, "35.5"),
        (0.5, "0.5"),
        (100.0, "100"),
        (1230.4, "1230"),
        (123456.0, "123000"),
        (999999.6, "1000000"),
        (1e-5, "0.00001"),
        (1.234e-15, "0.00000000000000123"),
        (-1.5e-5, "-0.000015"),
    ],
)
def test_a_number_is_shown_to_three_figures_without_exponent(value, text):
    assert units.shown(value) == text
