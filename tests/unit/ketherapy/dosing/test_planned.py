"""What is planned and what was given: read as it was written, and refused where it cannot be."""

import json
from datetime import UTC, datetime

import pytest

from ketherapy.dosing.planned import Cap, Caps, Given, PlannedDose, planned_wire, read_planned
from ketherapy.errors import ContractError

AT = "2026-11-20T09:00:00+00:00"
CAP = {"most": 60.0, "set_by": "Practice Director", "reason": "our policy"}
PEAK = {
    "amount": 35.0, "over": 0.7, "low": 0.1, "median": 0.2, "high": 0.3,
    "band": "5 to 95 % of people", "model": "a model", "population": "adults", "engine": "ours 1",
}  # fmt: skip
PLAN = {"protocol": "iv_depression_2026_01", "phase": "course"}
FULL = PLAN | {
    "amount": 35.0, "over": 0.7, "on_hand": 100.0, "predicted": PEAK,
    "given": [{"at": AT, "amount": 30.0}, {"at": "2026-11-22T09:00:00+00:00", "amount": None}],
    "caps": {"clinic_visit": CAP, "clinic_week": CAP | {"most": 120.0}, "peak": None,
             "clinic_course": CAP | {"most": None}, "prescriber_visit": CAP | {"most": 40.0}},
}  # fmt: skip


def test_a_plan_is_read_back_from_what_is_written_of_it():
    dose = read_planned(FULL)
    assert dose.given is not None
    assert dose.given[0] == Given(at=datetime(2026, 11, 20, 9, tzinfo=UTC), amount=30.0)
    assert dose.given[1].amount is None
    assert json.loads(json.dumps(planned_wire(dose))) == FULL
    assert read_planned(planned_wire(dose)) == dose


@pytest.mark.parametrize("given", [None, []])
def test_not_known_is_not_the_same_as_none_given(given):
    dose = read_planned(PLAN | {"given": given})
    assert dose.given == (None if given is None else ())
    assert planned_wire(dose)["given"] == given


def test_what_a_plan_leaves_out_is_not_known_and_never_a_number():
    dose = read_planned(PLAN)
    assert (dose.amount, dose.over, dose.given) == (None, None, None)
    assert (dose.predicted, dose.on_hand, dose.caps) == (None, None, Caps())
    assert dose == PlannedDose(protocol=PLAN["protocol"], phase="course")
    caps = (dose.caps.clinic_visit, dose.caps.clinic_week, dose.caps.clinic_course,
            dose.caps.prescriber_visit, dose.caps.peak)  # fmt: skip
    assert caps == (None,) * 5
    assert Cap(set_by="Practice Director", reason="none is wanted").most is None


SMALL = 1e-6
MORE = "an amount or a time is more than nothing"
BAND = "a band has a low, a median and a high end, of a dose above nothing"


@pytest.mark.parametrize("key", ["amount", "over", "on_hand"])
@pytest.mark.parametrize("number", [0.0, -1.0])
def test_an_amount_or_a_time_is_more_than_nothing(key, number):
    assert getattr(read_planned(PLAN | {key: SMALL}), key) == SMALL
    with pytest.raises(ContractError, match=MORE):
        read_planned(PLAN | {key: number})


@pytest.mark.parametrize("key", ["amount", "over", "on_hand"])
@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_what_is_no_finite_number_is_refused(key, number):
    with pytest.raises(ContractError, match=r"finite number|more than nothing"):
        read_planned(PLAN | {key: number})


@pytest.mark.parametrize("amount", [0.0, -1.0])
def test_a_dose_that_was_given_is_more_than_nothing(amount):
    assert Given(at=datetime(2026, 1, 1, tzinfo=UTC), amount=SMALL).amount == SMALL
    with pytest.raises(ContractError, match="a dose that was given is more than nothing"):
        read_planned(PLAN | {"given": [{"at": AT, "amount": amount}]})


@pytest.mark.parametrize(
    ("told", "says"),
    [
        pytest.param({"set_by": ""}, "a cap, and the lack of one, has a name and a reason",
                     id="no name"),
        pytest.param({"reason": " "}, "a cap, and the lack of one, has a name and a reason",
                     id="no reason"),
        pytest.param({"most": None, "set_by": ""}, "a cap, and the lack of one, has a name",
                     id="none set, and nobody says who"),
        pytest.param({"most": 0.0}, "a cap is more than nothing: to give nothing, plan nothing",
                     id="nothing"),
        pytest.param({"most": -1.0}, "a cap is more than nothing", id="less than nothing"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("whose", ["clinic_visit", "peak"])
def test_a_cap_is_more_than_nothing_and_somebody_s(whose, told, says):
    assert getattr(read_planned(PLAN | {"caps": {whose: CAP | {"most": SMALL}}}).caps, whose)
    with pytest.raises(ContractError, match=says):
        read_planned(PLAN | {"caps": {whose: CAP | told}})


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"amount": 0.0}, id="of no dose"),
        pytest.param({"low": 0.0}, id="its low end is nothing"),
        pytest.param({"low": 0.21}, id="the low end above the median"),
        pytest.param({"median": 0.31}, id="the median above the high end"),
    ],
)
def test_a_predicted_band_runs_upwards(told):
    with pytest.raises(ContractError, match=BAND):
        read_planned(PLAN | {"predicted": PEAK | told})


@pytest.mark.parametrize(
    "told", [{"low": 0.2}, {"high": 0.2}, {"amount": SMALL}, {"low": SMALL}, {"over": 0.0}]
)
def test_a_predicted_band_may_touch_its_median(told):
    found = read_planned(PLAN | {"predicted": PEAK | told}).predicted
    assert found is not None
    assert {key: getattr(found, key) for key in told} == told


def test_what_is_no_plan_is_refused_with_what_is_expected_and_where_it_fails():
    with pytest.raises(ContractError) as refused:
        read_planned(PLAN | {"amount": "35"})
    assert str(refused.value).startswith(
        "dose: expected a protocol, a phase, an amount, what was given and the caps,"
        " got 'something else'. dose, amount: expected "
    )
    with pytest.raises(ContractError, match=r"dose, phase: .*required"):
        read_planned({"protocol": "iv_depression_2026_01"})
