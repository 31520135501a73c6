"""A table of people: every bad cell named by line and column, nobody dropped or filled in."""

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.simulation.people_table import parse_people, read_people
from ketherapy.sources import Status

GOOD = (
    "weight_kg,age_year,sex,ancestry,kidney,liver\n71.5,45,female,japanese,mild,\n90,60,,,,severe\n"
)


def table(text: str):
    return parse_people(text, name="people.csv", source="a test", status=Status.CONVENTION)


def test_a_good_table_is_read_as_it_stands():
    found = table(GOOD)
    np.testing.assert_array_equal(found.person.weight, [71.5, 90.0])
    np.testing.assert_array_equal(found.person.age, [45.0, 60.0])
    np.testing.assert_array_equal(found.person.sex, ["female", ""])
    np.testing.assert_array_equal(found.person.ancestry, ["japanese", ""])
    np.testing.assert_array_equal(found.person.kidney, ["mild", ""])
    np.testing.assert_array_equal(found.person.liver, ["", "severe"])
    assert found.size == 2
    assert found.text == "the 2 people of people.csv"


def test_a_column_left_out_is_not_known():
    found = table("weight_kg\n70\n80\n").person
    assert found.age is found.sex is found.kidney is None


def test_a_file_is_read_also_with_the_mark_of_a_spreadsheet(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    found = read_people(path)
    assert found.size == 2
    assert found.status is Status.CONVENTION


@pytest.mark.parametrize(
    ("row", "said"),
    [
        pytest.param("71,5,45,female", "Line 2: expected 3 cells, got 4.", id="decimal comma"),
        pytest.param("71,45", "Line 2: expected 3 cells, got 2.", id="a cell missing"),
        pytest.param("", "Line 2: expected 3 cells, got 0.", id="an empty line"),
        pytest.param(",45,female", "Line 2, weight_kg: expected a number", id="no weight"),
        pytest.param("71 kg,45,female", "Line 2, weight_kg: expected a number", id="a unit"),
        pytest.param("nan,45,female", "Line 2, weight_kg: expected a number", id="nan"),
        pytest.param("-71,45,female", "Line 2, weight_kg: expected a number", id="negative"),
        pytest.param("7100,45,female", "from 30 to 300", id="too heavy"),
        pytest.param(
            "71,17,female", "Line 2, age_year: expected a number from 18 to 110", id="child"
        ),
        pytest.param("71,45,Female", "Line 2, sex: expected female, male or nothing", id="capital"),
        pytest.param("71,45,f", "Line 2, sex: expected female, male or nothing", id="short"),
    ],
)
def test_a_bad_row_is_named(row, said):
    with pytest.raises(ContractError) as refused:
        table(f"weight_kg,age_year,sex\n{row}\n80,50,male\n")
    assert said in str(refused.value)
    assert "got '1 mistakes'" in str(refused.value)


def test_the_ends_of_the_accepted_ranges_are_accepted():
    assert table("weight_kg,age_year\n30,18\n300,110\n").size == 2


def test_all_bad_rows_are_named_at_once():
    with pytest.raises(ContractError) as refused:
        table("weight_kg,sex\n7,male\n70,male\n70,man\n8,woman\n")
    said = str(refused.value)
    assert all(f"Line {line}" in said for line in (2, 4, 5))
    assert "Line 3" not in said
    assert "4 mistakes" in said


def test_what_stands_in_a_cell_is_never_repeated():
    with pytest.raises(ContractError) as refused:
        table("weight_kg,sex\nSmith,secret\n")
    assert "Smith" not in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("weight", id="no unit in the name"),
        pytest.param("weight_kg,name", id="a column there is not"),
        pytest.param("weight_kg,weight_kg", id="the same twice"),
        pytest.param("", id="none"),
    ],
)
def test_an_unknown_header_is_refused(header):
    with pytest.raises(ContractError, match="line 1: expected columns among weight_kg"):
        table(f"{header}\n")


def test_a_table_without_people_is_refused():
    with pytest.raises(ContractError, match="no rows"):
        table("weight_kg\n")


def test_a_broken_quote_is_refused():
    with pytest.raises(ContractError, match="readable CSV"):
        table('weight_kg\n"70\n')


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00weight"])
def test_an_unreadable_file_is_refused(tmp_path, content):
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ContractError, match="a readable table"):
        read_people(path)
