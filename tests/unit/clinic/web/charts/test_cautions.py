from dataclasses import replace

from clinic.web.charts.cautions import EVERY_CURVE, cautions
from tests.unit.clinic.web.invented import NAMED


def groups(prediction):
    return {group.about: group.sentences for group in cautions(prediction, NAMED)}


def test_cautions_of_one_model_stand_under_its_letter_and_name(prediction):
    said = ("Racemic ketamine is off-label.", "Invented model of pulsing: age not given; mind it.")
    found = groups(replace(prediction, cautions=said))
    assert found == {
        EVERY_CURVE: (said[0],),
        "B Invented model of pulsing": ("Age not given; mind it.",),
    }


def test_no_caution_is_lost_or_said_twice(prediction):
    said = ("One.", "One.", "Invented model of veined: two.", "Nobody: three.")
    found = groups(replace(prediction, cautions=said))
    assert found[EVERY_CURVE] == ("One.", "Nobody: three.")
    assert found["A Invented model of veined"] == ("Two.",)


def test_measured_points_from_elsewhere_are_a_caution(prediction):
    elsewhere = replace(prediction.measured[0], site="capillary blood")
    found = groups(replace(prediction, measured=(elsewhere,), cautions=()))
    assert "capillary blood" in found[EVERY_CURVE][0]


def test_nothing_to_mind_makes_no_group(prediction):
    assert groups(replace(prediction, cautions=(), measured=())) == {}
