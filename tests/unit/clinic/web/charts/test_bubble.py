"""Effects beside doses: areas are weights, and no line runs where nothing was studied."""

import itertools
from dataclasses import replace

import pytest

from clinic.web.charts import field as fields
from clinic.web.charts.bubble import Bubble, Fitted, Point, bubble_table, bubbles, drawn
from clinic.web.charts.forest_rows import Effect
from tests.unit.clinic.web.charts.drawn import number, of_class, outside, overlaps, parsed, words

BOTH = pytest.mark.parametrize("sheet", [fields.WIDE, fields.NARROW], ids=["wide", "narrow"])


def point(name, dose, estimate, weight, **more):
    effect = Effect(estimate=estimate, low=estimate - 3, high=estimate + 3, text=f"{estimate}")
    return Point(label=name, sublabel="20 v 19", dose=dose, effect=effect, weight=weight, **more)


FIT = tuple(Fitted(dose=0.1 * n, estimate=-n, low=-n - 3.0, high=-n + 3.0) for n in range(1, 11))
PLOT = Bubble(
    name="Dose and effect",
    dose_label="dose",
    unit="mg/kg",
    measure="Mean difference",
    is_log=False,
    null=0.0,
    points=(
        point("Small", 0.1, -1.0, 0.09),
        point("Large", 0.5, -6.0, 0.81, notes=("one infusion",)),
        point("High", 1.0, -7.0, 0.1),
    ),
    fit=FIT,
    told=("Line: meta-regression, k = 3.",),
)


@BOTH
def test_everything_lies_on_the_sheet(sheet):
    root = parsed(drawn(PLOT, sheet))
    assert outside(root) == overlaps(root) == []


@BOTH
def test_the_area_of_a_circle_is_its_weight(sheet):
    large, _, small = (number(e, "r") for e in of_class(parsed(drawn(PLOT, sheet)), "bubble")[1:])
    assert large**2 / small**2 == pytest.approx(0.81 / 0.09, rel=1e-3)


@BOTH
def test_a_higher_dose_lies_further_right_and_a_larger_effect_higher(sheet):
    points = tuple(point(f"{n}", 0.1 * n, 2.0 * n, 0.1) for n in range(1, 6))
    root = parsed(drawn(replace(PLOT, points=points, fit=()), sheet))
    places = [(number(e, "cx"), number(e, "cy")) for e in of_class(root, "bubble")[1:]]
    for (x, y), (further, higher) in itertools.pairwise(places):
        assert x < further
        assert y > higher


@BOTH
def test_a_point_says_dose_unit_effect_weight_and_notes(sheet):
    root = parsed(drawn(PLOT, sheet))
    (told,) = [e.get("aria-label") for e in of_class(root, "hit") if "Large" in e.get("aria-label")]
    for part in ("dose 0.5 mg/kg", "Mean difference -6.0", "81.0 %", "one infusion", "20 v 19"):
        assert part in told
    assert "dose (mg/kg)" in words(root)
    assert "meta-regression" in words(root)


def test_without_a_fit_no_line_is_drawn():
    root = parsed(drawn(replace(PLOT, fit=()), fields.WIDE))
    assert of_class(root, "fit-line") == of_class(root, "fit-band") == []


@pytest.mark.parametrize("dose", [0.05, 1.1])
def test_a_line_beyond_the_studied_doses_is_refused(dose):
    beyond = Fitted(dose=dose, estimate=0.0, low=-1.0, high=1.0)
    with pytest.raises(ValueError, match="nothing was studied"):
        replace(PLOT, fit=(*FIT, beyond))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: replace(PLOT, points=()), "expected a study"),
        (lambda: replace(PLOT, is_log=True, null=1.0), "logarithms"),
        (lambda: point("a", -0.1, 1.0, 0.1), "dose of 0 or more"),
        (lambda: point("a", 0.1, 1.0, 1.1), "weight from 0 to 1"),
    ],
)
def test_what_has_no_place_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        wrong()


@pytest.mark.parametrize("effect", [-1e5, 0.0, 1e5])
def test_a_single_study_of_any_size_lies_on_the_sheet(effect):
    alone = replace(PLOT, points=(point("a", 0.0, effect, 0.0),), fit=())
    for markup in bubbles(alone):
        assert outside(parsed(markup)) == []


def test_the_table_holds_every_study_and_some_of_the_line():
    table = bubble_table(PLOT)
    assert table.rows[1] == ("Large", "20 v 19", "0.5", "-6.0", "81.0 %", "one infusion.")
    line = [row[2] for row in table.rows if row[0] == "fitted line"]
    assert (line[0], line[-1], len(line)) == ("0.1", "1", 6)
