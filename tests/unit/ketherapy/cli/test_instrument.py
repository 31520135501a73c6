"""``ketherapy instrument``: alerts come first, nothing is prorated, and it refuses in sentences."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from ketherapy.cli import main
from ketherapy.instruments.conventions import conventions
from ketherapy.instruments.instrument import instruments


def ask(*words: object):
    return CliRunner().invoke(main, ["instrument", *map(str, words)])


def said(*words: object) -> list[str]:
    found = ask(*words)
    assert found.exit_code == 0, found.output
    return found.stdout.splitlines()


def refused(*words: object) -> str:
    found = ask(*words)
    assert found.exit_code == 2, found.output
    return found.stderr


def test_every_instrument_and_every_convention_is_listed():
    text = "\n".join(said("list"))
    for scale in instruments():
        assert f"\n{scale.id} " in text
    assert "\ncssrs " in text
    text = "\n".join(said("list", "--conventions"))
    for one in conventions():
        assert f"\n{one.key} " in text


@pytest.mark.parametrize("name", [scale.id for scale in instruments()])
def test_everything_in_a_file_is_shown(name):
    (scale,) = [s for s in instruments() if s.id == name]
    text = "\n".join(said("show", name))
    for item in scale.items:
        assert f"{item} (" in text
        assert scale.texts.get(item, "") in text
    for one in (*scale.definitions, *scale.triggers):
        if one.rule.needs_adoption:
            assert f"off until a clinic adopts {name}.{one.id}" in text
        else:
            assert (one.rule.source or scale.source) in text
    assert scale.licence.text in text


def test_a_screener_is_shown_with_its_levels():
    text = "\n".join(said("show", "cssrs"))
    assert "high: yes to cssrs_04 or cssrs_05 or cssrs_06_recent: Immediate" in text
    assert "after a no to cssrs_02: cssrs_03, cssrs_04, cssrs_05" in text


def test_what_must_happen_comes_before_the_score():
    lines = said("score", "phq9", 1, 1, 1, 2, 2, 3, 3, 3, 1, "--baseline", 20)
    assert lines[0].startswith("HOLD: Screen for suicide risk today")
    assert lines[1] == "score: 17 of 0 to 27, moderately severe"
    assert lines[2] == "change: -3 points, 15 % better than the baseline"
    assert "remission, fewer than 5 points (default): no" in lines
    assert lines[-1].endswith("makes no diagnosis.")


def test_a_rise_is_called_worse():
    assert "change: +4 points, 20 % worse than the baseline" in said(
        "score", "phq9", *[3] * 6, 3, 3, 0, "--baseline", 20
    )


def test_without_a_whole_form_there_are_alerts_and_no_score():
    lines = said("score", "phq9", 1, "-", 1, 2, 2, 3, 3, 3, 1)
    assert lines[0].startswith("HOLD")
    assert lines[1] == "score: none, phq9_02 unanswered; a score is never prorated"
    assert "remission, fewer than 5 points (default): cannot be known from what is here" in lines


def test_an_answer_that_is_missing_is_asked_for():
    lines = said("score", "phq9", *[0] * 8, "-")
    assert lines[0].startswith("ask phq9_09: it decides on 'Screen for suicide risk today")


def test_a_negative_answer_is_an_answer():
    assert "score: -3 of -5 to 4" in said("score", "rass", "-3")
    assert said("score", "rass", "-3", "--adopt", "rass.sedated")[0].startswith("HOLD: Moderately")


def test_clusters_reviews_and_cuts_by_sex_are_told():
    assert "symptoms in every cluster: yes" in said("score", "pcl5", *[2] * 20)
    lines = said("score", "audit_c", 4, 0, 0, "--sex", "female")
    assert any(line.startswith("look first: All points come from how often") for line in lines)
    assert "positive, women: 3 points or more (default): yes" in lines
    assert not any("men: 4" in line for line in lines)
    both = said("score", "audit_c", 3, 0, 0)
    assert "positive, men: 4 points or more (default): no" in both
    assert "positive, women: 3 points or more (default): yes" in both


@pytest.mark.parametrize(
    ("replies", "lines"),
    [
        (("no", "no", "-", "-", "-", "no", "-"), ["level: none"]),
        (("-",) * 7, ["level: none so far", "to ask, since it could raise the level: cssrs_01,"]),
        (("no", "yes", "yes", "no", "no", "no", "-"), ["HOLD: Evaluation", "level: moderate"]),
    ],
)
def test_a_screener_has_a_level_and_no_score(replies, lines):
    found = said("score", "cssrs", *replies)
    for line, expected in zip(found, lines, strict=False):
        assert line.startswith(expected)
    assert len(found) == len(lines) + 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("show", "bdi"), "instrument: expected one of aldrete"),
        (("score", "peg", 1, 2), "answers: expected 3, one for each item of peg, got 2"),
        (("score", "peg", 1, 2, "x"), "peg_03: expected a whole number, got 'x'"),
        (("score", "peg", 1, 2, "1.5"), "peg_03: expected a whole number, got '1.5'"),
        (("score", "peg", 1, 2, 11), "peg_03 = 11 is no whole number from 0 to 10"),
        (("score", "cssrs", *["no"] * 6, "maybe"), "cssrs_06_recent: expected yes or no"),
        (("score", "phq9", *[0] * 9, "--baseline", 28), "baseline on the phq9: expected 0 to 27"),
        (("score", "ymrs", *[0] * 11, "--adopt", "ymrs.x"), "adopted conventions: expected keys"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(words, expected):
    assert expected in refused(*words)
