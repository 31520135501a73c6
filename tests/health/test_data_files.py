import pytest

from tests.health import data_files
from tests.health.tree import ROOT, expect_none

MODEL = "src/ketherapy/pharmacology/data/models/m.toml"
GOOD = (
    'source = "a"\nstatus = "secondary"\n[printed]\nV1 = { value = 1, unit = "L", locator = "" }\n'
)


def test_every_number_has_unit_locator_status_and_source():
    expect_none(data_files.bare_numbers(ROOT))


def test_every_status_is_one_of_four():
    expect_none(data_files.unknown_statuses(ROOT))


def test_every_source_cited_is_in_the_bibliography():
    expect_none(data_files.cited_but_absent(ROOT))


def test_every_source_in_the_bibliography_is_cited():
    expect_none(data_files.present_but_uncited(ROOT))


def test_a_whole_number_is_no_fault(plant):
    root = plant(MODEL, GOOD)
    assert data_files.bare_numbers(root) == data_files.unknown_statuses(root) == []


@pytest.mark.parametrize(
    ("words", "by", "lack"),
    [
        (', unit = "L"', "", "unit"),
        (', locator = ""', "", "locator"),
        ('status = "secondary"\n', "", "status"),
        ('source = "a"\n', "", "source"),
        ("secondary", "verified", "locator"),
    ],
)
def test_a_bare_number_is_found(plant, words, by, lack):
    (fault,) = data_files.bare_numbers(plant(MODEL, GOOD.replace(words, by)))
    assert f"printed.V1.{lack}:" in fault


def test_a_number_in_a_list_is_read(plant):
    root = plant(MODEL, 'source = "a"\nstatus = "derived"\n[[omega]]\nvalue = 0.2\nunit = "1"\n')
    assert len(data_files.bare_numbers(root)) == 1


def test_an_unknown_status_is_found(plant):
    root = plant(MODEL, GOOD.replace("secondary", "recalled"))
    assert len(data_files.unknown_statuses(root)) == 1


def test_an_absent_source_is_found(plant):
    assert len(data_files.cited_but_absent(plant(MODEL, GOOD))) == 1


def test_an_uncited_source_is_found(plant):
    plant(MODEL, GOOD)
    root = plant(str(data_files.BIBLIOGRAPHY), "[a]\n[b]\n")
    (fault,) = data_files.present_but_uncited(root)
    assert ", b:" in fault


@pytest.mark.parametrize("name", ["src/ketherapy/data/i.csv", "tests/reference/m.csv"])
def test_a_source_in_a_row_is_read(plant, name):
    assert set(data_files.cited(plant(name, "value,source\n1,a\n2,\n"))) == {"a"}
