"""Frequencies of unwanted effects: as printed, and never without their comparator."""

import dataclasses

import pytest

from ketherapy.errors import ContractError, DataFileError
from ketherapy.pharmacology.effects import observed
from ketherapy.pharmacology.effects.frequencies import (
    UNCOMPARED,
    Frequency,
    Group,
    frequencies,
    frequency,
    table,
)
from ketherapy.records import check


def entries(row: Frequency, **changed) -> dict[str, object]:
    every = {f.name: getattr(row, f.name) for f in dataclasses.fields(Frequency)}
    return {name: value for name, value in (every | changed).items() if value not in (None, "")}


@pytest.mark.parametrize("group", Group)
def test_every_table_has_rows(group):
    assert table(group)


def test_ids_are_unique():
    assert len({row.id for row in frequencies()}) == len(frequencies())


@pytest.mark.parametrize("row", [r for r in frequencies() if r.row], ids=lambda r: r.id)
def test_numbers_are_those_of_the_observed_effects(row):
    assert row.value == observed.row(row.row).mean
    if row.comparator_row:
        assert row.comparator_value == observed.row(row.comparator_row).mean


def test_the_whole_pressure_table_of_the_label_is_there():
    named = {r for row in table(Group.BLOOD_PRESSURE) for r in (row.row, row.comparator_row)}
    assert named >= {f"P{number}" for number in range(204, 218)}


@pytest.mark.parametrize(
    ("frequency_id", "events", "n"),
    [("AE-001", 142, 346), ("AE-011", 36, 346), ("AE-022", 136, 802), ("AE-048", 109, 764),
     ("AE-049", 120, 126), ("AE-050", 4, 9), ("AE-051", 45, 537), ("AE-036", 45, 6630)],
)  # fmt: skip
def test_shares_are_those_of_the_counts_printed_beside_them(frequency_id, events, n):
    found = frequency(frequency_id)
    assert found.n == n
    assert found.value == pytest.approx(100.0 * events / n, abs=0.5)


@pytest.mark.parametrize("row", frequencies(), ids=lambda r: r.id)
def test_no_share_is_said_alone(row):
    compared = row.comparator and row.comparator in row.said
    assert bool(compared) != (UNCOMPARED in row.said)


@pytest.mark.parametrize(
    ("frequency_id", "said"),
    [
        ("AE-001", "41 % of people with esketamine, 9 % with placebo spray"),
        ("AE-031", f"61 to 75 % of people with esketamine, {UNCOMPARED}"),
        ("AE-038", f"fewer than 3 % of people with esketamine, {UNCOMPARED}"),
        ("AE-033", "13.3 mmHg with esketamine, 6.1 mmHg with placebo spray"),
    ],
)
def test_how_a_frequency_is_said(frequency_id, said):
    assert frequency(frequency_id).said == said


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"value": 101.0}, id="more than everybody"),
        pytest.param({"value": -1.0}, id="fewer than nobody"),
        pytest.param({"value": None}, id="no number"),
        pytest.param({"comparator": ""}, id="a number of whom"),
        pytest.param({"comparator_value": None}, id="a comparator without a number"),
        pytest.param({"unit": "patients"}, id="another unit"),
        pytest.param({"status": "recalled"}, id="a status that does not ship"),
    ],
)
def test_a_row_that_misleads_is_refused(changed):
    with pytest.raises(DataFileError):
        check(Frequency, entries(frequency("AE-001"), **changed), where="here")


def test_an_unknown_id_is_refused():
    with pytest.raises(ContractError, match="AE-001"):
        frequency("AE-999")
