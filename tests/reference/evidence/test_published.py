"""Results that others printed for studies outside this field (``published_results.csv``).

To the rounding of the printed number. They were read where the package metafor tests itself
against its sources; where a paper prints another last digit than its own data give, the figure of
metafor is taken and named so in ``also``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from ketherapy.evidence.effects import (
    Counts,
    Effects,
    Measure,
    harmonic_n,
    miller,
    odds_ratio,
    proportion,
    risk_difference,
    risk_ratio,
)
from ketherapy.evidence.synthesis import (
    Interval,
    Pooled,
    Tau2,
    hypergeometric_normal,
    mantel_haenszel,
    meta_regression,
    peto,
    pool,
)

HERE = Path(__file__).parent
Row = dict[str, str]
PAIRS = {"RR": risk_ratio, "OR": odds_ratio, "RD": risk_difference}


def rows(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


STUDIES: dict[str, list[Row]] = defaultdict(list)
for study in rows("published_studies.csv"):
    STUDIES[study["set"]].append(study)
RESULTS = rows("published_results.csv")


def column(name: str, field: str) -> np.ndarray:
    return np.array([float(row[field]) for row in STUDIES[name]])


def counts(name: str, events: str, n: str) -> Counts:
    return Counts(column(name, events), column(name, n))


def effects(name: str, measure: str) -> Effects:
    if measure in PAIRS:
        return PAIRS[measure](counts(name, "a", "n1"), counts(name, "c", "n2"))
    if measure == "PFT":
        return proportion(counts(name, "a", "n1"), measure=Measure.PFT)
    if measure.startswith("PLO"):
        arm = ("a", "n1") if measure.endswith("treated") else ("c", "n2")
        return proportion(counts(name, *arm))
    labels = tuple(row["study"] for row in STUDIES[name])
    return Effects(
        measure=Measure(measure), y=column(name, "y"), v=column(name, "v"), labels=labels
    )


def pooled(row: Row) -> Pooled:
    name, measure = row["set"], row["measure"]
    if row["by"] in ("MH", "PETO"):
        arms = counts(name, "a", "n1"), counts(name, "c", "n2")
        return peto(*arms) if row["by"] == "PETO" else mantel_haenszel(Measure(measure), *arms)
    return pool(effects(name, measure), tau2=Tau2[row["by"]], interval=Interval[row["interval"]])


def figure(row: Row) -> float:
    """Return what stands in ``printed``, computed."""
    name, figure = row["set"], row["figure"]
    if row["by"] == "EXACT":
        exact = hypergeometric_normal(counts(name, "a", "n1"), counts(name, "c", "n2"))
        return getattr(exact, figure)
    if row["by"] == "REGRESSION":
        return regression(name, figure)
    found = pooled(row)
    if figure.startswith("printed_"):
        return getattr(found.printed, figure.removeprefix("printed_"))
    if figure.startswith(("twice_y", "four_v")):
        kind, place = figure.rsplit("_", 1)
        every = effects(name, row["measure"])
        return float((2.0 * every.y if kind == "twice_y" else 4.0 * every.v)[int(place)])
    match figure:
        case "z":
            return found.estimate / found.se
        case "tau":
            return float(np.sqrt(found.tau2))
        case "twice_estimate":
            return 2.0 * found.estimate
        case "miller":
            return miller(found.estimate, harmonic_n(counts(name, "a", "n1")))
        case _:
            return getattr(found, figure)


def regression(name: str, figure: str) -> float:
    every = effects(name, "SMD")
    found = meta_regression(every, {"x": column(name, "x")}, interval=Interval.WALD)
    kind, _, place = figure.partition("_")
    if kind == "z":
        return float((found.estimate / found.se)[int(place)])
    return float(found.estimate[int(place)]) if kind == "estimate" else getattr(found, figure)


def test_every_set_is_used():
    assert {row["set"] for row in RESULTS} == set(STUDIES)


@pytest.mark.parametrize(
    "row", RESULTS, ids=lambda row: " ".join(row[k] for k in ("set", "measure", "by", "figure"))
)
def test_printed(row):
    digits = len(row["printed"].partition(".")[2])
    half = 0.5 * 10.0**-digits
    assert float(figure(row)) == pytest.approx(float(row["printed"]), abs=half * 1.001, rel=0)
