"""What listed medicines find, by drug and route; unknown ones hold, and none is called safe."""

import pytest

from ketherapy.dosing.findings import Severity
from ketherapy.dosing.interactions import Interaction, interaction_packs, interactions_checked
from ketherapy.dosing.medicines import medicines
from ketherapy.dosing.question import read_question
from ketherapy.dosing.rulebook import Applies, profiles

BLOCK, HOLD, CAUTION, INFO = Severity.BLOCK, Severity.HOLD, Severity.CAUTION, Severity.INFO


def checked(names, drug="ketamine", route="iv", stages=("pre_dose",)):
    facts = {} if names is None else {"medicines": {"value": names}}
    return interactions_checked(
        read_question(
            {
                "case": {"drug": drug, "route": route, "use": "psychiatry"}, "profile": "us",
                "stages": list(stages), "now": "2026-11-23T09:00:00+00:00", "facts": facts,
            }
        )
    )  # fmt: skip


def rules(*names, **case):
    return {one.rule: one.severity for one in checked(list(names), **case).findings}


# One line a row of the table: a medicine, the drug and route, what is found; then its near miss.
@pytest.mark.parametrize(
    ("name", "drug", "route", "expected"),
    [
        ("lorazepam", "ketamine", "iv", {"INT-001": CAUTION}),
        ("lorazepam", "esketamine", "intranasal", {"INT-001": CAUTION}),
        ("oxycodone", "ketamine", "iv", {"INT-002a": CAUTION}),
        ("oxycodone", "esketamine", "intranasal", {"INT-002b": CAUTION}),
        ("alcohol", "ketamine", "iv", {"INT-003": CAUTION}),
        ("methylphenidate", "esketamine", "intranasal", {"INT-004": CAUTION}),
        ("modafinil", "ketamine", "iv", {"INT-004": CAUTION}),
        ("tranylcypromine", "ketamine", "iv", {"INT-005": HOLD}),
        ("linezolid", "esketamine", "intranasal", {"INT-005": HOLD}),
        ("lamotrigine", "ketamine", "iv", {"INT-006": INFO}),
        ("lithium", "ketamine", "iv", {"INT-007": INFO}),
        ("naltrexone", "ketamine", "iv", {"INT-008": CAUTION}),
        ("naltrexone", "esketamine", "intranasal", {"INT-norow": INFO}),
        ("clozapine", "ketamine", "iv", {"INT-009": INFO}),
        ("theophylline", "ketamine", "iv", {"INT-010a": BLOCK}),
        ("aminophylline", "ketamine", "im", {"INT-010a": BLOCK}),
        ("theophylline", "esketamine", "intranasal", {"INT-010b": HOLD}),
        ("theophylline", "esketamine", "iv", {"INT-010c": BLOCK}),
        ("methylergonovine", "esketamine", "iv", {"INT-011b": CAUTION, "INT-024a": BLOCK}),
        ("methylergonovine", "esketamine", "intranasal", {"INT-011b": CAUTION, "INT-024b": HOLD}),
        ("ergometrine", "esketamine", "iv", {"INT-011b": CAUTION, "INT-024a": BLOCK}),
        ("methylergonovine", "ketamine", "iv", {"INT-011a": CAUTION}),
        ("naloxone", "ketamine", "iv", {"INT-norow": INFO}),
        ("Suboxone", "ketamine", "iv", {"INT-002a": CAUTION, "INT-norow": INFO}),
        ("pseudoephedrine", "ketamine", "iv", {"INT-011a": CAUTION}),
        ("pseudoephedrine", "esketamine", "intranasal", {"INT-011b": CAUTION}),
        ("ticlopidine", "ketamine", "oral", {"INT-012a": HOLD}),
        ("ticlopidine", "ketamine", "iv", {"INT-012b": INFO}),
        ("clarithromycin", "ketamine", "oral", {"INT-013a": HOLD}),
        ("clarithromycin", "ketamine", "iv", {"INT-013b": INFO}),
        ("itraconazole", "ketamine", "oral", {"INT-014": INFO}),
        ("rifampicin", "ketamine", "oral", {"INT-015a": HOLD}),
        ("rifampicin", "ketamine", "iv", {"INT-015b": INFO}),
        ("rifampicin", "esketamine", "intranasal", {"INT-015c": CAUTION}),
        ("grapefruit juice", "ketamine", "oral", {"INT-016": HOLD}),
        ("grapefruit juice", "ketamine", "iv", {"INT-norow": INFO}),
        ("memantine", "ketamine", "iv", {"INT-017": HOLD}),
        ("rocuronium", "ketamine", "iv", {"INT-018": INFO}),
        ("levothyroxine", "ketamine", "iv", {"INT-019": CAUTION}),
        ("butalbital", "ketamine", "iv", {"INT-002a": CAUTION, "INT-020": INFO}),
        ("phenobarbital", "ketamine", "oral", {"INT-002a": CAUTION, "INT-015a": HOLD}),
        ("sertraline", "ketamine", "iv", {"INT-021": INFO}),
        ("lisinopril", "ketamine", "iv", {"INT-022": CAUTION}),
        ("fluticasone", "esketamine", "intranasal", {"INT-023": INFO}),
        ("fluticasone", "ketamine", "iv", {"INT-norow": INFO}),
        ("metformin", "ketamine", "iv", {"INT-norow": INFO}),
        ("foo", "ketamine", "iv", {"INT-unknown": HOLD}),
    ],
)  # fmt: skip
def test_each_row_by_drug_and_route(name, drug, route, expected):
    assert rules(name, drug=drug, route=route) == expected


def test_every_interaction_that_ships_is_reached_by_the_table_above():
    shipped = {one.id for pack in interaction_packs().values() for one in pack.interaction}
    (mark,) = test_each_row_by_drug_and_route.pytestmark
    assert shipped <= {rule for *_, expected in mark.args[1] for rule in expected}


def test_every_row_of_a_medicine_is_a_row_that_ships():
    shipped = {one.row for pack in interaction_packs().values() for one in pack.interaction}
    assert {row for one in medicines() for row in one.rows.split()} <= shipped


def test_no_list_asks_and_nobody_passes_it():
    (one,) = checked(None).findings
    assert (one.rule, one.severity, one.asks) == ("INT-list", HOLD, ("medicines",))
    assert not one.can_be_overridden
    assert one.observed == "not known: medicines taken"
    assert one.limit == "a list of all medicines, or none"
    assert one.says.startswith("Ask which medicines the person takes")
    assert one.resolves.startswith("List them")
    assert (one.source, one.status, one.jurisdiction) == ("ketherapy", "convention", "consensus")


def test_what_a_row_leaves_out_is_empty_and_it_is_about_every_case():
    row = Interaction(
        id="INT-900a", title="T", says="S.", written="w", resolves="R.", action="info",
        locator="", source="ketherapy", status="convention",
    )  # fmt: skip
    assert (row.extrapolated_from, row.note, row.also) == ("", "", ())
    assert row.applies == Applies()
    assert row.row == "INT-900"


def test_an_empty_list_finds_nothing():
    assert checked("none").findings == ()


@pytest.mark.parametrize("stages", [("during",), ("discharge",), ("course",)])
def test_medicines_are_asked_for_before_a_course_and_before_a_dose_alone(stages):
    found = checked(["theophylline"], stages=stages)
    assert (found.findings, found.used) == ((), ())
    assert rules("theophylline", stages=("eligibility",)) == {"INT-010a": BLOCK}
    assert rules("theophylline", stages=("during", "pre_dose")) == {"INT-010a": BLOCK}


def test_unknown_medicines_are_named_and_a_person_may_pass_them():
    found = checked(["foo", "lorazepam", "bar"])
    assert found.not_checked == ("bar", "foo")
    (unknown,) = [one for one in found.findings if one.rule == "INT-unknown"]
    assert unknown.observed == "not known here: bar, foo"
    assert unknown.can_be_overridden
    assert unknown.says == "Check by hand what is not known here: nothing was checked for it."
    assert unknown.limit == "every medicine is checked, here or by a person"
    assert "Correct the spelling" in unknown.resolves
    assert checked(["lorazepam"]).not_checked == ()


def test_no_row_is_said_and_never_called_safe():
    (one,) = checked(["metformin", "atorvastatin"]).findings
    assert one.observed == "atorvastatin, metformin"
    assert "not the same as safe" in one.says
    assert one.limit == "the rows of the interaction table"
    assert one.resolves == "Nothing is asked; look elsewhere where it matters."


def test_several_of_one_kind_are_one_finding_that_names_them_all():
    (one,) = checked(["oxycodone 5 mg", "Lyrica", "oxycodone 5 mg"]).findings
    assert one.rule == "INT-002a"
    assert one.observed == "Lyrica (pregabalin): gabapentinoid; oxycodone 5 mg: opioid"


def test_a_brand_of_two_finds_what_both_find():
    assert rules("Auvelity") == {"INT-017": HOLD, "INT-021": INFO}


def test_the_order_of_the_list_does_not_matter():
    names = ["theophylline", "lorazepam", "foo", "metformin"]
    assert checked(names) == checked(names[::-1]) == checked([*names, "foo"])


def test_what_was_not_itself_measured_says_so():
    (one,) = checked(["clopidogrel"], route="oral").findings
    assert one.observed == (
        "clopidogrel: CYP2B6 inhibitor, which was not itself measured: taken to act as those that "
        "were"
    )
    (one,) = checked(["doxofylline"]).findings
    assert one.observed.endswith("added because it is of the kind")


def test_an_extrapolation_says_from_where():
    (nasal,) = checked(["theophylline"], drug="esketamine", route="intranasal").findings
    assert nasal.extrapolated_from == "esketamine for injection, Norway and Austria"
    (vein,) = checked(["theophylline"]).findings
    assert vein.extrapolated_from == ""
    assert (vein.jurisdiction, vein.source, vein.locator) == ("US", "ketalar_uspi", "7.1")
    assert vein.limit == "do not co-administer: lowered seizure threshold"
    assert vein.status == "verified"


def test_a_pack_of_another_jurisdiction_is_borrowed_and_says_so(monkeypatch):
    from dataclasses import replace

    swiss = replace(profiles()["us"], jurisdiction="CH")
    monkeypatch.setattr("ketherapy.dosing.interactions.profile", lambda _: swiss)
    (vein,) = checked(["theophylline"]).findings
    assert vein.extrapolated_from == "the US label"
    (study,) = checked(["lorazepam"]).findings
    assert study.extrapolated_from == ""


def test_the_packs_are_among_what_a_decision_rests_on():
    label, studies = checked("none").used
    assert (label.id, label.is_stale) == ("us_label_interactions_2026_01", True)
    assert label.check_against.startswith("section 7 of the current labels")
    assert (studies.id, studies.is_stale, studies.check_against) == (
        "interaction_studies_2026_01", False, "",
    )  # fmt: skip
    assert (label.jurisdiction, studies.jurisdiction) == ("US", "consensus")
    assert label.sha256 == interaction_packs()[label.id].sha256
    assert len(label.sha256) == 64


@pytest.mark.parametrize(("on", "is_stale"), [("2027-01-01", False), ("2027-01-02", True)])
def test_studies_go_stale_after_their_day(on, is_stale):
    asked = {
        "case": {"drug": "ketamine", "route": "iv", "use": "pain"}, "profile": "us",
        "stages": ["pre_dose"], "now": f"{on}T09:00:00+00:00", "facts": {},
    }  # fmt: skip
    assert interactions_checked(read_question(asked)).used[1].is_stale is is_stale
