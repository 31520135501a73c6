"""Every effect obeys the same laws, says whence it is, and refuses what it cannot know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ketherapy import units
from ketherapy.errors import ContractError
from ketherapy.instruments.instrument import instruments
from ketherapy.pharmacology.catalog import ConfidenceLevel, published
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.catalog import STRUCTURES, Effect, Level, Scale
from ketherapy.pharmacology.effects.observed import observed
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import mood, numbers
from ketherapy.simulation.effects.bands import Doubt, bands
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.scope import Asked
from ketherapy.sources import Cited, Status, bibliography

EVERY = catalog.effects()
T = np.array([0.0, 0.1, 0.4, 0.7, 1.0, 2.0, 5.0, 24.0, 72.0, 200.0])
PERSON = Person(weight=70.0, age=45.0)
VENOUS, ARTERIAL, WHOLE = "otto2021_iv", "simons2022", "clements1981"
BASELINES = {"nrs": 7.0, "sbp": 125.0, "dbp": 80.0, "hr": 70.0}
every_effect = pytest.mark.parametrize("effect", EVERY, ids=lambda effect: effect.id)


def drug(effect: Effect) -> Drug:
    """Return a drug that the effect was calibrated for; S-ketamine where it is among them."""
    return Drug.ESKETAMINE if Drug.ESKETAMINE in effect.drugs else effect.drugs[0]


def infusion(effect: Effect, amount: float = 17.5, at: float = 0.0) -> Regimen:
    """Return an infusion over forty minutes."""
    return Regimen.of(Dose(drug=drug(effect), route=Route.IV, amount=amount, at=at, over=2.0 / 3.0))


def asked(effect: Effect, **changed: object) -> Asked:
    """Return the question for one effect alone."""
    setting = next(iter(effect.settings), None)
    wanted = Asked(effects=(effect,), setting=setting, is_site_waived=True)
    return replace(wanted, **changed)  # pyright: ignore[reportArgumentType]


def predicted(effect: Effect, regimen: Regimen | None = None, **changed: object) -> xr.Dataset:
    """Return what is predicted of one effect on the venous model."""
    given_ = regimen or infusion(effect)
    return effects(published(VENOUS), given_, T, asked=asked(effect, **changed), person=PERSON)


# What a file says


@every_effect
def test_every_number_of_a_file_has_its_unit_locator_status_and_source(effect: Effect) -> None:
    known = bibliography()
    for key in (effect.source, *effect.also):
        assert key in known
    cited: list[Cited] = list(effect.printed.values())
    for setting in effect.settings.values():
        cited += [setting.p1, setting.p2, setting.M0]
        cited += [n for n in (setting.overshoot, setting.overshoot_tau) if n is not None]
        cited += [n for s in setting.studied for n in (s.lowest, s.highest)]
    for number in cited:
        assert number.unit
        assert number.locator
        assert (number.status or effect.status) in Status
        assert (number.source or effect.source) in known
        assert np.isfinite(number.meant)
        if number.low is not None and number.high is not None:
            assert number.low <= number.value <= number.high
    for spread in effect.spread:
        assert spread.locator
        assert spread.value > 0.0
        assert (spread.source or effect.source) in known


@every_effect
def test_a_file_holds_every_number_of_its_structure_in_its_kind_of_unit(effect: Effect) -> None:
    kind = STRUCTURES[effect.structure]
    assert set(effect.printed) == set(kind.units)
    assert set(catalog.typical(effect)) == set(kind.units)
    for spread in effect.spread:
        assert set(spread.parameters) <= set(kind.units)
        for name in spread.parameters:
            expected = kind.units[name] if spread.scale is Scale.PLAIN else "1"
            units.convert(1.0, spread.unit, to=expected)
        assert (spread.scale is Scale.SHARE) == (spread.of in {one.id for one in instruments()})


@every_effect
def test_a_number_known_as_a_range_is_drawn_or_says_why_not(effect: Effect) -> None:
    drawn = {
        name for one in effect.spread if one.level is Level.ESTIMATE for name in one.parameters
    }
    if effect.posterior:
        drawn |= set(numbers.joint_draws(effect))
    ranges = {
        name for name, number in effect.printed.items() if (number.low, number.high) != (None, None)
    }
    assert ranges <= drawn | set(effect.not_drawn)
    assert not drawn & set(effect.not_drawn)
    assert set(effect.not_drawn) <= set(effect.printed)
    assert all(why.endswith(".") for why in effect.not_drawn.values())


@pytest.mark.parametrize(
    ("effect_id", "name"),
    [
        ("dissociation", "C50"),
        ("dissociation", "f"),
        ("dissociation", "n0"),
        ("sedation", "intercept"),
    ],
)
def test_a_number_that_an_effect_turns_on_and_no_range_was_read_of_says_so(
    effect_id: str, name: str
) -> None:
    effect = catalog.effect(effect_id)
    assert effect.not_drawn[name]
    assert any(line.startswith("No band holds") for line in effect.limits)


@every_effect
def test_an_effect_says_how_far_it_is_trusted_and_what_it_is_not_for(effect: Effect) -> None:
    assert effect.limits
    assert effect.not_for
    assert effect.confidence
    assert effect.drugs
    assert effect.asked
    assert all(line.endswith(".") for line in (*effect.limits, *effect.not_for))


@every_effect
def test_outputs_in_points_name_an_instrument_that_exists(effect: Effect) -> None:
    known = {scale.id for scale in instruments()}
    for output in effect.outputs.values():
        assert (output.unit == "points") == bool(output.instrument)
        assert output.instrument in known | {""}


def test_words_and_ids_belong_to_one_effect_each() -> None:
    words = [word for effect in EVERY for word in effect.asked]
    assert len(words) == len(set(words))
    outputs = [name for effect in EVERY for name in effect.outputs]
    assert len(outputs) == len(set(outputs))
    # each has random numbers of its own
    assert len({numbers._stream(effect, 0, 0) for effect in EVERY}) == len(EVERY)


@every_effect
def test_every_setting_says_what_was_given_in_its_trials(effect: Effect) -> None:
    for setting in effect.settings.values():
        assert setting.studied
        for found in setting.studied:
            assert found.drug in effect.drugs
            assert found.lowest.unit == found.highest.unit
            assert 0.0 < found.lowest.meant <= found.highest.meant


def test_the_trials_of_a_setting_are_among_those_observed() -> None:
    known = {row.trial for row in observed()}
    for effect in EVERY:
        for setting in effect.settings.values():
            assert set(setting.trials) <= known


# What is predicted


@every_effect
def test_what_is_predicted_is_what_the_file_promises(effect: Effect) -> None:
    data = predicted(effect, baseline=BASELINES)
    assert set(data.data_vars) == set(effect.outputs)
    for name, values in data.data_vars.items():
        promised = effect.outputs[str(name)]
        assert values.dims == ("time",)
        assert np.all(np.isfinite(values))
        assert values.attrs["units"] == promised.unit
        assert values.attrs["long_name"] == promised.name
        assert values.attrs["effect"] == effect.id
        assert values.attrs["status"] == effect.status.value
        assert values.attrs["confidence"] == effect.confidence_level.value


@every_effect
def test_what_needs_a_baseline_is_left_out_without_one(effect: Effect) -> None:
    needed = {"sbp", "dbp", "hr", "nrs_acute", "nrs_chronic"}
    assert set(predicted(effect).data_vars) == set(effect.outputs) - needed


@every_effect
def test_limits_cautions_and_nature_stand_in_the_result(effect: Effect) -> None:
    data = predicted(effect)
    for line in effect.limits:
        assert line in data.attrs["limits"]
    for key in ("model", "effects", "regimen", "sampling_site", "sources", "engine"):
        assert data.attrs[key]
    assert data.attrs["nature"].startswith("predicted, not measured")
    is_low = effect.confidence_level is ConfidenceLevel.LOW
    assert (f"{effect.name}: low confidence" in data.attrs["cautions"]) == is_low
    assert effect.label.endswith("(low confidence)") == is_low


@every_effect
def test_what_the_levels_are_not_made_for_is_said_beside_the_effect(effect: Effect) -> None:
    child, adult = Person(weight=20.0, age=6.0), Person(weight=70.0, age=25.0)
    asked_ = asked(effect)
    said = effects(published(VENOUS), infusion(effect), T, asked=asked_, person=child).attrs
    fits = effects(published(VENOUS), infusion(effect), T[T < 9.0], asked=asked_, person=adult)
    assert "age 6 year is outside" in said["model_cautions"]
    assert fits.attrs["model_cautions"] == ""


def test_mood_says_that_it_is_not_this_person() -> None:
    data = predicted(catalog.effect("mood"), setting="midazolam")
    for values in data.data_vars.values():
        assert values.attrs["nature"].startswith("average of a trial setting, not this person")
    assert "rank doses" in data.attrs["limits"]


NOTHING = {"remifentanil_C50_ratio": 1.0}


@every_effect
def test_at_no_level_there_is_no_effect(effect: Effect) -> None:
    """Before the first dose, at zero exactly; the placebo's part of mood is no effect."""
    later = infusion(effect, at=100.0)
    before = predicted(effect, later).sel(time=T[T < 100.0])
    for name, values in before.data_vars.items():
        if name == "madrs":
            np.testing.assert_array_equal(values, before["madrs_control"])
        elif name != "madrs_control":
            np.testing.assert_array_equal(values, NOTHING.get(str(name), 0.0), err_msg=str(name))


@every_effect
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(amount=st.floats(0.5, 40.0), more=st.floats(1.0, 1.8))
def test_more_drug_is_never_less_effect(effect: Effect, amount: float, more: float) -> None:
    less = predicted(effect, infusion(effect, amount))
    most = predicted(effect, infusion(effect, amount * more))
    for name in less.data_vars:
        sign = -1.0 if name == "madrs" else 1.0
        rise = sign * (most[name].values - less[name].values)
        scale = np.abs(less[name].values).max()
        assert np.all(rise >= -1e-7 * scale), name


SHARES = ("nmda_block", "high", "acute_relief", "chronic_relief", "mood_drug_fraction",
          "sedation_chance")  # fmt: skip


@every_effect
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(amount=st.floats(0.5, 60.0), seed=st.integers(0, 2**20))
def test_a_share_is_between_nothing_and_all_for_any_draw(effect, amount, seed) -> None:
    drawn = {effect.id: numbers.drawn(effect, count=16, seed=seed, levels=tuple(Level))}
    data = effects(
        published(VENOUS), infusion(effect, amount), T, asked=asked(effect), person=PERSON,
        numbers=drawn,
    )  # fmt: skip
    for name in set(SHARES) & set(data.data_vars):
        assert np.all((data[name].values >= -1e-12) & (data[name].values <= 1.0))
    if "madrs" in data:
        assert np.all((data["madrs"].values >= 0.0) & (data["madrs"].values <= 60.0))


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
@example(half_life=256.0, horizon=9000.0)
@given(half_life=st.floats(24.0, 500.0), horizon=st.floats(500.0, 10_000.0))
def test_months_behind_the_last_dose_a_share_is_not_less_than_nothing(half_life, horizon) -> None:
    """Less by the tolerance of the arithmetic would have no log odds, and people no share."""
    effect = catalog.effect("mood")
    printed = {
        **effect.printed,
        "t_half_A": replace(effect.printed["t_half_A"], value=half_life, unit="h"),
    }
    t = np.linspace(0.0, horizon, 301)
    regimen = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=0.7))
    data = effects(
        published(WHOLE), regimen, t, asked=asked(replace(effect, printed=printed)), person=PERSON
    )
    share = data["mood_drug_fraction"].values
    assert np.all(share >= 0.0)
    assert np.all(np.isfinite(mood.shares(share, 2.75, np.array(0.5))))


OTHER = {  # for each unit that files use, another of its kind and how many of it one is
    "min": ("h", 1.0 / 60.0), "day": ("h", 24.0), "h": ("min", 60.0),
    "ng/mL": ("mg/L", 1e-3), "nmol/L": ("umol/L", 1e-3), "1": ("%", 100.0),
    "mmHg*mL/ng": ("mmHg*L/mg", 1e3), "mL/ng/min": ("L/mg/min", 1e3), "%*mL/ng": ("L/mg", 10.0),
}  # fmt: skip


@every_effect
def test_a_change_of_units_changes_nothing(effect: Effect) -> None:
    printed = dict(effect.printed)
    for name, number in effect.printed.items():
        if number.unit in OTHER:
            unit, times = OTHER[number.unit]
            printed[name] = replace(
                number, value=number.value * times, unit=unit, se="", low=None, high=None
            )
    rewritten = predicted(replace(effect, printed=printed))
    for name, values in predicted(effect).data_vars.items():
        np.testing.assert_allclose(rewritten[name], values, rtol=1e-9, atol=1e-15)
    assert {number.unit for number in effect.printed.values()} <= {*OTHER, "mmHg"}


@pytest.mark.parametrize("key", catalog.effect("mood").settings)
def test_no_trial_within_four_deviations_improves_on_placebo_by_more_than_all(key: str) -> None:
    """More than all would leave less than nothing, and people no share."""
    effect = catalog.effect("mood")
    numbers_ = catalog.typical(effect)
    setting = effect.settings[key]
    p1 = mood.between_trials(setting.p1.meant, tau=numbers_["tau_p"], u=np.array([4.0]))
    over = 0.0 if setting.overshoot is None else setting.overshoot.meant
    assert float(np.asarray(p1)[0]) + setting.p2.meant + over < 1.0


ACUTE = [effect for effect in EVERY if not effect.settings]  # a trial's clock starts at zero


@pytest.mark.parametrize("effect", ACUTE, ids=lambda effect: effect.id)
def test_a_later_dose_gives_the_same_effect_later(effect: Effect) -> None:
    shifted = effects(
        published(VENOUS), infusion(effect, at=5.5), T + 5.5, asked=asked(effect), person=PERSON
    )
    for name, values in predicted(effect).data_vars.items():
        top = np.abs(values).max()
        np.testing.assert_allclose(shifted[name].values, values, rtol=0.0, atol=1e-6 * top)


@every_effect
def test_one_person_is_a_row_of_several(effect: Effect) -> None:
    """Also for the reference session of mood, which each person has by their own weight."""
    weights = np.array([50.0, 70.0, 120.0])
    together = effects(
        published(VENOUS), infusion(effect), T, asked=asked(effect),
        person=Person(weight=weights, age=45.0),
    )  # fmt: skip
    for k, weight in enumerate(weights):
        alone = effects(
            published(VENOUS), infusion(effect), T, asked=asked(effect),
            person=Person(weight=float(weight), age=45.0),
        )  # fmt: skip
        for name, values in alone.data_vars.items():
            row = np.broadcast_to(together[name].values, (3, len(T)))[k]
            np.testing.assert_allclose(row, values, rtol=1e-6, atol=1e-9)


@every_effect
def test_an_effect_does_not_depend_on_what_is_asked_beside_it(effect: Effect) -> None:
    others = tuple(e for e in EVERY if drug(effect) in e.drugs)
    setting = next(iter(catalog.effect("mood").settings))
    together = effects(
        published(VENOUS), infusion(effect), T, person=PERSON,
        asked=Asked(effects=others, setting=setting, is_site_waived=True),
    )  # fmt: skip
    for name, values in predicted(
        effect, **({"setting": setting} if effect.settings else {})
    ).items():
        np.testing.assert_allclose(together[name], values, rtol=1e-5, atol=1e-9)


# What is refused


@every_effect
def test_a_drug_it_was_not_calibrated_for_is_refused(effect: Effect) -> None:
    for other in set(Drug) - set(effect.drugs):
        regimen = Regimen.of(Dose(drug=other, route=Route.IV, amount=17.5, over=0.7))
        with pytest.raises(ContractError, match="not calibrated for this drug"):
            effects(published(VENOUS), regimen, T, asked=asked(effect), person=PERSON)


@every_effect
def test_an_arterial_effect_refuses_another_site_unless_told(effect: Effect) -> None:
    strict = asked(effect, is_site_waived=False)
    for model_id in (VENOUS, ARTERIAL, WHOLE):
        model = published(model_id)
        given_ = infusion(effect)
        if model_id == WHOLE:
            given_ = Regimen.of(replace(given_.doses[0], drug=Drug.KETAMINE))
            if Drug.KETAMINE not in effect.drugs:
                continue
        if effect.site == "arterial" and model.site != "arterial":
            with pytest.raises(ContractError, match="arterial levels"):
                effects(model, given_, T, asked=strict, person=PERSON)
            told = effects(model, given_, T, asked=asked(effect), person=PERSON)
            assert "calibrated on arterial levels" in told.attrs["cautions"]
        else:
            told = effects(model, given_, T, asked=strict, person=PERSON)
            assert "calibrated on arterial levels" not in told.attrs["cautions"]
        is_reverse = effect.site == "venous" and model.site == "arterial"
        assert ("calibrated on venous levels" in told.attrs["cautions"]) == is_reverse


@every_effect
def test_a_level_beyond_what_was_studied_is_refused_or_said(effect: Effect) -> None:
    high = infusion(effect, 500.0)
    if effect.level is None:
        assert "extrapolated" not in predicted(effect, high).attrs["cautions"]
    elif effect.beyond == "refused":
        with pytest.raises(ContractError, match="Beyond that it was not studied"):
            predicted(effect, high)
    else:
        assert "extrapolated" in predicted(effect, high).attrs["cautions"]
        assert "extrapolated" not in predicted(effect).attrs["cautions"]


def test_pressure_is_refused_for_a_dose_at_once_that_is_too_high_for_a_moment() -> None:
    """The highest level of a bolus is at its very instant, between all points of quadrature."""
    effect, model = catalog.effect("pressure"), published(VENOUS)
    V1 = 1.0 / _level_at_once(model.id, 1.0)
    for level, is_refused in ((0.32001, True), (0.31999, False)):
        regimen = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=level * V1))
        if is_refused:
            with pytest.raises(ContractError, match="320 ng/mL"):
                effects(model, regimen, T, asked=asked(effect), person=PERSON)
        else:
            effects(model, regimen, T, asked=asked(effect), person=PERSON)


def _level_at_once(model_id: str, amount: float) -> float:
    from ketherapy.simulation.solve import simulate

    regimen = Regimen.of(Dose(drug=Drug.ESKETAMINE, route=Route.IV, amount=amount))
    data = simulate(published(model_id), regimen, np.array([0.0]), person=PERSON)
    return float(data["esketamine"][0])


def test_a_racemate_on_a_model_that_does_not_split_is_said() -> None:
    effect = catalog.effect("nmda_block")
    regimen = Regimen.of(Dose(drug=Drug.KETAMINE, route=Route.IV, amount=35.0, over=2.0 / 3.0))
    whole = effects(published(WHOLE), regimen, T, asked=asked(effect), person=PERSON)
    split = effects(published(VENOUS), regimen, T, asked=asked(effect), person=PERSON)
    assert "does not tell S from R" in whole.attrs["cautions"]
    assert "does not tell S from R" not in split.attrs["cautions"]


IMPOSSIBLE = [
    ("madrs", 61.0), ("madrs", -1.0), ("madrs", float("nan")), ("nrs", 11.0), ("nrs", -0.1),
    ("sbp", 0.0), ("sbp", 301.0), ("dbp", float("nan")), ("hr", -60.0), ("cadss", 5.0),
]  # fmt: skip


@pytest.mark.parametrize(("what", "value"), IMPOSSIBLE)
def test_a_baseline_that_cannot_be_is_refused(what: str, value: float) -> None:
    with pytest.raises(ContractError, match="baseline"):
        Asked(effects=(), baseline={what: value})


@pytest.mark.parametrize(("what", "value"), [("madrs", 0.0), ("madrs", 60.0), ("nrs", 10.0),
                                             ("sbp", 20.0), ("sbp", 300.0)])  # fmt: skip
def test_a_baseline_at_the_end_of_its_range_is_accepted(what: str, value: float) -> None:
    assert Asked(effects=(), baseline={what: value}).baseline[what] == value


@pytest.mark.parametrize("setting", [None, "", "outpatient", "the moon"])
def test_mood_without_a_known_setting_is_refused(setting: str | None) -> None:
    with pytest.raises(ContractError, match="name one of these"):
        Asked(effects=(catalog.effect("mood"),), setting=setting)


@pytest.mark.parametrize("words", ["", "happiness", "mood,,sbp", "mood;sbp"])
def test_an_effect_that_nobody_knows_is_refused(words: str) -> None:
    with pytest.raises(ContractError, match="effects: expected among"):
        catalog.asked(words)


@pytest.mark.parametrize("t", [[], [-1.0, 2.0], [np.nan], [np.inf]], ids=str)
def test_times_that_are_none_negative_or_no_numbers_are_refused(t: list[float]) -> None:
    effect = catalog.effect("mood")
    with pytest.raises(ContractError, match="times"):
        effects(
            published(VENOUS), infusion(effect), np.array(t), asked=asked(effect), person=PERSON
        )


def test_a_dose_before_the_start_is_refused() -> None:
    effect = catalog.effect("pressure")
    with pytest.raises(ContractError, match="zero"):
        predicted(effect, infusion(effect, at=-1.0))


# Bands


@every_effect
def test_bands_lie_one_inside_the_next_in_the_mean(effect: Effect) -> None:
    data = bands(
        published(VENOUS), infusion(effect), T[1:], asked=asked(effect), seed=7, person=PERSON,
        count=256,
    )  # fmt: skip
    assert list(data["doubt"].values) == [doubt.value for doubt in Doubt]
    for name, values in data.data_vars.items():
        low, high = values.sel(probability=0.05), values.sel(probability=0.95)
        width = (high - low).mean("time").values
        assert np.all(width >= 0.0)
        # 256 draws know a width to a few per cent
        assert np.all(np.diff(width) >= -0.05 * width.max()), (name, width)


def test_the_typical_course_lies_inside_the_band_of_estimates() -> None:
    for effect in EVERY:
        data = bands(
            published(VENOUS), infusion(effect), T[1:], asked=asked(effect), seed=3, person=PERSON
        ).sel(doubt=Doubt.ESTIMATES.value)
        for name, values in predicted(effect).data_vars.items():
            low, high = data[name].sel(probability=0.05), data[name].sel(probability=0.95)
            slack = 1e-6 * float(np.abs(values).max())
            inside = (low.values - slack <= values[1:]) & (values[1:] <= high.values + slack)
            assert inside.all(), (effect.id, name)


@settings(max_examples=50)
@given(mean=st.floats(1e-4, 0.999), omega=st.floats(0.0, 4.0))
def test_the_mean_over_people_is_the_mean_asked_for(mean: float, omega: float) -> None:
    """By a route of its own: the trapezoidal rule over people, from one end to the other."""
    z = np.linspace(-12.0, 12.0, 24_001)
    found = np.asarray(mood.shares(np.array(mean), omega, z))
    weight = np.exp(-0.5 * z**2) / np.exp(-0.5 * z**2).sum()
    assert float(found @ weight) == pytest.approx(mean, rel=1e-4)
    assert np.all(np.diff(found) >= 0.0)
