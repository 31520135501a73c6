from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketherapy.errors import ContractError
from ketherapy.pharmacology import catalog as models
from ketherapy.pharmacology import observations
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.covariates import LinearAbove, Person
from ketherapy.pharmacology.effects import catalog
from ketherapy.pharmacology.effects.structures import ReceptorBlock
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation import domain
from ketherapy.simulation.effects import conventions, courses
from ketherapy.simulation.effects.predict import effects, effects_and_highest, highest_typical
from ketherapy.simulation.effects.reference import reference_area
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.effects.upstream import upstream
from ketherapy.sources import Cited

PERSON = Person(weight=82.0, age=45.0)
T = np.array([0.0, 0.5, 2.0, 24.0, 25.0])


def infusion(weight: float, drug: Drug = Drug.KETAMINE) -> Regimen:
    return Regimen.of(Dose.per_kg(0.5, weight=weight, drug=drug, route=Route.IV, over=2.0 / 3.0))


def receptor() -> ReceptorBlock:
    effect = catalog.effect("nmda_block")
    found = catalog.structure(effect, catalog.typical(effect))
    assert isinstance(found, ReceptorBlock)
    return found


def ask(words: str, **more) -> Asked:
    return Asked(effects=catalog.asked(words), is_site_waived=True, **more)


@pytest.mark.parametrize("model_id", ["otto2021_iv", "simons2022", "domino1984_iv"])
@pytest.mark.parametrize("weight", [50.0, 82.0, 120.0])
def test_the_reference_session_counts_as_one_in_any_model_and_at_any_weight(model_id, weight):
    model, person = published(model_id), Person(weight=weight, age=45.0)
    up = upstream(model, infusion(weight), person=person)
    area = courses.session_area(up, block=receptor())
    assert float(area) == pytest.approx(
        float(reference_area(model, person, block=receptor())), rel=1e-6
    )


def test_a_model_without_the_racemate_by_vein_counts_in_the_model_drawn_for_it():
    drawn = published(models.defaults(Drug.KETAMINE, Route.IV)[0])
    spray = published("perezruixo2021")
    found = reference_area(spray, PERSON, block=receptor())
    assert found == pytest.approx(reference_area(drawn, PERSON, block=receptor()))


def test_another_drug_beside_it_changes_the_session_and_not_what_counts_as_one():
    alone = reference_area(published("otto2021_iv"), PERSON, block=receptor())
    beside = Person(weight=82.0, age=45.0, drugs=("rifampicin",))
    found = reference_area(published("otto2021_iv"), beside, block=receptor())
    assert found == pytest.approx(alone)


def test_an_old_person_clears_slowly_and_is_counted_by_a_typical_session():
    """Mood follows the level of this person, counted in sessions of a typical one."""
    slower = LinearAbove(
        parameters=("CL",),
        form="linear_above",
        of="age",
        reference=Cited(value=60.0, unit="year", locator=""),
        slope=Cited(value=-1.0, unit="L/h/year", locator=""),
    )
    model = replace(published("otto2021_iv"), covariates=(slower,))
    young, old = Person(weight=82.0, age=40.0), Person(weight=82.0, age=80.0)
    assert courses.session_area(
        upstream(model, infusion(82.0), person=old), block=receptor()
    ) > 1.05 * reference_area(model, young, block=receptor())
    assert reference_area(model, old, block=receptor()) == reference_area(
        model, young, block=receptor()
    )


def test_without_a_weight_a_session_counts_as_in_a_person_of_typical_weight():
    model = published("simons2022")
    weight = observations.conventions().typical_weight.value
    assert reference_area(model, Person(), block=receptor()) == reference_area(
        model, Person(weight=weight), block=receptor()
    )


def test_a_baseline_turns_a_rise_or_a_share_into_the_thing_itself():
    data = effects(
        published("otto2021_iv"), infusion(82.0), T, person=PERSON,
        asked=ask("pressure,acute_pain,pain", baseline={"sbp": 120.0, "hr": 60.0, "nrs": 8.0}),
    )  # fmt: skip
    np.testing.assert_allclose(data["sbp"], 120.0 + data["sbp_change"])
    np.testing.assert_allclose(data["hr"], 60.0 + data["hr_change"])
    np.testing.assert_allclose(data["nrs_acute"], 8.0 * (1.0 - data["acute_relief"]))
    np.testing.assert_allclose(data["nrs_chronic"], 8.0 * (1.0 - data["chronic_relief"]))
    assert "dbp" not in data


def test_a_later_session_dissociates_less_and_is_felt_as_high():
    data = effects(
        published("otto2021_iv"), infusion(82.0).repeated(2, every=24.0), T, person=PERSON,
        asked=ask("cadss"),
    )  # fmt: skip
    first, second = data["cadss"].values[1], data["cadss"].sel(time=24.0).values
    scale = catalog.typical(catalog.effect("dissociation"))["scale"]
    assert first == pytest.approx(scale * data["high"].values[1])
    worn = 0.5 + 0.5 * np.exp(-0.25)
    assert second == pytest.approx(worn * scale * data["high"].sel(time=24.0).values)


def test_sedation_is_one_chance_for_a_whole_session_and_none_before():
    late = Regimen(doses=tuple(dose.later(1.0) for dose in infusion(82.0).doses))
    data = effects(
        published("otto2021_iv"), late, np.array([0.5, 1.1, 1.7, 9.0]), person=PERSON,
        asked=ask("sedation"),
    )["sedation_chance"].values  # fmt: skip
    assert data[0] == 0.0
    assert data[1] == data[2] == data[3] > 0.0


def test_mood_starts_at_the_baseline_given_or_at_that_of_the_setting():
    model = published("otto2021_iv")
    own = ask("mood", setting="midazolam", baseline={"madrs": 41.0})
    given_own = effects(model, infusion(82.0), T, person=PERSON, asked=own)
    usual = effects(model, infusion(82.0), T, person=PERSON, asked=ask("mood", setting="midazolam"))
    assert given_own["madrs"][0] == 41.0
    assert usual["madrs"][0] == catalog.effect("mood").settings["midazolam"].M0.value
    np.testing.assert_allclose(given_own["mood_drug_fraction"], usual["mood_drug_fraction"])


def test_times_may_come_in_any_order_and_twice():
    model, shuffled = published("otto2021_iv"), np.array([24.0, 0.5, 0.5, 2.0])
    asked = ask("mood,nmda,cadss", setting="midazolam")
    data = effects(model, infusion(82.0), shuffled, person=PERSON, asked=asked)
    ordered = effects(model, infusion(82.0), T, person=PERSON, asked=asked)
    for name, values in data.data_vars.items():
        np.testing.assert_allclose(values, ordered[name].values[[3, 1, 1, 2]], rtol=1e-7)


def test_a_look_further_on_moves_nothing_before():
    model, asked = published("otto2021_iv"), ask("mood,pain", setting="midazolam")
    near = effects(model, infusion(82.0), T, person=PERSON, asked=asked)
    far = effects(model, infusion(82.0), np.append(T, 4000.0), person=PERSON, asked=asked)
    for name, values in near.data_vars.items():
        top = float(np.abs(values).max())
        np.testing.assert_allclose(far[name].values[:-1], values, rtol=0.0, atol=1e-6 * top)


LAW_REGIMENS = {
    "swallowed": (Drug.ESKETAMINE, Route.ORAL, 150.0, 0.0),
    "muscle": (Drug.ESKETAMINE, Route.IM, 100.0, 0.0),
    "vein": (Drug.KETAMINE, Route.IV, 40.0, 2.0 / 3.0),
}


def _looked(case: str, t: list[float], words: str):
    drug, route, amount, over = LAW_REGIMENS[case]
    model = published(models.defaults(drug, route)[0])
    regimen = Regimen.of(Dose(drug=drug, route=route, amount=amount, over=over))
    return effects(model, regimen, np.array(t), person=PERSON, asked=ask(words))


def _seen(case: str, t: list[float], words: str):
    """Return what is predicted, or the sentence that refuses it."""
    try:
        return _looked(case, t, words)
    except ContractError as refused:
        return str(refused)


@pytest.mark.parametrize("case", LAW_REGIMENS)
@given(
    t=st.lists(st.floats(0.0, 20.0), min_size=1, max_size=4),
    more=st.lists(st.floats(0.0, 72.0), min_size=1, max_size=4),
)
@settings(max_examples=12, deadline=None)
def test_more_times_change_no_value_no_caution_and_no_refusal(case, t, more):
    for words in ("sedation,cadss", "pressure"):
        few, many = _seen(case, t, words), _seen(case, t + more, words)
        if isinstance(few, str) or isinstance(many, str):
            assert few == many
            continue
        assert many.attrs["cautions"] == few.attrs["cautions"]
        for name, values in few.data_vars.items():
            found = many[name].values[: len(t)]
            np.testing.assert_allclose(found, values, rtol=1e-5, atol=1e-9)


def test_a_level_that_comes_later_than_the_last_time_is_refused_all_the_same():
    with pytest.raises(ContractError, match="up to 320 ng/mL"):
        _looked("muscle", [0.0, 1.0 / 6.0], "pressure")


def _fitting() -> list[tuple[str, Drug, Route]]:
    return [
        (model.id, drug, route)
        for model in models.models() for drug in Drug for route in Route
        if domain.fits(model, drug, route)
    ]  # fmt: skip


@pytest.mark.parametrize(("model_id", "drug", "route"), _fitting())
def test_every_shipped_model_peaks_well_within_the_horizon(model_id, drug, route):
    over = 24.0 if route is Route.IV else 0.0
    regimen = Regimen.of(Dose(drug=drug, route=route, amount=50.0, over=over))
    up = upstream(published(model_id), regimen, person=PERSON)
    t = up.edges[-1] + np.linspace(0.0, 10.0 * conventions.horizon(), 4801)
    for level in up.levels(t).values():
        assert t[int(np.argmax(level))] - up.edges[-1] <= 0.5 * conventions.horizon()


def test_each_dose_may_be_as_many_times_as_large_for_each_person():
    model, t = published("simons2022"), np.array([0.2, 0.7, 1.5])
    asked = Asked(effects=catalog.asked("cadss"))
    person = Person(weight=np.array([60.0, 90.0]), age=np.array([30.0, 30.0]))
    once, times = infusion(20.0), np.array([1.0, 2.0])
    both, highest = effects_and_highest(model, once, t, asked=asked, person=person, times=times)
    for place, amount in enumerate((20.0, 40.0)):
        own = Person(weight=person.weight[[place]], age=person.age[[place]])
        alone, peak = effects_and_highest(model, infusion(amount), t, asked=asked, person=own)
        np.testing.assert_allclose(both["cadss"].values[place], alone["cadss"].values[0], rtol=1e-9)
        np.testing.assert_allclose(highest[place], peak[0], rtol=1e-9)
    typical = highest_typical(model, once, person=own, times=2.0)
    assert typical == pytest.approx(float(highest[1]), rel=1e-9)
