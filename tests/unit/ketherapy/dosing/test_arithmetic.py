"""Arithmetic: the printed examples, what is refused, what blocks at, below and above a limit."""

from dataclasses import replace

import pytest

from ketherapy import units
from ketherapy.dosing.arithmetic import (
    Infusion,
    Injection,
    Vein,
    infusion,
    injection,
    push,
    spraying,
)
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.products import product, products
from ketherapy.dosing.version import Jurisdiction
from ketherapy.errors import ContractError
from ketherapy.sources import Status

TEN, FIFTY, HUNDRED = (product(f"ketamine_{mg_per_ml}") for mg_per_ml in (10, 50, 100))
SPRAY = product("esketamine_28")
MINUTE, ML = 1.0 / 60.0, 0.001
USUAL = {"weight": 80.0, "vial": FIFTY, "bag": 1000.0, "vein": Vein.PERIPHERAL}


def pumped(dose=40.0, over=40.0 * MINUTE, **changed) -> Infusion:
    return infusion(dose, over, **{**USUAL, **changed})


def pushed(dose=10.0, over=MINUTE, **changed) -> Injection:
    return push(dose, over, **{"weight": 80.0, "vial": FIFTY, "diluent": 0.0, **changed})


def said(plan) -> dict[str, tuple[str, str]]:
    return {step.what: (step.formula, step.result) for step in plan.steps}


def found(plan) -> dict[str, Severity]:
    return {one.rule: one.severity for one in plan.findings}


def is_stopped(plan) -> bool:
    return any(one.stops for one in plan.findings)


def whose(finding):
    return finding.limit, finding.source, finding.status, finding.jurisdiction


EQUAL = "1 mL of diluent to each mL, at least"
SMALL_VEIN = {"preparation.small_vein": Severity.CAUTION}
ANAESTHETIC = {"preparation.anaesthetic": Severity.BLOCK}
US, CLINIC = Jurisdiction.US, Jurisdiction.CLINIC


# Dossier 1.2: 80 kg, 0.5 mg/kg in 40 min, by hand.
def test_the_printed_example_of_an_infusion():
    plan = pumped()
    assert plan.drawn.amount == 40.0
    assert plan.drawn.volume == 0.8 * ML
    assert plan.drawn.vials == 1
    assert (plan.bag, plan.vial) == (1000.0, FIFTY)
    assert plan.total == 40.0 * ML
    assert plan.diluent == 0.0392
    assert plan.rate == 60.0 * ML
    assert plan.over == pytest.approx(40.0 * MINUTE)
    assert plan.findings == ()


def test_every_step_of_it_can_be_checked_by_hand():
    assert said(pumped()) == {
        "volume of the dose": ("40 mg ÷ 50 mg/mL", "0.8 mL"),
        "volume to draw": ("rounded down to a mark of a 1 mL syringe (every 0.01 mL)", "0.8 mL"),
        "dose drawn": ("0.8 mL × 50 mg/mL", "40 mg"),
        "lost by rounding": ("40 mg - 40 mg", "0 mg, 0 %"),
        "vials": ("0.8 mL of 10 mL in each, rounded up", "1"),
        "fill up to": ("40 mg ÷ 1 mg/mL", "40 mL"),
        "diluent": ("40 mL - 0.8 mL", "39.2 mL"),
        "dose per hour": ("40 mg ÷ 40 min × 60 min/h", "60 mg/h"),
        "pump rate": ("60 mg/h ÷ 1 mg/mL, rounded down to a step of 0.1 mL/h", "60 mL/h"),
        "time at this rate": ("40 mL ÷ 60 mL/h × 60 min/h", "40 min"),
        "for each kg": ("40 mg ÷ 80 kg", "0.5 mg/kg"),
        "for each kg and hour": ("0.5 mg/kg ÷ 40 min × 60 min/h", "0.75 mg/kg/h"),
        "for each kg and minute": ("0.75 mg/kg/h × 1000 mcg/mg ÷ 60 min/h", "12.5 mcg/kg/min"),
    }


def test_what_rounding_took_is_said_in_mg_and_per_cent():
    # 71.35 kg x 0.5 mg/kg = 35.675 mg = 0.35675 mL of 100 mg/mL; 0.675 of 35.675 is 1.89 %
    plan = pumped(35.675, weight=71.35, vial=HUNDRED, bag=5000.0)
    assert said(plan)["lost by rounding"] == ("35.675 mg - 35 mg", "0.675 mg, 1.89 %")
    assert (plan.drawn.volume, plan.total, plan.diluent) == (0.00035, 0.007, 0.00665)
    assert plan.rate == pytest.approx(10.5 * ML)
    assert said(plan)["for each kg"] == ("35 mg ÷ 71.35 kg", "0.49054 mg/kg")


def test_the_pump_is_never_set_faster_than_was_wanted():
    # 37 mL in 40 min are 55.5 mL/h; in 41 min 54.146..., set to 54.1: 37 / 54.1 h = 41.0351 min
    assert pumped(37.0).rate == 55.5 * ML
    plan = pumped(37.0, over=41.0 * MINUTE)
    assert plan.rate == 54.1 * ML
    assert plan.over == pytest.approx(37.0 / 54.1)
    assert said(plan)["time at this rate"] == ("37 mL ÷ 54.1 mL/h × 60 min/h", "41.0351 min")
    assert said(plan)["for each kg and hour"][0] == "0.4625 mg/kg ÷ 41.0351 min × 60 min/h"
    assert said(plan)["pump rate"][0].startswith("54.1463 mg/h ÷ 1 mg/mL")


def test_a_chosen_syringe_is_obeyed():
    _, ml3, *_ = products().syringes
    assert pumped(42.0, syringe=ml3).drawn.amount == 40.0
    assert pushed(42.0, syringe=ml3).drawn.amount == 40.0
    assert injection(42.0, FIFTY, ml3).drawn.amount == 40.0


@pytest.mark.parametrize("bag", [1000.0, 2000.0, 5000.0, 10000.0])
def test_the_known_bags_and_no_other(bag):
    assert pumped(bag=bag).total == pytest.approx(40.0 / bag)
    for other in (bag * 1.01, bag * 0.99):
        with pytest.raises(ContractError) as refused:
            pumped(bag=other)
        assert str(refused.value) == (
            "concentration of the bag: expected one of 1 mg/mL, 2 mg/mL, 5 mg/mL, 10 mg/mL, not"
            f" above that of the vial, got '{other / 1000.0:g} mg/mL'. Choose one of these; no"
            " other is prepared."
        )


def test_a_bag_is_not_stronger_than_its_vial():
    weak = replace(FIFTY, concentration=replace(FIFTY.concentration, value=5.0))
    assert pumped(vial=weak, bag=5000.0).diluent == 0.0
    with pytest.raises(ContractError, match="not above that of the vial, got '10 mg/mL'"):
        pumped(vial=weak, bag=10000.0)


@pytest.mark.parametrize(
    ("bag", "vein", "expected"),
    [
        pytest.param(1000.0, Vein.PERIPHERAL, {}, id="below"),
        pytest.param(2000.0, Vein.PERIPHERAL, {}, id="at the limit: the row says 'above'"),
        pytest.param(
            5000.0, Vein.PERIPHERAL, {"preparation.small_vein": Severity.CAUTION}, id="above"
        ),
        pytest.param(5000.0, Vein.CENTRAL, {}, id="a central line"),
    ],
)
def test_a_strong_bag_in_a_small_vein_is_cautioned_about(bag, vein, expected):
    assert found(pumped(bag=bag, vein=vein)) == expected


def test_the_caution_says_what_and_what_instead():
    plan = pumped(bag=5000.0)
    (finding,) = plan.findings
    assert finding.says == "Into a peripheral vein 2 mg/mL or weaker is preferred."
    assert finding.observed == "5 mg/mL into a peripheral vein"
    assert finding.resolves == "A weaker bag, or a central line."
    assert whose(finding) == ("2 mg/mL", "ketherapy", Status.CONVENTION, CLINIC)
    assert finding.locator == products().into_a_vein.peripheral_most.locator
    assert not is_stopped(plan)


def test_the_weakest_vial_is_given_as_it_is():
    assert found(pumped(vial=TEN, bag=10000.0, vein=Vein.CENTRAL)) == {}
    plan = pumped(vial=TEN, bag=1000.0)
    assert found(plan) == {"preparation.weak_vial": Severity.CAUTION}
    (finding,) = plan.findings
    assert finding.observed == "ketamine 10 mg/mL, vial of 20 mL with 36 mL of diluent"
    assert finding.says == "The 10 mg/mL injection should not be diluted."
    assert finding.resolves == "A stronger vial, or this one as it is."
    assert whose(finding) == (
        "no diluent", "injectables_handbook", Status.SECONDARY, Jurisdiction.CONSENSUS,
    )  # fmt: skip
    assert finding.locator == "ketamine hydrochloride: products"


@pytest.mark.parametrize(
    ("diluent_ml", "severity"),
    [
        pytest.param(0.0, Severity.BLOCK, id="undiluted"),
        pytest.param(0.09, Severity.BLOCK, id="less than an equal volume"),
        pytest.param(0.1, Severity.INFO, id="an equal volume"),
        pytest.param(0.2, Severity.INFO, id="more"),
    ],
)
def test_the_concentrate_enters_no_vein_undiluted(diluent_ml, severity):
    plan = pushed(vial=HUNDRED, diluent=diluent_ml * ML)
    assert found(plan) == {"preparation.concentrate": severity}
    assert is_stopped(plan) == (severity is Severity.BLOCK)
    (finding,) = plan.findings
    assert finding.says == "A concentrate enters a vein only diluted, and is used at once."
    assert whose(finding) == (EQUAL, "ketalar_uspi", Status.VERIFIED, US)
    assert finding.observed == (
        f"0.1 mL of ketamine 100 mg/mL, vial of 5 mL with {diluent_ml:g} mL of diluent"
    )
    assert finding.resolves == "At least 0.1 mL of diluent."


def test_a_bag_from_the_concentrate_is_used_at_once():
    plan = pumped(vial=HUNDRED)
    assert found(plan) == {"preparation.concentrate": Severity.INFO}
    assert "with 39.6 mL of diluent" in plan.findings[0].observed


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(59.0, {"preparation.push": Severity.BLOCK}, id="faster"),
        pytest.param(60.0, {}, id="at the limit: no faster than 60 s"),
        pytest.param(61.0, {}, id="slower"),
    ],
)
def test_a_push_takes_a_minute(seconds, expected):
    plan = pushed(over=units.convert(seconds, "s", to="h"))
    assert found(plan) == expected
    for finding in plan.findings:
        assert finding.says == "A push into a vein takes 60 s or more."
        assert finding.observed == "pushed over 59 s"
        assert finding.resolves == "Give it more slowly."
        assert whose(finding) == ("60 s", "ketalar_dosing_copy", Status.VERIFIED, US)
        assert finding.locator == "section 2: slowly, over 60 seconds"


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        pytest.param(69.0, {}, id="below"),
        pytest.param(70.0, ANAESTHETIC, id="at 1 mg/kg"),
        pytest.param(75.0, ANAESTHETIC, id="above"),
    ],
)
def test_a_bolus_of_1_mg_per_kg_is_an_anaesthetic(dose, expected):
    assert found(pushed(dose, weight=70.0)) == expected


def test_the_wanted_dose_counts_and_not_what_rounding_left():
    plan = pushed(70.3, weight=70.3, vial=FIFTY)
    assert plan.drawn.amount == 70.0
    assert found(plan) == ANAESTHETIC
    (finding,) = plan.findings
    assert finding.says == "From 1 mg/kg a bolus into a vein is an anaesthetic."
    assert finding.observed == "a bolus of 1 mg/kg"
    assert finding.resolves == "Check dose, weight and time."
    assert whose(finding) == ("1 mg/kg", "ketalar_dosing_copy", Status.VERIFIED, US)


@pytest.mark.parametrize(
    ("minutes", "dose", "expected"),
    [
        pytest.param(9.0, 80.0, ANAESTHETIC, id="a bolus by its time"),
        pytest.param(9.0, 79.0, {}, id="a small one"),
        pytest.param(10.0, 80.0, {}, id="at the limit: an infusion"),
        pytest.param(11.0, 80.0, {}, id="an infusion"),
    ],
)
def test_a_very_short_infusion_is_counted_as_a_bolus(minutes, dose, expected):
    assert found(pumped(dose, over=minutes * MINUTE)) == expected


def test_every_finding_is_returned_at_once():
    plan = pushed(100.0, over=0.5 * MINUTE, vial=HUNDRED)
    assert found(plan) == {
        "preparation.push": Severity.BLOCK,
        "preparation.anaesthetic": Severity.BLOCK,
        "preparation.concentrate": Severity.BLOCK,
    }
    assert set(found(pushed(vial=TEN, diluent=ML))) == {"preparation.weak_vial"}
    assert found(pushed(vial=TEN)) == {}


def test_the_steps_of_a_push():
    steps = said(pushed(diluent=0.8 * ML))
    assert steps["diluent"] == ("as ordered", "0.8 mL")
    assert steps["in the syringe"] == ("0.2 mL + 0.8 mL", "1 mL")
    assert steps["for each kg"] == ("10 mg ÷ 80 kg", "0.125 mg/kg")
    assert steps["volume to draw"][1] == "0.2 mL"
    plan = pushed(diluent=0.8 * ML)
    assert (plan.diluent, plan.over, plan.vial) == (0.8 * ML, MINUTE, FIFTY)


def test_an_injection_into_a_muscle_is_drawn_and_given_at_once():
    plan = injection(40.0, HUNDRED)
    assert (plan.drawn.volume, plan.diluent, plan.over) == (0.4 * ML, 0.0, 0.0)
    assert (plan.vial, plan.findings) == (HUNDRED, ())
    assert list(said(plan)) == [
        "volume of the dose", "volume to draw", "dose drawn", "lost by rounding", "vials",
    ]  # fmt: skip


@pytest.mark.parametrize("none", [0.0, -1.0, float("nan"), float("inf")])
@pytest.mark.parametrize(
    ("plan", "name", "what"),
    [
        (pumped, "dose", r"dose \[mg\]: expected more than zero, such as 40,"),
        (pumped, "over", r"duration \[h\]: expected more than zero, such as 0\.5,"),
        (pumped, "weight", r"weight \[kg\]: expected more than zero, such as 71,"),
        (pumped, "bag", r"concentration of the bag"),
        (pushed, "dose", r"dose \[mg\]"),
        (pushed, "over", r"duration \[h\]"),
        (pushed, "weight", r"weight \[kg\]"),
    ],
)
def test_what_is_no_number_makes_no_plan(none, plan, name, what):
    with pytest.raises(ContractError, match=rf"^{what}"):
        plan(**{name: none})


@pytest.mark.parametrize("diluent", [-0.001, float("nan"), float("inf")])
def test_a_diluent_is_none_or_some(diluent):
    with pytest.raises(ContractError, match=r"^diluent \[L\]: .* such as 0\.001, or zero, got"):
        pushed(diluent=diluent)


def test_a_pump_that_cannot_run_so_slowly_is_not_set_to_nothing():
    assert pumped(1.0, over=10.0, bag=1000.0).rate == 0.1 * ML
    with pytest.raises(ContractError) as refused:
        pumped(1.0, over=12.5, bag=1000.0)
    assert str(refused.value) == (
        "pump rate: expected at least 0.1 mL/h, got '0.08 mL/h'. Choose a weaker bag or a shorter"
        " time; nothing is rounded to none."
    )


@pytest.mark.parametrize(
    ("dose", "starts_min", "ends_min"),
    [
        pytest.param(28.0, [0.0], 5.0, id="PR-007: 1 device"),
        pytest.param(56.0, [0.0, 5.0], 10.0, id="PR-062: 2 devices"),
        pytest.param(84.0, [0.0, 5.0, 10.0], 15.0, id="PR-062: 3 devices, 15 min (PR-001)"),
    ],
)
def test_devices_are_given_five_minutes_apart(dose, starts_min, ends_min):
    plan = spraying(dose, SPRAY, at=2.0)
    assert [60.0 * (t - 2.0) for t in plan.starts] == pytest.approx(starts_min)
    assert 60.0 * (plan.ends - 2.0) == pytest.approx(ends_min)
    assert spraying(dose, SPRAY).starts[0] == 0.0
    assert (plan.amount, plan.spray) == (dose, SPRAY)
    assert found(plan) == {"preparation.label": Severity.INFO}
    (finding,) = plan.findings
    assert finding.says == SPRAY.stale
    assert finding.observed == SPRAY.name
    assert finding.resolves == "A look at the current label."
    assert whose(finding) == ("28 mg", "jnj_partial_dose", Status.VERIFIED, US)


def test_the_steps_of_a_spray():
    assert said(spraying(84.0, SPRAY)) == {
        "devices": ("84 mg ÷ 28 mg", "3"),
        "sprays": ("3 × 2", "6"),
        "from the first device to the end of the last rest": ("3 × 5 min", "15 min"),
    }


@pytest.mark.parametrize("dose", [1.0, 27.9, 42.0, 55.9, 56.1, 85.0, 5.6, 0.84])
def test_a_device_is_given_whole(dose):
    with pytest.raises(ContractError) as refused:
        spraying(dose, SPRAY)
    assert str(refused.value) == (
        f"dose [mg]: expected a whole number of devices of 28 mg, got {dose}. A device is given"
        " whole: choose a dose that is."
    )


@pytest.mark.parametrize("dose", [0.0, -28.0, float("nan")])
def test_no_device_is_no_plan(dose):
    with pytest.raises(ContractError, match=r"more than zero, such as 56,"):
        spraying(dose, SPRAY)


@pytest.mark.parametrize(("dose", "is_blocked"), [(84.0, False), (112.0, True), (560.0, True)])
def test_more_than_three_devices_are_blocked(dose, is_blocked):
    plan = spraying(dose, SPRAY)
    assert is_stopped(plan) == is_blocked
    if is_blocked:
        finding = plan.findings[0]
        assert (finding.rule, finding.severity) == ("preparation.devices", Severity.BLOCK)
        assert finding.says == "At most 3 devices are given in one visit."
        assert finding.observed == f"{dose / 28.0:g} devices"
        assert finding.resolves == "Check the dose in mg."
        assert whose(finding) == ("3 devices", "jnj_partial_dose", Status.VERIFIED, US)
