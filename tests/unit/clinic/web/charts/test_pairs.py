"""Pairs of bars: both groups, to scale, told in words and in a table."""

import re

import pytest

from clinic.web.charts.pairs import Pair, PairedBars, paired_bars, pairs_table, spoken

SIDE_EFFECTS = PairedBars(
    title="Side effects",
    control="dummy spray",
    treated="spray",
    highest=100.0,
    unit="of 100 people",
    rows=(
        Pair(name="Feeling cut off", control=9.0, treated=41.0),
        Pair(name="Large rise of pressure", control=0.5, treated=8.0, note="under sixty-five"),
    ),
)


def lengths(drawing, kind):
    return [
        float(width) for width in re.findall(rf'<rect class="{kind}"[^>]*width="([\d.]+)"', drawing)
    ]


@pytest.mark.parametrize("drawing", paired_bars(SIDE_EFFECTS), ids=["wide", "narrow"])
def test_bars_are_to_scale_and_the_others_stand_above_the_treated(drawing):
    full = lengths(drawing, "pair-all")
    assert len(set(full)) == 1
    # The first of each kind is the sample of the legend.
    for kind, expected in (("pair-control", (9.0, 0.5)), ("pair-treated", (41.0, 8.0))):
        drawn = [100.0 * one / full[0] for one in lengths(drawing, kind)[1:]]
        assert drawn == pytest.approx(expected, abs=0.1)
    assert drawing.index("pair-control") < drawing.index("pair-treated")


def test_less_than_one_of_a_hundred_is_told_as_printed_and_never_as_none_or_one():
    for drawing in paired_bars(SIDE_EFFECTS):
        assert re.findall(r'class="value"[^>]*>([^<]+)<', drawing) == ["9", "41", "0.5", "8"]


def test_the_drawing_says_everything_aloud_and_in_its_table():
    said = spoken(SIDE_EFFECTS)
    assert "Feeling cut off: 9 with dummy spray, 41 with spray." in said
    assert "under sixty-five" in said
    twin = pairs_table(SIDE_EFFECTS)
    assert twin.rows[0] == ("Feeling cut off", "9", "41")
    assert twin.headers[1:] == ("With dummy spray", "With spray")


def test_points_of_a_scale_keep_their_digits():
    pain = PairedBars(
        title="Pain", control="dummy", treated="drug", highest=10.0, unit="points",
        rows=(Pair(name="One week", control=5.45, treated=2.68),),
    )  # fmt: skip
    assert ">5.45<" in paired_bars(pain)[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"control": ""},
        {"rows": ()},
        {"rows": (Pair(name="a", control=-1.0, treated=2.0),)},
        {"rows": (Pair(name="a", control=1.0, treated=101.0),)},
    ],
)
def test_one_group_alone_or_a_bar_off_the_scale_is_refused(wrong):
    good = {"title": "t", "control": "c", "treated": "d", "highest": 100.0, "unit": "of 100 people"}
    rows = (Pair(name="a", control=1.0, treated=2.0),)
    with pytest.raises(ValueError, match="expected"):
        PairedBars(**{**good, "rows": rows, **wrong})
