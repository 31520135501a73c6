"""Scores as others have printed them, from their answers."""

import csv

import pytest

from ketherapy.instruments.change import band, meets
from ketherapy.instruments.instrument import instrument
from ketherapy.instruments.rules import Kind
from ketherapy.instruments.scoring import total
from tests.health.tree import ROOT

with (ROOT / "tests/reference/instruments.csv").open(encoding="utf-8", newline="") as _file:
    EXAMPLES = list(csv.DictReader(_file))


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['instrument']} {row['answers']}")
def test_a_printed_example_gives_the_printed_score(row):
    scale = instrument(row["instrument"])
    answers = dict(zip(scale.items, map(int, row["answers"].split()), strict=True))
    found = total(scale, answers)
    assert found == float(row["total"])
    if row["meaning"] == "positive in a woman":
        assert meets(scale, Kind.POSITIVE, now=found, sex="female") is True
    else:
        assert band(scale, found) == row["meaning"]
