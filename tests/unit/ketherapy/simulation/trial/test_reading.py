"""What a design may say: every refusal is a sentence, and all come at once."""

from dataclasses import replace

import numpy as np
import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.covariates import Person
from ketherapy.regimen import Regimen
from ketherapy.simulation.solve import simulate
from ketherapy.simulation.trial.design import design, designs, read_design
from ketherapy.simulation.trial.reading import read
from tests.trials import CONTROL, KETAMINE, SMALL, changed

WRITTEN = """
id = "mine"
title = "A trial of mine"
setting = "midazolam"
n = 5
seed = 5
replicates = 5
arms = []
[visits]
at = ["1 day"]
[analysis]
primary = "1 day"
"""
SPRAY = replace(KETAMINE, drug="esketamine", route="intranasal", dose="84 mg", over="")
REFUSED = {
    "an unknown setting": (changed(setting="ward_7"), "setting: expected one of"),
    "nobody": (changed(n=0), "n: expected 1 to"),
    "an empty arm": (changed(arms=(KETAMINE, replace(CONTROL, ratio=0))), "allocation"),
    "an arm without a drug": (changed(arms=(replace(KETAMINE, drug=""), CONTROL)), "arm ketamine"),
    "too few people": (changed(n=4), "at least two people in each"),
    "drop-out of 110 %": (changed(missing={"by_end": "110 %"}), "drop-out by the end"),
    "everybody leaves": (changed(missing={"by_end": "100 %"}), "drop-out by the end"),
    "a negative hazard": (changed(missing={"hazard": "-1 %/week"}), "drop-out"),
    "two kinds of drop-out": (
        changed(missing={"by_end": "10 %", "hazard": "1 %/week"}), "not both",
    ),
    "a visit before the first dose": (changed(visits={"at": ("-1 day", "7 day")}), "first dose"),
    "a visit at the first dose": (changed(visits={"at": ("0 day", "7 day")}), "visits"),
    "visits out of order": (changed(visits={"at": ("7 day", "1 day")}), "visits"),
    "no visits": (changed(visits={"at": ()}), "visits"),
    "a drug it was not made for": (
        changed(arms=(replace(KETAMINE, drug="arketamine"), CONTROL)),
        "one the mood model was made for: ketamine, esketamine",
    ),
    "no drug of ours": (changed(arms=(replace(KETAMINE, drug="wine"), CONTROL)), "drug of arm"),
    "a baseline of 61": (changed(population={"baseline": "61 points"}), "0 to 60 points"),
    "a negative baseline": (changed(population={"baseline": "-3 points"}), "0 to 60 points"),
    "a baseline without its unit": (changed(population={"baseline": "34"}), "unit"),
    "a criterion nobody meets": (changed(population={"entry": "60 points"}), "least score"),
    "no control": (changed(arms=(KETAMINE, replace(KETAMINE, id="b"))), "one of them the control"),
    "two controls": (changed(arms=(KETAMINE, CONTROL, replace(CONTROL, id="b"))), "control"),
    "arms of one name": (changed(arms=(KETAMINE, replace(CONTROL, id="ketamine"))), "ids"),
    "a control that acts": (changed(arms=(KETAMINE, replace(CONTROL, drug="ketamine"))), "acts"),
    "a carried-forward score": (changed(analysis={"kind": "locf"}), "carried forward"),
    "an unknown analysis": (changed(analysis={"kind": "t-test"}), "ancova or mmrm"),
    "a primary time nobody is rated at": (changed(analysis={"primary": "8 day"}), "primary time"),
    "alpha of zero": (changed(analysis={"alpha": "0 %"}), "alpha"),
    "more visits than people": (
        changed(n=6, analysis={"kind": "mmrm"}), "fewer visits than the 3 people",
    ),
    "no replicates": (changed(replicates=0), "replicates"),
    "no weight": (changed(population={"weight": ""}), "people of the trial"),
    "two kinds of people": (changed(population={"people": "invented_adults"}), "Leave one"),
    "an impossible dose": (changed(arms=(replace(KETAMINE, dose="50 mg/kg"), CONTROL)), "dose"),
    "no schedule": (changed(arms=(replace(KETAMINE, given=()), CONTROL)), "schedule"),
    "a first dose that is not at zero": (
        changed(arms=(replace(KETAMINE, given=("1 day",)), CONTROL)), "the first at 0",
    ),
    "infusions that overlap": (
        changed(arms=(replace(KETAMINE, given=(), every="10 min", count=6), CONTROL)),
        "sessions that end before the next one starts",
    ),
    "sprays that overlap": (
        changed(arms=(replace(SPRAY, given=("0 day", "5 min")), CONTROL)), "sessions that end",
    ),
    "a session at the last visit": (
        changed(arms=(replace(KETAMINE, given=("0 day", "7 day")), CONTROL)),
        "every session before the last visit",
    ),
    "sessions after the last visit": (
        changed(arms=(replace(KETAMINE, given=(), every="2 day", count=8), CONTROL)),
        "every session before the last visit",
    ),
    "a route mood was not studied for": (
        changed(arms=(replace(KETAMINE, route="im", over=""), CONTROL)),
        "route of arm ketamine: expected iv or intranasal",
    ),
    "a route that is none": (changed(arms=(replace(KETAMINE, route="ear"), CONTROL)), "route"),
    "days that are not whole": (
        changed(visits={"at": (), "daily_until": "7.5 day"}), "whole days",
    ),
    "baselines wider than the scale": (
        changed(population={"baseline_sd": "30.1 points"}), "more than 0 to 30 points",
    ),
    "a rater wider than the scale": (changed(rater_sd="31 points"), "0 to 30 points"),
    "another scale": (changed(instrument="hamd17"), "instrument"),
}  # fmt: skip


def test_the_small_design_is_no_fault():
    trial = read(SMALL)
    assert [arm.id for arm in trial.arms] == ["control", "ketamine"]  # the control comes first
    assert [arm.n for arm in trial.arms] == [20, 20]
    assert trial.visits == (24.0, 72.0, 168.0)


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence(fault):
    bad, words = REFUSED[fault]
    with pytest.raises(ContractError) as refused:
        read(bad)
    assert words in str(refused.value)
    assert "1 mistake'" in str(refused.value)


def test_all_reasons_come_at_once():
    bad = changed(setting="ward_7", n=0, missing={"by_end": "110 %"})
    with pytest.raises(ContractError, match=r"3 mistakes.*setting.*drop-out.*n: "):
        read(bad)


def test_all_that_is_wrong_with_a_file_is_named_at_once(tmp_path):
    path = tmp_path / "d.toml"
    arms = """
[[arms]]
id = "a"
[[arms]]
id = "b"
dosis = "0.5 mg/kg"
ratio = 2.5
"""
    wrong = WRITTEN.replace("arms = []", 'colour = "red"').replace('title = "A trial of mine"', "")
    wrong = wrong.replace('id = "mine"', "id = { is = 1 }")
    path.write_text(wrong.replace('at = ["1 day"]', 'on = ["1 day"]') + arms)
    with pytest.raises(ContractError) as refused:
        read_design(path)
    said = str(refused.value)
    for words in (
        "6 mistakes", "colour: a design has no such key", "title: it is missing",
        "visits.on: a design has no such key", "arms no. 2.dosis: a design has no such key",
        "id: it should be a valid string, got {",
        "arms no. 2.ratio: it should be a valid integer, got 2.5",
    ):  # fmt: skip
        assert words in said
    assert "locator" not in said  # a design of one's own has none to compare with


@pytest.mark.parametrize(
    ("text", "said"),
    [(b'id = "x\n', "at line 1"), (b"\xff", "a design that can be read")],
)
def test_a_file_that_is_no_toml_is_refused_by_its_line(tmp_path, text, said):
    path = tmp_path / "d.toml"
    path.write_bytes(text)
    with pytest.raises(ContractError, match=said):
        read_design(path)


def test_a_design_that_is_not_there_is_looked_for_in_vain(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ContractError, match="a file that is there"):
            read_design(path)


@pytest.mark.parametrize("line", ["n = true", 'n = "40"', "replicates = true", "seed = 1.5"])
def test_a_count_is_a_whole_number_and_nothing_else(tmp_path, line):
    path, name = tmp_path / "d.toml", line.split()[0]
    path.write_text(f"{line}\n{WRITTEN}".replace(f"\n{name} = 5\n", "\n"))
    with pytest.raises(ContractError, match=name):
        read_design(path)


@pytest.mark.parametrize("shipped", [found.id for found in designs()])
def test_every_shipped_design_can_be_simulated(shipped):
    trial = read(design(shipped))
    assert trial.n == design(shipped).n


def test_people_are_shared_out_by_the_ratio():
    uneven = changed(n=41, arms=(replace(KETAMINE, ratio=2), CONTROL))
    assert {arm.id: arm.n for arm in read(uneven).arms} == {"ketamine": 27, "control": 14}


def test_a_control_of_another_kind_is_said():
    saline = read(changed(arms=(KETAMINE, replace(CONTROL, control="saline"))))
    assert any("drawn from trials against midazolam" in text for text in saline.cautions)
    assert not any("drawn from trials" in text for text in read(SMALL).cautions)


def said(*arms):
    return "\n".join(read(changed(arms=(*arms, CONTROL))).cautions)


def test_what_is_not_usual_is_not_cautioned_of():
    usual = said(KETAMINE)
    assert "is outside what was studied" not in usual
    assert "iv dose of esketamine" not in usual
    assert "is above those it was fitted to" not in usual


def test_a_dose_beyond_those_studied_is_said_as_a_simulation_of_its_levels_says_it():
    much = replace(KETAMINE, dose="5 mg/kg")
    found = read(changed(arms=(much, CONTROL)))
    given = found.arms[1].treatment
    assert given is not None
    person = Person(weight=70.0)
    dose = replace(given.regimen.doses[0], amount=5.0 * 70.0)
    t = np.linspace(0.0, 168.0, 10081)
    alone = simulate(given.model, Regimen.of(dose), t, person=person)
    for line in str(alone.attrs["cautions"]).split("\n"):
        assert any(
            text.startswith("Arm ketamine: ") and line.split(" a level of ")[0] in text
            for text in found.cautions
        ), line
    assert any("is above those it was fitted to" in text for text in found.cautions)
    assert "A session of 5 mg/kg is outside what was studied in this kind of trial" in said(much)


@pytest.mark.parametrize("dose", ["0.1 mg/kg", "1 mg/kg"])
def test_the_lowest_and_the_highest_dose_studied_are_within(dose):
    assert "is outside what was studied" not in said(replace(KETAMINE, dose=dose))


def test_another_drug_by_a_route_is_said():
    other = replace(KETAMINE, drug="esketamine")
    assert "esketamine iv was not studied in this kind of trial" in said(other)


def test_what_holds_for_several_arms_is_said_once():
    both = said(KETAMINE, replace(KETAMINE, id="again"))
    assert "Arms ketamine, again: " in both
    assert "Arm again: " not in both


def test_the_heaviest_of_different_people_are_looked_at():
    asked = changed(population={"weight": "", "people": "invented_adults"})
    arms = (replace(asked.arms[0], dose="1.4 mg/kg"), CONTROL)
    found = "\n".join(read(replace(asked, arms=arms)).cautions)
    assert "iv dose of esketamine" in found


def test_infusions_may_follow_one_another_at_once():
    close = replace(KETAMINE, given=("0 min", "40 min"))
    assert read(changed(arms=(close, CONTROL))).n == 40


def test_the_widest_spread_a_scale_can_have_is_taken():
    assert read(changed(rater_sd="30 points")).sigma == 30.0
