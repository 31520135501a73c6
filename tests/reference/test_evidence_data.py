"""The trial files hold all of the collected tables, and nothing that was only remembered."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from ketherapy.evidence.reviews import reviews
from ketherapy.evidence.scales import scales
from ketherapy.evidence.trials import Contrast, Kind, Outcome, Result, Trial, trial, trials
from ketherapy.sources import Status

HERE = Path(__file__).parent / "evidence"
Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (HERE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def id_of(row: Row) -> str:
    return re.sub(r"[^a-z0-9]+", "_", row["trial_id"].removeprefix("coch_").lower())


def is_recalled(row: Row) -> bool:
    return row["status"] == "recalled"


def places(row: Row) -> list[tuple[Trial, Outcome, Result]]:
    """Return where the trial's file has this row: same words, same time, same arm."""
    found = trial(id_of(row))
    words = (row["outcome"], row["scale"], row["definition"], row["timepoint"])
    return [
        (found, outcome, result)
        for outcome in found.outcomes
        for arm, result in outcome.results.items()
        if (outcome.outcome, outcome.scale, outcome.definition, outcome.timepoint) == words
        and found.arms[arm].label == row["arm"]
    ]


def agrees(printed: str, held: float | int | None) -> bool:
    """Return whether the file holds what is printed, or a finer value that rounds to it."""
    if printed == "" or held is None:
        return (printed == "") == (held is None)
    decimals = len(printed.partition(".")[2])
    return round(float(held), decimals) == float(printed)


def numbers(row: Row, result: Result) -> bool:
    share = "percent only" in row["outcome"]
    mean = result.percent if share else result.mean
    return (
        agrees(row["n"], result.n)
        and agrees(row["events"], result.events)
        and agrees(row["mean"], mean)
        and agrees(row["sd"], result.sd)
    )


# Trials of which a document prints a share, and the people behind it are only remembered.
SHARES = {"phillips2019": 59.0, "berman2000": 50.0}


# What was remembered when the tables were collected, and was read since.
READ_SINCE = {("murrough2013", "response")}
# What was read since and is in no table.
ADDED_TRIALS = {"aspire2"}
ADDED_CONTRASTS = {
    ("aspire2", "change_24_h"),
    ("chen2023", "change_primary_day_28"),
    ("transform2", "change_primary_day_28"),
    ("transform3", "change_primary_day_28"),
}
# Printed as contrasts in the table, though the document gives a number of either group.
GROUPS = {("elektd", "delayed recall"), ("murrough2013", "no explicit SI (0 on 3 items)")}
ADDED_POOLS = {
    "menon2023_all",
    "newport2015_resp24",
    "bahji2022_rem",
    "borgogna2024_active",
    "borgogna2024_adjusted",
    "borgogna2024_24h",
    "dean2021_midazolam24",
    "dean2021_midazolam_resp24",
    "marchi2022_anx",
}


def is_kept(row: Row) -> bool:
    return not is_recalled(row) or (row["trial_id"], row["outcome"]) in READ_SINCE


def test_every_trial_of_the_table_has_a_file_and_every_file_its_rows():
    assert {id_of(row) for row in table("trials")} | ADDED_TRIALS == {one.id for one in trials()}


def test_the_files_hold_as_many_rows_as_the_table_without_the_remembered():
    kept = [row for row in table("trials") if is_kept(row)]
    held = sum(len(o.results) for t in trials() for o in t.outcomes)
    assert len(kept) == held - 2 * len(GROUPS) == 267


@pytest.mark.parametrize("row", table("trials"), ids=lambda row: f"{row['trial_id']}-{row['arm']}")
def test_each_row_is_in_its_file_or_a_named_gap(row: Row):
    held = [result for _, _, result in places(row)]
    if not is_kept(row):
        assert held == []
        assert any(row["outcome"] in gap.what for gap in trial(id_of(row)).gaps)
    elif row["trial_id"] in SHARES:
        assert [(one.percent, one.n, one.events) for one in held] == [
            (SHARES[row["trial_id"]], None, None)
        ]
        assert trial(id_of(row)).gaps
    else:
        assert sum(numbers(row, one) for one in held) >= 1


@pytest.mark.parametrize("row", table("trials"), ids=lambda row: f"{row['trial_id']}-{row['arm']}")
def test_what_surrounds_a_row_is_kept_or_a_named_gap(row: Row):
    found = trial(id_of(row))
    gaps = {gap.what for gap in found.gaps}
    assert found.first_author == row["first_author"]
    assert str(found.year) == row["year"]
    assert found.pmid == row["pmid"]
    assert found.condition_printed == row["indication"]
    assert found.population == row["population"]
    if row["nct"]:
        assert found.registry == row["nct"] or (found.registry == "" and "registry number" in gaps)
    assert found.country == row["country"] or (found.country == "" and "country" in gaps)
    assert found.design_printed == row["design"] or "design" in gaps
    printed = {outcome.control_type or found.control_printed for outcome in found.outcomes}
    assert row["control_type"] in printed
    risk = row["notes"].partition("RoB: ")[2]
    assert found.bias_printed == risk


@pytest.mark.parametrize("row", table("trials"), ids=lambda row: f"{row['trial_id']}-{row['arm']}")
def test_what_was_given_is_kept_or_a_named_gap(row: Row):
    found = trial(id_of(row))
    withheld = any("dose" in gap.what for gap in found.gaps)
    for _, _, result in places(row):  # two where both parts of a trial print the same words
        arm = next(arm for arm in found.arms.values() if arm.label == row["arm"])
        assert arm.drug == row["drug"]
        assert arm.route == row["route"] or (row["route"] == "ECT" and arm.route == "")
        if not withheld:
            dose = result.dose or arm.dose
            assert dose == row["dose"] or (dose == "not given there" and row["dose"] == "")
            schedules = {result.schedule or arm.schedule for _, _, result in places(row)}
            assert row["schedule"] in schedules


def contrasts(row: Row) -> list[Contrast]:
    found = trial(id_of(row))
    words = (row["contrast"], row["outcome"], row["scale"], row["timepoint"], row["measure"])
    return [
        one
        for one in found.contrasts
        if (one.contrast, one.outcome, one.scale, one.timepoint, one.printed_measure) == words
    ]


def test_there_are_as_many_contrasts_as_in_the_table():
    held = {(one.id, contrast.id) for one in trials() for contrast in one.contrasts}
    assert held >= ADDED_CONTRASTS
    assert len(table("contrasts")) == len(held - ADDED_CONTRASTS) + len(GROUPS) == 32


@pytest.mark.parametrize("row", table("contrasts"), ids=lambda row: row["trial_id"])
def test_each_contrast_is_in_its_file(row: Row):
    if (row["trial_id"], row["outcome"]) in GROUPS:
        assert contrasts(row) == []
        return
    (one,) = contrasts(row)
    held = (one.estimate, one.se, one.low, one.high)
    printed = (row["estimate"], row["se"], row["ci_low"], row["ci_high"])
    assert all(agrees(text, value) for text, value in zip(printed, held, strict=True))
    assert (one.p, one.note) == (row["p"], row["notes"])


POOLS = {f"{one.id}_{pool.id}": pool for one in reviews() for pool in one.pools}
RENAMED = {"cpn2021": "suicidality2021", "ndt2023": "suicidality2023"}


def pool_id(row: Row) -> str:
    first, _, rest = row["meta_id"].partition("_")
    return f"{RENAMED.get(first, first)}_{rest}"


def test_there_are_as_many_pools_as_in_the_table():
    shown = {pool_id(row) for row in table("meta") if not row["meta_id"].startswith("ket_active")}
    assert set(POOLS) == shown | ADDED_POOLS


@pytest.mark.parametrize("row", table("meta"), ids=lambda row: row["meta_id"])
def test_each_published_pool_is_in_its_file(row: Row):
    if row["meta_id"].startswith("ket_active"):  # holds a remembered control group: never shown
        assert pool_id(row) not in POOLS
        return
    pool = POOLS[pool_id(row)]
    comparison = row["comparison"]
    if row["status"].startswith("recalled"):  # its words hold the remembered numbers: they go too
        comparison = re.sub(r" \([\d.]+\)", "", comparison)
    assert (pool.outcome, pool.comparison) == (row["outcome"], comparison)
    assert agrees(row["k"], pool.k)
    assert agrees(row["n_total"], pool.people)
    if row["status"].startswith("recalled"):
        assert (pool.estimate, bool(pool.gap)) == (None, True)
    elif row["status"].startswith("verified"):
        held = (pool.estimate, pool.low, pool.high, pool.I2, pool.tau2)
        printed = [row[key] for key in ("estimate", "ci_low", "ci_high", "i2", "tau2")]
        assert all(agrees(text, value) for text, value in zip(printed, held, strict=True))
    else:  # not published: computed from the trials, and typed nowhere
        assert pool.estimate is None
        assert pool.inputs


def test_what_was_printed_of_either_group_stands_with_both():
    memory = trial("elektd").outcome("memory_change_week_3").results
    assert (memory["ketamine"].mean, memory["ketamine"].se) == (-0.9, 1.1)
    assert (memory["ect"].mean, memory["ect"].se) == (-9.7, 1.2)
    none = trial("murrough2013").outcome("suicidal_thoughts_none_24_h").results
    assert (none["ketamine"].percent, none["midazolam"].percent) == (53.0, 24.0)


def test_no_mean_score_lies_beyond_its_scale():
    beyond = [
        (one.id, outcome.id, arm)
        for one in trials()
        for outcome in one.outcomes
        if outcome.scale in scales() and outcome.kind in (Kind.SCORE, Kind.BASELINE)
        for arm, result in outcome.results.items()
        if result.mean is not None
        and not scales()[outcome.scale][0] <= result.mean <= scales()[outcome.scale][1]
    ]
    assert beyond == []


def test_a_count_worked_out_from_a_share_is_derived():
    wrong = [
        (one.id, outcome.id, arm)
        for one in trials()
        for outcome in one.outcomes
        for arm, result in outcome.results.items()
        if "derived" in result.how and result.status is not Status.DERIVED
    ]
    assert wrong == []
