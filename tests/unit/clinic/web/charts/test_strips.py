"""A strip in words, on its axis, and in its table."""

from dataclasses import replace

import pytest

from clinic.explore.effect_answers import Answers, Crossing, Leaving, Peak, Share
from clinic.explore.effects import Course, Edges, Strip
from clinic.web.charts import strip_tables
from clinic.web.charts.drawing import draw_strip
from clinic.web.charts.frame import STRIP_NARROW, STRIP_WIDE
from clinic.web.charts.strips import length, spoken, strip_scene

MINUTES = (0.0, 30.0, 60.0, 120.0)
RISING = Course(
    output="cadss",
    name="CADSS",
    values=(0.0, 20.0, 10.0, 2.0),
    edges=(
        Edges(doubt="people", low=(0.0, 1.0), high=(0.0, 41.0)),
        Edges(doubt="estimates", low=(0.0, 5.0), high=(0.0, 25.0)),
    ),
)
STRIP = Strip(
    effect="dissociation",
    name="Dissociation",
    unit="points",
    minutes=MINUTES,
    band_minutes=(0.0, 120.0),
    courses=(RISING,),
    rule=8.0,
    nature="",
    warnings=("low confidence",),
    spread="",
)
NOTHING = Answers(
    peaks=(), crossing=None, leaving=(), sedation=None, responders=None
)  # fmt: skip


def pressure(*values: float) -> Strip:
    course = Course(output="sbp", name="systolic", values=values, edges=())
    return replace(STRIP, unit="mmHg", courses=(course,), rule=None)


def test_a_strip_says_where_a_line_begins_and_how_far_it_goes():
    assert "CADSS: from 0 points to 20 points at 30 min" in spoken(STRIP)


def test_a_score_begins_at_zero_and_a_pressure_need_not():
    assert strip_scene(STRIP, (0.0, 40.0)).y_low == 0.0
    assert strip_scene(pressure(120.0, 134.0, 130.0, 122.0), (0.0, 40.0)).y_low > 100.0


def test_the_axis_holds_bands_and_what_was_asked():
    assert strip_scene(STRIP, (0.0, 40.0)).y_high == 41.0
    assert strip_scene(replace(STRIP, rule=60.0), (0.0, 40.0)).y_high == 60.0


@pytest.mark.parametrize("frame", [STRIP_WIDE, STRIP_NARROW], ids=lambda frame: frame.name)
def test_a_strip_is_one_image_with_a_band_for_each_doubt(frame):
    drawn = draw_strip(strip_scene(STRIP, (0.0, 40.0)), frame)
    assert drawn.count('role="img"') == 1
    assert drawn.count('class="band band-') == 2
    assert "asked: 8 points" in drawn
    assert "tabindex" not in drawn


def test_an_average_is_not_stamped_as_this_person():
    mood = replace(STRIP, nature="average of a trial setting, not this person: outpatients")
    assert "not this person" in draw_strip(strip_scene(mood, (0.0, 40.0)), STRIP_WIDE)


def test_the_table_holds_every_line_and_its_people():
    rows = strip_tables.rows(STRIP, 40.0)
    assert rows[0].time == "0 min"
    halfway = next(row for row in rows if row.time == "60 min" or row.time == "1 h")
    assert halfway.cells[0].exact == 10.0
    assert halfway.spans == ("0.5 to 20.5",)


def test_long_strips_are_read_by_days():
    days = replace(STRIP, minutes=(0.0, 1440.0, 20160.0), band_minutes=(0.0, 20160.0))
    course = replace(RISING, values=(30.0, 20.0, 25.0))
    times = [row.time for row in strip_tables.rows(replace(days, courses=(course,)), 40.0)]
    assert times == ["0 min", "24 h", "14 days"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(44.8, "45 min"), (1092.2, "18 h"), (250.0, "4 h 10 min"), (20160.0, "14 days")],
)
def test_times_are_no_more_exact_than_they_can_be(minutes, words):
    assert length(minutes) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "less than 0.1 %"), (0.00397, "0.4 %"), (0.2349, "23 %"), (1.0, "100 %")],
)
def test_chances_have_two_figures(share, words):
    assert strip_tables.percent(share) == words


def test_a_crossing_says_both_bounds_and_the_chance_without_the_drug():
    crossing = Crossing(
        limit=160.0,
        least=0.02,
        most=0.3,
        without=0.004,
        readings=(0.0, 40.0),
        session=1,
        sessions=6,
    )
    found = replace(NOTHING, crossing=crossing)
    (said,) = strip_tables.answers(found)
    assert said.answer == "between 2 % and 30 %"
    assert "without drug 0.4 %" in said.beside
    assert strip_tables.reading_words(found) == "0 and 40 min after the start of session 1 of 6"


@pytest.mark.parametrize(
    ("typical", "people", "words"),
    [
        (90.0, 150.0, ("from 90 min", "from 2 h 30 min")),
        (90.0, None, ("from 90 min", "not within 24 h of the last input")),
        (None, None, ("not within 24 h of the last input", "not within 24 h of the last input")),
        (0.0, 0.0, ("all the time", "all the time")),
    ],
)
def test_leaving_says_from_when_in_a_typical_person_and_in_most(typical, people, words):
    one = Leaving(
        what="level", limit=50.0, unit="ng/mL", driver="Otto 2021", typical=typical,
        people=people, is_people_known=True, horizon=1440.0,
    )  # fmt: skip
    (said,) = strip_tables.answers(replace(NOTHING, leaving=(one,)))
    assert words[0] in said.answer
    assert words[1] in said.beside


def test_a_peak_of_an_effect_whose_people_are_not_known_says_so():
    peak = Peak(
        effect="pressure", output="sbp", unit="mmHg", value=134.2, minutes=45.2, low=133.0,
        high=137.0, is_people_known=False, is_lowest=False, is_at_end=False,
    )  # fmt: skip
    known = replace(peak, is_people_known=True)
    unknown, other = strip_tables.answers(replace(NOTHING, peaks=(peak, known)))
    assert unknown.answer == "highest 134 mmHg at 45 min"
    assert "people differ more" in unknown.beside
    assert "people 133 to 137" in other.beside


def test_sedation_and_response_are_shares():
    found = replace(NOTHING, sedation=Share(value=0.3, low=0.2, high=0.4), responders=(0.67, 0.23))
    sedation, responders = strip_tables.answers(found)
    assert (sedation.answer, responders.answer) == ("30 %", "67 % of people")
    assert "placebo 23 %" in responders.beside
