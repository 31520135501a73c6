import itertools
from dataclasses import replace

import pytest

from ketherapy.errors import ContractError
from ketherapy.instruments import screener as module
from ketherapy.instruments.rules import Weight
from ketherapy.instruments.screener import screen, screener

CSSRS = screener("cssrs")
YES, NO = True, False
SIXTH = ("06_lifetime", "06_recent")
KEYS = ("cssrs_01", "cssrs_02", "cssrs_03", "cssrs_04", "cssrs_05", "cssrs_06_lifetime",
        "cssrs_06_recent")  # fmt: skip


def asked(*answers):
    """Return the level's name and what is to be asked, for answers in the order of the form."""
    found = screen(CSSRS, dict(zip(KEYS, answers, strict=True)))
    return found.level and found.level.name, tuple(
        item.removeprefix("cssrs_") for item in found.to_ask
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((NO, NO, NO, NO, NO, NO, NO), (None, ()), id="no throughout"),
        pytest.param((NO, NO, None, None, None, NO, None), (None, ()), id="skipped as printed"),
        pytest.param((YES, NO, None, None, None, NO, None), ("low", ()), id="1 alone"),
        pytest.param((NO, YES, NO, NO, NO, NO, None), ("low", ()), id="2 alone"),
        pytest.param((NO, YES, YES, NO, NO, NO, None), ("moderate", ()), id="3"),
        pytest.param((NO, NO, None, None, None, YES, NO), ("moderate", ()), id="6, long ago"),
        pytest.param((NO, YES, NO, YES, NO, NO, None), ("high", ()), id="4"),
        pytest.param((NO, YES, NO, NO, YES, NO, None), ("high", ()), id="5"),
        pytest.param((NO, NO, None, None, None, YES, YES), ("high", ()), id="6, recent"),
        pytest.param((NO, NO, NO, YES, NO, NO, NO), ("high", ()), id="a yes behind a skip counts"),
        pytest.param((NO, NO, None, None, None, NO, YES), ("high", ()), id="also behind 6"),
    ],
)
def test_the_highest_yes_gives_the_level(answers, expected):
    assert asked(*answers) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((None,) * 7, (None, ("01", "02", "03", "04", "05", *SIXTH)),
                     id="nothing answered"),
        pytest.param((NO, YES, NO, None, NO, NO, None), ("low", ("04",)), id="4 could raise it"),
        pytest.param((NO, YES, YES, NO, NO, NO, None), ("moderate", ()), id="nothing could"),
        pytest.param((YES, None, None, None, None, NO, None), ("low", ("03", "04", "05")),
                     id="2 not answered skips nothing"),
        pytest.param((NO, NO, None, None, None, YES, None), ("moderate", ("06_recent",)),
                     id="when, still to be asked"),
        pytest.param((NO, NO, None, None, None, None, None), (None, SIXTH),
                     id="6 is asked in any case"),
        pytest.param((None, None, None, YES, None, None, None), ("high", ()), id="highest"),
    ],
)  # fmt: skip
def test_what_is_unanswered_and_could_raise_the_level_is_asked(answers, expected):
    assert asked(*answers) == expected


def test_one_more_yes_is_never_a_lower_level():
    order = [None, "low", "moderate", "high"]
    for answers in itertools.product((YES, NO), repeat=7):
        level = order.index(asked(*answers)[0])
        for place in range(7):
            raised = (*answers[:place], YES, *answers[place + 1 :])
            assert order.index(asked(*raised)[0]) >= level


def test_a_missing_answer_is_never_taken_for_a_no():
    for answers in itertools.product((YES, NO, None), repeat=7):
        level, to_ask = asked(*answers)
        if not to_ask:
            as_no = tuple(NO if answer is None else answer for answer in answers)
            assert asked(*as_no)[0] == level


def test_high_blocks_until_a_clinician_has_cleared_it():
    found = screen(CSSRS, {"cssrs_04": True})
    assert found.level is not None
    assert found.level.weight is Weight.BLOCK
    assert found.level.act.startswith("Immediate psychiatric evaluation")


@pytest.mark.parametrize("answers", [{"cssrs_07": True}, {"cssrs_01": 1}, {"cssrs_01": 0}])
def test_what_is_no_yes_or_no_to_its_questions_is_refused(answers):
    ((item, answer),) = answers.items()
    with pytest.raises(ContractError) as refused:
        screen(CSSRS, answers)
    assert str(refused.value) == (
        "cssrs answers: expected yes or no to its own questions, got 1."
        f" Amiss: {item} = {answer}. Correct these."
    )


def test_an_unknown_screener_is_refused():
    with pytest.raises(ContractError) as refused:
        screener("asq")
    assert str(refused.value) == (
        "screener: expected one of cssrs, got 'asq'. Choose one of these, or add its file."
    )


def test_every_screener_there_is_is_offered(monkeypatch):
    other = replace(CSSRS, id="other")
    monkeypatch.setattr(module, "screeners", lambda: (CSSRS, other))
    assert screener("other") == other
    with pytest.raises(ContractError, match="expected one of cssrs, other, got"):
        screener("asq")


def test_all_that_is_amiss_is_named_at_once():
    with pytest.raises(ContractError) as refused:
        screen(CSSRS, {"cssrs_01": 1, "x": True, "cssrs_02": False})
    assert str(refused.value) == (
        "cssrs answers: expected yes or no to its own questions, got 2."
        " Amiss: cssrs_01 = 1; x = True. Correct these."
    )
