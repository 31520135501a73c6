"""Ratios of prediction to measurement that an independent implementation found."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ketherapy.simulation.validation import Comparison, comparisons, groups


@pytest.fixture(scope="module")
def found() -> tuple[Comparison, ...]:
    """Return every comparison, computed once."""
    return comparisons()


def chosen(found: tuple[Comparison, ...], model: str, trial: str) -> list[float]:
    """Return the ratios of one model on one trial."""
    return [c.ratio for c in found if c.model.id == model and c.row.id.startswith(trial)]


INDEPENDENT = [  # model, rows, geometric mean ratio, median absolute error in per cent
    ("otto2021_iv", "p03_otto_chdr1311", "esketamine", 0.91, 11),
    ("otto2021_iv", "p03_otto_chdr1311", "esnorketamine", 0.98, 8),
    ("simons2022", "p01_kamp_esk_sk", "esketamine", 1.03, 10),
    ("simons2022", "p01_kamp_esk_snk", "esnorketamine", 0.75, 25),
]


@pytest.mark.parametrize(("model", "trial", "analyte", "ratio", "error"), INDEPENDENT)
def test_trials_are_predicted_as_an_independent_code_predicted_them(
    found: tuple[Comparison, ...], model: str, trial: str, analyte: str, ratio: float, error: float
) -> None:
    ratios = [
        c.ratio
        for c in found
        if c.model.id == model and c.row.id.startswith(trial) and c.row.analyte == analyte
    ]
    assert math.exp(np.mean(np.log(ratios))) == pytest.approx(ratio, abs=0.011)
    assert 100 * np.median(np.abs(np.array(ratios) - 1.0)) == pytest.approx(
        error, abs=2.0
    )  # two rows more or less


def test_the_printed_exposure_table_is_reproduced(found: tuple[Comparison, ...]) -> None:
    table = [c for c in found if c.row.use == "implementation"]
    assert len(table) == 18
    assert all(abs(c.ratio - 1.0) <= 0.013 for c in table)


def test_arterial_is_never_compared_with_venous(found: tuple[Comparison, ...]) -> None:
    by_level = [c for c in found if c.row.metric not in ("CL", "F")]
    assert by_level
    assert all(c.row.site == c.model.site for c in by_level)


def test_rows_that_made_a_model_are_marked_in_sample(found: tuple[Comparison, ...]) -> None:
    for c in found:
        if c.row.in_sample == c.model.id:
            assert c.is_in_sample
    assert all(len({c.is_in_sample for c in group.members}) == 1 for group in groups(found))


def test_no_row_marked_do_not_score_is_scored(found: tuple[Comparison, ...]) -> None:
    assert not [c for c in found if c.row.use == "no"]
    assert not [c for c in found if c.row.id.startswith("p09_rket")]
