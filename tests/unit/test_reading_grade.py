"""The reading grade: by hand, with names of drugs left out, and with words no dictionary holds."""

import pytest

from tests.reading import grade, syllables


def test_a_grade_is_that_of_the_formula():
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade("Hello there. Nobody came.") == pytest.approx(0.39 * 2 + 11.8 * 7 / 4 - 15.59)


@pytest.mark.parametrize("drug", ["ketamine", "Esketamine", "midazolam", "saline", "midazolam's"])
def test_the_name_of_a_drug_counts_as_a_short_word(drug):
    assert grade(f"They got {drug} twice.") == grade("They got drug twice.")


@pytest.mark.parametrize(
    ("word", "count"),
    [
        pytest.param("depression", 3, id="in the dictionary"),
        pytest.param("behaviour", 3, id="British spelling, by its vowels"),
        pytest.param("haemorrhage", 3, id="a silent e"),
        pytest.param("WHO", 5, id="letter by letter"),
        pytest.param("27", 4, id="a number, read aloud"),
        pytest.param("4.2", 3, id="a decimal"),
        pytest.param("185", 6, id="hundreds"),
        pytest.param("9016", 5, id="thousands"),
        pytest.param("1962", 5, id="a year"),
    ],
)
def test_syllables(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize("text", ["", "no end", "..."])
def test_what_is_no_sentence_has_no_grade(text):
    with pytest.raises(ValueError, match="whole sentence"):
        grade(text)
