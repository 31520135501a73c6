"""Rounding: downward, to a mark, exactly, and never to nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketherapy.dosing.products import product, products
from ketherapy.dosing.rounding import deliverable, down, exact, positive
from ketherapy.errors import ContractError

TEN, FIFTY, HUNDRED = (product(f"ketamine_{mg_per_ml}") for mg_per_ml in (10, 50, 100))
ML1, ML3, ML5, ML10, ML50 = products().syringes


@pytest.mark.parametrize(
    ("value", "mark", "expected"),
    [
        pytest.param(0.3, 0.1, 0.3, id="0.3 / 0.1 is 3, though floats say 2.9999999999999996"),
        pytest.param(0.1 + 0.2, 0.1, 0.3, id="nor does noise above round anything up"),
        pytest.param(0.7, 0.1, 0.7, id="0.7 / 0.1 is 7"),
        pytest.param(4.35, 0.01, 4.35, id="4.35 is 435 hundredths"),
        pytest.param(0.39, 0.1, 0.3, id="down, however near"),
        pytest.param(0.3999999999, 0.1, 0.3, id="down, ten figures near"),
        pytest.param(0.4, 0.1, 0.4, id="at the mark"),
        pytest.param(0.41, 0.1, 0.4, id="above the mark"),
        pytest.param(0.09, 0.1, 0.0, id="less than one mark"),
        pytest.param(7.0, 0.2, 7.0, id="fifths"),
        pytest.param(7.1, 0.2, 7.0, id="between fifths"),
        pytest.param(1.0, 0.3, 0.9, id="thirds"),
    ],
)
def test_down_is_the_mark_at_or_below(value, mark, expected):
    assert down(value, mark) == expected


def test_an_exact_number_is_the_one_that_was_typed():
    assert exact(0.1) == Decimal("0.1")
    assert exact(2.0 / 3.0) == Decimal("0.666666666667")


DOSES = st.decimals("0.1", "500", places=3)
MARKS = st.sampled_from(["0.01", "0.05", "0.1", "0.2", "0.5", "1", "0.3"])


@given(value=DOSES, mark=MARKS)
def test_a_rounded_number_is_the_largest_multiple_that_is_not_above(value, mark):
    rounded = Decimal(repr(down(float(value), float(mark))))
    assert rounded % Decimal(mark) == 0
    assert rounded <= value < rounded + Decimal(mark)


@given(dose=DOSES, vial=st.sampled_from([FIFTY, HUNDRED, TEN]))
def test_no_dose_is_ever_rounded_up(dose, vial):
    try:
        drawn = deliverable(float(dose), vial)
    except ContractError:
        return
    assert Decimal(repr(drawn.amount)) <= dose
    assert drawn.lost >= 0.0
    strength = Decimal(repr(vial.concentration.value))
    assert Decimal(repr(drawn.volume)) * 1000 * strength == Decimal(repr(drawn.amount))
    mark = Decimal(repr(drawn.syringe.mark.value))
    assert dose - Decimal(repr(drawn.amount)) < mark * strength


@pytest.mark.parametrize(
    ("dose", "vial", "syringe", "volume", "amount", "lost", "percent"),
    [
        pytest.param(40.0, FIFTY, ML1, 0.0008, 40.0, 0.0, 0.0, id="0.8 mL of 50 mg/mL"),
        pytest.param(40.0, HUNDRED, ML1, 0.0004, 40.0, 0.0, 0.0, id="0.4 mL of 100 mg/mL"),
        pytest.param(35.675, FIFTY, ML1, 0.00071, 35.5, 0.175, 100 * 0.175 / 35.675, id="0.71 mL"),
        pytest.param(35.675, TEN, ML5, 0.0034, 34.0, 1.675, 100 * 1.675 / 35.675, id="3.4 mL"),
        pytest.param(35.675, FIFTY, ML3, 0.0007, 35.0, 0.675, 100 * 0.675 / 35.675, id="0.7 mL"),
    ],
)
def test_what_is_drawn_and_what_was_lost(dose, vial, syringe, volume, amount, lost, percent):
    drawn = deliverable(dose, vial, syringe)
    assert (drawn.wanted, drawn.volume, drawn.amount, drawn.lost, drawn.syringe) == (
        dose, volume, amount, lost, syringe,
    )  # fmt: skip
    assert drawn.lost_percent == pytest.approx(percent, rel=1e-12)


@pytest.mark.parametrize(
    ("volume_ml", "syringe"),
    [(0.1, ML1), (1.0, ML1), (1.01, ML3), (3.0, ML3), (3.01, ML5), (5.0, ML5), (5.01, ML10),
     (10.0, ML10), (10.1, ML50), (50.0, ML50)],
)  # fmt: skip
def test_the_smallest_syringe_that_holds_the_volume_is_taken(volume_ml, syringe):
    assert deliverable(10.0 * volume_ml, TEN).syringe == syringe


@pytest.mark.parametrize(
    ("dose", "vials"),
    [(10.0, 1), (200.0, 1), (210.0, 2), (400.0, 2), (410.0, 3), (500.0, 3)],
)
def test_as_many_vials_as_the_volume_needs(dose, vials):
    assert deliverable(dose, TEN, ML50).vials == vials


def test_a_dose_that_fills_three_vials_needs_no_fourth():
    assert deliverable(1500.0, HUNDRED).vials == 3


def test_a_volume_that_no_syringe_holds_is_refused():
    with pytest.raises(ContractError) as refused:
        deliverable(510.0, TEN)
    assert str(refused.value) == (
        "volume to draw: expected at most 50 mL, one syringe, got '51 mL'. Choose a stronger vial"
        " or a larger syringe."
    )


def test_a_volume_that_the_chosen_syringe_does_not_hold_is_refused():
    assert deliverable(50.0, FIFTY, ML1).volume == 0.001
    with pytest.raises(ContractError, match=r"at most 1 mL, one syringe, got '1\.02 mL'"):
        deliverable(51.0, FIFTY, ML1)


def test_nothing_is_rounded_to_nothing():
    assert deliverable(1.0, HUNDRED).volume == 0.00001
    with pytest.raises(ContractError) as refused:
        deliverable(0.9, HUNDRED)
    assert str(refused.value) == (
        "dose [mg]: expected at least one mark of the syringe, 0.01 mL of ketamine 100 mg/mL, vial"
        " of 5 mL, got 0.9. Choose a weaker vial or a finer syringe; nothing is rounded to none."
    )


@pytest.mark.parametrize("dose", [0.0, -1.0, float("nan"), float("inf")])
def test_no_dose_is_no_plan(dose):
    with pytest.raises(ContractError) as refused:
        deliverable(dose, FIFTY)
    assert str(refused.value) == (
        f"dose [mg]: expected more than zero, such as 40, got {dose}. Correct it."
    )


def test_a_positive_number_is_given_back():
    assert positive(1e-9, what="x", example="1") == 1e-9
