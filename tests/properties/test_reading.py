"""Laws of reading: a text is a finite number in a known unit, or it is refused as one."""

import math
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.simulation.request import Refusal, SimulationRequest, read_request

TO = {"dose": "mg", "weight": "kg", "over": "h", "age": "year"}
SAME_KIND = [
    ("mg", "g"), ("mg", "mcg"), ("kg", "lb"), ("h", "min"), ("h", "day"), ("year", "week"),
    ("mg/L", "ng/mL"), ("L/h", "mL/min"), ("mg/kg", "mcg/kg"), ("1/h", "1/min"), ("mmHg", "kPa"),
]  # fmt: skip
numbers = st.decimals(min_value="0.001", max_value="9999", places=3, allow_nan=False)
# Text that nearly is a quantity finds more than text of any kind.
near = st.text(alphabet=string.digits + ".,-+eE/*% mgkLhin٥５\u00a0\u200f\0", max_size=30)


def entries(**changed: str) -> dict[str, str]:
    usual = {"drug": "ketamine", "route": "iv", "dose": "35 mg", "over": "40 min"}
    return {**usual, "weight": "71 kg", **changed}


@given(text=st.one_of(st.text(), near), what=st.sampled_from(sorted(TO)))
@example(text="9" * 36 + " mg", what="dose")
@example(text="5 m", what="over")
def test_any_text_reads_to_a_finite_number_or_is_refused(text, what):
    try:
        value = units.read(text, what=what, to=TO[what], example="1 x")
    except ContractError:
        return
    assert math.isfinite(value)


@given(text=st.one_of(st.text(), near))
def test_a_refusal_is_short_and_plain_whatever_was_typed(text):
    said = ""
    try:
        units.read(text, what="dose", to="mg", example="35 mg")
    except ContractError as refused:
        said = str(refused)
    assert not said or said.isprintable()
    assert len(said) < 250


@given(value=numbers, unit=st.sampled_from(["mg", "g", "kg", "lb", "mg/kg", "min"]))
def test_what_was_read_is_what_was_written(value, unit):
    assert units.split(f"{value} {unit}", what="entry", example="x") == (float(value), unit)


@given(value=numbers)
def test_a_number_written_back_is_the_same_number(value):
    text = units.shown(float(value), digits=8)
    assert units.read(f"{text} mg", what="dose", to="mg", example="x") == float(value)


@given(value=st.floats(1e-30, 1e12), digits=st.integers(1, 15))
def test_a_shown_number_is_right_to_its_figures_and_has_no_exponent(value, digits):
    text = units.shown(value, digits=digits)
    assert set(text) <= set("0123456789.")
    assert float(text) == pytest.approx(value, rel=0.5000001 * 10.0 ** (1 - digits))


@given(value=st.floats(1e-9, 1e9), pair=st.sampled_from(SAME_KIND))
def test_converting_there_and_back_is_the_identity(value, pair):
    unit, other = pair
    there = units.convert(value, unit, to=other)
    assert units.convert(there, other, to=unit) == pytest.approx(value, rel=1e-14)


@given(value=st.floats(1e-9, 1e9), pair=st.sampled_from(SAME_KIND), scale=st.floats(0.01, 100.0))
def test_conversion_is_proportional(value, pair, scale):
    unit, other = pair
    scaled = units.convert(scale * value, unit, to=other)
    assert scaled == pytest.approx(scale * units.convert(value, unit, to=other), rel=1e-14)


@given(per_kg=st.decimals("0.01", "3", places=2), weight=st.decimals("40", "200", places=1))
def test_a_dose_per_kg_equals_the_same_dose_in_mg(per_kg, weight):
    at = {"weight": f"{weight} kg"}
    relative = read_request(entries(dose=f"{per_kg} mg/kg", **at))
    absolute = read_request(entries(dose=f"{per_kg * weight} mg", **at))
    assert isinstance(relative, SimulationRequest)
    assert isinstance(absolute, SimulationRequest)
    assert relative.regimen.total == pytest.approx(absolute.regimen.total, rel=1e-14)


@given(
    text=st.one_of(st.text(), near),
    field=st.sampled_from(["drug", "route", "dose", "over", "weight", "age", "until"]),
)
def test_any_entry_is_read_or_refused_beside_its_field(text, field):
    result = read_request(entries(**{field: text}))
    if isinstance(result, Refusal):
        assert [problem.field for problem in result.problems] == [field]
    else:
        assert result.regimen.total > 0


@given(texts=st.lists(near, min_size=7, max_size=7), models=st.lists(st.text(), max_size=2))
def test_a_whole_form_of_anything_is_read_or_refused(texts, models):
    fields = ("drug", "route", "dose", "over", "weight", "age", "until")
    result = read_request(dict(zip(fields, texts, strict=True)), models=models)
    assert isinstance(result, Refusal | SimulationRequest)
