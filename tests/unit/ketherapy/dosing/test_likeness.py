"""Likeness: when two numbers agree, and by which slip one is made of the other."""

import pytest

from ketherapy.dosing.likeness import agrees, limits, looks_like, within
from ketherapy.sources import Status


@pytest.mark.parametrize(
    ("value", "is_within"),
    [(1.9, False), (2.0, True), (2.5, True), (3.0, True), (3.1, False), (3.0 + 1e-12, True),
     (2.0 - 1e-12, True), (3.0 + 1e-7, False), (2.0 - 1e-7, False), (float("nan"), False),
     (float("inf"), False)],
)  # fmt: skip
def test_within_two_ends(value, is_within):
    assert within(value, 2.0, 3.0) == is_within


def test_noise_is_included():
    assert within(3.0 * (1.0 + 1e-9), 2.0, 3.0)
    assert within(2.0 * (1.0 - 1e-9), 2.0, 3.0)


@pytest.mark.parametrize(
    ("value", "other", "share", "is_alike"),
    [(105.0, 100.0, 0.05, True), (105.1, 100.0, 0.05, False), (95.0, 100.0, 0.05, True),
     (94.9, 100.0, 0.05, False), (100.0, 100.0, 0.0, True), (100.1, 100.0, 0.0, False),
     (5.0, float("inf"), 0.05, False), (5.0, float("nan"), 0.05, False), (5.0, 0.0, 0.05, False)],
)  # fmt: skip
def test_a_share_of_the_other_number(value, other, share, is_alike):
    assert agrees(value, other, share) == is_alike


def test_two_numbers_agree_exactly_unless_a_share_is_given():
    assert agrees(40.0, 40.0)
    assert not agrees(40.0, 40.1)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("got", "said"),
    [
        (10.0, "a decimal point"),
        (10.5, "a decimal point"),
        (95.5, "a decimal point"),
        (100.0, "a decimal point"),
        (1000.0, "mg and mcg"),
        (60.0, "minutes and hours"),
        (2.20462, "kg and lb"),
        (80.0, "a number per kg and a whole one"),
    ],
)
def test_a_slip_is_known_by_its_factor_both_ways(got, said, turned):
    one, other = (1.0, got) if turned else (got, 1.0)
    assert looks_like(one, other, weight=80.0) == f" It looks like {said}, mistaken."


@pytest.mark.parametrize("got", [1.0, 3.0, 10.6, 30.0, 80.0, float("nan")])
def test_what_looks_like_no_slip_is_given_no_name(got):
    assert looks_like(got, 1.0) == ""


def test_two_slips_that_would_both_do_are_both_named():
    assert looks_like(60.0, 1.0, weight=60.0) == (
        " It looks like minutes and hours, or a number per kg and a whole one, mistaken."
    )


def test_every_limit_is_said_to_be_a_choice():
    found = limits()
    assert (found.source, found.status) == ("ketherapy", Status.CONVENTION)
    assert (found.agreement.value, found.agreement.unit) == (5.0, "%")
    assert (found.absurd.value, found.own_doses.value, found.persons.value) == (5.0, 2.0, 2.0)
    assert (found.weight_age.value, found.weight_age.unit) == (30.0, "day")
    assert (found.weight_change.value, found.weight_change.unit) == (10.0, "%")
