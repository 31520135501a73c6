"""A finding in words: both groups in each form of it, and doubt said where there is some."""

from dataclasses import replace

import pytest

from clinic.explore.findings import finding
from clinic.explore.self_check import check
from clinic.explore.self_check_content import content
from clinic.web.finding_lines import (
    CHANCE,
    DISAGREE,
    basis,
    difference,
    doubt,
    drawn,
    groups,
    icons,
    line,
)
from ketherapy.evidence.questions import questions

EVERY = [finding(one.id) for one in questions() if one.words is not None]
(PAIN,) = check({"conditions": ("pain",)}).found


@pytest.mark.parametrize("found", [*EVERY, *PAIN.findings], ids=lambda one: one.id)
def test_each_form_names_both_groups_their_time_and_how_sure_one_is(found):
    for told in (f"{groups(found)} {difference(found)} {basis(found)}", line(found)):
        for part in (found.words.control, found.words.treated, found.words.time):
            assert part in told
        assert f"Certainty: {found.certainty}." in told
        assert f"{found.people} people" in told
        assert "anything from" in told or "between" in told


@pytest.mark.parametrize("found", EVERY, ids=lambda one: one.id)
def test_doubt_is_said_exactly_where_no_difference_was_shown(found):
    said = [one for one in (CHANCE, DISAGREE) if one in difference(found)]
    assert said == ([] if found.shows_a_difference else [doubt(found)])
    in_line = any(words in line(found) for words in ("May be chance.", "Two ways to count"))
    assert in_line == (not found.shows_a_difference)


@pytest.mark.parametrize("of", ["ketamine_ocd_response", "ketamine_social_anxiety_response"])
def test_an_interval_that_leaves_out_no_difference_is_not_called_chance(of):
    found = finding(of)
    assert not found.shows_a_difference
    assert "between" in difference(found)  # the interval that is shown has no "none" in it
    assert CHANCE not in difference(found)
    assert DISAGREE in difference(found)


def test_the_words_of_people_are_those_of_the_drawing():
    found = finding("ketamine_midazolam_response_day")
    assert "28 of 100 got at least half better" in groups(found)
    assert "64 of 100" in groups(found)
    assert f"36 more of 100 ({found.uncertainty})" in difference(found)
    assert len(drawn(found).drawings) == 2
    assert drawn(found).table is not None


def test_points_are_told_as_better_or_worse_from_the_nearer_end():
    told = difference(PAIN.findings[0])
    assert "15.8 points better (anything from 0.5 points worse to 32.1 points better)" in told
    assert drawn(PAIN.findings[0]).drawings == ()


def test_more_points_of_a_scale_that_counts_what_is_good_are_better():
    worse = PAIN.findings[0]
    turned = replace(worse, is_good=True)
    assert "15.8 points worse (anything from 32.1 points worse to 0.5 points better)" in difference(
        turned
    )


def test_people_are_not_drawn_where_points_were_measured():
    with pytest.raises(LookupError, match="no one share"):
        icons(PAIN.findings[0])


def test_where_no_one_share_stands_for_all_groups_the_counts_of_each_trial_are_shown():
    unwanted = PAIN.findings[2]  # printed: 3.26 (1.05 to 10.09)
    assert "3.3 times as many people (anything from 1.1 to 10.1 times)" in difference(unwanted)
    table = drawn(unwanted).table
    assert table is not None
    assert ("Schwartzman 2009", "2 of 10", "4 of 9") in table.rows
    assert len(table.rows) == len(unwanted.trials)


def test_an_unknown_number_of_people_is_said():
    assert "number of people not known" in basis(replace(EVERY[0], people=None))


def test_a_finding_that_was_refused_is_not_told_as_one():
    with pytest.raises(LookupError, match="refused"):
        line(replace(EVERY[0], shares=None))


def test_every_condition_can_be_told():
    for one in content().conditions:
        for found in check({"conditions": (one.id,)}).found[0].findings:
            assert line(found)
