"""A course so far: read strictly, in one order, written back as it was, and told once."""

from datetime import UTC, datetime

import pytest

from ketherapy.dosing.course_so_far import course_wire, read_course
from ketherapy.dosing.decision import decide, decision_json, replay
from ketherapy.dosing.question import question_wire, read_question
from ketherapy.errors import ContractError
from tests.courses import FIRST, SPRAY, asked, attended

WHOLE = {
    "protocol": SPRAY,
    "phase": FIRST,
    "visits": [
        {"at": "2026-11-05T09:00:00+00:00", "phase": FIRST},
        {"at": "2026-11-02T09:00:00+00:00", "phase": FIRST},
    ],
    "is_worse": False,
    "judged": {
        "instrument": "madrs",
        "baseline": {"at": "2026-11-01T09:00:00+00:00", "value": 34.0},
        "latest": None,
    },
    "enrolled_at": "2026-10-30T09:00:00+00:00",
    "followed_up": {
        "LT-001a": "2026-11-05T08:00:00+00:00",
        "LT-004": "2026-11-05T08:00:00+00:00",
    },
}


def test_what_is_written_is_read_as_the_same_course():
    assert course_wire(read_course(WHOLE)) == WHOLE


def test_a_score_that_was_had_is_written_and_one_that_was_not_is_none():
    scale = WHOLE["judged"]
    latest = {"at": "2026-11-20T09:00:00+00:00", "value": 12.0}
    for judged in (scale | {"latest": latest}, scale | {"baseline": None, "latest": latest}):
        assert course_wire(read_course(WHOLE | {"judged": judged}))["judged"] == judged
    read = read_course(WHOLE | {"judged": {"instrument": "madrs"}}).judged
    assert (read.baseline, read.latest) == (None, None)


def test_rows_of_follow_up_are_written_in_their_order():
    back = dict(reversed(WHOLE["followed_up"].items()))
    written = course_wire(read_course(WHOLE | {"followed_up": back}))
    assert list(written["followed_up"]) == ["LT-001a", "LT-004"]


def test_visits_are_looked_at_in_the_order_of_time():
    read = read_course(WHOLE)
    assert [one.at.day for one in read.visits] == [5, 2]
    assert [one.at for one in read.in_order] == [
        datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 5, 9, tzinfo=UTC),
    ]  # fmt: skip


def test_what_is_not_told_is_not_known():
    bare = read_course({"protocol": SPRAY, "phase": FIRST})
    assert course_wire(bare) == {
        "protocol": SPRAY, "phase": FIRST, "visits": None, "is_worse": None, "judged": None,
        "enrolled_at": None, "followed_up": {},
    }  # fmt: skip
    assert bare.in_order == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"visits": [WHOLE["visits"][0]] * 2}, "two visits do not start at once"),
        ({"visits": [{"at": "2026-11-05T09:00:00", "phase": FIRST}]}, "timezone"),
        ({"visits": [{"at": "2026-11-05T09:00:00Z"}]}, "phase"),
        ({"visits": [{"at": 5, "phase": FIRST}]}, "a time with its zone"),
        ({"enrolled_at": "5"}, "isoformat"),
        ({"is_worse": 1}, "bool"),
        ({"is_worse": "yes"}, "bool"),
        (
            {
                "judged": {
                    "instrument": "madrs",
                    "latest": {"at": WHOLE["enrolled_at"], "value": True},
                }
            },
            "valid number",
        ),
        (
            {
                "judged": {
                    "instrument": "madrs",
                    "latest": {"at": WHOLE["enrolled_at"], "value": "3"},
                }
            },
            "valid number",
        ),
        ({"name": "somebody"}, "name"),
    ],
)
def test_what_cannot_be_read_is_refused(changes, says):
    with pytest.raises(ContractError) as caught:
        read_course(WHOLE | changes)
    expected = "course: expected a protocol, a phase and the visits so far, got 'something else'."
    assert str(caught.value).startswith(f"{expected} course, ")
    assert says in str(caught.value)


def test_a_course_travels_with_its_question_and_with_no_other():
    question = asked(FIRST)
    assert read_question(question_wire(question)) == question
    bare = {key: one for key, one in question_wire(question).items() if key != "course"}
    assert "course" not in question_wire(read_question(bare))


def test_a_decision_on_a_course_is_made_again_byte_for_byte():
    text = decision_json(decide(asked(FIRST, visits=attended(weeks_1_to_4=[7, 3]))))
    again = replay(text)
    assert again.is_same
    assert again.decision.question.course.visits is not None
    assert "course_2026_01" in {one.id for one in again.decision.used}
