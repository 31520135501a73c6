"""The page of published pools: each beside ours, and each row of the reference table."""

from __future__ import annotations

import csv
import itertools
import math
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from ketherapy.evidence.effects import (
    Counts,
    Effects,
    Means,
    Measure,
    mean_difference,
    odds_ratio,
    risk_ratio,
)
from ketherapy.evidence.matches import Match, Verdict, matches
from ketherapy.evidence.reviews import PublishedPool
from ketherapy.evidence.synthesis import Interval, Pooled, Tau2, mantel_haenszel, peto, pool
from reference_pages.markdown import bullets, code, table, text
from reference_pages.markdown import page as whole

_TABLES = Path(__file__).parents[2] / "tests" / "reference" / "evidence"
_HIDDEN = "ket_active"  # a fixture that holds a remembered number: tested, never shown
_METHODS = {"FE": Tau2.COMMON, "DL": Tau2.DL, "PM": Tau2.PM, "REML": Tau2.REML}
_CLOSE = 1e-6  # of the number, as in the test

_HOW = """\
A pool can be computed again where the groups of its trials were read. It **matches** where every
number that is printed of it (estimate, interval, number of trials and people, I2, tau2, prediction
interval) is what ours rounds to, with as many decimals as were printed. Where the inputs were not
read it stands as printed, and nothing here vouches for it; what was only remembered is not shown.
`ketherapy evidence show REVIEW/POOL` shows any of them with its trials."""

_REFERENCE = """\
`meta_reference.csv` holds what other code made of the same inputs, to eight digits, before ours was
written: each row is one synthesis by one method. A number matches within 1e-6 of itself. Rows of
one fixture that holds a remembered number are tested and not shown."""

Row = dict[str, str]


def page() -> str:
    """Return the page."""
    found = matches()
    return whole(
        "Published syntheses beside ours",
        _HOW,
        bullets(f"{count} {verdict.value}" for verdict, count in _counted(found)),
        "## Every published pool",
        table(
            ("pool", "what", "published", "computed", "beside each other", "status", "source"),
            [_row(one) for one in found],
        ),
        "## The reference table",
        _REFERENCE,
        bullets(_sums()),
        table(("synthesis", "method", "measure", "trials", "reference", "ours", "numbers matched"),
              [_reference(row) for row in _shown()]),
    )  # fmt: skip


def _counted(found: tuple[Match, ...]) -> Iterator[tuple[Verdict, int]]:
    counts = Counter(one.verdict for one in found)
    yield from ((verdict, counts[verdict]) for verdict in Verdict if counts[verdict])


def _row(one: Match) -> tuple[str, ...]:
    pool_, said = one.pool, one.verdict.value
    if one.differing:
        said = f"**{said}**: {', '.join(one.differing)}"
    why = "; ".join(part for part in (said, text(pool_.gap)) if part)
    when = f", {pool_.timepoint}" if pool_.timepoint else ""
    return (
        code(one.id),
        text(f"{pool_.comparison}: {pool_.outcome}{when}"),
        text(_printed(pool_)),
        _ours(one.analysis.pooled) if one.analysis and one.analysis.pooled else "",
        why,
        pool_.status.value,
        code(pool_.source or one.review.source),
    )


def _printed(pool_: PublishedPool) -> str:
    if pool_.estimate is None and pool_.low is None:
        return ""
    ends = "" if pool_.low is None else f" ({pool_.low:.10g} to {pool_.high:.10g})"
    estimate = "" if pool_.estimate is None else f" {pool_.estimate:.10g}"
    return f"{pool_.measure_printed}{estimate}{ends}"


def _ours(pooled: Pooled) -> str:
    shown = pooled.printed
    return f"{pooled.measure} {shown.estimate:.4g} ({shown.low:.4g} to {shown.high:.4g})"


@lru_cache(maxsize=1)
def _inputs() -> dict[str, list[Row]]:
    groups = itertools.groupby(_read("meta_inputs.csv"), key=lambda row: row["meta_id"])
    return {key: list(rows) for key, rows in groups}


def _read(name: str) -> list[Row]:
    with (_TABLES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _shown() -> list[Row]:
    rows = _read("meta_reference.csv")
    return [row for row in rows if not row["meta_id"].startswith(_HIDDEN)]


def _sums() -> Iterator[str]:
    pairs = [pair for row in _shown() for pair in _pairs(row)]
    good = sum(math.isclose(ours, printed, rel_tol=_CLOSE, abs_tol=1e-9) for ours, printed in pairs)
    hidden = len(_read("meta_reference.csv")) - len(_shown())
    yield f"{good} of {len(pairs)} numbers in {len(_shown())} rows match"
    yield f"{hidden} rows more are tested and not shown"


def _reference(row: Row) -> tuple[str, ...]:
    pairs = _pairs(row)
    good = sum(math.isclose(ours, printed, rel_tol=_CLOSE, abs_tol=1e-9) for ours, printed in pairs)
    (estimate, _), (low, _), (high, _) = pairs[:3]
    printed = (float(row[name]) for name in ("estimate", "ci_low", "ci_high"))
    said = "{:.6g} ({:.6g} to {:.6g})"
    matched = f"{good} of {len(pairs)}"
    return (
        code(row["meta_id"]), row["estimator"], row["measure"], row["k"], said.format(*printed),
        said.format(estimate, low, high), matched if good == len(pairs) else f"**{matched}**",
    )  # fmt: skip


def _pairs(row: Row) -> list[tuple[float, float]]:
    """Return ours beside each number of a row that is printed."""
    ours = _by_tables(row) if row["estimator"] not in _METHODS else _by_variances(row)
    return [(found, float(row[name])) for name, found in ours.items() if row[name] != ""]


def _by_variances(row: Row) -> dict[str, float]:
    effects, tau2 = _effects(row["meta_id"]), _METHODS[row["estimator"]]
    wald, hksj, modified = (pool(effects, tau2=tau2, interval=one) for one in Interval)
    shown = wald.printed
    found = {
        "estimate": shown.estimate, "ci_low": shown.low, "ci_high": shown.high, "tau2": wald.tau2,
        "Q": wald.Q, "p_Q": wald.p_Q, "I2": wald.I2, "hksj_low": hksj.printed.low,
        "hksj_high": hksj.printed.high, "hksj_mod_low": modified.printed.low,
        "hksj_mod_high": modified.printed.high, "pi_low": shown.prediction_low,
        "pi_high": shown.prediction_high,
    }  # fmt: skip
    return {name: float(np.asarray(value)) for name, value in found.items()}


def _by_tables(row: Row) -> dict[str, float]:
    treated, control = _counts(_inputs()[row["meta_id"]])
    if row["estimator"].startswith("Peto"):
        shown = peto(treated, control).printed
    else:
        shown = mantel_haenszel(Measure(row["measure"]), treated, control).printed
    found = {"estimate": shown.estimate, "ci_low": shown.low, "ci_high": shown.high}
    return {name: float(np.asarray(value)) for name, value in found.items()}


def _column(rows: list[Row], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


def _counts(rows: list[Row]) -> tuple[Counts, Counts]:
    one, other = (
        Counts(_column(rows, f"{arm}_events"), _column(rows, f"{arm}_n")) for arm in ("exp", "ctl")
    )
    return one, other


def _effects(meta_id: str) -> Effects:
    rows = _inputs()[meta_id]
    labels = [row["study"] for row in rows]
    if rows[0]["measure"] == "MD":
        one, other = (
            Means(*(_column(rows, f"{arm}_{name}") for name in ("n", "mean", "sd")))
            for arm in ("exp", "ctl")
        )
        return mean_difference(one, other, labels)
    ratio = {"RR": risk_ratio, "OR": odds_ratio}[rows[0]["measure"]]
    return ratio(*_counts(rows), labels=labels)
