"""``ketherapy screen``, ``check-dose`` and ``replay``: what is said, kept, and exited with."""

import json

import pytest
from click.testing import CliRunner

from ketherapy.cli import main

PATIENT = """
profile = "us"
now = 2026-11-23T09:00:00Z
stages = ["pre_dose"]
[case]
drug = "esketamine"
route = "intranasal"
use = "psychiatry"
[facts]
sbp = { value = 141, unit = "mmHg" }
"""
DOSE = """
[dose]
protocol = "iv_depression_2026_01"
phase = "induction"
amount = 40
"""


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def patient(tmp_path):
    path = tmp_path / "patient.toml"
    path.write_text(PATIENT, encoding="utf-8")
    return path


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.toml"
    case = PATIENT.replace("esketamine", "ketamine").replace("intranasal", "iv")
    path.write_text(case + DOSE, encoding="utf-8")
    return path


def test_what_stops_is_said_with_limit_and_source_and_exits_with_one(patient):
    said = run("screen", patient)
    assert said.exit_code == 1
    assert "Stopped (hold)" in said.output
    assert "  Hold the dose while resting pressure" in said.output
    assert "seen      resting systolic pressure 141 mmHg" in said.output
    assert "limit     SBP > 140 or DBP > 90 mmHg" in said.output
    assert "STALE  us_esketamine_label_2026_01: read it again." in said.output


def test_an_override_in_the_file_passes_what_can_be_passed(patient):
    override = (
        '[override]\nby = "Practice Prescriber"\nrole = "prescriber"\nreason = "calm after rest"\n'
        'rules = ["CI-001"]\nat = "2026-11-23T09:01:00Z"\n'
    )
    patient.write_text(PATIENT + override, encoding="utf-8")
    said = run("screen", patient)
    assert said.exit_code == 2
    assert "override: expected holds that can be passed" in said.output


def test_an_override_that_cannot_be_read_is_refused(patient):
    patient.write_text(PATIENT + '[override]\nby = "somebody"\n', encoding="utf-8")
    said = run("screen", patient)
    assert said.exit_code == 2
    assert "override: expected a name, a role, a reason, the rules and the time" in said.output


def test_a_kept_decision_replays_to_the_byte(patient, tmp_path):
    kept = tmp_path / "decision.json"
    assert run("screen", patient, "--output", kept).exit_code == 1
    said = run("replay", kept)
    assert said.exit_code == 0
    assert said.output == "The same decision, byte for byte: hold.\n"


def test_a_decision_that_was_changed_is_found(patient, tmp_path):
    kept = tmp_path / "decision.json"
    run("screen", patient, "--output", kept)
    kept.write_text(kept.read_text("utf-8").replace('"hold"', '"info"', 1), encoding="utf-8")
    said = run("replay", kept)
    assert said.exit_code == 1
    assert said.output == "Another decision. Made again it is: hold.\n"


def test_json_is_the_decision_itself(patient):
    said = run("screen", patient, "--format", "json")
    assert json.loads(said.stdout)["verdict"] == "hold"


def test_the_moment_of_the_option_comes_before_that_of_the_file(patient):
    said = run("screen", patient, "--now", "2026-11-24T09:00:00+00:00", "--format", "json")
    assert json.loads(said.stdout)["question"]["now"] == "2026-11-24T09:00:00+00:00"
    said = run("screen", patient, "--now", "tomorrow")
    assert said.exit_code == 2


def test_without_a_moment_it_is_now(patient):
    patient.write_text(PATIENT.replace("now = 2026-11-23T09:00:00Z\n", ""), encoding="utf-8")
    said = run("screen", patient, "--format", "json")
    assert json.loads(said.stdout)["question"]["now"].endswith("+00:00")


def test_stages_and_adoptions_can_be_named(patient):
    words = ("screen", patient, "--stage", "eligibility", "--format", "json", "--adopt")
    asked = json.loads(run(*words, "CI-033").stdout)["question"]
    assert asked["stages"] == ["eligibility"]
    assert asked["adopted"] == ["CI-033"]


def test_an_adoption_of_no_rule_is_refused(patient):
    said = run("screen", patient, "--adopt", "XX-1")
    assert said.exit_code == 2
    assert "XX-1" in said.output


def test_the_vocabulary_is_listed(patient):
    said = run("screen", "--facts")
    assert said.exit_code == 0
    assert "sbp  [40 to 300 mmHg]" in said.output
    assert "aneurysmal_vascular_disease  [yes or no]" in said.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["screen"], "FILE: expected a file with a case", id="no file"),
        pytest.param(["screen", "nowhere.toml"], "FILE: expected a text file", id="no such file"),
        pytest.param(["replay", "nowhere.json"], "FILE: expected a text file", id="nothing there"),
        pytest.param(
            ["check-dose", "nowhere.toml"], "FILE: expected a text file", id="no such plan"
        ),
    ],
)
def test_a_file_that_is_not_there_is_one_sentence(words, sentence):
    said = run(*words)
    assert said.exit_code != 0
    assert sentence in said.output


def test_what_is_no_decision_is_refused(patient, tmp_path):
    said = run("replay", patient)
    assert said.exit_code == 2
    assert "decision: expected a file of the format ketherapy.decision/1" in said.output
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert "expected readable JSON" in run("screen", broken).output
    broken.write_text("[]", encoding="utf-8")
    assert "question: expected a case" in run("screen", broken).output


def test_a_file_that_is_no_toml_is_the_readers_to_mend(patient):
    patient.write_text("[case", encoding="utf-8")
    said = run("screen", patient)
    assert said.exit_code == 2
    assert "patient.toml: expected readable TOML" in said.output


def test_the_ladder_is_shown_with_what_binds(plan):
    said = run("check-dose", plan)
    assert said.exit_code == 1
    assert "The limit ladder (what each cap leaves for this visit)" in said.output
    assert "unset  binds  Most in one visit, by this clinic: not set" in said.output


def test_a_plan_without_a_dose_is_refused(patient):
    said = run("check-dose", patient)
    assert said.exit_code == 2
    assert "dose: expected a table [dose]" in said.output


def test_a_plan_as_json_is_the_decision_alone(plan):
    said = run("check-dose", plan, "--format", "json")
    assert json.loads(said.stdout)["question"]["dose"]["amount"] == 40.0


def test_no_stage_at_all_is_refused(tmp_path):
    path = tmp_path / "empty.json"
    case = {"drug": "ketamine", "route": "iv", "use": "pain"}
    path.write_text(json.dumps({"case": case, "profile": "us", "stages": [], "facts": {}}))
    said = run("screen", path)
    assert said.exit_code == 2
    assert "stages: expected at least one stage" in said.output


def test_a_key_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "twice.json"
    path.write_text('{"facts": {"active_psychosis": "yes"}, "facts": {}}', encoding="utf-8")
    said = run("screen", path)
    assert said.exit_code == 2
    assert "facts stands there twice" in said.output


def test_what_is_nested_without_end_is_one_sentence(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    for command in ("screen", "replay"):
        said = run(command, path)
        assert said.exit_code == 2, command
        assert "expected" in said.output


def test_other_line_ends_are_other_bytes(patient, tmp_path):
    kept = tmp_path / "decision.json"
    run("screen", patient, "--output", kept)
    kept.write_bytes(kept.read_bytes().replace(b"\n", b"\r\n"))
    assert run("replay", kept).exit_code == 1
