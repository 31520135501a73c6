"""Thresholds at their limits, how long they must last, and symptoms that outrank them."""

from dataclasses import replace

import pytest

from ketherapy import records
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.protocol_parts import Due
from ketherapy.dosing.thresholds import Threshold, dangers, threshold_packs
from ketherapy.dosing.visit import Sign, signs, step_of
from ketherapy.errors import ContractError, DataFileError
from tests.visits import CALM, at, calm_before, done, noticed, read, visit

BLOCK, HOLD, CAUTION = Severity.BLOCK, Severity.HOLD, Severity.CAUTION


def found(*events, now=30.0):
    return dangers(visit(*calm_before(), *events, now=now), at(now))


def causes(*events, now=30.0):
    return {one.cause: one.finding.severity for one in found(*events, now=now)}


def test_a_calm_visit_has_none():
    assert causes() == {}
    assert causes(*read(20, **CALM)) == {}


# below, at and above each limit, as the row writes it; read at minute 20, asked at once
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"sbp": 179.0}, {"TH-004": CAUTION}, id="SBP below 180: a rise of 59 alone"),
        pytest.param({"sbp": 180.0}, {"TH-002": CAUTION, "TH-004": CAUTION}, id="SBP at 180"),
        pytest.param({"dbp": 109.0}, {"TH-004": CAUTION}, id="DBP below 110"),
        pytest.param({"dbp": 110.0}, {"TH-002": CAUTION, "TH-004": CAUTION}, id="DBP at 110"),
        pytest.param({"sbp": 200.0}, {"TH-002": CAUTION, "TH-004": CAUTION}, id="SBP at 200"),
        pytest.param(
            {"sbp": 201.0}, {"TH-003": BLOCK, "TH-002": CAUTION, "TH-004": CAUTION}, id="above 200"
        ),
        pytest.param({"dbp": 120.0}, {"TH-002": CAUTION, "TH-004": CAUTION}, id="DBP at 120"),
        pytest.param(
            {"dbp": 121.0}, {"TH-003": BLOCK, "TH-002": CAUTION, "TH-004": CAUTION}, id="above 120"
        ),
        pytest.param({"sbp": 159.0}, {}, id="a rise of 39"),
        pytest.param({"sbp": 160.0}, {"TH-004": CAUTION}, id="a rise of 40"),
        pytest.param({"dbp": 102.0}, {}, id="a rise of 24"),
        pytest.param({"dbp": 103.0}, {"TH-004": CAUTION}, id="a rise of 25"),
        pytest.param({"hr": 120.0}, {}, id="pulse at 120"),
        pytest.param({"hr": 121.0}, {"TH-005": CAUTION}, id="pulse above 120"),
        pytest.param({"hr": 41.0}, {}, id="pulse above 40"),
        pytest.param({"hr": 40.0}, {"TH-016": HOLD}, id="pulse at 40"),
        pytest.param({"sbp": 91.0}, {}, id="SBP above 90"),
        pytest.param({"sbp": 90.0}, {"TH-017": HOLD}, id="SBP at 90"),
        pytest.param({"spo2": 94.0}, {}, id="saturation at 94"),
        pytest.param({"spo2": 93.0}, {"TH-006a": CAUTION}, id="below 94"),
        pytest.param({"spo2": 92.0}, {"TH-006a": CAUTION}, id="at 92"),
        pytest.param({"spo2": 91.0}, {"TH-006a": CAUTION, "TH-006b": BLOCK}, id="below 92"),
        pytest.param({"resp_rate": 10.0}, {}, id="breathing at 10"),
        pytest.param({"resp_rate": 9.0}, {"TH-007a": CAUTION}, id="below 10"),
        pytest.param({"resp_rate": 8.0}, {"TH-007a": CAUTION, "TH-007b": BLOCK}, id="8 is red"),
        pytest.param({"resp_rate": 0.0}, {"TH-007a": CAUTION, "TH-007b": BLOCK}, id="no breath"),
        pytest.param({"moaas": 4.0}, {}, id="slow to answer"),
        pytest.param({"moaas": 3.0}, {"TH-008a": HOLD}, id="answers when called loudly"),
        pytest.param({"moaas": 2.0}, {"TH-008a": HOLD}, id="only when shaken"),
        pytest.param({"moaas": 1.0}, {"TH-008a": HOLD, "TH-008b": BLOCK}, id="only to pain"),
    ],
)
def test_each_limit_as_it_is_written(values, expected):
    assert causes(*read(20, **values), now=20) == expected


@pytest.mark.parametrize(
    ("values", "cause", "minutes", "grave"),
    [
        ({"sbp": 185.0}, "TH-002", 5.0, HOLD),
        ({"hr": 130.0}, "TH-005", 5.0, HOLD),
    ],
)
def test_what_must_last_is_said_at_once_and_acted_on_when_it_has_lasted(
    values, cause, minutes, grave
):
    events = read(20, **values)
    second = 1.0 / 60.0
    assert causes(*events, now=20)[cause] is CAUTION
    assert causes(*events, now=20 + minutes - second)[cause] is CAUTION
    assert causes(*events, now=20 + minutes)[cause] is grave
    again = [*events, *read(20 + minutes, **values)]
    assert causes(*again, now=20 + minutes)[cause] is grave


def test_what_must_last_is_over_when_it_has_been_well_for_as_long():
    high, calm = read(20, sbp=185.0), read(23, sbp=150.0)
    assert causes(*high, *calm, now=26)["TH-002"] is CAUTION
    assert "TH-002" not in causes(*high, *calm, *read(25, sbp=150.0), now=26)
    assert causes(*high, *read(25, sbp=150.0), *read(40, sbp=185.0), now=41)["TH-002"] is CAUTION
    (one,) = [d for d in found(*high, *read(22, sbp=186.0), now=26) if d.cause == "TH-002"]
    assert one.since == at(20)
    assert one.finding.observed == "systolic pressure 186 mmHg"


def test_pressure_that_swings_is_high_all_the_same():
    swings = [e for k in range(20) for e in read(20 + k, sbp=199.0 if k % 2 == 0 else 179.0)]
    assert causes(*swings, now=39)["TH-002"] is HOLD
    turns = [*read(20, sbp=185.0, dbp=100.0), *read(25, sbp=170.0, dbp=112.0)]
    assert causes(*turns, now=25)["TH-002"] is HOLD


def test_a_reading_of_the_other_number_ends_nothing():
    assert causes(*read(20, sbp=210.0), *read(21, dbp=80.0), now=22)["TH-003"] is BLOCK
    assert "TH-003" not in causes(*read(20, sbp=210.0), *read(21, sbp=150.0), now=22)


@pytest.mark.parametrize("values", [{"hr": 0.0}, {"spo2": 20.0}, {"sbp": 305.0}, {"sbp": 35.0}])
def test_a_value_that_cannot_be_is_an_arrest_or_a_probe(values):
    (name,) = values
    (one,) = found(*read(20, **values), now=20)
    assert (one.cause, one.finding.severity, one.since) == (f"impossible.{name}", BLOCK, at(20))
    assert one.finding.says == (
        "Look at the person now: this value is a danger, or a probe that fell off."
    )
    assert one.finding.resolves.startswith("Look at the person first")
    assert one.finding.limit.endswith("is a reading")
    assert (one.finding.source, one.finding.status, one.finding.jurisdiction) == (
        "ketherapy", "convention", "clinic",
    )  # fmt: skip
    assert one.finding.locator == "what is taken for a reading"
    again = read(21, **{name: CALM[name]})
    assert causes(*read(20, **values), *again, now=22) == {}
    assert found(*read(20, **values), *read(22, **values), now=23)[0].since == at(20)
    assert causes(*read(20, **{name: -100.0}), now=21) == {}
    assert causes(*read(20, **{name: None}), now=21) == {}


def test_an_impossible_value_is_said_with_its_unit():
    (one,) = found(*read(20, hr=0.0), now=20)
    assert one.finding.observed == "pulse 0 1/min"
    assert one.finding.limit == "20 to 250 1/min is a reading"
    (one,) = found(*read(20, moaas=9.0), now=20)
    assert one.finding.observed == "MOAA/S 9"


def test_what_was_read_stands_with_its_age_while_nothing_newer_is_read():
    events = read(1, sbp=210.0)
    assert causes(*events, now=600)["TH-003"] is BLOCK
    unread = read(2, sbp=-100.0)
    assert causes(*events, *unread, now=600)["TH-003"] is BLOCK


def test_the_first_word_and_the_last_word_of_what_must_last():
    events = read(20, sbp=185.0)
    (first,) = [d.finding for d in found(*events, now=21) if d.cause == "TH-002"]
    assert first.says == "Measure again in 5 minutes: one reading was high."
    (last,) = [d.finding for d in found(*events, now=25) if d.cause == "TH-002"]
    assert last.says.startswith("Pause or stop the dose")
    assert last.limit == "SBP >= 180 or DBP >= 110 on 2 readings 5 min apart"
    assert last.resolves.startswith("Pause or stop; ask about symptoms")
    assert (last.source, last.status) == ("clinic_forum_protocol", "secondary")
    assert last.jurisdiction == "consensus"
    assert last.locator.startswith("two readings five minutes apart")


def test_after_the_person_left_nothing_lasts_any_longer():
    events = [*read(20, sbp=185.0), done("left", 22)]
    assert causes(*events, now=60)["TH-002"] is CAUTION
    assert causes(*events, *read(23, sbp=185.0), now=60)["TH-002"] is HOLD  # has not left, then


@pytest.mark.parametrize(
    "symptom",
    [
        "chest_pain", "short_of_breath", "sudden_severe_headache", "visual_disturbance", "seizure",
        "reduced_consciousness", "focal_deficit",
    ],
)  # fmt: skip
def test_a_red_flag_outranks_every_number_and_waits_for_none(symptom):
    cause = f"TH-003s.{symptom}"
    assert causes(noticed(symptom, 20)) == {cause: BLOCK}
    bare = dangers(visit(noticed(symptom, 20), now=21), at(21))
    assert [(one.cause, one.finding.rule) for one in bare] == [(cause, "TH-003s")]
    assert bare[0].since == at(20)
    assert causes(noticed(symptom, 20), noticed(symptom, 22, is_over=True)) == {}


def test_each_symptom_is_a_danger_of_its_own():
    first, second = found(noticed("seizure", 20), noticed("chest_pain", 18))
    assert (first.cause, first.since) == ("TH-003s.chest_pain", at(18))
    assert (second.cause, second.since) == ("TH-003s.seizure", at(20))
    assert first.finding.observed == "chest pain"
    assert first.finding.says.startswith("Stop the dose, and call for emergency help")


def test_distress_that_does_not_settle_holds():
    assert causes(noticed("severe_distress", 20)) == {"TH-009.severe_distress": HOLD}


def test_without_a_reading_before_the_dose_a_rise_cannot_be_told():
    events = [done("opened", -30), done("started", 0), *read(20, sbp=170.0, dbp=80.0)]
    (one,) = dangers(visit(*events, now=21), at(21))
    assert (one.cause, one.finding.severity, one.since) == ("TH-004", CAUTION, at(20))
    assert one.finding.observed == (
        "no reading before the dose: systolic pressure, diastolic pressure"
    )
    assert one.finding.says.startswith("A rise of pressure cannot be told")
    half = [done("opened", -30), *read(-5, sbp=120.0), done("started", 0), *read(20, dbp=80.0)]
    (one,) = dangers(visit(*half, now=21), at(21))
    assert one.finding.observed == "no reading before the dose: diastolic pressure"


def test_a_rise_is_said_as_one():
    (one,) = [d for d in found(*read(20, sbp=165.0), now=21) if d.cause == "TH-004"]
    assert one.finding.observed == "rise of systolic pressure 45 mmHg"


def test_a_score_has_no_unit():
    (one,) = found(*read(20, moaas=3.0), now=21)
    assert one.finding.observed == "MOAA/S 3"


def test_the_gravest_stands_first():
    found_ones = found(*read(20, sbp=201.0, spo2=93.0), noticed("severe_distress", 20), now=21)
    severities = [one.finding.severity for one in found_ones]
    assert severities == sorted(severities, reverse=True)
    assert [one.cause for one in found_ones] == [
        "TH-003", "TH-009.severe_distress", "TH-002", "TH-004", "TH-006a",
    ]  # fmt: skip


WHOLE = {
    "id": "X", "title": "t", "says": "s", "written": "w", "resolves": "r", "action": "hold",
    "locator": "l", "any": [{"sign": "sbp", "is": ">", "limit": 1, "unit": "mmHg"}],
}  # fmt: skip


def a_row(**change):
    return records.check(Threshold, WHOLE | change, where="a test")


ABOUT = "a threshold is about readings or about symptoms"
FIRST = "what must last says what is done at first"
IN_ITS_UNIT = "a limit of a sign is in the unit of that sign"
FIVE_MINUTES = {"value": 5, "unit": "min", "locator": "a test"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"any": []}, ABOUT, id="about nothing"),
        pytest.param({"symptoms": ["seizure"]}, ABOUT, id="about both"),
        pytest.param({"any": [], "symptoms": ["headache"]}, "symptoms are chest_pain, ",
                     id="a symptom that is none"),
        pytest.param({"first": "again"}, FIRST, id="a first word of what need not last"),
        pytest.param({"lasting": FIVE_MINUTES}, FIRST, id="no first word"),
        pytest.param({"any": [{"sign": "bp", "is": ">", "limit": 1, "unit": "mmHg"}]}, IN_ITS_UNIT,
                     id="no sign"),
        pytest.param({"any": [{"sign": "sbp", "is": ">", "limit": 1, "unit": "kPa"}]}, IN_ITS_UNIT,
                     id="unit"),
        pytest.param({"any": [{"sign": "sbp", "is": "=", "limit": 1, "unit": "mmHg"}]},
                     "'>', '>=', '<' or '<='", id="is"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_with_why(change, says):
    with pytest.raises(DataFileError) as refused:
        a_row(**change)
    assert says in str(refused.value)


def test_a_row_that_must_last_says_what_is_done_at_first():
    assert a_row(lasting=FIVE_MINUTES, first="Measure again.").first == "Measure again."


def test_what_a_row_leaves_out_is_nothing():
    row = a_row()
    assert (row.first, row.note, row.symptoms, row.of) == ("", "", (), "value")
    assert (row.lasting, row.source, row.status) == (None, None, None)
    assert a_row(any=[], symptoms=["seizure"]).any == ()


def test_every_threshold_that_ships_is_reached_here():
    shipped = {one.id for pack in threshold_packs() for one in pack.threshold}
    events = [*read(20, sbp=201.0, hr=130.0, spo2=80.0, resp_rate=5.0, moaas=0.0),
              noticed("seizure", 20), noticed("severe_distress", 20)]  # fmt: skip
    low = read(20, sbp=80.0, hr=30.0)
    found_here = {*causes(*events, now=60), *causes(*low, now=60)}
    assert {cause.split(".")[0] for cause in found_here} == shipped
    assert all(len(pack.sha256) == 64 for pack in threshold_packs())


def test_a_sign_without_a_step_has_no_limit():
    beyond = {"sign": "cadss", "is": ">", "limit": 4, "unit": "1"}
    with pytest.raises(DataFileError, match="a step by which it gets worse"):
        records.check(Threshold, WHOLE | {"any": [beyond]}, where="a test")
    with pytest.raises(ContractError, match="step of cadss"):
        step_of("cadss")
    with pytest.raises(ValueError, match="more than nothing"):
        Sign(id="x", label="x", unit="1", low=0, high=1, check=Due.MANIA, step=0.0)
    assert {name: one.step for name, one in signs().items() if one.step} == {
        "sbp": 10.0, "dbp": 10.0, "hr": 10.0, "spo2": 3.0, "resp_rate": 2.0, "moaas": 1.0,
    }  # fmt: skip


def test_how_far_beyond_is_the_worst_that_stands_of_each_sign():
    events = [*read(20, sbp=199.0, dbp=115.0), *read(22, sbp=190.0)]
    (one,) = [d for d in found(*events, now=23) if d.cause == "TH-002"]
    assert one.beyond == {"sbp": 19.0, "dbp": 5.0}
    (one,) = [d for d in found(*read(20, moaas=2.0), now=23) if d.cause == "TH-008a"]
    assert one.beyond == {"moaas": 1.0}
    (one,) = [d for d in found(*read(20, sbp=165.0), now=23) if d.cause == "TH-004"]
    assert one.beyond == {"sbp": 5.0}  # of the rise


def test_what_need_not_last_stands_since_its_run_began():
    low = [*read(18, spo2=90.0), *read(19, spo2=97.0), *read(20, spo2=91.0), *read(21, spo2=90.0)]
    (one,) = [d for d in found(*low, now=22) if d.cause == "TH-006b"]
    assert one.since == at(20)
    two = [*read(20, sbp=205.0), *read(22, dbp=125.0)]
    (one,) = [d for d in found(*two, now=23) if d.cause == "TH-003"]
    assert one.since == at(20)


def test_of_two_readings_of_one_moment_the_worse_stands():
    low = read(20, spo2=90.0)
    (well,) = read(20, spo2=97.0)
    for name in ("a", "z"):  # whichever comes first among those of one moment
        second = replace(well, id=name)
        (one,) = [d for d in found(*low, second, now=22) if d.cause == "TH-006b"]
        assert one.since == at(20)
    after = [*low, replace(well, id="z"), *read(21, spo2=90.0)]
    (one,) = [d for d in found(*after, now=22) if d.cause == "TH-006b"]
    assert one.since == at(20)
