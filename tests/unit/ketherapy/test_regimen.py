"""Regimens: what is given, when, by which route; and what is no dose."""

import math

import pytest

from ketherapy.errors import ContractError
from ketherapy.regimen import Dose, Drug, Regimen, Route, base_from_salt, dose_text, substances


def dose(amount=35.5, **parts) -> Dose:
    given = {"drug": Drug.KETAMINE, "route": Route.IV, **parts}
    return Dose(amount=amount, **given)


def test_a_dose_per_kg_is_that_dose_times_the_weight():
    per_kg = Dose.per_kg(0.5, weight=71.0, drug=Drug.KETAMINE, route=Route.IV, over=2 / 3)
    assert per_kg == dose(35.5, over=2 / 3)


def test_a_dose_per_kg_needs_a_weight():
    with pytest.raises(ContractError, match="weight: expected a body weight"):
        Dose.per_kg(0.5, weight=None, drug=Drug.KETAMINE, route=Route.IV)


@pytest.mark.parametrize("weight", [0.0, -71.0, math.nan, math.inf])
def test_a_weight_is_a_finite_number_above_zero(weight):
    with pytest.raises(ContractError, match="weight"):
        Dose.per_kg(0.5, weight=weight, drug=Drug.KETAMINE, route=Route.IV)


@pytest.mark.parametrize("amount", [0.0, -35.0, math.nan, math.inf])
def test_an_amount_is_a_finite_number_above_zero(amount):
    with pytest.raises(ContractError, match="dose: expected more than zero"):
        dose(amount)


@pytest.mark.parametrize("over", [-1.0, math.nan, math.inf])
def test_a_duration_is_finite_and_not_negative(over):
    with pytest.raises(ContractError, match="duration"):
        dose(over=over)


@pytest.mark.parametrize("at", [math.nan, math.inf])
def test_a_start_is_finite(at):
    with pytest.raises(ContractError, match="start"):
        dose(at=at)


def test_devices_are_counted_from_one():
    with pytest.raises(ContractError, match="Count from one"):
        dose(device=0)


def test_the_smallest_amount_is_a_dose():
    assert dose(5e-324).amount > 0


@pytest.mark.parametrize(
    ("salt", "base"),
    [
        pytest.param(32.3, 28.0, id="one Spravato device, from its label"),
        pytest.param(11.53, 10.0, id="1 mL of Ketalar 10 mg/mL"),
        pytest.param(57.7, 50.0, id="one oral thin film"),
    ],
)
def test_a_salt_is_converted_to_base_as_the_labels_print_it(salt, base):
    # The labels round to three figures.
    assert base_from_salt(salt) == pytest.approx(base, rel=1e-3)


def test_the_salt_factor_agrees_with_the_molar_masses():
    masses = substances()
    ratio = masses["ketamine"]["molar_mass"].value
    ratio /= masses["ketamine_hydrochloride"]["molar_mass"].value
    assert base_from_salt(1.0) == pytest.approx(ratio, rel=1e-3)


def test_the_salt_factor_is_computed_from_one_device():
    factor = substances()["ketamine_hydrochloride"]["base_fraction"]
    assert (factor.value, factor.status) == (pytest.approx(28.0 / 32.3, abs=5e-4), "derived")


def test_every_molar_mass_is_in_g_per_mol():
    # Its plain number is used: 1 nmol/mL of 1 g/mol is 1 ng/mL.
    assert {entry["molar_mass"].unit for entry in substances().values()} == {"g/mol"}


def test_an_infusion_with_rate_steps_gives_rate_times_time():
    # 0.14, 0.28 and 0.57 mg/kg/h for an hour each at 70 kg: 0.99 mg/kg, 69.3 mg.
    rates = [(9.8, 1.0), (19.6, 1.0), (39.9, 1.0)]
    regimen = Regimen.steps(rates, drug=Drug.ESKETAMINE)
    assert regimen.total == pytest.approx(69.3, rel=1e-12)


def test_rate_steps_follow_each_other():
    regimen = Regimen.steps([(10.0, 1.0), (20.0, 0.5)], drug=Drug.KETAMINE, at=2.0)
    assert regimen.edges == (2.0, 3.0, 3.5)


def test_a_rate_of_zero_is_a_pause():
    regimen = Regimen.steps([(10.0, 1.0), (0.0, 2.0), (10.0, 1.0)], drug=Drug.KETAMINE)
    assert [step.at for step in regimen.doses] == [0.0, 3.0]


@pytest.mark.parametrize("step", [(-1.0, 1.0), (math.nan, 1.0), (10.0, 0.0), (10.0, -1.0)])
def test_a_rate_step_that_cannot_be_is_refused(step):
    with pytest.raises(ContractError, match="rate"):
        Regimen.steps([step], drug=Drug.KETAMINE)


def test_steps_that_give_nothing_are_no_regimen():
    with pytest.raises(ContractError, match="at least one dose"):
        Regimen.steps([(0.0, 1.0)], drug=Drug.KETAMINE)


def test_devices_are_numbered_and_stand_apart():
    spray = Regimen.devices(28.0, 3, drug=Drug.ESKETAMINE, apart=5 / 60)
    assert [(d.device, d.at) for d in spray.doses] == [(1, 0.0), (2, 5 / 60), (3, 10 / 60)]


def test_three_devices_are_84_mg():
    assert Regimen.devices(28.0, 3, drug=Drug.ESKETAMINE, apart=5 / 60).total == 84.0


@pytest.mark.parametrize(("count", "apart"), [(0, 0.1), (-1, 0.1), (2, -0.1), (2, math.nan)])
def test_devices_that_cannot_be_are_refused(count, apart):
    with pytest.raises(ContractError, match="devices"):
        Regimen.devices(28.0, count, drug=Drug.ESKETAMINE, apart=apart)


def test_a_repeated_regimen_comes_again_at_the_interval():
    regimen = Regimen.of(dose(over=2 / 3)).repeated(3, every=48.0)
    assert [d.at for d in regimen.doses] == [0.0, 48.0, 96.0]


@pytest.mark.parametrize(("count", "every"), [(0, 24.0), (2, 0.0), (2, -1.0), (2, math.inf)])
def test_repeats_that_cannot_be_are_refused(count, every):
    with pytest.raises(ContractError, match=r"repeats|interval"):
        Regimen.of(dose()).repeated(count, every=every)


def test_a_regimen_needs_a_dose():
    with pytest.raises(ContractError, match="at least one dose"):
        Regimen.of()


def test_a_regimen_has_one_drug():
    with pytest.raises(ContractError, match="one drug"):
        Regimen.of(dose(), dose(drug=Drug.ESKETAMINE))


def test_two_doses_may_share_an_instant():
    both = Regimen.of(dose(10.0)) + Regimen.of(dose(20.0))
    assert (both.total, both.edges) == (30.0, (0.0,))


def test_edges_are_every_start_and_end_in_order():
    regimen = Regimen.of(dose(at=1.0, over=2.0), dose(over=2.0))
    assert regimen.edges == (0.0, 1.0, 2.0, 3.0)


def test_later_moves_start_and_end_together():
    moved = dose(at=1.0, over=0.5).later(24.0)
    assert (moved.at, moved.ends) == (25.0, 25.5)


def test_a_dose_reads_as_a_person_says_it():
    assert dose_text(dose(35.5, over=2 / 3)) == "ketamine 35.5 mg iv over 40 min"


def test_amounts_of_substances_are_known_with_source():
    # Molar masses as printed by Simons 2022 and the Spravato label.
    printed = {"ketamine": 237.73, "norketamine": 223.70, "hydroxynorketamine": 239.70}
    printed["ketamine_hydrochloride"] = 274.2
    assert {name: entry["molar_mass"].value for name, entry in substances().items()} == printed
