"""A funnel plot: the surest studies on top, cones that are those of chance."""

import math
from dataclasses import replace
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.web.charts import field as fields
from clinic.web.charts.funnel import Funnel, Study, drawn, funnel_table, funnels
from tests.unit.clinic.web.charts.drawn import (
    corners,
    number,
    of_class,
    outside,
    overlaps,
    parsed,
    words,
)

BOTH = pytest.mark.parametrize("sheet", [fields.WIDE, fields.NARROW], ids=["wide", "narrow"])


def study(name, estimate, se, **more):
    return Study(label=name, estimate=estimate, se=se, text=f"{estimate}", **more)


PLOT = Funnel(
    name="Funnel of 3 trials",
    measure="Risk ratio",
    is_log=True,
    null=1.0,
    pooled=2.0,
    pooled_text="pooled 2.0 (1.4 to 2.9)",
    studies=(
        study("Sure", 1.9, 0.2, notes=("a note",)),
        study("Unsure", 3.0, 0.8),
        study("Filled", 1.2, 0.5, is_imputed=True),
    ),
    told=("Fewer than 10 studies: asymmetry cannot be judged.",),
)


def centres(root):
    return [(number(e, "cx"), number(e, "cy")) for e in of_class(root, "point")]


@BOTH
def test_everything_lies_on_the_sheet(sheet):
    root = parsed(drawn(PLOT, sheet))
    assert outside(root) == overlaps(root) == []


@BOTH
def test_surer_studies_lie_higher_and_larger_effects_further_right(sheet):
    sure, unsure, filled = centres(parsed(drawn(PLOT, sheet)))
    assert sure[1] < filled[1] < unsure[1]
    assert filled[0] < sure[0] < unsure[0]


@BOTH
@pytest.mark.parametrize("is_log", [True, False])
def test_the_dashed_limits_hold_95_percent_of_chance_around_the_pooled_effect(sheet, is_log):
    z = NormalDist().inv_cdf(0.975)
    at_limit = math.exp(math.log(2.0) + z * 0.5) if is_log else 2.0 + z * 0.5
    studies = (study("at the limit", at_limit, 0.5), study("low", 0.3, 1.0))
    root = parsed(drawn(replace(PLOT, studies=studies, is_log=is_log), sheet))
    x, y = centres(root)[0]
    right = of_class(root, "limit")[1]
    x1, y1, x2, y2 = (number(right, name) for name in ("x1", "y1", "x2", "y2"))
    assert x1 + (x2 - x1) * (y - y1) / (y2 - y1) == pytest.approx(x, abs=0.5)


@BOTH
def test_the_shade_of_p_below_005_lies_inside_that_of_001(sheet):
    root = parsed(drawn(PLOT, sheet))
    outer, inner = (corners(of_class(root, name)[0]) for name in ("shade-1", "shade-2"))
    assert outer[0] == inner[0]
    apex = inner[0]
    assert (outer[1][0] - apex[0]) / (outer[1][1] - apex[1]) > (inner[1][0] - apex[0]) / (
        inner[1][1] - apex[1]
    )


@BOTH
def test_a_study_that_was_filled_in_is_hollow_and_says_so(sheet):
    root = parsed(drawn(PLOT, sheet))
    assert len(of_class(root, "point-imputed")) == 1
    assert "not measured" in of_class(root, "hit")[2].get("aria-label")


@BOTH
def test_each_study_takes_the_focus_and_what_to_mind_is_written(sheet):
    root = parsed(drawn(PLOT, sheet))
    first = of_class(root, "hit")[0]
    assert (first.get("tabindex"), len(of_class(root, "hit"))) == ("0", 3)
    for told in ("Sure", "Risk ratio 1.9", "standard error 0.2", "a note"):
        assert told in first.get("aria-label")
    for told in ("asymmetry", "pooled 2.0 (1.4 to 2.9)", "by chance alone"):
        assert told.split()[0] in words(root)


@settings(max_examples=40, deadline=None)
@given(
    is_log=st.booleans(),
    pairs=st.lists(st.tuples(st.floats(1e-4, 1e4), st.floats(1e-3, 20.0)), min_size=1, max_size=9),
)
def test_any_studies_lie_on_the_sheet(is_log, pairs):
    studies = tuple(study(f"{n}", *pair) for n, pair in enumerate(pairs))
    for markup in funnels(replace(PLOT, studies=studies, is_log=is_log)):
        assert outside(parsed(markup)) == []


def test_the_table_holds_every_study():
    table = funnel_table(PLOT)
    assert table.rows[0] == ("Sure", "1.9", "0.2", "a note.")
    assert "not measured" in table.rows[2][-1]
    assert "asymmetry" in table.caption


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: study("a", math.nan, 0.1), "finite effect"),
        (lambda: study("a", 1.0, 0.0), "above 0"),
        (lambda: replace(PLOT, studies=()), "expected a study"),
        (lambda: replace(PLOT, pooled=-0.3), "logarithms"),
    ],
)
def test_what_has_no_place_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        wrong()
