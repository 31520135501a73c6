import pytest

from ketherapy.errors import ContractError
from ketherapy.pharmacology.catalog import published
from ketherapy.pharmacology.effects import catalog
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects import scope
from ketherapy.simulation.effects.scope import Asked

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


def told(effect, model_id="otto2021_iv", *, is_split=True, highest=0.1, regimen=S) -> str:
    return "\n".join(
        scope.cautions(effect, published(model_id), regimen, is_split=is_split, highest=highest)
    )


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


def test_an_unknown_baseline_is_refused_with_those_there_are():
    with pytest.raises(ContractError, match="one of madrs, nrs, sbp, dbp, hr"):
        Asked(effects=(), baseline={"weight": 70.0})
