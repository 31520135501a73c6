"""``ketherapy protocol``: what is shipped, a clinic's file, two compared, one tried."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import ketherapy.dosing
from ketherapy.cli import main
from ketherapy.dosing.protocol import not_shipped, protocol, protocols

FOLDER = Path(ketherapy.dosing.__file__).parent / "data" / "protocols"
CRPS = "iv_crps_2026_01"


def ask(*words: object):
    return CliRunner().invoke(main, ["protocol", *map(str, words)])


def said(*words: object) -> str:
    answer = ask(*words)
    assert answer.exit_code == 0, answer.output
    return answer.output


def flat(text: str) -> str:
    return " ".join(text.split())


def rows(*words: object):
    return list(csv.DictReader(io.StringIO(said(*words, "--format", "csv"))))


@pytest.fixture
def ours(tmp_path) -> Path:
    """A clinic's variant that is tighter, and looser in one limit with a reason."""
    words = (FOLDER / f"{CRPS}.toml").read_text(encoding="utf-8")
    words = words.replace(f'id = "{CRPS}"', f'id = "ours_2026_01"\nvaries = "{CRPS}"')
    words = words.replace('jurisdiction = "consensus"', 'jurisdiction = "clinic"')
    words = words.replace("value = 25,", 'value = 30, looser_because = "our audit",')
    words = words.replace("observed_for = { value = 60", "observed_for = { value = 90")
    path = tmp_path / "ours_2026_01.toml"
    path.write_text(words, encoding="utf-8")
    return path


def test_every_protocol_is_listed_with_what_is_none_and_why():
    text = flat(said("list"))
    for one in protocols():
        assert one.id in text
    for row in not_shipped():
        assert flat(f"{row.id} {row.title}: {row.why} [{row.status}]") in text
    assert "Nothing here allows a treatment" in text


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("--use", "pain"), lambda p: p.use == "pain"),
        (("--jurisdiction", "EU"), lambda p: p.jurisdiction == "EU"),
        (("--stale", "--on", "2026-02-01"), lambda p: p.check_against != ""),
        (("--stale", "--on", "2027-01-02"), lambda p: True),
        (("--use", "pain", "--jurisdiction", "US"), lambda p: False),
    ],
)
def test_filters_narrow_the_list(words, kept):
    assert [row["id"] for row in rows("list", *words)] == [p.id for p in protocols() if kept(p)]


def test_a_row_says_dose_status_and_marks():
    found = {row["id"]: row for row in rows("list", "--on", "2026-02-01")}
    assert found[CRPS]["dose"] == "0.35 mg/kg/h over 4 h"
    assert found["esketamine_trd_us_2026_01"]["dose"] == "56 or 84 mg"
    assert found["iv_acute_pain_2026_01"]["dose"] == "0.1 to 0.3 mg/kg over 15 min"
    assert found["im_depression_test_2026_01"]["dose_status"] == "convention"
    assert found["esketamine_trd_us_2026_01"]["marks"] == "stale"
    assert found["iv_ocd_2026_01"]["marks"] == "off-label, research"
    (first, *_) = json.loads(said("list", "--format", "json"))
    assert first["id"] == protocols()[0].id


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("list", "--on", "tomorrow"), "--on: expected a date such as 2026-01-31, got 'tomorrow'"),
        (("list", "--use", "sleep"), "--use: expected one of psychiatry, pain, got 'sleep'"),
        (("list", "--jurisdiction", "us"), "--jurisdiction: expected one of US, EU, UK, CH"),
        (("show", "iv_crps"), "protocol: expected one of esketamine_suicidal_us_2026_01"),
        (("diff", CRPS, "x"), "got 'x'"),
        (("simulate", CRPS, "--population", "x"), "population: expected one of"),
        (("simulate", "sc_depression_2026_01", "--population", "invented_adults"),
         "a route with a model whose peak can be relied on"),
        (("check", "nowhere.toml"), "nowhere.toml: expected a data file"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_a_sentence(words, fault):
    answer = ask(*words)
    assert answer.exit_code in (1, 2)
    assert fault in answer.output


@pytest.mark.parametrize("name", [one.id for one in protocols()])
def test_all_of_a_protocol_is_shown(name):
    found, text = protocol(name), said("show", name)
    assert found.sha256 in text
    assert ("OFF-LABEL" in text) == found.is_off_label
    assert ("RESEARCH" in text) == found.is_research
    for limit in found.limits:
        assert f"  {limit} " in text
    lists = (found.evidence, found.staff, found.equipment, found.alongside, found.follow_up,
             found.remarks, *(phase.dose.titration for phase in found.phase))  # fmt: skip
    for remark in (one for some in lists for one in some):
        assert remark.text in text
    for phase in found.phase:
        assert f"Phase {phase.id}: {phase.title}" in text
    assert found.check_against in text
    assert "thresholds_2026_01, to be read again after 2027-01-01" in text


def test_a_number_is_shown_with_place_source_and_status():
    text = said("show", CRPS)
    assert (
        "  rate_max 25 mg/h, since 2026-01-01: abstract: not over 25 mg/h; binds above 71.4 kg"
        " [schwartzman2009, verified]"
    ) in text
    assert "  pressure every 15 min from start" in text
    assert "observed for 60 min: no standard binds" in text
    assert "visits 10: abstract: ten days [schwartzman2009, verified]" in text
    assert "Schwartzman RJ" in text
    older = said("show", "esketamine_trd_eu_65_2026_01")
    assert "adults, from 65 year" in older
    assert "first visit: 28 mg" in older
    assert "visits open-ended" in older
    assert "pressure at 40 min from first_device" in older
    assert "adults, from 18 year, under 65 year" in said("show", "esketamine_trd_eu_2026_01")
    assert "bolus 0 mg/kg (0 to 0.35)" in said("show", "iv_chronic_pain_2026_01")
    assert "2237.76 mg" in said("show", "iv_crps_esketamine_2026_01")


def test_a_protocol_as_json_is_whole():
    found = json.loads(said("show", CRPS, "--format", "json"))
    assert found["limits"]["rate_max"]["value"] == 25
    assert found["sha256"] == protocol(CRPS).sha256
    assert found["since"] == "2026-01-01"


def test_a_sound_file_is_said_to_be_with_all_in_which_it_differs(ours):
    text = said("check", ours)
    assert "ours_2026_01.toml: no faults, sha256" in text
    assert f"beside {CRPS}" in text
    assert "1 files, 0 faults." in text
    line = next(line for line in text.splitlines() if line.startswith("limits.rate_max"))
    assert flat(line) == "limits.rate_max 25 mg/h 30 mg/h looser our audit"
    plain = said("check", FOLDER / f"{CRPS}.toml")
    assert "beside" not in plain


def test_every_fault_of_every_file_is_said_and_the_status_is_1(ours, tmp_path):
    ours.write_text(ours.read_text().replace('looser_because = "our audit", ', ""))
    other = tmp_path / "other.toml"
    other.write_text('id = "other"\n')
    answer = ask("check", ours, other)
    assert answer.exit_code == 1
    assert "ours_2026_01.toml, limits.rate_max: looser than" in answer.output
    assert "other.toml, title: Field required (missing)" in answer.output
    assert answer.output.splitlines()[-1].startswith("2 files, ")


def test_a_clinics_own_stand_beside_what_is_shipped_only_where_they_are_named(ours):
    assert ask("show", "ours_2026_01").exit_code == 2
    assert "varies iv_crps_2026_01" in said("show", "ours_2026_01", "--file", ours)
    listed = rows("list", "--file", ours.parent)
    assert listed[-1]["id"] == "ours_2026_01"
    assert listed[-1]["marks"] == f"off-label, varies {CRPS}" or "stale" in listed[-1]["marks"]
    there = rows("diff", CRPS, "ours_2026_01", "--file", ours)
    assert {"path": "limits.rate_max", "before": "25 mg/h", "after": "30 mg/h",
            "direction": "looser", "reason": "our audit"} in there  # fmt: skip
    assert "our audit" in said("show", "ours_2026_01", "--file", ours)


def test_a_shipped_protocol_is_never_replaced(tmp_path):
    shutil.copy(FOLDER / f"{CRPS}.toml", tmp_path)
    answer = ask("list", "--file", tmp_path)
    assert answer.exit_code == 2
    assert f"{CRPS}.toml: expected an id that no other protocol has" in answer.output


def test_a_faulty_file_is_not_used(ours):
    ours.write_text(ours.read_text().replace('looser_because = "our audit", ', ""))
    answer = ask("show", "ours_2026_01", "--file", ours)
    assert answer.exit_code == 2
    assert "expected a protocol without faults, got '1 faults'" in answer.output
    assert "limits.rate_max: looser than" in answer.output


def test_reasons_for_parts_are_shown(ours):
    words = ours.read_text().replace("observed_for = { value = 90", "observed_for = { value = 45")
    reason = 'looser_because = { "leaving.observed_for" = "a ward next door" }\nuse = '
    ours.write_text(words.replace("use = ", reason, 1))
    text = said("show", "ours_2026_01", "--file", ours)
    assert "looser in leaving.observed_for: a ward next door" in text


def test_words_of_a_file_are_no_formulas(ours):
    ours.write_text(ours.read_text().replace('title = "Racemic', 'title = "=1+1 Racemic'))
    assert rows("list", "--file", ours)[-1]["title"].startswith("'=1+1")


def test_two_are_compared_in_every_form():
    pair = ("iv_depression_2026_01", "iv_bipolar_2026_01")
    there = rows("diff", *pair)
    assert {"path": "limits.visits_per_week_max", "before": "3", "after": "2",
            "direction": "tighter", "reason": ""} in there  # fmt: skip
    assert json.loads(said("diff", *pair, "--format", "json")) == there
    assert "limits.visits_per_week_max" in said("diff", *pair)


def test_a_visit_is_tried_in_virtual_people_and_says_what_it_rests_on():
    words = ("simulate", CRPS, "--population", "invented_adults", "--n", "5", "--seed", "3")
    text = said(*words)
    assert "Predicted, not measured." in text
    assert "5 adults invented by this project" in text
    for part in ("Not modelled", "Cautions", "Sources", "5 %", "95 %", "otto2021_iv"):
        assert part in text
    found = json.loads(said(*words, "--format", "json"))
    assert (found["protocol"], found["n"], found["seed"]) == (CRPS, 5, 3)
    assert found["sha256"] == protocol(CRPS).sha256
    (dose, *_) = rows(*words)
    assert float(dose["high"]) <= 100.0
    assert found["measures"][0]["name"] == dose["name"] == "dose"


def test_the_help_lists_what_there_is():
    assert "US, EU, UK, CH, consensus, clinic" in flat(said("list", "--help"))
    assert "psychiatry, pain" in flat(said("list", "--help"))
    assert "invented_adults, otto2021_volunteers" in flat(said("simulate", "--help"))
