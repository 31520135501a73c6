"""Both infusions at one weight: what protocols give, one scale for both, refusals."""

import pytest

from clinic.explore.two_infusions import ABOUT, Refusal, TwoInfusions, compare
from ketherapy.dosing.protocol import course, protocol
from ketherapy.pharmacology.effects import catalog as effects


@pytest.fixture(scope="module")
def found():
    outcome = compare({"weight": ("71 kg",)})
    assert isinstance(outcome, TwoInfusions)
    return outcome


def test_what_is_given_is_what_the_protocols_give(found):
    for one in found.infusions:
        doses = course(protocol(ABOUT[one.about]), weight=71.0).doses
        assert one.given.amount == doses[0].amount
        assert one.given.total == pytest.approx(sum(dose.amount for dose in doses))
        assert one.given.rate == pytest.approx(doses[0].amount / doses[0].over)
        assert one.given.visits == len(doses)


def test_the_limit_of_the_protocol_is_told_where_it_binds(found):
    assert found.infusions[1].given.limits == ()
    heavy = compare({"weight": ("100 kg",)})
    assert any("25 mg/h" in line for line in heavy.infusions[1].given.limits)
    assert heavy.infusions[1].given.rate == pytest.approx(25.0)


def test_one_scale_holds_both_infusions(found):
    for strip in (*found.session, found.course):
        assert [panel.about for panel in strip.panels] == ["depression", "pain"]
        assert strip.highest == max(panel.highest for panel in strip.panels)
        assert all(c.high is not None for panel in strip.panels for c in panel.courses)


def test_the_limits_of_each_model_stand_beside_it(found):
    for strip, effect in zip(
        (*found.session[1:], *found.aims),
        ("nmda_block", "dissociation", "pressure", "mood", "chronic_pain"),
        strict=True,
    ):
        model = effects.effect(effect)
        assert set(model.limits) < set(strip.limits)
        assert all(any(line in told for told in strip.limits) for line in model.not_for)
        assert strip.confidence == effects.effect(effect).confidence_level.value


def test_the_level_above_which_pressure_is_refused_is_said(found):
    by_id = {strip.id: strip for strip in found.session}
    assert by_id["pressure"].studied == "Above 320 ng/mL of S-ketamine nothing is predicted."
    assert "extrapolated" in by_id["dissociation"].studied
    assert by_id["nmda-block"].studied == "Above 250 ng/mL of S-ketamine it is extrapolated."


def test_keys_are_unique_on_the_page(found):
    strips = (*found.session, found.course, *found.aims)
    panels = [panel for strip in strips for panel in strip.panels]
    keys = [panel.key for panel in panels]
    assert len(set(keys)) == len(keys)
    lines = [course.key for panel in panels for course in panel.courses]
    assert len(set(lines)) == len(lines)


def test_responders_are_told_with_placebo(found):
    assert found.responders == (67.0, 23.0)  # Dahan 2011, abstract


def test_both_are_said_to_be_off_label(found):
    assert "off-label" in found.off_label
    assert all(one.protocol.is_off_label for one in found.infusions)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "per kg"),
        ("1,5 kg", "comma"),
        ("71", "unit"),
        ("4 kg", "30"),
        ("4000 kg", "300"),
        ("71 kg\x00", "weight"),
        ("seventy", "weight"),
    ],
)
def test_a_weight_that_cannot_be_used_is_refused(typed, words):
    outcome = compare({"weight": (typed,)})
    assert isinstance(outcome, Refusal)
    (problem,) = outcome.problems
    assert problem.field == "weight"
    assert words in problem.sentence


def test_no_weight_at_all_is_refused():
    assert isinstance(compare({}), Refusal)
