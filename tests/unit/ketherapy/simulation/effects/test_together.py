"""Several effects at once: each as alone, and what is refused takes nothing else away."""

import numpy as np
import pytest
import xarray as xr

from ketherapy.simulation.effects.entries import EffectsRequest, read_effects
from ketherapy.simulation.effects.predict import effects
from ketherapy.simulation.effects.together import band_times, bands_together, together
from ketherapy.simulation.request import SimulationRequest, read_request

T = np.linspace(0.0, 4.0, 25)


def request(**typed: str) -> SimulationRequest:
    found = read_request({"weight": "71 kg", "until": "4 h", **typed})
    assert isinstance(found, SimulationRequest)
    return found


def wanted(**typed: str) -> EffectsRequest:
    found = read_effects(typed)
    assert isinstance(found, EffectsRequest)
    return found


@pytest.fixture(scope="module")
def infusion() -> SimulationRequest:
    return request(drug="ketamine", route="iv", dose="0.5 mg/kg", over="40 min")


def test_each_effect_is_what_it_is_alone(infusion):
    asked = wanted(effects="sbp,cadss,mood", setting="midazolam", sbp="130 mmHg")
    found = together(infusion, asked, T)
    assert list(found.found) == ["pressure", "dissociation", "mood"]
    for effect in asked.effects:
        model = found.drivers[effect.id]
        alone = effects(
            model, infusion.regimen, T, asked=asked.asked(effect), person=infusion.person
        )
        xr.testing.assert_identical(found.found[effect.id], alone)


def test_a_level_beyond_the_range_refuses_pressure_alone():
    strong = request(drug="esketamine", route="iv", dose="100 mg", over="10 min")
    found = together(strong, wanted(effects="sbp,sedation"), T)
    assert set(found.refused) == {"pressure"}
    assert "320" in str(found.refused["pressure"])
    assert set(found.found) == {"sedation"}


def test_a_spray_refuses_dissociation_unless_told():
    spray = request(drug="esketamine", route="intranasal", dose="56 mg")
    assert set(together(spray, wanted(effects="cadss,sbp"), T).refused) == {"dissociation"}
    told = together(spray, wanted(effects="cadss,sbp", other_site="yes"), T)
    assert not told.refused
    assert "arterial" in told.found["dissociation"].attrs["cautions"]


def test_a_named_model_drives_alone(infusion):
    arterial = [m for m in infusion.models if m.site == "arterial"]
    found = together(infusion, wanted(effects="sbp"), T, models=arterial)
    assert found.drivers["pressure"] == arterial[0]
    assert "venous" in found.found["pressure"].attrs["cautions"]


def test_a_band_holds_the_estimates_inside_the_people(infusion):
    asked = wanted(effects="sbp,cadss")
    found = together(infusion, asked, T)
    t = band_times(infusion, 4.0, count=24)
    for name, output in (("pressure", "sbp_change"), ("dissociation", "cadss")):
        band = bands_together(infusion, asked, found, t, seed=1)[name][output]
        people, estimates = band.sel(doubt="people"), band.sel(doubt="estimates")
        width = (people[1] - people[0]).values, (estimates[1] - estimates[0]).values
        assert np.all(width[0] >= 0.9 * width[1])
        assert width[0].max() > width[1].max()


def test_times_of_a_band_hold_the_edges_and_stay_inside(infusion):
    t = band_times(infusion, 4.0, count=24)
    assert t[0] == 0.0
    assert t[-1] == pytest.approx(4.0)
    assert np.any(np.isclose(t, 40.0 / 60.0))
    assert np.all(np.diff(t) > 0.0)
