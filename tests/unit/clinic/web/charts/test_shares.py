"""Shares over time: always both groups, on one scale, with their difference."""

from dataclasses import replace

import pytest

from clinic.web.charts import field as fields
from clinic.web.charts.shares import Moment, Share, Shares, drawn, share_bars, shares_table
from tests.unit.clinic.web.charts.drawn import number, of_class, outside, overlaps, parsed, words

BOTH = pytest.mark.parametrize("sheet", [fields.WIDE, fields.NARROW], ids=["wide", "narrow"])

DAY = Moment(
    time="24 hours",
    control=Share(percent=28.0, text="28 % (12 to 49)", low=12.0, high=49.0),
    treated=Share(percent=64.0, text="64 % (49 to 77)", low=49.0, high=77.0),
    difference="36 points (13 to 58)",
    notes=("one infusion",),
)
MONTH = Moment(
    time="28 days",
    control=Share(percent=100.0, text="100 %"),
    treated=Share(percent=0.0, text="0 %"),
    difference="not known how sure",
)
PLOT = Shares(
    name="Response over time",
    outcome="MADRS at least halved",
    control="midazolam",
    treated="ketamine",
    certainty="low",
    moments=(DAY, MONTH),
)


@BOTH
def test_bars_are_as_long_as_the_shares_on_one_scale_of_a_hundred(sheet):
    root = parsed(drawn(PLOT, sheet))
    full = number(of_class(root, "share-all")[0], "width")
    lengths = [number(e, "width") / full for e in of_class(root, "share")]
    assert lengths == pytest.approx([0.28, 0.64, 1.0, 0.0], abs=0.002)
    assert outside(root) == overlaps(root) == []


@BOTH
def test_a_whisker_spans_its_interval_and_is_missing_where_none_is_known(sheet):
    root = parsed(drawn(PLOT, sheet))
    bar, full = of_class(root, "share-all")[0], number(of_class(root, "share-all")[0], "width")
    level = [e for e in of_class(root, "interval") if e.get("y1") == e.get("y2")]
    ends = [
        tuple((number(e, end) - number(bar, "x")) / full for end in ("x1", "x2")) for e in level
    ]
    assert ends == [pytest.approx((0.12, 0.49), abs=2e-3), pytest.approx((0.49, 0.77), abs=2e-3)]


@BOTH
def test_each_time_says_both_shares_their_difference_scale_and_certainty(sheet):
    root = parsed(drawn(PLOT, sheet))
    told = of_class(root, "hit")[0].get("aria-label")
    for part in ("24 hours", "midazolam 28 %", "ketamine 64 %", "36 points", "MADRS", "low", "one"):
        assert part in told
    for part in ("MADRS at least halved", "Certainty of the evidence: low", "36 points"):
        assert part in words(root)


@BOTH
def test_long_names_stay_on_the_sheet(sheet):
    long = replace(
        PLOT,
        control="midazolam 0.045 mg/kg over 40 minutes into a vein, as an active control",
        moments=(replace(DAY, difference="36 points " * 20, time="24 hours after " * 6),) * 12,
    )
    root = parsed(drawn(long, sheet))
    assert outside(root) == overlaps(root) == []


def test_the_table_holds_every_time():
    table = shares_table(PLOT)
    assert table.rows[0] == (
        "24 hours", "28 % (12 to 49)", "64 % (49 to 77)", "36 points (13 to 58)", "one infusion.",
    )  # fmt: skip
    assert "low" in table.caption
    assert len(share_bars(PLOT)) == 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: Share(percent=101.0, text="a"), "100 %"),
        (lambda: Share(percent=50.0, text="a", low=40.0), "both ends or none"),
        (lambda: Share(percent=50.0, text="a", low=60.0, high=70.0), "low <= share"),
        (lambda: replace(DAY, difference=" "), "a difference"),
        (lambda: replace(PLOT, certainty=""), "certainty"),
        (lambda: replace(PLOT, moments=()), "moments"),
    ],
)
def test_a_share_never_stands_alone(wrong, told):
    with pytest.raises(ValueError, match=told):
        wrong()
