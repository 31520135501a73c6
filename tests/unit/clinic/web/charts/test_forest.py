"""A forest plot keeps the laws of its kind, and says everything it draws."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.web.charts.forest import forests, narrow, wide
from clinic.web.charts.forest_rows import Effect, Forest, Group, Prediction, Row, Total
from clinic.web.charts.forest_words import forest_table
from tests.unit.clinic.web.charts.drawn import (
    corners,
    number,
    of_class,
    outside,
    overlaps,
    parsed,
    words,
)

BOTH = pytest.mark.parametrize("draw", [wide, narrow], ids=["wide", "narrow"])


def effect(low, estimate, high):
    return Effect(estimate=estimate, low=low, high=high, text=f"{estimate} ({low} to {high})")


def row(name, low, estimate, high, weight=None, **more):
    found = effect(low, estimate, high)
    return Row(label=name, sublabel="47 v 25 people", effect=found, weight=weight, **more)


FIRST = row("First 2013", 1.2, 2.0, 4.0, 0.64, notes=("one infusion",))
SECOND = row("Second 2020", 0.5, 1.5, 5.0, 0.16, mark="high risk of bias")
TOTAL = Total(
    label="All", effect=effect(1.1, 1.8, 2.9), detail="I² 12 %",
    prediction=Prediction(low=0.6, high=5.5, text="0.6 to 5.5"),
)  # fmt: skip
PLOT = Forest(
    name="Response at 24 h",
    measure="Risk ratio",
    interval="95 % CI",
    is_log=True,
    null=1.0,
    left="favours midazolam",
    right="favours ketamine",
    groups=(Group(heading="Midazolam", rows=(FIRST, SECOND)),),
    totals=(TOTAL,),
)


def having(*rows, **more):
    return replace(PLOT, groups=(Group(heading="", rows=rows),), **more)


def centre(square):
    return number(square, "x") + number(square, "width") / 2


def area(square):
    return number(square, "width") * number(square, "height")


@BOTH
def test_everything_lies_on_the_sheet(draw):
    assert outside(parsed(draw(PLOT))) == []


@BOTH
def test_no_words_are_written_over_others(draw):
    told = replace(TOTAL, detail="I² 12 %, tau² 0.04 (0 to 0.9), k = 6; REML, modified HKSJ " * 3)
    nobody = Row(label="Nobody", sublabel="18 v 18", effect=None, missing="no event at all " * 5)
    marked = replace(SECOND, mark="excluded: another time and another scale " * 2)
    rows = tuple(replace(one, cells=("30/47", "7/25")) for one in (FIRST, marked, nobody))
    groups = (Group(heading="Midazolam " * 30, rows=rows, totals=(told,)),)
    plot = replace(PLOT, groups=groups, totals=(told,), columns=("Ketamine", "Midazolam or saline"))
    root = parsed(draw(plot))
    assert outside(root) == overlaps(root) == []


@BOTH
@pytest.mark.parametrize("is_log", [True, False])
def test_a_total_whose_end_is_not_known_runs_off_the_axis(draw, is_log):
    endless = replace(TOTAL, effect=effect(0.0, 1.8, math.inf), prediction=None)
    root = parsed(draw(having(FIRST, SECOND, totals=(endless,), is_log=is_log)))
    assert of_class(root, "arrow")
    assert outside(root) == []


@BOTH
def test_the_area_of_a_square_is_its_weight(draw):
    first, second = of_class(parsed(draw(PLOT)), "square")
    assert area(first) / area(second) == pytest.approx(0.64 / 0.16, rel=1e-3)


@BOTH
def test_a_diamond_spans_its_interval_and_peaks_at_its_estimate(draw):
    root = parsed(draw(having(row("a", 1.1, 1.8, 2.9, 1.0))))
    (diamond,), (interval,) = of_class(root, "diamond"), of_class(root, "interval")
    (square,) = of_class(root, "square")
    left, top, right, bottom = corners(diamond)
    assert (left[0], right[0]) == (number(interval, "x1"), number(interval, "x2"))
    assert top[0] == bottom[0] == pytest.approx(centre(square), abs=0.06)
    assert top[1] < left[1] == right[1] < bottom[1]


@BOTH
@pytest.mark.parametrize("is_log", [True, False])
def test_a_larger_effect_lies_further_right(draw, is_log):
    rows = [row(f"{n}", at / 2, at, 2 * at, 0.2) for n, at in enumerate((0.2, 0.9, 1.0, 1.1, 7.0))]
    places = [
        centre(square) for square in of_class(parsed(draw(having(*rows, is_log=is_log))), "square")
    ]
    assert all(before < after for before, after in itertools.pairwise(places))


@BOTH
def test_a_ratio_and_its_inverse_lie_equally_far_from_no_difference(draw):
    root = parsed(
        draw(having(row("a", 0.2, 0.25, 0.3, 0.5), row("b", 3.0, 4.0, 5.0, 0.5), totals=()))
    )
    less, more = map(centre, of_class(root, "square"))
    null = number(of_class(root, "null")[0], "x1")
    assert null - less == pytest.approx(more - null, abs=0.2)


@BOTH
def test_an_interval_that_runs_off_the_axis_ends_in_an_arrow(draw):
    usual = [row(f"{n}", 1.2, 2.0, 3.0, 0.3) for n in range(3)]
    assert of_class(parsed(draw(having(*usual, totals=()))), "arrow") == []
    root = parsed(draw(having(*usual, row("far", 1e-9, 2.0, 1e9, 0.1), totals=())))
    assert len(of_class(root, "arrow")) == 2
    assert outside(root) == []


@BOTH
def test_an_end_that_is_not_known_is_an_arrow(draw):
    open_ended = row("open", 0.0, 2.0, math.inf, 0.5)
    assert len(of_class(parsed(draw(having(FIRST, open_ended, totals=()))), "arrow")) == 2


@BOTH
def test_a_study_outside_the_pool_is_hollow_and_a_step_of_pooling_a_dot(draw):
    left_out = replace(FIRST, weight=None, mark="excluded: another time")
    step = replace(FIRST, weight=None, is_pooled=True)
    root = parsed(draw(having(left_out, step, SECOND)))
    assert [len(of_class(root, name)) for name in ("hollow", "dot", "square")] == [1, 1, 1]
    assert "excluded" in words(root)


@BOTH
def test_a_study_without_effect_says_why_and_is_not_drawn(draw):
    nobody = Row(label="Nobody 2014", sublabel="18 v 18", effect=None, missing="no event at all")
    root = parsed(draw(having(nobody, FIRST)))
    assert len(of_class(root, "interval")) == 1
    assert "no event at all" in words(root)


@BOTH
def test_each_line_takes_the_focus_and_says_everything(draw):
    spoken = [e.get("aria-label") for e in of_class(parsed(draw(PLOT)), "hit")]
    assert [e.get("tabindex") for e in of_class(parsed(draw(PLOT)), "hit")] == ["0"] * 3
    for told in (
        "First 2013",
        "47 v 25 people",
        "Risk ratio 2.0 (1.2 to 4.0)",
        "64.0 %",
        "one inf",
    ):
        assert told in spoken[0]
    assert "high risk of bias" in spoken[1]
    for told in ("1.8 (1.1 to 2.9)", "I² 12 %", "Prediction interval 0.6 to 5.5"):
        assert told in spoken[2]


@BOTH
def test_no_line_is_drawn_through_words(draw):
    nobody = Row(label="Nobody 2014", sublabel="18 v 18", effect=None, missing="no event at all")
    root = parsed(draw(having(FIRST, nobody, SECOND)))
    (told,) = [number(e, "y") for e in of_class(root, "mark-words") if "no ev" in e.text]
    lines = [(number(e, "y1"), number(e, "y2")) for e in of_class(root, "null")]
    assert not any(top < told < bottom for top, bottom in lines)


@BOTH
def test_both_sides_of_no_difference_are_named(draw):
    told = words(parsed(draw(PLOT)))
    assert "← favours midazolam" in told
    assert "favours ketamine →" in told


def test_the_plot_names_its_measure_and_its_axis_is_marked_in_round_ratios():
    root = parsed(wide(PLOT))
    assert "Risk ratio (95 % CI)" in words(root)
    marked = [float(e.text) for e in of_class(root, "tick")]
    assert 1.0 in marked
    assert marked == sorted(marked)


def test_a_share_has_no_line_of_no_difference():
    root = parsed(
        wide(having(row("a", 49.0, 53.6, 58.0, 1.0), is_log=False, null=None, left="", right=""))
    )
    assert of_class(root, "null") == []


@BOTH
def test_sixty_long_names_stay_on_the_sheet_in_their_order(draw):
    name = "An exceedingly long name of a multicentre extension study of 2019"
    rows = [row(f"{name} {n}", -40.0 + n, 2.0 * n, 60.0 + 3 * n, 1 / 60) for n in range(60)]
    root = parsed(draw(having(*rows, is_log=False, null=0.0)))
    assert outside(root) == overlaps(root) == []
    tops = [number(e, "y") for e in of_class(root, "hit-area")]
    ends = [number(e, "y") + number(e, "height") for e in of_class(root, "hit-area")]
    assert all(end <= top + 0.2 for end, top in zip(ends, tops[1:], strict=False))


@BOTH
def test_a_long_note_stays_on_the_sheet_of_one_study(draw):
    root = parsed(draw(having(replace(FIRST, notes=("word " * 400,)), totals=())))
    assert outside(root) == []
    assert "more in the table" in words(root)


@BOTH
def test_intervals_without_width_are_drawn(draw):
    root = parsed(draw(having(row("exact", 1.0, 1.0, 1.0, 1.0), totals=())))
    assert outside(root) == []


@settings(max_examples=40, deadline=None)
@given(
    is_log=st.booleans(),
    ends=st.lists(st.tuples(*[st.floats(1e-6, 1e6)] * 3).map(sorted), min_size=1, max_size=12),
)
def test_any_effects_lie_on_the_sheet(is_log, ends):
    rows = [row(f"{n}", *one, 1 / len(ends)) for n, one in enumerate(ends)]
    plot = having(*rows, is_log=is_log, totals=(Total(label="All", effect=effect(*ends[0])),))
    for drawn in forests(plot):
        assert outside(parsed(drawn)) == []


@BOTH
def test_words_are_escaped(draw):
    sly = replace(FIRST, label="<script>alert(1)</script>", notes=('"><b>',))
    markup = draw(having(sly))
    assert "<script" not in markup
    assert "<b>" not in markup


@BOTH
def test_nothing_is_styled_or_scripted_in_place(draw):
    for e in parsed(draw(PLOT)).iter():
        assert not {"style", "onclick", "href", "src"} & set(e.keys())


def test_the_table_holds_every_line_and_every_number():
    table = forest_table(PLOT)
    assert table.headers == ("Study", "People", "Risk ratio (95 % CI)", "Weight", "Remarks")
    assert [line[0] for line in table.rows] == [
        "Midazolam", "First 2013", "Second 2020", "All", "Prediction interval, All",
    ]  # fmt: skip
    assert table.rows[1][1:4] == ("47 v 25 people", "2.0 (1.2 to 4.0)", "64.0 %")
    assert table.rows[2][-1] == "high risk of bias."
    assert table.rows[4][2] == "0.6 to 5.5"


def test_cells_stand_under_their_heads():
    plot = having(
        replace(FIRST, cells=("30/47", "7/25")), columns=("Ketamine", "Midazolam"), totals=()
    )
    told = words(parsed(wide(plot)))
    assert "30/47" in told
    assert "Midazolam" in told
    assert "Ketamine 30/47" in words(parsed(narrow(plot)))
    assert forest_table(plot).rows[0][2:4] == ("30/47", "7/25")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param(lambda: effect(2.0, 1.0, 3.0), "low <= estimate", id="outside its interval"),
        pytest.param(lambda: effect(math.nan, 1.0, 3.0), "low <= estimate", id="no number"),
        pytest.param(lambda: row("a", 1, 2, 3, 1.2), "0 to 1", id="weight"),
        pytest.param(lambda: replace(FIRST, effect=None), "why there is none", id="no reason"),
        pytest.param(lambda: having(row("a", -2.0, -1.0, 0.5)), "above 0", id="logarithm"),
        pytest.param(lambda: having(FIRST, columns=("a",)), "1 cells", id="cells"),
        pytest.param(lambda: having(totals=()), "at least one effect", id="nothing"),
    ],
)
def test_what_cannot_be_drawn_truly_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        wrong()
