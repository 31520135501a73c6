"""Protocols: versioned files whose bytes are known by their hash, read and never repaired."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ketherapy.dosing
from ketherapy.dosing.protocol import (
    advised,
    binding,
    course,
    file_of,
    least_stay,
    not_shipped,
    protocol,
    protocols,
    read_protocol,
    regimen,
)
from ketherapy.dosing.protocol_parts import Advice, Anchor
from ketherapy.dosing.rulebook import Case
from ketherapy.errors import ContractError, DataFileError
from ketherapy.records import check

FILES = sorted((Path(ketherapy.dosing.__file__).parent / "data" / "protocols").glob("*.toml"))
DEPRESSION, CRPS = protocol("iv_depression_2026_01"), protocol("iv_crps_2026_01")
TEXT = {path.stem: path.read_text(encoding="utf-8") for path in FILES}
BOTH = "rate_max", "amount_per_visit_max"
AGE = 'age_from = { value = 18, unit = "year"'
PER_KG = 'rate_per_kg_max = { value = 0.35, unit = "mg/kg/h"'
LAST = re.compile(r"^rate_per_kg_max.*$", re.MULTILINE)


def read(folder: Path, text: str, name: str = "iv_crps_2026_01"):
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return read_protocol(path)


def changed(old: str, new: str) -> str:
    assert TEXT[CRPS.id].count(old) >= 1
    return TEXT[CRPS.id].replace(old, new, 1)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_hash_is_that_of_the_bytes_of_the_file(path):
    assert protocol(path.stem).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_one_byte_more_is_another_hash(tmp_path):
    assert read(tmp_path, TEXT[CRPS.id]).sha256 == CRPS.sha256
    assert read(tmp_path, TEXT[CRPS.id] + "\n").sha256 != CRPS.sha256


@pytest.mark.parametrize(
    ("weight", "amount"),
    [pytest.param(80.0, 40.0, id="PR-010: 80 kg, 40 mg"), pytest.param(50.0, 25.0, id="50 kg")],
)
def test_half_a_milligram_per_kg_in_forty_minutes(weight, amount):
    (dose,) = regimen(DEPRESSION, weight=weight).doses
    assert dose.amount == pytest.approx(amount, rel=1e-12)
    assert dose.over == pytest.approx(40.0 / 60.0, rel=1e-12)
    assert dose.amount / dose.over == pytest.approx(0.75 * weight, rel=1e-12)  # 0.75 mg/kg/h
    assert binding(DEPRESSION, weight=weight) == ()


@pytest.mark.parametrize(
    ("weight", "rate", "amount", "limits"),
    [
        pytest.param(50.0, 17.5, 70.0, (), id="C-17: 50 kg, 70 mg a day"),
        pytest.param(71.4, 24.99, 99.96, (), id="below the cap"),
        pytest.param(71.5, 25.0, 100.0, BOTH, id="above it"),
        pytest.param(120.0, 25.0, 100.0, BOTH, id="far above it"),
    ],
)
def test_the_rate_for_crps_is_capped_at_25_mg_an_hour(weight, rate, amount, limits):
    (dose,) = regimen(CRPS, weight=weight).doses
    assert dose.over == 4.0
    assert dose.amount == pytest.approx(amount, rel=1e-9)
    assert dose.amount / dose.over == pytest.approx(rate, rel=1e-9)
    assert binding(CRPS, weight=weight) == limits


@pytest.mark.parametrize(
    "weight", [None, 0.0, -70.0, 29.9, 300.1, 70_000.0, float("nan"), float("inf")]
)
@pytest.mark.parametrize("function", [regimen, course, binding])
def test_no_weight_is_ever_assumed_and_none_that_is_a_slip_is_dosed(function, weight):
    for found in (DEPRESSION, CRPS):
        with pytest.raises(ContractError, match="weight"):
            function(found, weight=weight)


def test_a_course_is_each_visit_on_its_day():
    six = course(DEPRESSION, weight=70.0)
    assert [dose.at / 24.0 for dose in six.doses] == [0, 2, 4, 7, 9, 11]
    assert six.total == pytest.approx(6 * 35.0)
    ten = course(CRPS, weight=80.0)
    assert [dose.at / 24.0 for dose in ten.doses] == list(range(10))
    assert ten.total == pytest.approx(1000.0)


@given(weight=st.floats(30.0, 200.0), more=st.floats(0.0, 100.0))
def test_a_heavier_person_is_never_given_less(weight, more):
    for found in protocols():
        light, heavy = (regimen(found, weight=w).total for w in (weight, weight + more))
        assert light <= heavy


@pytest.mark.parametrize(
    ("limit", "total"),
    [
        pytest.param('rate_per_kg_max = { value = 0.35, unit = "mg/kg/h"', 70.0, id="at it"),
        pytest.param('rate_per_kg_max = { value = 0.3, unit = "mg/kg/h"', 60.0, id="below"),
        pytest.param('amount_per_visit_per_kg_max = { value = 0.9, unit = "mg/kg"', 45.0, id="kg"),
        pytest.param('rate_per_kg_max = { value = 5, unit = "ug/kg/min"', 60.0, id="other units"),
    ],
)
def test_a_limit_per_kg_lowers_the_dose_too(tmp_path, limit, total):
    found = read(tmp_path, changed(PER_KG, limit))
    assert regimen(found, weight=50.0).total == pytest.approx(total)
    assert binding(found, weight=50.0) == (() if total == 70.0 else (limit.split()[0],))
    mg = changed('0.35, unit = "mg/kg/h"', '80, unit = "mg"').replace(PER_KG, limit)
    with pytest.raises(ContractError, match="per kg"):
        regimen(read(tmp_path, mg), weight=None)


def test_a_spray_is_given_in_whole_devices_five_minutes_apart():
    doses = regimen(protocol("esketamine_suicidal_us_2026_01"), weight=None).doses
    assert [(dose.amount, dose.device) for dose in doses] == [(28.0, 1), (28.0, 2), (28.0, 3)]
    assert [dose.at for dose in doses] == pytest.approx([0.0, 1 / 12, 1 / 6])
    days = course(protocol("esketamine_trd_us_2026_01"), weight=None).doses
    assert [dose.at // 24.0 for dose in days[::2]] == [0, 3, 7, 10, 14, 17, 21, 24]


@pytest.mark.parametrize(
    ("amount", "over", "weight", "told"),
    [
        pytest.param(80.0, 4.0, 50.0, (), id="at 80 mg: the guideline says at least"),
        pytest.param(79.9, 4.0, 50.0, ("PR-032",), id="below"),
        pytest.param(90.0, 2.0, 100.0, ("PR-032",), id="two hours: it says more than two"),
        pytest.param(90.0, 2.01, 100.0, (), id="more than two"),
        pytest.param(200.0, 4.0, 50.0, (), id="at 1 mg/kg/h: the other says at most"),
        pytest.param(201.0, 4.0, 50.0, ("PR-040",), id="above it"),
        pytest.param(201.0, 4.0, None, (), id="a rate per kg needs a weight"),
        pytest.param(90.0, 0.0, 50.0, ("PR-032",), id="at once has no rate"),
    ],
)
def test_a_plan_is_told_of_what_no_limit_stops(amount, over, weight, told):
    pain = protocol("iv_chronic_pain_2026_01")
    found = advised(pain, amount=amount, over=over, weight=weight)
    assert tuple(one.rule for one in found) == told
    assert advised(DEPRESSION, amount=1.0, over=0.1, weight=50.0) == ()


@pytest.mark.parametrize(
    ("sign", "below", "at", "above"),
    [("<", True, False, False), ("<=", True, True, False), (">", False, False, True),
     (">=", False, True, True)],
)  # fmt: skip
def test_advice_compares_as_it_is_written(sign, below, at, above):
    words = {"of": "over", "is": sign, "value": 120, "unit": "min", "says": "", "locator": "",
             "source": "ketherapy", "status": "convention"}  # fmt: skip
    advice = check(Advice, words, where="advice")
    assert [advice.speaks(h) for h in (1.9, 2.0, 2.1)] == [below, at, above]


def test_what_is_no_protocol_here_says_why():
    rows = {row.id: row for row in not_shipped()}
    assert {"PR-024", "PR-025", "PR-041", "PR-050"} <= rows.keys()
    assert "FDA" in rows["PR-024"].why
    assert all(row.why and row.title for row in rows.values())


def test_a_tighter_limit_gives_less_and_is_named(tmp_path):
    tight = read(tmp_path, changed("{ value = 100,", "{ value = 60,"))
    assert regimen(tight, weight=80.0).total == pytest.approx(60.0)
    assert binding(tight, weight=80.0) == ("amount_per_visit_max",)


def test_a_rate_that_is_not_per_kg_needs_no_weight(tmp_path):
    text = changed('0.35, unit = "mg/kg/h"', '22, unit = "mg/h"')
    plain = read(tmp_path, LAST.sub("", text))
    assert regimen(plain, weight=None).total == pytest.approx(88.0)


def test_an_amount_that_is_not_per_kg_needs_no_weight(tmp_path):
    plain = read(tmp_path, LAST.sub("", changed('0.35, unit = "mg/kg/h"', '80, unit = "mg"')))
    assert regimen(plain, weight=None).total == pytest.approx(80.0)


def test_the_file_of_a_protocol_can_be_found_to_begin_from():
    assert file_of(CRPS.id) == next(path for path in FILES if path.stem == CRPS.id)
    with pytest.raises(ContractError, match="protocol: expected one of"):
        file_of("../../facts")


def test_an_unknown_protocol_is_refused_and_none_is_guessed():
    with pytest.raises(ContractError, match="iv_depression_2026_01"):
        protocol("iv_depression")


GIVEN = 'given = { value = 0.35, unit = "mg/kg/h", locator = "abstract" }'
SPRAY = "esketamine_trd_us_2026_01"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('unit = "mg/kg/h"', 'unit = "mg/kg/L"', "given in one of mg, mg/kg, mg/h, mg/kg/h"),
        ("value = 0.35", "value = 0", "more than nothing is given"),
        ("over = { value = 4", "over = { value = 0", "over more than no time"),
        ('4, unit = "h"', '4, unit = "kg"', "over a time"),
        (f"{GIVEN}\nover", f"{GIVEN}\nbolus", "a rate is given over a time"),
        (GIVEN, f"{GIVEN}\nchoices = [0.3, 0.4]", "the usual dose is one of the choices"),
        (GIVEN, f"{GIVEN}\nfirst = [0.35]", "the first dose is one of the choices"),
        ('unit = "mg/kg/h", locator', 'unit = "mg/kg/h", low = 0.36, locator', "lies in its range"),
        ('unit = "mg/kg/h", locator', 'unit = "mg/kg/h", high = 0.34, locator', "lies in its"),
        ('unit = "mg/h"', 'unit = "mg"', "nothing obeys a limit called rate_max in mg"),
        ("rate_max = {", "rate_min = {", "nothing obeys a limit called rate_min in mg/h"),
        (
            f"{GIVEN}\nover",
            'given = { value = 35, unit = "mg", locator = "" }\nbolus',
            "what is given at once has no rate",
        ),
        (AGE, AGE.replace("year", "kg"), "an age is a time"),
        ('is = "<=", value = 2, unit = "h"', 'is = "<=", value = 2, unit = "mg"',
         "over is compared in h"),
        ('"over", is = "<="', '"over", is = "="', "'<', '<=', '>' or '>='"),
        ("since = 2026-01-01", "since = 2026-02-01", "ends with the year and the month"),
        ("stale_after = 2027-01-01", "stale_after = 2026-01-01", "goes stale after it begins"),
        ("days = [0, 1,", "days = [-1, 1,", "days run upwards from zero"),
        ("days = [0, 1, 2,", "days = [0, 2, 1,", "days run upwards from zero"),
        ("days = [0, 1, 2,", "days = [0, 1, 1,", "days run upwards from zero"),
        ("visits = { value = 10", "visits = { value = 9", "there is a day for each visit"),
        ('drug = "ketamine"', 'drug = "S-ketamine"', "'ketamine', 'esketamine' or 'arketamine'"),
        ("is_off_label = true\n", "", "is_off_label"),
        ('= "verified"\n', '= "recalled"\n', "'verified', 'secondary', 'derived'"),
        ("01-01 }", "01-01, until = 2026-01-01 }", "a limit ends after it begins"),
        ("title =", 'sha256 = "0"\ntitle =', "and no hash"),
        ('= "iv_crps_2026_01"', '= "iv_crps_2026_02"', "an id that is the file's name"),
        ('when = "throughout"', 'when = "every"', "minutes are for what is due at a time"),
        ('when = "every"', 'when = "throughout"', "minutes are for what is due at a time"),
        ('minutes = { value = 15, unit = "min"', 'minutes = { value = 15, unit = "mg"',
         "minutes are a time"),
        ('observed_for = { value = 60, unit = "min"', 'observed_for = { value = 60, unit = "mg"',
         "observed for a time"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_by_name_and_reason(tmp_path, old, new, says):
    with pytest.raises(DataFileError) as refused:
        read(tmp_path, changed(old, new))
    assert "iv_crps_2026_01" in str(refused.value)
    assert says in str(refused.value)


@pytest.mark.parametrize("name", ["weeks_5_to_8", ""])
def test_phases_are_there_and_have_names_of_their_own(tmp_path, name):
    words = TEXT[SPRAY].replace('id = "from_week_9"', 'id = "weeks_5_to_8"')
    if not name:
        head, _, rest = TEXT[SPRAY].partition("[[phase]]")
        words = "phase = []\n" + head + rest[rest.index("[limits]") :]
    with pytest.raises(DataFileError, match="phases, each with an id of its own"):
        read(tmp_path, words, name=SPRAY)


def test_what_it_is_about_and_when_it_is_stale():
    assert DEPRESSION.case == Case(drug="ketamine", route="iv", use="psychiatry")
    assert CRPS.case.use == "pain"
    assert protocol("iv_crps_inpatient_2026_01").case.setting == "inpatient"
    assert not CRPS.is_stale(CRPS.stale_after)
    assert CRPS.is_stale(CRPS.stale_after + timedelta(days=1))
    assert protocol(SPRAY).is_stale(protocol(SPRAY).since)


def test_an_id_without_a_version_is_refused(tmp_path):
    with pytest.raises(DataFileError, match="year"):
        read(tmp_path, changed('id = "iv_crps_2026_01"', 'id = "iv_crps"'), name="iv_crps")


def test_a_limit_may_end(tmp_path):
    found = read(tmp_path, changed("01-01 }", "01-01, until = 2027-01-01 }"))
    assert found.limits["rate_max"].until.year == 2027


def test_the_people_of_a_protocol_may_be_of_an_age(tmp_path):
    older, younger = (protocol(f"esketamine_trd_eu{age}_2026_01") for age in ("_65", ""))
    assert (older.age_from.value, older.age_below) == (65, None)
    assert (younger.age_from.value, younger.age_below.value) == (18, 65)
    assert read(tmp_path, changed(AGE, AGE.replace("18", "21"))).age_from.value == 21


def test_what_is_open_has_no_number_and_what_is_given_at_once_no_time():
    spray = protocol(SPRAY)
    assert CRPS.course.number.value == 10
    assert CRPS.dose.time.value == 4
    with pytest.raises(ContractError, match="number of visits: expected a phase that ends"):
        assert spray.phase[2].schedule.number
    with pytest.raises(ContractError, match="time of giving: expected what is given over a time"):
        assert spray.dose.time


def test_an_open_phase_has_no_number_of_visits():
    last = protocol("esketamine_trd_us_2026_01").phase[-1]
    assert last.schedule.visits is None
    assert (last.schedule.apart.low, last.schedule.apart.high) == (7, 14)


@pytest.mark.parametrize(
    ("name", "anchor", "hours"),
    [
        pytest.param("iv_crps", Anchor.END, 5.0, id="four hours, and one behind"),
        pytest.param("iv_crps", Anchor.START, 4.0, id="an hour is over before the infusion is"),
        pytest.param("iv_depression_single", Anchor.START, 1.0, id="an hour is longer than 40 min"),
        pytest.param("esketamine_trd_eu_65", Anchor.FIRST_DEVICE, 2.0, id="from the first device"),
        pytest.param("esketamine_trd_eu_65", Anchor.END, 2.0, id="at once ends as it starts"),
    ],
)
def test_nobody_leaves_before_the_time_of_the_protocol(name, anchor, hours):
    one = protocol(f"{name}_2026_01")
    one = replace(one, leaving=replace(one.leaving, anchor=anchor))
    assert least_stay(one) == pytest.approx(hours, rel=1e-12)
