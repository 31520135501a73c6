"""What the page shows is what the library computes, and what may be asked is finite."""

import numpy as np
import pytest

from clinic.explore import mechanism
from clinic.explore.mechanism import Picture
from clinic.explore.predictions import Refusal
from ketherapy.simulation.mechanism.comparison import compare
from ketherapy.simulation.mechanism.question import read_question

SPRAY = {"route": "intranasal", "spray": "84", "sessions": "2"}


@pytest.fixture(scope="module")
def first() -> Picture:
    found = mechanism.mechanism({})
    assert isinstance(found, Picture)
    return found


def fields(answer) -> dict[str, str]:
    assert isinstance(answer, Refusal)
    return {problem.field: problem.sentence for problem in answer.problems}


def test_every_line_is_the_librarys(first):
    typed = {"route": "iv", "dose": "0.5 mg/kg", "weight": "70 kg", "sessions": "1"}
    found = compare(read_question(typed))
    np.testing.assert_allclose(first.minutes, found.t * 60.0)
    lines = {
        line.key: line for lane in first.lanes for strip in lane.strips for line in strip.lines
    }
    assert set(lines) == {course.key for course in found.courses}
    for course in found.courses:
        np.testing.assert_allclose(lines[course.key].values, course.values)
        for area, edges in zip(lines[course.key].areas, course.edges.values(), strict=True):
            np.testing.assert_allclose(area.low, edges.low)
            np.testing.assert_allclose(area.high, edges.high)


def test_the_table_holds_the_lines(first):
    for lane in first.lanes:
        lines = {line.key: line.values for strip in lane.strips for line in strip.lines}
        last = {cell.key: cell.parts for cell in lane.rows[-1].cells}
        assert all(len(row.cells) == len(lane.heads) for row in lane.rows)
        for key, values in lines.items():
            assert last[key][0][0] == pytest.approx(values[-1])


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        pytest.param({"dose": "1,5"}, "dose", id="a decimal comma"),
        pytest.param({"dose": "0.55"}, "dose", id="between two steps"),
        pytest.param({"dose": "5"}, "dose", id="beyond the slider"),
        pytest.param({"dose": "9" * 9_000}, "dose", id="nine thousand digits"),
        pytest.param({"route": "intranasal", "spray": "30"}, "spray", id="no whole device"),
        pytest.param({"route": "intranasal", "spray": "112"}, "spray", id="not studied for mood"),
        pytest.param({"sessions": "9"}, "sessions", id="a session too many"),
        pytest.param({"route": "oral"}, "route", id="a route not studied"),
        pytest.param({"setting": "spa"}, "setting", id="an unknown kind of trial"),
    ],
)
def test_it_is_refused_beside_the_field_of_the_page(entries, field):
    found = fields(mechanism.mechanism(entries))
    assert set(found) == {field}
    assert found[field].endswith(".")
    assert len(found[field]) < 400


def test_what_is_not_used_is_not_asked_about():
    assert isinstance(mechanism.mechanism({"spray": "nonsense"}), Picture)


def test_everything_offered_is_accepted():
    offered = mechanism.choices()
    steps = np.arange(offered.dose.low, offered.dose.high + 1e-9, offered.dose.step)
    assert [f"{step:g}" for step in steps.round(6)] == [
        f"{amount:g}" for amount in mechanism.offered().ways["iv"].amounts
    ]
    for choice in offered.sprays:
        question = {"route": "intranasal", "dose": f"{choice.value} mg", "weight": "70 kg"}
        assert not isinstance(read_question(question), Refusal)
    for choice in offered.settings:
        assert not isinstance(read_question({"setting": choice.value}), Refusal)


def test_an_answer_is_kept_so_that_an_open_page_stays_cheap(first):
    assert mechanism.mechanism({"dose": "0.5"}) is first


def test_the_route_brings_its_own_kind_of_trial(first):
    spray = mechanism.mechanism(SPRAY)
    assert isinstance(spray, Picture)
    assert (first.control, spray.control) == ("midazolam", "placebo spray")
    assert spray.sessions == (0.0, 84.0 * 60.0)


def test_each_source_is_named_shortly_and_in_full(first):
    for lane in first.lanes:
        for strip in lane.strips:
            for line in strip.lines:
                assert len(line.short) == len(line.sources) > 0
                assert all(line.short)


def test_nothing_is_kept_of_what_is_refused(first):
    for n in range(300):
        fields(mechanism.mechanism({"dose": f"9.{n}"}))
    assert mechanism.mechanism({}) is first
