"""Slips: each check below, at and above its limit, with nothing, and with what is no number."""

from dataclasses import replace

import pytest

from ketherapy.dosing.findings import Severity
from ketherapy.dosing.likeness import limits
from ketherapy.dosing.products import product, products
from ketherapy.dosing.slips import (
    Order,
    Setting,
    Span,
    device_slips,
    order_slips,
    pump_slips,
    syringe_slips,
)
from ketherapy.sources import Status

TEN, FIFTY, HUNDRED = (product(f"ketamine_{mg_per_ml}") for mg_per_ml in (10, 50, 100))
ML1, ML3, ML5, ML10, ML50 = products().syringes
SPRAY = product("esketamine_28")
HOLD, BLOCK = Severity.HOLD, Severity.BLOCK
# 80 kg, 0.5 to 0.75 mg/kg: 40 to 60 mg
ORDER = Order(dose=40.0, allowed=Span(low=0.5, high=0.75), is_per_kg=True, weight=80.0)
SETTING = Setting(
    dose=40.0, over=2.0 / 3.0, times=Span(low=2.0 / 3.0, high=1.0), bag=1000.0, total=0.04,
    rate=0.06,
)  # fmt: skip


def order(**changed):
    return order_slips(replace(ORDER, **changed))


def pump(**changed):
    return pump_slips(replace(SETTING, **changed))


def found(findings):
    return {one.rule: one.severity for one in findings}


@pytest.mark.parametrize(
    ("dose", "severity"),
    [
        pytest.param(8.0, BLOCK, id="a fifth of the lowest"),
        pytest.param(8.1, HOLD, id="little"),
        pytest.param(37.9, HOLD, id="below what rounding explains"),
        pytest.param(38.0, None, id="95 % of the lowest: rounded down"),
        pytest.param(40.0, None, id="the lowest"),
        pytest.param(60.0, None, id="the highest"),
        pytest.param(60.1, HOLD, id="above the highest: nothing explains that"),
        pytest.param(299.0, HOLD, id="much"),
        pytest.param(300.0, BLOCK, id="five times the highest"),
        pytest.param(0.0, BLOCK, id="nothing"),
        pytest.param(-40.0, BLOCK, id="less than nothing"),
        pytest.param(float("nan"), BLOCK, id="no number"),
        pytest.param(float("inf"), BLOCK, id="without end"),
    ],
)
def test_a_dose_lies_within_the_protocol(dose, severity):
    assert found(order(dose=dose)) == ({} if severity is None else {"slip.dose": severity})


def test_a_dose_outside_says_what_is_inside_and_what_it_looks_like():
    (finding,) = order(dose=600.0)
    assert finding.says == "The protocol does not give this dose to this person."
    assert (finding.observed, finding.limit) == ("600 mg", "40 mg to 60 mg")
    assert (finding.source, finding.status) == ("ketherapy", Status.CONVENTION)
    assert finding.resolves == (
        "Check dose, unit and weight. It looks like a decimal point, mistaken."
    )
    (finding,) = order(dose=61.0)
    assert finding.resolves == "Check dose, unit and weight."
    (finding,) = order(dose=0.75)
    assert finding.resolves.endswith("It looks like a number per kg and a whole one, mistaken.")


def test_a_dose_per_kg_needs_a_weight():
    for missing in ({"weight": None}, {"weight": None, "is_per_kg": False, "stated": 0.5}):
        (finding,) = order(**missing)
        assert (finding.rule, finding.severity) == ("slip.weight_missing", HOLD)
        assert finding.asks == ("weight",)


def test_a_fixed_dose_needs_none():
    fixed = {"allowed": Span(low=56.0, high=84.0), "is_per_kg": False}
    for weight in (None, 80.0):
        assert order(dose=84.0, weight=weight, **fixed) == ()
        assert found(order(dose=85.0, weight=weight, **fixed)) == {"slip.dose": HOLD}
        assert found(order(dose=840.0, weight=weight, **fixed)) == {"slip.dose": BLOCK}


@pytest.mark.parametrize(
    ("dose", "is_fine"), [(100.0, True), (95.0, True), (94.9, False), (100.1, False)]
)
def test_the_most_of_a_visit_caps_what_is_expected(dose, is_fine):
    # CRPS: 0.35 mg/kg/h for 4 h = 1.4 mg/kg, at most 100 mg; 80 kg would be 112 mg
    findings = order(dose=dose, allowed=Span(low=1.4, high=1.4), most=100.0)
    assert (findings == ()) == is_fine
    capped = order(dose=dose, allowed=Span(low=1.4, high=1.4), most=100.0, stated=1.4)
    assert ("slip.per_kg" in found(capped)) == (not 95.0 <= dose <= 105.0)


@pytest.mark.parametrize(
    ("stated", "is_fine"),
    [
        pytest.param(0.5, True, id="the same"),
        pytest.param(0.526, True, id="within 5 %: 42.08 mg"),
        pytest.param(0.527, False, id="above 5 %: 42.16 mg"),
        pytest.param(0.477, True, id="within 5 %: 38.16 mg"),
        pytest.param(0.476, False, id="below 5 %: 38.08 mg"),
        pytest.param(5.0, False, id="ten times"),
        pytest.param(0.0, False, id="nothing"),
        pytest.param(float("nan"), False, id="no number"),
        pytest.param(float("inf"), False, id="without end"),
    ],
)
def test_the_mg_are_the_mg_per_kg_beside_them(stated, is_fine):
    assert found(order(stated=stated)) == ({} if is_fine else {"slip.per_kg": BLOCK})


def test_mg_beside_other_mg_per_kg_name_both():
    (finding,) = order(stated=5.0)
    assert finding.observed == "40 mg beside 5 mg/kg, which is 400 mg"
    assert finding.resolves == "Correct what is wrong. It looks like a decimal point, mistaken."
    assert finding.says == "The mg are not the mg/kg beside them."
    assert finding.limit == "5 %"
    (finding,) = order(dose=0.5, stated=0.5)[1:]
    assert finding.resolves.endswith("a number per kg and a whole one, mistaken.")


@pytest.mark.parametrize(
    ("before", "is_fine"),
    [
        pytest.param((), True, id="a first visit"),
        pytest.param((40.0,), True, id="the same"),
        pytest.param((20.0,), True, id="twice the last"),
        pytest.param((19.9,), False, id="more than twice"),
        pytest.param((80.0,), True, id="half the last"),
        pytest.param((80.1,), False, id="less than half"),
        pytest.param((10.0, 20.0), True, id="twice the highest"),
        pytest.param((20.0, 10.0), True, id="of all, not of the latest"),
        pytest.param((100.0, 80.0), True, id="half the lowest"),
        pytest.param((0.0,), False, id="a last dose of nothing"),
        pytest.param((float("nan"),), False, id="no number"),
    ],
)
def test_a_dose_is_near_a_person_s_own_last_ones(before, is_fine):
    assert found(order(before=before)) == ({} if is_fine else {"slip.own_doses": HOLD})


def test_a_dose_far_from_the_last_ones_says_so():
    (finding,) = order(before=(5.0, 4.0))
    assert finding.observed == "40 mg after 4 mg to 5 mg"
    assert finding.resolves == "Look at the last visits. It looks like a decimal point, mistaken."
    assert finding.says == "The dose is far from this person's own last doses."
    assert finding.limit == "2 times above or below"
    assert finding.locator == limits().own_doses.locator


def test_all_that_is_wrong_with_an_order_is_said_at_once():
    assert found(order(dose=400.0, stated=0.5, before=(40.0,))) == {
        "slip.dose": BLOCK, "slip.per_kg": BLOCK, "slip.own_doses": HOLD,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dose", "volume_ml", "vial", "syringe", "is_fine"),
    [
        pytest.param(40.0, 0.8, FIFTY, ML1, True, id="dossier 1.2: 0.8 mL of 50 mg/mL"),
        pytest.param(40.0, 0.4, HUNDRED, ML1, True, id="dossier 1.2: 0.4 mL of 100 mg/mL"),
        pytest.param(40.0, 4.0, TEN, ML5, True, id="4 mL of 10 mg/mL"),
        pytest.param(35.675, 0.71, FIFTY, ML1, True, id="rounded down"),
        pytest.param(35.675, 0.72, FIFTY, ML1, False, id="rounded up"),
        pytest.param(35.675, 0.70, FIFTY, ML1, False, id="a mark too little"),
        pytest.param(40.0, 0.79, FIFTY, ML1, False, id="one whole mark too little"),
        pytest.param(40.0, 0.81, FIFTY, ML1, False, id="one mark too much"),
        pytest.param(42.0, 0.8, FIFTY, ML3, True, id="marks of another syringe"),
        pytest.param(0.4, 0.0, FIFTY, ML1, False, id="nothing for less than a mark"),
        pytest.param(40.0, float("nan"), FIFTY, ML1, False, id="no volume"),
        pytest.param(float("nan"), 0.8, FIFTY, ML1, False, id="no dose"),
        pytest.param(float("inf"), 0.8, FIFTY, ML1, False, id="without end"),
        pytest.param(95.0, 9.5, HUNDRED, ML10, False, id="95 mg that became 950 in a theatre"),
    ],
)
def test_a_syringe_holds_the_dose_rounded_down(dose, volume_ml, vial, syringe, is_fine):
    findings = syringe_slips(dose, volume_ml / 1000.0, vial=vial, syringe=syringe)
    assert found(findings) == ({} if is_fine else {"slip.syringe": BLOCK})


def test_the_vial_that_was_taken_for_another_is_named():
    # A published case: 950 mg instead of 95 mg, 100 mg/mL instead of 10 mg/mL (PSNet, 2021).
    (finding,) = syringe_slips(95.0, 0.0095, vial=HUNDRED, syringe=ML10)
    assert finding.says == "The syringe does not hold what was ordered."
    assert finding.observed == "9.5 mL of ketamine 100 mg/mL, vial of 5 mL hold 950 mg, for 95 mg"
    assert "It would fit ketamine 10 mg/mL, vial of 20 mL." in finding.resolves
    assert finding.resolves.startswith("Read the label and the volume again.")
    assert finding.resolves.endswith("It looks like a decimal point, mistaken.")
    # Another: 150 mg instead of 30 mg, 50 mg/mL taken for 10 mg/mL.
    (finding,) = syringe_slips(30.0, 0.003, vial=FIFTY, syringe=ML3)
    assert finding.resolves == (
        "Read the label and the volume again. It would fit ketamine 10 mg/mL, vial of 20 mL."
    )


def test_two_vials_that_would_fit_are_both_named():
    (finding,) = syringe_slips(1.0, 0.00002, vial=TEN, syringe=ML1)
    assert "It would fit ketamine 50 mg/mL, vial of 10 mL." in finding.resolves
    (finding,) = syringe_slips(59.0, 0.001, vial=TEN, syringe=ML50)
    assert "It would fit ketamine 50 mg/mL, vial of 10 mL." in finding.resolves
    (finding,) = syringe_slips(7.0, 0.008, vial=FIFTY, syringe=ML1)
    assert "fit" not in finding.resolves


@pytest.mark.parametrize(
    ("changed", "checks"),
    [
        pytest.param({}, [], id="as planned"),
        pytest.param({"rate": 0.063}, [], id="5 % faster"),
        pytest.param({"rate": 0.0631}, ["slip.pump_rate"], id="more than 5 % faster"),
        pytest.param({"rate": 0.057}, [], id="5 % slower"),
        pytest.param({"rate": 0.0569}, ["slip.pump_rate"], id="more than 5 % slower"),
        pytest.param({"rate": 0.6}, ["slip.pump_rate"], id="ten times the rate"),
        pytest.param({"rate": 0.001}, ["slip.pump_rate"], id="mL/min for mL/h"),
        pytest.param({"bag": 10000.0}, ["slip.bag", "slip.pump_rate"], id="the wrong label"),
        pytest.param({"total": 0.042}, [], id="5 % more in the bag"),
        pytest.param({"total": 0.0421}, ["slip.bag"], id="more than that"),
        pytest.param({"total": 0.4}, ["slip.bag"], id="ten times the fill"),
        pytest.param({"hourly": 60.0}, [], id="mg/h beside"),
        pytest.param({"hourly": 63.0}, [], id="5 % more"),
        pytest.param({"hourly": 63.1}, ["slip.hourly"], id="more than that"),
        pytest.param({"hourly": 0.75}, ["slip.hourly"], id="mg/kg/h for mg/h"),
        pytest.param({"hourly": 1.0}, ["slip.hourly"], id="mg/min for mg/h"),
        pytest.param({"hourly": 0.0}, ["slip.hourly"], id="nothing an hour"),
        pytest.param({"rate": float("nan")}, ["slip.pump_rate"], id="no rate"),
        pytest.param({"bag": float("nan")}, ["slip.bag", "slip.pump_rate"], id="no label"),
        pytest.param({"dose": 0.0}, ["slip.bag", "slip.pump_rate"], id="no dose"),
        pytest.param({"rate": 0.0}, ["slip.pump_rate"], id="a pump that stands"),
    ],
)  # fmt: skip
def test_every_way_to_the_dose_gives_the_dose(changed, checks):
    assert found(pump(**changed)) == dict.fromkeys(checks, BLOCK)


@pytest.mark.parametrize(
    ("changed", "says", "observed", "slip"),
    [
        ({"total": 0.4}, "What the bag holds", "400 mg", "a decimal point"),
        ({"rate": 0.001}, "What the pump gives in the time of the plan", "0.666667 mg",
         "minutes and hours"),
        ({"hourly": 0.75, "weight": 80.0}, "The dose per hour in the time of the plan", "0.5 mg",
         "a number per kg and a whole one"),
    ],
)  # fmt: skip
def test_a_contradiction_says_what_it_looks_like(changed, says, observed, slip):
    (finding,) = pump(**changed)
    assert finding.says == f"{says} does not come to the dose."
    assert finding.observed == f"{observed}, for 40 mg"
    assert finding.resolves == f"Correct what was typed. It looks like {slip}, mistaken."
    assert (finding.limit, finding.locator) == ("5 %", limits().agreement.locator)


@pytest.mark.parametrize(
    ("over_min", "is_fine"),
    [(39.9, False), (40.0, True), (60.0, True), (60.1, False), (0.0, False), (float("nan"), False)],
)
def test_a_dose_takes_the_time_of_the_protocol(over_min, is_fine):
    over = over_min / 60.0
    findings = pump(over=over, rate=0.04 / over if over > 0.0 else 0.06)
    assert ("slip.duration" in found(findings)) == (not is_fine)
    assert found(findings).get("slip.duration", HOLD) is HOLD


def test_forty_hours_for_forty_minutes():
    (finding,) = pump(over=40.0, rate=0.001)
    assert finding.observed == "over 2400 min"
    assert finding.says == "The protocol takes another time."
    assert finding.limit == "40 min to 60 min"
    assert finding.resolves == "Check the time and its unit."
    (finding,) = pump(over=40.0, rate=0.001, times=Span(low=2.0 / 3.0, high=2.0 / 3.0))
    assert finding.resolves.endswith("unit. It looks like minutes and hours, mistaken.")


@pytest.mark.parametrize(
    ("dose", "count", "is_fine"),
    [(56.0, 2, True), (84.0, 3, True), (28.0, 1, True), (84.0, 2, False), (56.0, 3, False),
     (28.0, 0, False), (0.0, 0, False), (float("nan"), 2, False)],
)  # fmt: skip
def test_devices_add_up_to_the_dose(dose, count, is_fine):
    assert found(device_slips(dose, count, SPRAY)) == ({} if is_fine else {"slip.devices": BLOCK})


def test_devices_that_do_not_add_up_are_counted():
    (finding,) = device_slips(84.0, 2, SPRAY)
    assert finding.observed == "2 devices hold 56 mg, for 84 mg"
    assert finding.says == "The devices do not add up to the dose."
    assert finding.resolves == "Count them, and read the dose again."
