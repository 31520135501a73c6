"""Every number of ``meta_reference.csv`` from ``meta_inputs.csv`` (``meta.toml`` says whose).

To 1e-6 of the number, or the rounding of its eighth digit; tau2 of a likelihood is printed as its
maximiser left it, so the same tolerance is the one of a search.
"""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from ketherapy.evidence.effects import (
    Counts,
    Effects,
    Means,
    Measure,
    combined_means,
    mean_difference,
    odds_ratio,
    risk_ratio,
)
from ketherapy.evidence.synthesis import Interval, Tau2, mantel_haenszel, peto, pool

HERE = Path(__file__).parent
Row = dict[str, str]
METHODS = {"FE": Tau2.COMMON, "DL": Tau2.DL, "PM": Tau2.PM, "REML": Tau2.REML}
TABLES = {"Mantel-Haenszel common": mantel_haenszel, "Peto one-step": peto}


def rows(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


INPUTS = {
    key: list(found)
    for key, found in itertools.groupby(rows("meta_inputs.csv"), key=lambda row: row["meta_id"])
}
PRINTED = rows("meta_reference.csv")
POOLED = [row for row in PRINTED if row["estimator"] in METHODS]
COUNTED = [row for row in PRINTED if row["estimator"] in TABLES]


def name(row: Row) -> str:
    return f"{row['meta_id']} {row['estimator']}"


def column(studies: list[Row], field: str) -> np.ndarray:
    return np.array([float(row[field]) for row in studies])


def counts(studies: list[Row]) -> tuple[Counts, Counts]:
    arms = [(column(studies, f"{a}_events"), column(studies, f"{a}_n")) for a in ("exp", "ctl")]
    return Counts(*arms[0]), Counts(*arms[1])


def effects(meta_id: str) -> Effects:
    studies = INPUTS[meta_id]
    labels = tuple(row["study"] for row in studies)
    if studies[0]["measure"] == "MD":
        arms = [
            Means(*(column(studies, f"{arm}_{field}") for field in ("n", "mean", "sd")))
            for arm in ("exp", "ctl")
        ]
        return mean_difference(*arms, labels=labels)
    ratio = {"RR": risk_ratio, "OR": odds_ratio}[studies[0]["measure"]]
    return ratio(*counts(studies), labels=labels)


def same(found, printed: str) -> None:
    assert float(found) == pytest.approx(float(printed), rel=1e-6, abs=1e-9)


def test_every_row_of_both_files_is_tried():
    assert len(INPUTS) == 17
    assert sum(len(studies) for studies in INPUTS.values()) == 46
    assert len(POOLED) + len(COUNTED) == len(PRINTED) == 74


@pytest.mark.parametrize("meta_id", INPUTS)
def test_effects_and_variances_of_the_studies_are_the_printed_ones(meta_id):
    used = [row for row in INPUTS[meta_id] if row["yi"]]
    found = effects(meta_id)
    # The combined arm of TRANSFORM-1 is printed to seven digits; all others agree to twelve.
    np.testing.assert_allclose(found.y, column(used, "yi"), rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(found.v, column(used, "vi"), rtol=1e-6)


def test_the_two_doses_of_one_trial_combine_to_the_printed_arm():
    both = combined_means(Means(111, -19.0, 13.86), Means(98, -18.8, 14.12))
    (row,) = (row for row in INPUTS["eskd28_pm_hksj"] if row["trial_id"] == "transform1")
    n, mean, sd = (float(x[0]) for x in both.read())
    assert n == float(row["exp_n"])
    assert mean == pytest.approx(float(row["exp_mean"]), abs=5e-6)
    assert sd == pytest.approx(float(row["exp_sd"]), abs=5e-6)


@pytest.mark.parametrize("meta_id", [key for key in INPUTS if key.startswith("ferraro2025")])
def test_the_review_weights_and_shows_its_studies_so(meta_id):
    used = [row for row in INPUTS[meta_id] if row["yi"]]
    found = effects(meta_id)
    weights = 100.0 * pool(found, tau2=Tau2.DL).weights
    np.testing.assert_allclose(weights, column(used, "published_weight_pct"), atol=1e-6, rtol=0)
    z = 1.959963984540054
    for side, field in ((0.0, "effect"), (-z, "ci_low"), (z, "ci_high")):
        shown = found.measure.shown(found.y + side * found.se)
        np.testing.assert_allclose(shown, column(used, f"published_{field}"), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("row", POOLED, ids=name)
def test_pooled(row):
    found = pool(effects(row["meta_id"]), tau2=METHODS[row["estimator"]], interval=Interval.WALD)
    assert found.measure is Measure(row["measure"])
    assert int(found.k) == int(row["k"])
    same(found.printed.estimate, row["estimate"])
    same(found.printed.low, row["ci_low"])
    same(found.printed.high, row["ci_high"])
    for field in ("tau2", "Q", "p_Q", "I2"):
        same(getattr(found, field), row[field])


@pytest.mark.parametrize("row", POOLED, ids=name)
@pytest.mark.parametrize(
    ("interval", "columns"),
    [(Interval.HKSJ, "hksj"), (Interval.HKSJ_MODIFIED, "hksj_mod")],
)
def test_interval(row, interval, columns):
    found = pool(effects(row["meta_id"]), tau2=METHODS[row["estimator"]], interval=interval)
    same(found.printed.low, row[f"{columns}_low"])
    same(found.printed.high, row[f"{columns}_high"])


@pytest.mark.parametrize("row", POOLED, ids=name)
def test_prediction_interval(row):
    found = pool(effects(row["meta_id"]), tau2=METHODS[row["estimator"]])
    if row["pi_low"]:
        same(found.printed.prediction_low, row["pi_low"])
        same(found.printed.prediction_high, row["pi_high"])
    else:
        assert math.isnan(found.printed.prediction_low)
        assert math.isnan(found.printed.prediction_high)
        assert any("No prediction interval" in note for note in found.notes)


@pytest.mark.parametrize("row", COUNTED, ids=name)
def test_counts_pooled_without_effects(row):
    method, measure = TABLES[row["estimator"]], Measure(row["measure"])
    arms = counts(INPUTS[row["meta_id"]])
    found = method(*arms) if method is peto else method(measure, *arms)
    assert found.measure is measure
    assert int(found.k) == int(row["k"])
    same(found.printed.estimate, row["estimate"])
    same(found.printed.low, row["ci_low"])
    same(found.printed.high, row["ci_high"])


def test_the_study_without_events_is_left_out_and_named():
    found = effects("ferraro2025_1_23")
    assert [study.label for study in found.dropped] == ["Noppers 2011a"]
    assert any("Noppers 2011a" in note for note in pool(found).notes)


def test_the_published_modified_interval_and_the_narrower_plain_one():
    found = effects("eskd28_pm_hksj")
    modified = pool(found, tau2=Tau2.PM, interval=Interval.HKSJ_MODIFIED)
    printed = (modified.estimate, modified.low, modified.high)
    assert printed == pytest.approx((-3.3436, -6.0691, -0.6180), abs=5e-5)
    plain = pool(found, tau2=Tau2.PM, interval=Interval.HKSJ)
    wald = pool(found, tau2=Tau2.PM, interval=Interval.WALD)
    assert plain.se < wald.se
    assert any("narrower" in note for note in plain.notes)
