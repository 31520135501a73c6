"""What is looked at again and again: below, at and above its interval, adopted and not."""

import pytest

from ketherapy.dosing.course_rules import course_rules
from ketherapy.dosing.findings import Severity
from ketherapy.dosing.follow_up import follow_up_due
from ketherapy.dosing.protocol import protocol
from tests.courses import VEIN_CASE, ago, asked, only, rules, said, vein

PAIN_STAY = VEIN_CASE | {"use": "pain", "setting": "inpatient"}
STAY = "iv_crps_inpatient_2026_01"


def due(question):
    return [(one.row.id, one.last) for one in follow_up_due(question, question.course)]


def test_what_belongs_to_each_visit_is_due_before_its_dose_alone():
    assert due(asked(followed_up={})) == []
    assert due(asked(followed_up={}, stages=["pre_dose"])) == [("LT-001a", None), ("LT-004", None)]


@pytest.mark.parametrize(("days", "expected"), [(0, []), (0.5, []), (0.51, ["LT-001a"])])
def test_an_answer_of_this_visit_counts_for_it(days, expected):
    done = {"LT-001a": ago(days), "LT-004": ago(0)}
    found = due(asked(followed_up=done, stages=["pre_dose"]))
    assert [row for row, _ in found] == expected


def test_what_nobody_has_read_is_off_until_it_is_adopted():
    question = asked()
    assert said(question).switched_off == ("LT-001b", "LT-003")
    adopted = asked(adopted=["LT-003"])
    assert said(adopted).switched_off == ("LT-001b",)
    assert rules(adopted) == [("LT-003", Severity.CAUTION)]


@pytest.mark.parametrize(
    ("row", "days", "is_due"),
    [
        ("LT-001b", 90.99, False), ("LT-001b", 91, True), ("LT-001b", 92, True),
        ("LT-003", 181.99, False), ("LT-003", 182, True),
    ],
)  # fmt: skip
def test_an_interval_below_and_at_its_end(row, days, is_due):
    question = asked(adopted=[row], followed_up={row: ago(days)})
    assert due(question) == ([(row, ago(days))] if is_due else [])


def test_liver_tests_are_of_a_long_infusion_alone():
    phase = protocol(STAY).phase[0].id
    stay = {"protocol": STAY, "case": PAIN_STAY, "followed_up": {}}
    assert due(asked(phase, **stay)) == [("LT-002a", None)]
    assert due(asked(phase, **stay | {"followed_up": {"LT-002a": ago(1.99)}})) == []
    assert due(asked(phase, **stay | {"followed_up": {"LT-002a": ago(2)}})) != []
    assert due(vein(followed_up={})) == []
    found = only(asked(phase, **stay), "LT-002a")
    assert (found.source, found.status, found.locator) == (
        "liver_case2020", "secondary", "two cases",
    )  # fmt: skip


def test_what_is_due_is_told_with_its_interval_and_its_source():
    found = only(asked(followed_up={}, stages=["pre_dose"]), "LT-001a")
    assert found.severity is Severity.CAUTION
    assert found.says == "Ask about urinary symptoms at each visit."
    assert (found.observed, found.limit) == ("not known to be done", "at each visit")
    assert found.resolves == "Do it, and record it."
    assert (found.source, found.status, found.jurisdiction) == (
        "jnj_urinary", "secondary", "consensus",
    )  # fmt: skip
    long = only(asked(adopted=["LT-003"], followed_up={"LT-003": ago(200)}), "LT-003")
    assert (long.observed, long.limit) == ("last on 2026-05-07", "every 182 days")
    assert (long.source, long.status, long.locator) == (
        "ketherapy", "convention", "remembered, not read",
    )  # fmt: skip


def test_it_is_told_where_the_visits_are_not_known_too():
    found = dict(rules(asked(visits=None, followed_up={}, stages=["pre_dose"])))
    assert set(found) == {"course.visits", "LT-001a", "LT-004"}


def test_every_row_has_an_id_of_its_own_and_only_conventions_wait():
    rows = course_rules().follow_up
    assert len({row.id for row in rows}) == len(rows)
    assert [row.id for row in rows if course_rules().needs_adoption(row)] == ["LT-001b", "LT-003"]
    assert course_rules().beside.total_seconds() == 43200.0
