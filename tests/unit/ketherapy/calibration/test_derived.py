import numpy as np
import pytest

from ketherapy.calibration import derived
from ketherapy.errors import ContractError
from ketherapy.pharmacology.effects import catalog, observed


def finding(model, name, draws=200, seed=1):
    found = derived.findings(model, draws=draws, seed=seed)
    return next(one for one in found if one.name == name)


@pytest.mark.parametrize(
    ("model", "name", "printed", "digit"),
    [
        pytest.param("nmda_block", "IC50_S", 862, 0.5, id="IC50 of S-ketamine"),
        pytest.param("nmda_block", "IC50_R", 4023, 0.5, id="IC50 of R-ketamine"),
        pytest.param("nmda_block", "IC50_SN", 5150, 5, id="IC50 of S-norketamine"),
        pytest.param("nmda_block", "IC50_RN", 39400, 50, id="IC50 of R-norketamine"),
        pytest.param("pressure", "s_CO", 0.14, 0.005, id="slope of cardiac output"),
        pytest.param("pressure", "noise_SBP", 5.2, 0.05, id="noise of systolic pressure"),
        pytest.param("pressure", "noise_DBP", 4.2, 0.05, id="noise of diastolic pressure"),
        pytest.param("pressure", "max_sd_SBP", 19, 0.5, id="SD of systolic maxima"),
        pytest.param("pressure", "max_sd_DBP", 14.5, 0.05, id="SD of diastolic maxima"),
        pytest.param("pressure", "placebo_max_sd_DBP", 10.7, 0.05, id="the same on placebo"),
        pytest.param("dissociation", "scale", 45, 0.5, id="scale of dissociation"),
        pytest.param("chronic_pain", "C50", 10.5, 0.05, id="C50 of chronic pain"),
        pytest.param("respiration", "C_doubling", 127, 0.5, id="doubling of remifentanil"),
    ],
)
def test_a_rule_gives_the_number_the_dossier_prints(model, name, printed, digit):
    assert abs(finding(model, name).estimate - printed) <= digit


@pytest.mark.parametrize("model", derived.derived_models())
def test_every_shipped_number_agrees_with_its_derivation(model):
    found = derived.findings(model, draws=50, seed=1)
    assert [one.name for one in found if not one.agrees] == []


@pytest.mark.parametrize("model", derived.derived_models())
def test_every_number_is_derived_or_said_to_be_a_convention(model):
    found = derived.findings(model, draws=50, seed=1)
    assert {one.name for one in found} == set(catalog.effect(model).printed)
    unknown = [one for one in found if one.estimate is None]
    assert all(one.identifiability == derived.NOT_IDENTIFIABLE for one in unknown)


def test_every_effect_but_mood_has_derivations():
    assert set(derived.derived_models()) | {"mood"} == {one.id for one in catalog.effects()}


def test_a_printed_interval_comes_back_as_the_interval_of_what_only_copies_it():
    found = finding("chronic_pain", "t_half_ke0", draws=20_000)
    # 5.3 to 20.5 days is 95 %; 90 % of the same normal on the logarithm, around 10.9
    ends = 10.9 * np.exp(np.array([-1.0, 1.0]) * np.log(20.5 / 5.3) * 1.645 / 3.92)
    np.testing.assert_allclose([found.low, found.high], ends, rtol=0.03)


def test_how_people_differ_is_not_how_well_a_median_is_known():
    found = finding("respiration", "C_doubling")
    assert (found.sd, found.low, found.high) == (None, None, None)
    assert found.agrees
    # row P220 prints the interquartile range
    given = derived.derivations().models["respiration"]["C_doubling"].inputs["printed"]
    assert "interquartile" in observed.row(given.row).locator.lower()
    assert (given.kind, given.low, given.high) == ("people", 84, 191)


def test_the_same_seed_gives_the_same_interval_and_another_another():
    first, again, other = (finding("dissociation", "scale", seed=s) for s in (1, 1, 2))
    assert first == again
    assert first.low != other.low


def test_mood_is_not_derived_by_rule():
    with pytest.raises(ContractError, match="fitted"):
        derived.findings("mood", draws=10, seed=1)
