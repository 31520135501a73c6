"""What is typed about effects is taken as meant or refused; nothing is assumed."""

import pytest

from ketherapy.errors import ContractError
from ketherapy.simulation.effects.entries import EffectsRequest, read_effects
from ketherapy.simulation.request import Refusal


def refused(**entries: str) -> dict[str, str]:
    found = read_effects(entries)
    assert isinstance(found, Refusal)
    return {problem.field: problem.sentence for problem in found.problems}


def taken(**entries: str) -> EffectsRequest:
    found = read_effects(entries)
    assert isinstance(found, EffectsRequest)
    return found


def test_everything_is_taken_in_canonical_units():
    found = taken(
        effects="sbp,mood", setting="midazolam", madrs="32", nrs="7 points", sbp="130 mmHg",
        dbp="85 mmHg", sbp_limit="180 mmHg", leaving_level="50 ng/mL", leaving_cadss="4",
        other_site="yes",
    )  # fmt: skip
    assert [effect.id for effect in found.effects] == ["pressure", "mood"]
    assert found.baseline == {"madrs": 32.0, "nrs": 7.0, "sbp": 130.0, "dbp": 85.0}
    assert (found.sbp_limit, found.leaving_cadss) == (180.0, 4.0)
    assert found.leaving_level == pytest.approx(0.050)  # mg/L
    assert found.is_site_waived


def test_what_is_not_given_is_not_known():
    found = taken(effects="cadss")
    assert found.baseline == {}
    assert (found.sbp_limit, found.leaving_level, found.leaving_cadss) == (None, None, None)
    assert not found.is_site_waived


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        pytest.param("madrs", "61", "0 to 60", id="a MADRS of 61"),
        pytest.param("madrs", "-1", "0 to 60", id="a negative baseline"),
        pytest.param("madrs", "32,5", "comma", id="a decimal comma"),
        pytest.param("nrs", "11", "0 to 10", id="pain beyond its scale"),
        pytest.param("sbp", "130", "unit", id="a pressure without a unit"),
        pytest.param("sbp", "-3 mmHg", "20 to 300", id="a negative pressure"),
        pytest.param("dbp", "80 kg", "unit", id="a weight for a pressure"),
        pytest.param("sbp_limit", "0 mmHg", "20 to 300", id="a limit of zero"),
        pytest.param("leaving_level", "0 ng/mL", "more than zero", id="a level of zero"),
        pytest.param("leaving_level", "-5 ng/mL", "more than zero", id="a negative level"),
        pytest.param("leaving_cadss", "93", "0 to 92", id="dissociation beyond its scale"),
        pytest.param("setting", "nowhere", "midazolam", id="an unknown setting"),
        pytest.param("effects", "flying", "cadss", id="an unknown effect"),
        pytest.param("other_site", "no", "yes", id="neither yes nor nothing"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field, typed, said):
    sentences = refused(**{field: typed})
    assert set(sentences) == {field}
    assert said in sentences[field]


def test_the_ends_of_a_scale_are_on_it():
    assert taken(madrs="60", nrs="0").baseline == {"madrs": 60.0, "nrs": 0.0}


def test_mood_without_a_setting_is_refused_with_the_list():
    sentence = refused(effects="mood")["setting"]
    assert "midazolam" in sentence
    assert "outpatient_spray" in sentence


def test_a_limit_of_pressure_needs_the_pressure_at_rest():
    assert set(refused(effects="sbp", sbp_limit="180 mmHg")) == {"sbp"}
    assert taken(effects="cadss", sbp_limit="180 mmHg").sbp_limit == 180.0


def test_every_problem_comes_at_once():
    found = refused(effects="mood,flying", madrs="61", sbp="130", leaving_level="ten")
    assert set(found) == {"effects", "madrs", "sbp", "leaving_level"}


def test_a_field_of_another_name_is_a_slip_of_the_caller():
    with pytest.raises(ContractError, match="entries"):
        read_effects({"hamd": "20"})


def test_two_pressures_that_changed_places_are_refused_before_anything_is_asked():
    assert set(refused(effects="sbp", sbp="80 mmHg", dbp="120 mmHg")) == {"sbp"}
