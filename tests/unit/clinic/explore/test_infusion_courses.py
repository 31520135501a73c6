"""The courses of two infusions beside the functions of the science that they come from."""

import numpy as np
import pytest

from clinic.explore import infusion_courses as courses
from clinic.explore.infusion_courses import DAY, Told
from ketherapy.pharmacology.covariates import Person
from ketherapy.pharmacology.effects import catalog as effects
from ketherapy.regimen import Dose, Drug, Regimen, Route
from ketherapy.simulation.effects.predict import effects as predict
from ketherapy.simulation.effects.scope import Asked
from ketherapy.simulation.solve import simulate

KG = 71.0


def told(*, amount=99.4, over=4.0, visits=3, about="pain", weight=KG):
    dose = Dose(drug=Drug.KETAMINE, route=Route.IV, amount=amount, over=over)
    regimen = Regimen.of(dose).repeated(visits, every=DAY)
    return Told(about=about, regimen=regimen, person=Person(weight=weight))


def test_a_session_is_what_is_given_in_the_first_day():
    assert [dose.at for dose in told(visits=3).session.doses] == [0.0]


def test_levels_are_those_of_the_science_in_ng_and_minutes():
    one = told()
    panel = courses.levels(one, "level", 24.0, regimen=one.session, sites="venous arterial")
    assert [course.tag for course in panel.courses] == ["vein", "artery"]
    for course, model in zip(panel.courses, (courses.venous(), courses.arterial()), strict=True):
        t = np.array(course.minutes) / 60.0
        data = simulate(model, one.session, t, person=one.person)
        np.testing.assert_allclose(course.middle, 1000.0 * data["ketamine"].values, rtol=1e-9)
        assert (course.peak_at, panel.given) == (240.0, ((0.0, 240.0),))


@pytest.mark.parametrize(
    ("effect", "output", "site", "factor"),
    [
        ("nmda_block", "nmda_block", "venous", 100.0),
        ("dissociation", "cadss", "arterial", 1.0),
        ("pressure", "sbp_change", "venous", 1.0),
    ],
)
def test_an_effect_is_computed_from_the_levels_it_was_calibrated_on(effect, output, site, factor):
    one = told()
    panel = courses.acute(one, effect, 24.0, effect=effect, output=output, tag="x")
    (course,) = panel.courses
    model = {"venous": courses.venous, "arterial": courses.arterial}[site]()
    t = np.array(course.minutes) / 60.0
    asked = Asked(effects=(effects.effect(effect),))
    data = predict(model, one.session, t, asked=asked, person=one.person)
    np.testing.assert_allclose(course.middle, factor * data[output].values, rtol=1e-9)
    top = int(np.argmax(course.middle))
    assert course.low[top] < course.middle[top] < course.high[top]


def test_the_mean_pain_is_that_of_responders_times_their_share():
    panel = courses.chronic_pain(told(visits=10), "pain", 84 * DAY)
    responder, mean = panel.courses
    share = effects.effect("chronic_pain").printed["p_drug"].meant
    np.testing.assert_allclose(mean.middle, share * np.array(responder.middle), rtol=1e-9)
    assert max(responder.high) <= 100.0


def test_mood_begins_alike_with_the_drug_and_without_it():
    panel = courses.mood(told(), "mood", 14 * DAY, setting="midazolam", regimen=told().session)
    control, treated = panel.courses
    assert control.tag == "midazolam"
    assert control.middle[0] == treated.middle[0]
    after_a_day = treated.place(24.0 * 60.0)
    assert treated.middle[after_a_day] < control.middle[after_a_day]


def test_what_the_science_refuses_leaves_its_sentence_and_no_curve():
    panel = courses.acute(
        told(amount=500.0, over=0.5), "pressure", 4.0,
        effect="pressure", output="sbp_change", tag="rise",
    )  # fmt: skip
    assert (panel.courses, panel.highest) == ((), 0.0)
    assert "320 ng/mL" in panel.refusal


def test_beyond_what_a_model_was_made_for_is_said_and_the_rest_is_not():
    short = told(amount=35.5, over=2 / 3, visits=1)
    within = courses.levels(short, "level", 4.0, regimen=short.session, sites="venous")
    assert within.beyond == ()
    long = courses.levels(told(), "level", 4.0, regimen=told().session, sites="venous")
    assert any("240 min" in line for line in long.beyond)
    assert set(long.beyond) < set(long.cautions)


@pytest.mark.parametrize("until", [240.0, 1440.0, 20160.0, 120960.0])
def test_tables_read_at_few_round_times_that_were_computed(until):
    read = courses.reading_times(until)
    assert read[0] == 0.0
    assert read[-1] == until
    assert len(read) <= 15
    t = courses.times(told().regimen, until / 60.0) * 60.0
    assert all(np.min(np.abs(t - at)) < 1e-6 for at in read)
