"""Every kind of thing that the data may hold has its word on a page."""

import pytest

from clinic.explore import evidence_words as words
from ketherapy.evidence.effects import Measure
from ketherapy.evidence.questions import COUNTED
from ketherapy.evidence.trials import About, Control, Given, Kind, better_side, trials


@pytest.mark.parametrize(
    ("named", "every"),
    [(words.ABOUTS, About), (words.CONTROLS, Control), (words.DRUGS, Given),
     (words.MEASURES, Measure)],
    ids=["about", "control", "drug", "measure"],
)  # fmt: skip
def test_every_member_is_named(named, every):
    assert set(named) == set(every)


def test_every_route_of_the_data_is_named():
    routes = {arm.route for trial in trials() for arm in trial.arms.values()} - {""}
    assert routes <= set(words.ROUTES)


def test_every_outcome_can_be_offered_but_what_is_no_outcome():
    assert set(Kind) - set(words.KINDS) == {Kind.SIZE, Kind.BASELINE}


@pytest.mark.parametrize("kind", sorted(COUNTED))
def test_people_counted_have_both_sides_in_words(kind):
    assert all(words.happened(kind))


@pytest.mark.parametrize(
    ("kind", "about", "side"),
    [(Kind.RESPONSE, About.PAIN, "above"), (Kind.REMISSION, About.DEPRESSION, "above"),
     (Kind.RELAPSE, About.DEPRESSION, "below"), (Kind.EVENT, About.HARM, "below"),
     (Kind.SCORE, About.PAIN, "below"), (Kind.CHANGE, About.DEPRESSION, "below"),
     (Kind.SCORE, About.QUALITY_OF_LIFE, ""), (Kind.CHANGE, About.MEMORY, "")],
)  # fmt: skip
def test_the_better_side(kind, about, side):
    assert (better_side(kind, about) or "") == side
