"""Effects for the page: the library's own numbers, and refusals that take nothing else away."""

import numpy as np
import pytest

from clinic.explore import effects, predictions
from clinic.explore.effects import EffectsPicture
from clinic.explore.predictions import Refusal
from ketherapy.pharmacology.effects import catalog
from ketherapy.simulation.effects import predict as science
from ketherapy.simulation.effects.entries import EffectsRequest
from ketherapy.simulation.request import SimulationRequest

INFUSION = {
    "drug": ("ketamine",), "route": ("iv",), "dose": ("0.5 mg/kg",), "over": ("40 min",),
    "weight": ("71 kg",), "until": ("6 h",),
}  # fmt: skip
SPRAY = {
    "drug": ("esketamine",), "route": ("intranasal",), "dose": ("84 mg",), "until": ("6 h",),
}  # fmt: skip
ALL = ("pressure", "dissociation", "sedation", "acute_pain", "mood", "chronic_pain")
WANTED = {
    "effects": ALL, "setting": ("midazolam",), "sbp": ("150 mmHg",), "dbp": ("85 mmHg",),
    "sbp_limit": ("160 mmHg",), "leaving_level": ("50 ng/mL",), "leaving_cadss": ("5",),
}  # fmt: skip


def asked(levels, wanted, chosen: str = "") -> tuple:
    request, found = predictions.read(levels), effects.read(wanted)
    assert isinstance(request, SimulationRequest)
    assert isinstance(found, EffectsRequest)
    return request, found, effects.driving(request, chosen)


def picture(levels, wanted, chosen: str = "") -> EffectsPicture:
    return effects.picture(*asked(levels, wanted, chosen))


@pytest.fixture(scope="module")
def drawn() -> EffectsPicture:
    return picture(INFUSION, WANTED)


def test_a_strip_holds_the_numbers_of_the_library(drawn):
    request, wanted, _ = asked(INFUSION, WANTED)
    strip = next(strip for strip in drawn.strips if strip.effect == "dissociation")
    model = next(m for m in request.models if m.site == "arterial")
    alone = science.effects(
        model, request.regimen, np.array(strip.minutes) / 60.0,
        asked=wanted.asked(catalog.effect("dissociation")), person=request.person,
    )  # fmt: skip
    assert strip.courses[0].values == pytest.approx(alone["cadss"].values.tolist())


def test_every_effect_says_its_driver_limits_and_what_it_is_not_for(drawn):
    assert {one.effect for one in drawn.abouts} == set(ALL)
    for one in drawn.abouts:
        assert one.limits == catalog.effect(one.effect).limits
        assert one.not_for
        assert one.driver


def test_mood_says_that_it_is_not_this_person_and_has_days(drawn):
    strip = next(strip for strip in drawn.strips if strip.effect == "mood")
    assert "not this person" in strip.nature
    assert strip.minutes[-1] == pytest.approx(14 * 1440.0)
    assert [edges.doubt for edges in strip.courses[0].edges] == ["people", "trials", "estimates"]
    assert strip.courses[1].edges == ()


def test_what_follows_the_level_has_its_time_axis(drawn):
    ends = {strip.effect: strip.minutes[-1] for strip in drawn.strips}
    assert ends["pressure"] == ends["dissociation"] == ends["acute_pain"] == pytest.approx(360.0)


def test_low_confidence_stands_at_the_strip_where_the_file_says_so(drawn):
    for strip in drawn.strips:
        is_low = catalog.effect(strip.effect).confidence_level.value == "low"
        assert ("low confidence" in strip.warnings) == is_low


def test_baselines_turn_rises_into_pressures(drawn):
    rise = picture(INFUSION, {"effects": ("pressure",)}).strips[0]
    strip = drawn.strips[0]
    assert [course.output for course in rise.courses] == ["sbp_change", "dbp_change"]
    assert [course.output for course in strip.courses] == ["sbp", "dbp"]
    raised = [150.0 + value for value in rise.courses[0].values]
    assert strip.courses[0].values == pytest.approx(raised)
    assert (strip.rule, rise.rule) == (160.0, None)


def test_peaks_are_at_least_as_far_as_any_point_drawn(drawn):
    for strip in drawn.strips:
        for peak in drawn.answers.peaks:
            course = next((c for c in strip.courses if c.output == peak.output), None)
            if course is not None and peak.effect == strip.effect:
                far = min(course.values) if peak.is_lowest else max(course.values)
                beyond = peak.value - far if not peak.is_lowest else far - peak.value
                assert beyond >= -1e-6 * abs(far)


def test_leaving_is_answered_for_every_drawn_level_and_for_dissociation(drawn):
    found = drawn.answers.leaving
    assert [one.what for one in found] == ["level", "level", "dissociation"]
    for one in found:
        assert one.typical is not None
        assert one.people is None or one.people >= one.typical


def test_a_spray_keeps_pressure_and_says_why_dissociation_is_not_drawn():
    found = picture(SPRAY, {"effects": ("pressure", "dissociation")})
    assert [strip.effect for strip in found.strips] == ["pressure"]
    (refused,) = found.refused
    assert "arterial" in refused.sentence
    told = picture(SPRAY, {"effects": ("dissociation",), "other_site": ("yes",)})
    assert "calibrated on arterial levels" in told.strips[0].warnings


def test_mood_is_counted_in_reference_infusions_after_a_spray_too():
    weighed = SPRAY | {"weight": ("71 kg",)}
    found = picture(weighed, {"effects": ("mood",), "setting": ("outpatient_spray",)})
    assert (len(found.strips), found.refused) == (1, ())


def test_a_drug_that_nothing_was_calibrated_for_leaves_sentences_alone():
    racemate = INFUSION | {"drug": ("arketamine",)}
    found = picture(racemate, {"effects": ("pressure", "dissociation")})
    assert found.strips == ()
    assert len(found.refused) == 2


def test_a_level_beyond_what_was_studied_is_refused_for_pressure_and_said_for_dissociation():
    strong = {**INFUSION, "drug": ("esketamine",), "dose": ("1.5 mg/kg",)}
    found = picture(strong, {"effects": ("pressure", "dissociation")})
    assert "320" in found.refused[0].sentence
    assert "extrapolated" in found.strips[0].warnings


def test_a_chosen_model_drives_and_one_that_is_not_drawn_is_refused():
    found = picture(INFUSION, {"effects": ("pressure",)}, "simons2022")
    assert "Simons" in found.abouts[0].driver
    request, _, refused = asked(INFUSION, {"effects": ("pressure",)}, "domino1984_iv")
    assert isinstance(refused, Refusal)
    assert refused.problems[0].field == "driver"
    assert request.models[0].name in refused.problems[0].sentence


def test_a_setting_is_offered_for_each_kind_of_trial():
    offered = {choice.value for choice in effects.choices().settings}
    assert offered == set(catalog.effect("mood").settings)


@pytest.mark.parametrize("name", ["nmda", "respiration", "sbp", "flying"])
def test_what_the_page_does_not_draw_is_refused(name):
    found = effects.read({"effects": ("pressure", name)})
    assert isinstance(found, Refusal)
    assert [problem.field for problem in found.problems] == ["effects"]
