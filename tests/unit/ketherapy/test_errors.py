"""An error says what, what was expected, what came and what to do, without repeating much."""

import unicodedata

import numpy as np
import pytest

from ketherapy.errors import ContractError, DataFileError, KetherapyError, SolverError, shown

HOSTILE = [
    pytest.param("x" * 10_000, id="10,000 characters"),
    pytest.param("5 mg\0", id="a null byte"),
    pytest.param("5 mg\r\nSet-Cookie: a", id="a line break"),
    pytest.param("\x1b[31m5 mg", id="a terminal colour"),
    pytest.param("\u202e5 mg", id="a mark that reverses the text"),
    pytest.param("5 mg\u200b", id="a space without width"),
    pytest.param("\ud800", id="half a surrogate pair"),
]


def error(got: object) -> ContractError:
    return ContractError("dose", expected="an amount", got=got, remedy="Write 35 mg.")


def test_the_sentence_has_one_shape():
    assert str(error("five")) == "dose: expected an amount, got 'five'. Write 35 mg."


def test_a_data_file_error_has_the_same_shape():
    wrong = DataFileError("models/a.toml, V1", expected="a volume", got="L/h", remedy="Compare.")
    assert str(wrong) == "models/a.toml, V1: expected a volume, got 'L/h'. Compare."


@pytest.mark.parametrize("kind", [ContractError, DataFileError, SolverError])
def test_everything_raised_on_purpose_has_one_parent(kind):
    assert issubclass(kind, KetherapyError)


def test_a_broken_contract_is_also_a_value_error():
    assert isinstance(error("five"), ValueError)


def test_a_contract_error_keeps_its_parts():
    parts = (error("five").what, error("five").expected, error("five").remedy)
    assert parts == ("dose", "an amount", "Write 35 mg.")


@pytest.mark.parametrize("got", HOSTILE)
def test_a_message_holds_no_character_that_is_not_plain(got):
    kinds = {unicodedata.category(character) for character in str(error(got))}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("got", HOSTILE)
def test_a_message_is_short_whatever_came(got):
    assert len(str(error(got))) < 160


def test_what_is_cut_says_how_long_it_was():
    assert "10000 characters" in shown("x" * 10_000)


def test_a_short_value_is_repeated_whole():
    assert shown("0.5 mg/kg") == "'0.5 mg/kg'"


def test_an_array_is_a_thing_that_was_got():
    error = ContractError("x", expected="a number", got=np.array([1.0, 2.0]), remedy="Correct it.")
    assert "1., 2." in str(error)
