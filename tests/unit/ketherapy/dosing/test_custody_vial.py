"""One vial: what leaves it is somewhere, what cannot be true leaves it as it was."""

from dataclasses import replace

import pytest

from ketherapy.dosing.custody_events import Destroyed
from ketherapy.dosing.custody_log import Rule
from ketherapy.dosing.custody_vial import Bucket
from tests.custody import (
    amounts,
    away,
    back,
    destroyed,
    draw,
    found,
    give,
    kept,
    loss,
    move,
    receipt,
    refusal,
    resolved,
    waste,
)


def test_a_day_of_one_vial_adds_up():
    day = receipt(), draw(), give(), waste()
    assert kept(*day).findings == ()
    assert amounts(*day) == {Bucket.IN_VIAL: 400, Bucket.GIVEN: 500, Bucket.WASTED: 100}


@pytest.mark.parametrize(
    ("event", "where"),
    [
        pytest.param(draw(microlitres=1000), {Bucket.DRAWN: 1000}, id="drawn to the last drop"),
        pytest.param(waste(draw=None), {Bucket.IN_VIAL: 900, Bucket.WASTED: 100}, id="vial"),
        pytest.param(loss(10), {Bucket.IN_VIAL: 990, Bucket.LOST: 10}, id="lost from the vial"),
        pytest.param(away(1000), {Bucket.TRANSFERRED: 1000}, id="transferred"),
        pytest.param(destroyed(1000), {Bucket.DESTROYED: 1000}, id="destroyed"),
        pytest.param(found(-30), {Bucket.IN_VIAL: 970, Bucket.DISCREPANCY: 30}, id="missing"),
        pytest.param(found(30), {Bucket.IN_VIAL: 1030, Bucket.DISCREPANCY: -30}, id="too much"),
        pytest.param(found(-1000), {Bucket.DISCREPANCY: 1000}, id="all of it missing"),
    ],
)
def test_what_leaves_a_vial_is_somewhere(event, where):
    assert amounts(receipt(), event) == where
    assert kept(receipt(), event).findings == ()


@pytest.mark.parametrize(
    ("event", "where"),
    [
        pytest.param(give(microlitres=600), {Bucket.GIVEN: 600}, id="given"),
        pytest.param(give(microlitres=None), {Bucket.UNKNOWN: 600}, id="nobody knows"),
        pytest.param(waste(), {Bucket.DRAWN: 500, Bucket.WASTED: 100}, id="wasted"),
        pytest.param(loss(600, draw="D"), {Bucket.LOST: 600}, id="lost"),
    ],
)
def test_what_leaves_a_syringe_is_somewhere(event, where):
    assert amounts(receipt(), draw(), event) == {Bucket.IN_VIAL: 400, **where}


def test_an_untouched_draw_goes_back_and_is_out_no_longer():
    assert amounts(receipt(), draw(), back()) == {Bucket.IN_VIAL: 1000}
    assert kept(receipt(), draw(), back()).vials["v"].syringes == {}
    assert refusal(receipt(), draw(), back(), give(at=4)) == (
        "G", Rule.DRAWN_BEFORE, "a draw out of v", "D",
    )  # fmt: skip


def test_a_touched_draw_does_not_go_back():
    assert refusal(receipt(), draw(), give(microlitres=1), back()) == (
        "B", Rule.WHOLE_DRAW, "600 micro-litres", "599",
    )  # fmt: skip


def test_what_nobody_knows_is_the_rest_of_a_syringe():
    seen = kept(receipt(), draw(), give("G1", microlitres=200), give(at=3, microlitres=None))
    (syringe,) = seen.vials["v"].syringes.values()
    assert (syringe.left, syringe.unknown) == (0, 400)
    assert seen.vials["v"].amounts[Bucket.GIVEN] == 200
    known = kept(receipt(), draw(), give()).vials["v"].syringes["D"]
    assert (known.left, known.unknown) == (100, 0)


@pytest.mark.parametrize(
    ("events", "says"),
    [
        pytest.param(
            [draw(microlitres=1001)], ("at most 1000 micro-litres", "1001"), id="out of a vial"
        ),
        pytest.param(
            [draw("D0"), draw(at=2)], ("at most 400 micro-litres", "600"), id="out of the rest"
        ),
        pytest.param(
            [draw("D"), give(microlitres=601)], ("at most 600 micro-litres", "601"), id="given"
        ),
        pytest.param(
            [draw(), give("G0", microlitres=600), give(at=3, microlitres=None)],
            ("at most 0 micro-litres", "1"), id="of an empty syringe",
        ),
        pytest.param([waste(draw=None, microlitres=1001)], ("at most 1000 micro-litres", "1001"),
                     id="wasted from a vial"),
        pytest.param([loss(1001)], ("at most 1000 micro-litres", "1001"), id="lost"),
        pytest.param([found(-1001)], ("at most 1000 micro-litres", "1001"), id="missing"),
        pytest.param(
            [found(5), draw(at=3.5, microlitres=1003), resolved()],
            ("at most 2 micro-litres", "5"), id="a surplus that has been drawn",
        ),
    ],
)  # fmt: skip
def test_no_more_is_taken_than_there_is_and_nothing_is_clipped(events, says):
    last = max(events, key=lambda one: one.at)
    before = kept(receipt(), *(one for one in events if one is not last))
    assert before.findings == ()
    assert refusal(receipt(), *events) == (last.id, Rule.NO_MORE_THAN_THERE_IS, *says)
    assert kept(receipt(), *events).vials["v"] == before.vials["v"]


@pytest.mark.parametrize("event", [away(999), destroyed(999), away(1001), destroyed(1001)])
def test_a_vial_goes_with_all_it_holds(event):
    expected = "1000 micro-litres", f"{event.microlitres}"
    assert refusal(receipt(), event) == (event.id, Rule.WHOLE_VIAL, *expected)


def test_an_unknown_vial_is_named():
    assert refusal(draw()) == ("D", Rule.KNOWN_VIAL, "v in the book", "nothing of it before")
    assert kept(draw()).vials == {}


def test_nothing_happens_to_a_vial_before_it_came_in():
    assert refusal(receipt(), draw(at=-1))[:2] == ("D", Rule.KNOWN_VIAL)
    assert kept(receipt(), draw(at=0)).findings == ()


def test_a_vial_comes_in_once():
    assert refusal(receipt(), receipt("R2", at=1)) == (
        "R2", Rule.RECEIVED_ONCE, "a vial that is new", "R",
    )  # fmt: skip


def test_a_draw_that_was_not_or_not_yet_is_named():
    assert refusal(receipt(), give()) == ("G", Rule.DRAWN_BEFORE, "a draw out of v", "D")
    assert refusal(receipt(), draw(at=3), give(at=2))[:2] == ("G", Rule.DRAWN_BEFORE)


def test_a_vial_is_drawn_from_where_it_is():
    assert refusal(receipt(), move(), draw(at=2)) == ("D", Rule.IN_ITS_PLACE, "room", "safe")
    assert kept(receipt(), move(), replace(draw(at=2), location="room")).findings == ()
    assert kept(receipt(), move()).vials["v"].location == "room"


def test_a_move_leads_elsewhere():
    assert refusal(receipt(), move(to="safe")) == (
        "M", Rule.MOVED_ELSEWHERE, "away from safe", "safe",
    )  # fmt: skip


def test_what_refers_to_a_corrected_draw_means_its_correction():
    more = draw("D2", microlitres=550, replaces="D"), give(), waste(microlitres=50)
    assert kept(receipt(), draw(), *more).findings == ()
    assert amounts(receipt(), draw(), *more) == {
        Bucket.IN_VIAL: 450, Bucket.GIVEN: 500, Bucket.WASTED: 50,
    }  # fmt: skip
    assert kept(receipt(), draw(), draw("D2", replaces="D"), back()).findings == ()


class TestDiscrepancies:
    def test_one_that_was_none_puts_the_book_back(self):
        for difference in (-30, 30):
            seen = kept(receipt(), found(difference), resolved())
            assert seen.findings == ()
            assert seen.vials["v"].open == {}
            assert amounts(receipt(), found(difference), resolved()) == {Bucket.IN_VIAL: 1000}

    def test_one_stays_open_beside_another_that_is_resolved(self):
        seen = kept(receipt(), found(-30), found(-7, "X2"), resolved())
        assert seen.vials["v"].open == {"X2": 7}
        seen = kept(receipt(), found(-30), found(-7, "X2"), loss(7, discrepancy="X2"))
        assert seen.vials["v"].open == {"X": 30}

    def test_what_is_missing_may_be_lost(self):
        events = receipt(), found(-30), loss(30, discrepancy="X")
        assert amounts(*events) == {Bucket.IN_VIAL: 970, Bucket.LOST: 30}
        assert kept(*events).vials["v"].open == {}

    @pytest.mark.parametrize("microlitres", [29, 31])
    def test_it_is_lost_as_a_whole(self, microlitres):
        assert refusal(receipt(), found(-30), loss(microlitres, discrepancy="X")) == (
            "L", Rule.WHOLE_DISCREPANCY, "30", f"{microlitres}",
        )  # fmt: skip

    def test_a_surplus_is_no_loss(self):
        event = refusal(receipt(), found(30), loss(30, discrepancy="X"))
        assert event == ("L", Rule.WHOLE_DISCREPANCY, "-30", "30")

    @pytest.mark.parametrize("event", [resolved(), loss(30, discrepancy="X")])
    def test_one_that_was_not_found_is_not_resolved(self, event):
        expected = event.id, Rule.FOUND_BEFORE, "one that is open", "X"
        assert refusal(receipt(), event) == expected

    def test_none_is_resolved_twice(self):
        assert refusal(receipt(), found(-30), resolved(), resolved("Y2", at=5))[:2] == (
            "Y2", Rule.FOUND_BEFORE,
        )  # fmt: skip

    def test_what_refers_to_a_corrected_one_means_its_correction(self):
        better = replace(found(-20, "X2"), replaces="X")
        assert kept(receipt(), found(-30), better, resolved()).findings == ()
        lost = loss(20, discrepancy="X")
        assert kept(receipt(), found(-30), better, lost).findings == ()


@pytest.mark.parametrize("make", [waste, lambda **more: destroyed(1000, **more)])
def test_nobody_witnesses_what_they_do(make):
    event = make(at=3, witnesses=("bob", "ann"))
    events = [receipt(), event] if isinstance(event, Destroyed) else [receipt(), draw(), event]
    assert refusal(*events) == (event.id, Rule.ANOTHER_WITNESS, "somebody else", "ann")
