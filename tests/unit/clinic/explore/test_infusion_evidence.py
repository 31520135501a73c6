"""What trials found is shown with both groups, and as the science's own rows have it."""

import csv
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from clinic.explore import infusion_evidence
from clinic.explore.infusion_evidence import Finding, findings, monitoring
from ketherapy import records
from ketherapy.errors import ContractError, DataFileError
from ketherapy.evidence.analysis import reproduce
from ketherapy.evidence.reviews import review
from ketherapy.evidence.trials import trial
from ketherapy.pharmacology.effects.observed import row
from ketherapy.sources import bibliography

BY_ID = {finding.id: finding for finding in findings()}
PEERS = [  # the same numbers among the printed effects: finding, treated, control
    ("D3", "P001", "P002"),
    ("D4", "P303", "P304"),
    ("D5", "P103", "P104"),
    ("P4", "P251", "P252"),
    ("P5", "P247", "P248"),
]


@pytest.mark.parametrize(("finding", "treated", "control"), PEERS)
def test_it_is_what_the_printed_effects_hold(finding, treated, control):
    found = BY_ID[finding]
    for shown, printed in ((found.treated, row(treated).mean), (found.control, row(control).mean)):
        assert abs(shown - printed) <= 0.5 * 10.0 ** -len(f"{printed:g}".partition(".")[2])
    # Of the same trial: a news page or a meeting abstract is cited where the paper was not read.
    assert all(found.source.startswith(row(one).source) for one in (treated, control))


@pytest.mark.parametrize(("finding", "peer"), [("D1", "P180"), ("D2", "P179")])
def test_the_rates_of_the_review_are_those_in_the_locator_of_its_effect(finding, peer):
    found = BY_ID[finding]
    assert f"response {found.treated} vs {found.control}%" in row(peer).locator


@pytest.mark.parametrize("found", findings(), ids=lambda found: found.id)
def test_no_group_stands_alone_and_every_interval_holds_its_estimate(found):
    assert (found.treated is None) == (found.control is None)
    if found.difference is not None:
        assert found.low < found.difference < found.high
    assert found.source in bibliography()


def test_both_sides_are_told_what_did_not_work_and_what_did_harm():
    for about in ("depression", "pain"):
        told = [f for f in findings() if f.about == about]
        assert any("no difference" in f"{f.certainty} {f.remark}".lower() for f in told)
        assert any("nwanted" in f.finding for f in told)
        assert [m for m in monitoring() if m.about == about]


@pytest.mark.parametrize(
    "gone",
    [{"control": None}, {"treated": None}, {"treated": None, "control": None}],
    ids=lambda gone: ", ".join(gone),
)
def test_a_responder_percentage_alone_is_refused(gone):
    entries = asdict(BY_ID["P5"]) | {"difference": None} | gone
    with pytest.raises(DataFileError, match="both groups are needed"):
        records.check(Finding, entries, where="a row")


FILE = Path(infusion_evidence.__file__).parent / "data" / "infusion_evidence.csv"
with FILE.open(newline="", encoding="utf-8") as opened:
    ROWS = list(csv.DictReader(opened))
POOLS = [line for line in ROWS if line["built_on"] in ("pool", "inputs")]


@pytest.mark.parametrize("line", POOLS, ids=lambda line: line["id"])
def test_no_pool_is_shown_without_the_warnings_of_its_analysis(line):
    of = review(line["named"].partition("/")[0])
    pool = of.pool(line["named"].partition("/")[2])
    warnings = reproduce(of, pool).warnings if pool.method is not None else ()
    assert all(warning in BY_ID[line["id"]].remark for warning in warnings)


@pytest.mark.parametrize("finding", ["P1", "P2"])
def test_midazolam_is_not_passed_over_among_the_controls_of_pain(finding):
    found = BY_ID[finding]
    assert found.control_name == "salt water or midazolam"
    assert "midazolam" in found.remark.lower()


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        ("P1", "at the first follow-up the review looked at, up to about a week later"),
        ("P2", "weeks later"),
    ],
)
def test_a_time_is_not_called_sooner_than_it_was(finding, words):
    found = BY_ID[finding]
    assert found.time.startswith(words)
    assert not any(soon in f"{found.finding} {found.time}" for soon in ("immediate", "right after"))


@pytest.mark.parametrize("line", POOLS, ids=lambda line: line["id"])
def test_a_pool_has_the_place_and_the_standing_it_has_in_its_review(line):
    of = review(line["named"].partition("/")[0])
    pool = of.pool(line["named"].partition("/")[2])
    found = BY_ID[line["id"]]
    held = (found.source, found.locator, found.status)
    assert held == (pool.source or of.source, pool.locator, pool.status)
    assert (found.trials, found.people) == (pool.own_k, pool.own_people)


@pytest.mark.parametrize(
    "line", [one for one in ROWS if one["built_on"] == "groups"], ids=lambda line: line["id"]
)
def test_groups_have_the_place_and_the_standing_they_have_in_their_trial(line):
    trial_id, outcome_id, treated, control = line["named"].split("/")
    outcome = trial(trial_id).outcome(outcome_id)
    found = BY_ID[line["id"]]
    assert (found.source, found.locator) == (outcome.source, outcome.locator)
    worst = [outcome.results[arm].status or outcome.status for arm in (treated, control)]
    assert found.status in worst


def test_what_was_read_in_a_news_page_is_not_cited_as_the_paper():
    assert BY_ID["D4"].source == BY_ID["D6"].source == "karmadep2_news"
    assert BY_ID["D3"].source == "murrough2013_meeting"
    assert BY_ID["D3"].status == "secondary"


# Newcombe's interval (method 10) by hand from Wilson's: events and people of either group.
SHARES = [("D4", 15, 32, 10, 30), ("D5", 12, 20, 10, 20), ("P7", 4, 9, 2, 10)]


def wilson(events, n):
    z = 1.959964
    a, b, c = 1 + z * z / n, -(2 * events / n + z * z / n), (events / n) ** 2
    return np.sort(np.roots([a, b, c]))  # ends where |p - share| is z standard errors


@pytest.mark.parametrize(("finding", "e1", "n1", "e2", "n2"), SHARES)
def test_a_difference_of_people_has_an_interval(finding, e1, n1, e2, n2):
    found = BY_ID[finding]
    (l1, u1), (l2, u2) = wilson(e1, n1), wilson(e2, n2)
    p1, p2 = e1 / n1, e2 / n2
    low = p1 - p2 - np.hypot(p1 - l1, u2 - p2)
    high = p1 - p2 + np.hypot(u1 - p1, p2 - l2)
    expected = 100.0 * np.array([p1 - p2, low, high])
    np.testing.assert_allclose((found.difference, found.low, found.high), expected, atol=0.051)
    assert "people of a hundred" in found.measure


def test_points_of_a_scale_do_not_stand_under_a_count_of_people():
    for found in findings():
        if found.unit == "%":
            assert not any(word in found.measure for word in ("points", "mean", "MADRS"))
    contrast = trial("karmadep2").contrast("score_end_of_treatment")
    shown = BY_ID["D8"]
    assert (shown.difference, shown.low, shown.high) == (-3.16, -8.54, 2.22)
    assert (shown.source, shown.locator, shown.status) == (
        contrast.source, contrast.locator, contrast.status,
    )  # fmt: skip
    assert "halved" not in shown.finding


@pytest.mark.parametrize("finding", ["D1", "D2", "P5"])
def test_shares_of_nobody_counted_say_so(finding):
    found = BY_ID[finding]
    assert "worked out from" in found.remark
    assert (found.treated_n, found.control_n) == (None, None)


@pytest.mark.parametrize("finding", ["D1", "D2"])
def test_a_share_worked_out_follows_from_the_ratio_and_the_assumed_share(finding):
    found = BY_ID[finding]
    odds = found.difference * found.control / (100.0 - found.control)
    # Both are printed to one decimal: the assumed share alone moves the other by up to 0.15.
    assert 100.0 * odds / (1.0 + odds) == pytest.approx(found.treated, abs=0.16)


@pytest.mark.parametrize(
    ("finding", "changed"),
    [("P5", {"worked_out": ""}), ("P5", {"treated_n": 30}), ("P7", {"treated_n": None})],
)
def test_shares_that_hide_what_they_are_are_refused(finding, changed):
    with pytest.raises(DataFileError, match="worked out"):
        records.check(Finding, asdict(BY_ID[finding]) | changed, where="a row")


def test_at_no_later_time_did_more_people_asleep_respond_to_ketamine():
    later = [
        (outcome.results["ketamine"], outcome.results["saline"])
        for outcome in trial("lii2023").outcomes
        if outcome.kind == "response" and outcome.timepoint != "day 1"
    ]
    assert len(later) == 5
    assert all(one.events / one.n <= other.events / other.n for one, other in later)
    assert "no later time" in BY_ID["D5"].remark


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "lii2023"}, {"locator": "table 4"}, {"status": "verified"}, {"people": "40"},
        {"named": ""},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_a_row_built_on_the_evidence_set_types_nothing_that_stands_there(changed):
    line = next(one for one in ROWS if one["id"] == "D5")
    entries = {key: cell for key, cell in (line | changed).items() if cell}
    with pytest.raises(DataFileError):
        records.check(infusion_evidence._Row, entries, where="a row")


@pytest.mark.parametrize("named", ["alnefeesi2022/resp", "han2016/resp24", "wilkinson2018/range"])
def test_a_pool_that_compares_nothing_or_has_no_interval_is_no_finding(named):
    with pytest.raises(ContractError):
        infusion_evidence.infusion_numbers.of_pool(named)
