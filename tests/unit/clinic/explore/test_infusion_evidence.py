"""What trials found is shown with both groups, and as the science's own rows have it."""

from dataclasses import asdict

import pytest

from clinic.explore.infusion_evidence import Finding, findings, monitoring
from ketherapy import records
from ketherapy.errors import DataFileError
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
    assert {found.source} == {row(treated).source, row(control).source}


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
