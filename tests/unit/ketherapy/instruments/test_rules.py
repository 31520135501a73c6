import pytest

from ketherapy.instruments.instrument import instrument
from ketherapy.instruments.rules import Comparator, Kind, Of, Threshold, Weight, agreed, holds, key
from ketherapy.instruments.screener import screener
from ketherapy.sources import Status


def threshold(must_be, **more):
    """Return a threshold of 5 points."""
    return Threshold(must_be=Comparator(must_be), value=5, unit="points", locator="", **more)


@pytest.mark.parametrize(
    ("must_be", "below", "at", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("<=", True, True, False),
        ("<", True, False, False),
    ],
)
def test_a_threshold_is_meant_as_it_is_written(must_be, below, at, above):
    rule = threshold(must_be)
    assert [holds(rule, (k, k)) for k in (4.0, 5.0, 6.0)] == [below, at, above]
    assert [holds(rule, (k, k)) for k in (4.999, 5.001)] == [below, above]
    assert holds(rule, None) is None


def test_what_is_between_two_ends_holds_only_where_both_do():
    rule = threshold(">=")
    assert holds(rule, (5.0, 9.0)) is True
    assert holds(rule, (0.0, 4.0)) is False
    assert holds(rule, (4.0, 5.0)) is None


def test_a_mean_that_does_not_come_out_even_still_reaches_its_threshold():
    assert holds(threshold(">="), (5.0 - 1e-12, 5.0 - 1e-12)) is True
    assert holds(threshold(">"), (5.0 + 1e-12, 5.0 + 1e-12)) is False
    assert holds(threshold(">="), (5.0 - 4e-10, 5.0 - 4e-10)) is True
    assert holds(threshold(">="), (5.0 - 6e-10, 5.0 - 6e-10)) is False


def test_only_a_convention_waits_for_adoption():
    with pytest.raises(ValueError, match=r"Value error, only a convention waits for adoption \["):
        threshold(">=", needs_adoption=True, status=Status.VERIFIED, source="madrs_page")
    assert threshold(">=", needs_adoption=True, status=Status.CONVENTION, source="ketherapy")


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([True], True), ([False, False], False), ([True, False], None), ([None, None], None),
        ([True, None], None), ([False, None], None),
    ],
)  # fmt: skip
def test_verdicts_agree_or_say_nothing(verdicts, expected):
    assert agreed(verdicts) is expected


def test_a_key_names_the_instrument_and_the_rule():
    assert key("ymrs", "rise") == "ymrs.rise"


def test_the_words_of_files_are_those_of_the_code():
    assert [*Of] == ["score", "improvement", "worsening", "share"]
    assert [*Weight] == ["caution", "hold", "block"]
    assert [*Kind] == [
        "response", "remission", "reliable", "meaningful", "positive", "discharge",
    ]  # fmt: skip


def test_what_a_rule_does_not_say_is_empty():
    bands = instrument("gad7").bands
    assert bands is not None
    assert bands.note == threshold(">=").note == screener("cssrs").licence.locator == ""
