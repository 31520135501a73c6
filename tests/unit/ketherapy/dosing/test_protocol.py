"""Protocols: versioned files whose bytes are known by their hash, read and never repaired."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ketherapy.dosing
from ketherapy.dosing.protocol import (
    binding,
    course,
    protocol,
    protocols,
    read_protocol,
    regimen,
)
from ketherapy.errors import ContractError, DataFileError
from ketherapy.regimen import Drug, Route
from ketherapy.sources import source

FILES = sorted((Path(ketherapy.dosing.__file__).parent / "data" / "protocols").glob("*.toml"))
DEPRESSION, CRPS = protocol("iv_depression_2026_01"), protocol("iv_crps_2026_01")
TEXT = {path.stem: path.read_text(encoding="utf-8") for path in FILES}
NO_HASH = "iv_crps_2026_01.toml: expected an id that is the file's name, and no hash"
RENAME = "Name the file after its id; the hash is computed."
BOTH = "rate_max", "amount_per_visit_max"


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


@pytest.mark.parametrize("found", protocols(), ids=lambda found: found.id)
def test_all_that_a_protocol_rests_on_is_in_the_bibliography(found):
    cited = [found, found.dose.given, found.dose.over, found.course.visits]
    cited += [found.course.days_from, *found.limits.values(), *found.evidence, *found.remarks]
    for number in cited:
        if number.source is not None:
            source(number.source)


@pytest.mark.parametrize("found", protocols(), ids=lambda found: found.id)
def test_the_racemate_by_vein_is_off_label_and_says_so(found):
    assert (found.drug, found.route) == (Drug.KETAMINE, Route.IV)
    assert found.is_off_label
    assert found.evidence


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
def test_no_weight_passes_a_limit_and_a_heavier_person_is_never_given_less(weight, more):
    for found in protocols():
        (light,), (heavy,) = (regimen(found, weight=w).doses for w in (weight, weight + more))
        assert light.amount <= heavy.amount
        assert "rate_max" not in found.limits or heavy.amount / heavy.over <= 25.0
        assert "amount_per_visit_max" not in found.limits or heavy.amount <= 100.0


def test_a_tighter_limit_gives_less_and_is_named(tmp_path):
    tight = read(tmp_path, changed("value = 100\n", "value = 60\n"))
    assert regimen(tight, weight=80.0).total == pytest.approx(60.0)
    assert binding(tight, weight=80.0) == ("amount_per_visit_max",)


def test_a_rate_that_is_not_per_kg_needs_no_weight(tmp_path):
    plain = read(tmp_path, changed('0.35, unit = "mg/kg/h"', '22, unit = "mg/h"'))
    assert regimen(plain, weight=None).total == pytest.approx(88.0)


def test_an_amount_that_is_not_per_kg_needs_no_weight(tmp_path):
    plain = read(tmp_path, changed('0.35, unit = "mg/kg/h"', '80, unit = "mg"'))
    assert regimen(plain, weight=None).total == pytest.approx(80.0)


def test_an_unknown_protocol_is_refused_and_none_is_guessed():
    with pytest.raises(ContractError) as refused:
        protocol("iv_depression")
    assert str(refused.value) == (
        "protocol: expected one of iv_crps_2026_01, iv_depression_2026_01, got 'iv_depression'."
        " Name one of these with its version."
    )


def test_without_a_weight_the_dose_says_what_it_needs():
    with pytest.raises(ContractError) as refused:
        regimen(CRPS, weight=None)
    assert str(refused.value) == (
        "weight [kg]: expected a body weight: the dose of iv_crps_2026_01 is per kg, got nothing."
        " Weigh the person; no weight is ever assumed."
    )


def test_a_weight_that_is_a_slip_is_named_with_the_range():
    with pytest.raises(ContractError, match=r"^weight: expected 30 to 300 kg, got '29.9 kg'"):
        regimen(CRPS, weight=29.9)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param(
            'unit = "mg/kg/h"',
            'unit = "mg/kg/L"',
            "dose: expected Value error, given in one of mg, mg/kg, mg/h, mg/kg/h, over a time",
            id="given in no such unit",
        ),
        pytest.param(
            "value = 0.35",
            "value = 0",
            "dose: expected Value error, more than nothing is given, over more than no time, got",
            id="nothing given",
        ),
        pytest.param(
            "over = { value = 4",
            "over = { value = 0",
            "more than nothing is given, over more than no time, got",
            id="over no time",
        ),
        pytest.param(
            '4, unit = "h"',
            '4, unit = "kg"',
            "given in one of mg, mg/kg, mg/h, mg/kg/h, over a time, got",
            id="over what is no time",
        ),
        pytest.param(
            'unit = "mg/h"',
            'unit = "mg"',
            "nothing obeys a limit called rate_max in mg, got",
            id="a limit on a rate that is an amount",
        ),
        pytest.param(
            "[limits.rate_max]",
            "[limits.rate_min]",
            "nothing obeys a limit called rate_min in mg/h, got",
            id="a limit nothing obeys",
        ),
        pytest.param(
            "since = 2026-01-01",
            "since = 2026-02-01",
            "the id ends with the year and the month since which it holds, got",
            id="not the month of its id",
        ),
        pytest.param(
            "days = [0, 1,",
            "days = [-1, 1,",
            "course: expected Value error, days run upwards from zero, each once, got",
            id="days not from zero",
        ),
        pytest.param(
            "days = [0, 1, 2,",
            "days = [0, 2, 1,",
            "days run upwards from zero, each once, got",
            id="days out of order",
        ),
        pytest.param(
            "visits = { value = 10",
            "visits = { value = 9",
            "course: expected Value error, there is a day for each visit, got",
            id="visits without a day",
        ),
        pytest.param(
            'drug = "ketamine"',
            'drug = "S-ketamine"',
            "drug: expected",
            id="a drug it does not know",
        ),
        pytest.param(
            "is_off_label = true\n", "", "is_off_label: expected", id="whether it is off label"
        ),
        pytest.param(
            '= "verified"\n', '= "recalled"\n', "status: expected", id="a status that does not ship"
        ),
        pytest.param(
            "01-01\n\n[[",
            "01-01\nuntil = 2025-12-31\n\n[[",
            "amount_per_visit_max: expected Value error, a limit ends after it begins, got",
            id="a limit ends before",
        ),
        pytest.param(
            "01-01\n\n[[",
            "01-01\nuntil = 2026-01-01\n\n[[",
            "amount_per_visit_max: expected Value error, a limit ends after it begins, got",
            id="a limit ends as it begins",
        ),
        pytest.param(
            "title =",
            'sha256 = "0"\ntitle =',
            f"{NO_HASH}, got 'iv_crps_2026_01'. {RENAME}",
            id="a hash of its own",
        ),
        pytest.param(
            '= "iv_crps_2026_01"',
            '= "iv_crps_2026_02"',
            f"{NO_HASH}, got 'iv_crps_2026_02'. {RENAME}",
            id="an id of another file",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_name_and_key(tmp_path, old, new, says):
    with pytest.raises(DataFileError) as refused:
        read(tmp_path, changed(old, new))
    assert str(refused.value).startswith("dosing/data/protocols/iv_crps_2026_01.toml")
    assert says in str(refused.value)


def test_an_id_without_a_version_is_refused(tmp_path):
    with pytest.raises(DataFileError, match="year"):
        read(tmp_path, changed('id = "iv_crps_2026_01"', 'id = "iv_crps"'), name="iv_crps")


def test_a_limit_may_end(tmp_path):
    until = "since = 2026-01-01\nuntil = 2027-01-01\n\n[["
    found = read(tmp_path, changed("since = 2026-01-01\n\n[[", until))
    assert found.limits["amount_per_visit_max"].until.year == 2027


def test_a_little_may_be_given_over_a_short_time(tmp_path):
    short = changed("over = { value = 4,", "over = { value = 0.5,")
    assert regimen(read(tmp_path, short), weight=60.0).total == pytest.approx(10.5)


def test_what_a_file_need_not_say_is_empty(tmp_path):
    found = read(tmp_path, TEXT[CRPS.id].split("[[remarks]]")[0])
    assert found.remarks == ()
    assert found.evidence[0].locator == ""
    limit = found.limits["rate_max"]
    assert (limit.until, limit.source, limit.status, limit.note) == (None, None, None, "")
