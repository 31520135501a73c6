import math

import pytest

from clinic.web.charts.words import duration, level, listed, number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (186.93, "187"),
        (92.44, "92.4"),
        (90.04, "90"),
        (8.314, "8.31"),
        (0.0123, "0.0123"),
        (1424.0, "1420"),
        (99.96, "100"),
        (300.0, "300"),
        (0.0, "0"),
        (-2.5, "-2.5"),
    ],
)
def test_a_number_has_three_figures_and_no_idle_zero(value, text):
    assert number(value) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        number(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(186.93, "187 ng/mL"), (0.002, "< 0.01 ng/mL"), (0.0, "0 ng/mL"), (-1e-15, "0 ng/mL")],
)
def test_a_level_always_has_its_unit(value, text):
    assert level(value) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 min"),
        (0.5, "0.5 min"),
        (40, "40 min"),
        (60, "1 h"),
        (90, "90 min"),
        (120, "2 h"),
        (150, "2 h 30 min"),
        (1440, "24 h"),
    ],
)
def test_a_time_is_said_as_on_a_ward(minutes, text):
    assert duration(minutes) == text


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_are_listed_as_in_a_sentence(words, text):
    assert listed(words) == text
