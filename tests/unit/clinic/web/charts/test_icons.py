"""A hundred people stay a hundred, and no share stands alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.web.charts.icons import (
    NARROW,
    WIDE,
    Group,
    Icons,
    drawn,
    icon_arrays,
    icons_table,
    legend,
    parts,
    spoken,
)
from tests.unit.clinic.web.charts.drawn import of_class, outside, overlaps, parsed, words

ICONS = Icons(
    control=Group(name="midazolam", percent=37.0),
    treated=Group(name="ketamine", percent=54.0),
    happened="improved",
    not_happened="did not improve",
    outcome="MADRS at least halved",
    time="24 hours after one infusion",
    uncertainty="between 4 and 30 more",
    certainty="very low",
)
BOTH = pytest.mark.parametrize("layout", [WIDE, NARROW], ids=lambda one: one.name)
SHARES = st.floats(0.0, 100.0)


def asked(control, treated, **more):
    return replace(
        ICONS,
        control=replace(ICONS.control, percent=control),
        treated=replace(ICONS.treated, percent=treated),
        **more,
    )


def people(root):
    """Return how many of each kind stand in the two squares, without the legend."""
    found = {}
    for path in of_class(root, "people"):
        kind = path.get("class").split("-")[-1]
        count = path.get("d").count("M")
        found.setdefault(kind, []).append(count)
    return found


@given(control=SHARES, treated=SHARES)
def test_the_parts_of_a_hundred_people_add_up_to_a_hundred(control, treated):
    count = parts(asked(control, treated))
    assert count.anyway + count.extra + count.fewer + count.neither == 100
    assert min(count.anyway, count.extra, count.fewer, count.neither) >= 0
    assert count.extra == 0 or count.fewer == 0
    assert count.treated - count.control == count.extra - count.fewer
    assert abs(count.control - control) <= 0.5
    assert abs(count.treated - treated) <= 0.5


@BOTH
@pytest.mark.parametrize(
    ("control", "treated"), [(37, 54), (45.3, 26.7), (0, 100), (100, 0), (50, 50)]
)
def test_two_hundred_people_are_drawn(layout, control, treated):
    icons = asked(float(control), float(treated))
    root = parsed(drawn(icons, layout))
    legend_samples = len(legend(icons))
    assert sum(map(sum, people(root).values())) == 200 + legend_samples
    assert outside(root) == overlaps(root) == []


@BOTH
def test_who_is_better_anyway_is_the_same_in_both_groups(layout):
    found = people(parsed(drawn(ICONS, layout)))
    assert found == {"anyway": [37, 37, 1], "extra": [17, 1], "neither": [63, 46, 1]}


@BOTH
def test_the_drawing_says_control_treated_difference_time_scale_and_certainty(layout):
    root = parsed(drawn(ICONS, layout))
    heard = root.get("aria-label")
    for told in ("37", "54", "17 more", "between 4 and 30 more", "24 hours", "MADRS", "very low"):
        assert told in words(root)
        assert told in heard
    assert root.get("role") == "img"


def test_a_harm_is_told_as_more_and_a_benefit_in_fewer_as_fewer():
    assert "18 fewer of 100" in spoken(asked(45.3, 26.7))
    assert [kind for kind, _ in legend(asked(45.3, 26.7))] == ["anyway", "fewer", "neither"]


def test_a_rare_event_is_never_told_as_none():
    rare = asked(0.2, 0.4)
    assert spoken(rare).count("fewer than 1 improved") == 2
    assert legend(rare) == (("neither", "more than 99 did not improve"),)
    assert "no difference in whole people" in spoken(rare)
    assert "fewer than 1" not in spoken(asked(0.0, 10.0))
    assert "more than 99 improved" in spoken(asked(10.0, 99.8))


def test_the_table_holds_both_groups_and_the_difference():
    table = icons_table(ICONS)
    assert table.rows[:2] == (("midazolam", "37", "37.0 %"), ("ketamine", "54", "54.0 %"))
    assert table.rows[2] == ("difference", "17 more of 100", "between 4 and 30 more")
    assert "very low" in table.caption


@pytest.mark.parametrize(
    "part", ["happened", "not_happened", "outcome", "time", "uncertainty", "certainty"]
)
def test_a_share_never_stands_alone(part):
    with pytest.raises(ValueError, match=part):
        replace(ICONS, **{part: " "})


@pytest.mark.parametrize("share", [-0.1, 100.1, float("nan")])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="0 to 100"):
        Group(name="ketamine", percent=share)


def test_words_are_escaped_and_nothing_is_styled_in_place():
    sly = replace(ICONS, control=Group(name="<script>", percent=1.0), certainty="<b>low</b>")
    for markup in icon_arrays(sly):
        assert "<script" not in markup
        assert "<b>" not in markup
        for e in parsed(markup).iter():
            assert not {"style", "onclick", "href", "src"} & set(e.keys())


@BOTH
def test_long_words_stay_on_the_sheet(layout):
    long = asked(
        37.0,
        54.0,
        outcome="A remarkably long description of the outcome " * 3,
        uncertainty="between a very small number and a very large number of people more",
    )
    root = parsed(drawn(long, layout))
    assert outside(root) == overlaps(root) == []
