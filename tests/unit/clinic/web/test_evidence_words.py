"""Numbers of the evidence as people read them."""

import pytest

from clinic.explore.evidence_pools import find, line
from clinic.explore.evidence_studies import Figures
from clinic.web import evidence_words as words


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.378, "1.38"), (2.0, "2.00"), (-3.3436, "−3.34"), (0.0, "0.00"), (-0.0, "0.00"),
     (0.004, "0.004"), (-0.00123, "−0.00123"), (12345.6, "12300"), (float("inf"), "not known")],
)  # fmt: skip
def test_an_effect_has_two_decimals_where_they_say_something(value, text):
    assert words.effect(value) == text


@pytest.mark.parametrize(("value", "text"), [(-19.0, "−19"), (13.86, "13.86"), (0.618, "0.618")])
def test_a_printed_number_stays_as_printed(value, text):
    assert words.figure(value) == text


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (Figures(label="a", people=47, events=30), "30 of 47"),
        (Figures(label="a", people=47, mean=-19.0, sd=13.86), "−19 (SD 13.86)"),
        (Figures(label="a", people=47, mean=-19.0, se=2.1), "−19 (SE 2.1)"),
        (Figures(label="a", people=47), "n = 47"),
        (Figures(label="a", people=None), "not printed"),
        (Figures(label="a", people=None, percent=38.0), "38 % (no count printed)"),
    ],
)
def test_what_is_printed_of_a_group(figures, text):
    assert words.numbers(figures) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "less than 1 %"), (0.009, "less than 1 %"), (0.01, "1 %"), (0.5, "50 %"),
     (0.99, "99 %"), (0.991, "more than 99 %"), (1.0, "more than 99 %")],
)  # fmt: skip
def test_a_probability_is_never_certain(share, text):
    assert words.probability(share) == text


@pytest.mark.parametrize(
    ("review", "pool", "text"),
    [
        ("alnefeesi2022", "resp", "share of one group, without a control"),
        ("dean2021", "resp24", "3.94 (1.54 to 10.1)"),
        ("mcgirr2015", "rem24", "7.06 (interval not read)"),
        ("wilkinson2018", "range", "0.48 to 0.85, lowest and highest of several times"),
        ("vankawala2021", "sbp", "12.61 (10.4 to 14.82), no control group"),
        ("eskd28", "response_RR", "not printed; computed here"),
    ],
)
def test_a_pool_in_a_list(review, pool, text):
    assert words.pool(line(*find(review, pool))) == text
