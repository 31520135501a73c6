import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import models, published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.interactions import Kind, interactions
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import scope
from ketherapy.simulation.effects.scope import Asked
from ketherapy.sources import Status

PRESSURE, PAIN = catalog.effect("pressure"), catalog.effect("acute_pain")
S = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=17.5, over=0.7))


@pytest.mark.parametrize(("level", "is_above"), [(0.0, False), (0.32, False), (0.3201, True)])
def test_the_end_of_the_range_is_inside_it(level, is_above):
    assert scope.is_above(PRESSURE, level) is is_above
    assert (scope.too_high(PRESSURE, level) is not None) is is_above


def test_beyond_is_refused_only_where_the_file_says_so():
    assert scope.too_high(PAIN, 5.0) is None
    assert scope.is_above(PAIN, 5.0)
    assert scope.too_high(catalog.effect("nmda_block"), 5.0) is None


def test_a_refusal_shows_levels_in_the_unit_of_the_file():
    assert str(scope.too_high(PRESSURE, 0.4)).startswith(
        "Pressure, heart rate, cardiac output: expected S-ketamine up to 320 ng/mL,"
    )


def test_waiving_the_site_waives_nothing_else():
    R = Regimen.of(Dose(drug=Drug.ARKETAMINE, route=Route.IV, amount=17.5, over=0.7))
    waived = Asked(effects=(PAIN,), is_site_waived=True)
    model = published("otto2021_iv")
    assert scope.refusal(PAIN, model, S, waived) is None
    assert scope.refusal(PAIN, model, S, Asked(effects=(PAIN,))) is not None
    assert scope.refusal(PAIN, model, R, waived) is not None


def told(
    effect, model_id="otto2021_iv", *, is_split=True, highest=0.1, regimen=S, setting=None,
    weight: float | None = 70.0,
) -> str:  # fmt: skip
    return "\n".join(
        scope.cautions(
            effect, published(model_id), regimen, is_split=is_split, highest=highest,
            asked=Asked(effects=(effect,), setting=setting), person=Person(weight=weight),
        )
    )  # fmt: skip


def test_each_caution_is_said_where_it_holds_and_nowhere_else():
    assert "extrapolated" not in told(PAIN)
    assert "extrapolated" in told(PAIN, highest=0.5)
    assert "low confidence" in told(PRESSURE)
    assert "low confidence" not in told(PAIN)
    assert "comes earlier and stronger" in told(PAIN)
    assert "comes earlier and stronger" not in told(PAIN, "simons2022")
    assert "more is predicted than is true" in told(PRESSURE, "simons2022")
    assert "more is predicted than is true" not in told(PRESSURE)


def test_a_racemate_that_is_not_split_is_said_and_one_hand_alone_is_not():
    racemate = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0))
    assert "half of the whole" in told(PRESSURE, "clements1981", is_split=False, regimen=racemate)
    assert "half of the whole" not in told(PRESSURE, is_split=False)


MOOD = catalog.effect("mood")
OUTSIDE, NEVER = "is outside what was studied in this kind of trial", "was not studied"


def infusion(per_kg: float, weight: float = 70.0) -> Regimen:
    drug, route = Drug.KETAMINE, Route.IV
    return Regimen.of(Dose.per_kg(per_kg, weight=weight, drug=drug, route=route, over=2.0 / 3.0))


def spray(devices: int) -> Regimen:
    return Regimen.devices(28.0, devices, drug=Drug.ESKETAMINE, apart=5.0 / 60.0)


@pytest.mark.parametrize(
    ("per_kg", "is_outside"),
    [(0.0999, True), (0.1, False), (0.5, False), (1.0, False), (1.001, True), (5.0, True)],
)
def test_a_dose_outside_those_of_the_kind_of_trial_is_said(per_kg, is_outside):
    for weight in (70.0, 71.3, 103.7):
        said = told(MOOD, regimen=infusion(per_kg, weight), setting="midazolam", weight=weight)
        assert (OUTSIDE in said) is is_outside
    assert "0.1 to 1 mg/kg" in told(MOOD, regimen=infusion(5.0), setting="midazolam")


@pytest.mark.parametrize(
    ("setting", "devices", "is_outside"),
    [
        ("outpatient_spray", 1, False), ("outpatient_spray", 3, False),
        ("outpatient_spray", 4, True), ("outpatient_new_antidepressant", 1, True),
        ("outpatient_new_antidepressant", 2, False), ("older_new_antidepressant", 1, False),
        ("inpatient_suicidal", 2, True), ("inpatient_suicidal", 3, False),
    ],
)  # fmt: skip
def test_the_devices_of_one_session_count_together(setting, devices, is_outside):
    model = "perezruixo2021"
    assert (OUTSIDE in told(MOOD, model, regimen=spray(devices), setting=setting)) is is_outside
    # a month of sessions is no dose of a month
    month = spray(devices).repeated(8, every=84.0)
    assert (OUTSIDE in told(MOOD, model, regimen=month, setting=setting)) is is_outside


@pytest.mark.parametrize("setting", MOOD.settings)
def test_a_drug_or_route_that_a_kind_of_trial_did_not_give_is_said(setting):
    given = {(found.drug, found.route) for found in MOOD.settings[setting].studied}
    for regimen in (infusion(0.5), spray(3), S):
        (route,) = regimen.routes
        said = told(MOOD, regimen=regimen, setting=setting)
        assert (NEVER in said) is ((regimen.drug, route) not in given)


def test_a_dose_per_kg_without_a_weight_says_which_was_taken():
    said = told(MOOD, regimen=infusion(5.0), setting="midazolam", weight=None)
    assert "no weight given: 70 kg taken" in said
    assert "no weight" not in told(MOOD, regimen=infusion(5.0), setting="midazolam")


def test_what_the_trial_under_anaesthesia_found_is_said_with_its_curve_alone():
    for setting in MOOD.settings:
        said = told(MOOD, regimen=infusion(0.5), setting=setting)
        assert ("found no difference" in said) is (setting == "anaesthesia")


def test_block_at_an_anaesthetic_level_is_said_to_be_extrapolated():
    block = catalog.effect("nmda_block")
    assert "extrapolated" not in told(block, highest=0.25)
    assert "extrapolated" in told(block, highest=0.2501)


def once(drug: Drug, route: Route) -> Regimen:
    return Regimen.of(Dose(drug=drug, route=route, amount=100.0))


NONE = "norketamine is not predicted"


@pytest.mark.parametrize("effect", catalog.effects(), ids=lambda effect: effect.id)
@pytest.mark.parametrize("model", models(), ids=lambda model: model.id)
def test_norketamine_that_a_model_leaves_out_is_said_where_the_effect_counts_it(effect, model):
    is_counted = effect.id in ("nmda_block", "mood")
    is_left_out = "norketamine" not in model.analytes
    said = told(effect, model.id, regimen=infusion(0.5), setting="midazolam")
    assert (NONE in said) is (is_counted and is_left_out)


@pytest.mark.parametrize(
    ("model_id", "drug", "route", "is_refused"),
    [
        ("oral_racemic", Drug.KETAMINE, Route.ORAL, True),
        ("wafer_racemic", Drug.KETAMINE, Route.SUBLINGUAL, True),
        ("wafer_racemic", Drug.KETAMINE, Route.BUCCAL, True),
        ("perezruixo2021", Drug.ESKETAMINE, Route.ORAL, False),
        ("simons2022", Drug.ESKETAMINE, Route.SUBLINGUAL, False),
        ("domino1984_iv", Drug.KETAMINE, Route.IV, False),
    ],
)
def test_block_and_mood_of_what_is_swallowed_need_its_norketamine(
    model_id, drug, route, is_refused
):
    asked = Asked(effects=(MOOD,), setting="outpatient_spray", is_site_waived=True)
    for effect in (MOOD, catalog.effect("nmda_block")):
        why = scope.refusal(effect, published(model_id), once(drug, route), asked)
        assert (why is not None and "norketamine" in str(why)) is is_refused
    assert scope.refusal(PRESSURE, published(model_id), once(drug, route), asked) is None


def test_norketamine_that_another_drug_takes_away_is_said_too():
    row = next(row for row in interactions() if row.kind is Kind.DRUG and row.metric == "AUC")
    regimen = Regimen.of(Dose(drug=Drug.KETAMINE, route=row.route, amount=28.0))
    beside = Person(weight=70.0, drugs=(row.agent,))
    block = catalog.effect("nmda_block")
    said = scope.cautions(
        block, published("otto2021_iv"), regimen, is_split=True, highest=0.1,
        asked=Asked(effects=(block,)), person=beside,
    )  # fmt: skip
    assert any("beside another drug" in line for line in said)
    assert NONE not in told(block)


@pytest.mark.parametrize(
    ("effect_id", "is_said"),
    [
        ("pressure", True), ("acute_pain", True), ("chronic_pain", True), ("sedation", True),
        ("nmda_block", True), ("dissociation", False), ("respiration", False), ("mood", False),
    ],
)  # fmt: skip
def test_a_band_of_people_that_holds_their_levels_alone_says_so(effect_id, is_said):
    said = told(catalog.effect(effect_id), setting="midazolam")
    assert ("how people differ at the same level is not known" in said) is is_said


def test_an_unknown_baseline_is_refused_with_those_there_are():
    with pytest.raises(ContractError, match="one of madrs, nrs, sbp, dbp, hr"):
        Asked(effects=(), baseline={"weight": 70.0})


@pytest.mark.parametrize(("sbp", "is_refused"), [(121.0, False), (120.0, True), (80.0, True)])
def test_a_systolic_pressure_at_or_below_the_diastolic_one_is_refused(sbp, is_refused):
    baseline = {"sbp": sbp, "dbp": 120.0}
    assert (scope.crossed(baseline) is not None) is is_refused
    assert scope.crossed({"sbp": sbp}) is None
    if is_refused:
        with pytest.raises(ContractError, match="above the diastolic"):
            Asked(effects=(), baseline=baseline)


@pytest.mark.parametrize(
    ("value", "is_refused"),
    [(20.0, False), (300.0, False), (19.9, True), (300.1, True), (float("nan"), True)],
)
def test_a_sign_outside_what_a_person_can_have_is_refused(value, is_refused):
    assert scope.signs().status is Status.CONVENTION
    if is_refused:
        with pytest.raises(ContractError, match="20 to 300"):
            scope.possible_sign("pulse", value)
    else:
        assert scope.possible_sign("pulse", value) == value
