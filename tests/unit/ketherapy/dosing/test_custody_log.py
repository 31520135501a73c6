"""The log: each event once, in order, corrected by those that name what they replace."""

from dataclasses import replace
from itertools import permutations

import pytest

from ketherapy.dosing.custody_events import EnteredInError
from ketherapy.dosing.custody_log import CustodyFinding, Rule, noted, read_log, refused
from ketherapy.errors import ContractError
from tests.custody import draw, give, minutes, receipt


def error(event: str, replaces: str | None, *, at: float = 50) -> EnteredInError:
    return EnteredInError(id=event, at=minutes(at), by="bob", replaces=replaces, reason="slip")


def ids(*events, now=600):
    return [one.id for one in read_log(events, now=minutes(now)).events]


def rules(*events, now=600):
    log = read_log(events, now=minutes(now))
    return {(one.event, one.rule) for one in log.findings}


def test_order_is_by_time_then_by_kind_then_by_id():
    at_once = [receipt(at=1), draw("D2", at=1), draw("D1", at=1), give(at=1), give("G0", at=0)]
    for shuffled in permutations(at_once):
        assert ids(*shuffled) == ["G0", "R", "D1", "D2", "G"]


def test_an_event_that_comes_twice_is_one():
    assert ids(receipt(), draw(), receipt(), draw()) == ["R", "D"]


def test_one_id_with_two_contents_is_refused():
    with pytest.raises(ContractError, match=r"one content under one id, got 'D'.*before that is"):
        read_log([draw(), draw(microlitres=5)], now=minutes(600))


def test_now_is_not_the_future():
    assert ids(draw(at=10), now=10) == ["D"]
    log = read_log([draw(at=10)], now=minutes(9.999))
    (finding,) = log.findings
    assert (finding.event, finding.rule, finding.is_entered) == ("D", Rule.NOT_FUTURE, False)
    assert finding.expected == f"no later than {minutes(9.999).isoformat()}"
    assert finding.got == minutes(10).isoformat()
    assert log.events == ()
    assert [one.id for one in log.stated] == ["D"]


def test_a_correction_takes_the_place_of_what_it_names():
    log = read_log([draw(), draw("D2", replaces="D"), draw("D3", replaces="D2")], now=minutes(9))
    assert [one.id for one in log.events] == ["D3"]
    assert [log.name(one) for one in ("D", "D2", "D3", "other")] == ["D3", "D3", "D3", "other"]
    assert log.findings == ()


def test_a_correction_of_nothing_is_named_and_does_not_count():
    assert ids(draw("D2", replaces="D")) == []
    log = read_log([draw("D2", replaces="D")], now=minutes(9))
    (finding,) = log.findings
    assert finding == CustodyFinding(
        rule=Rule.REPLACES_ONE, event="D2", expected="the id of an event", got="D",
        is_entered=False,
    )  # fmt: skip
    (finding,) = read_log([error("E", None)], now=minutes(600)).findings
    assert (finding.event, finding.rule, finding.got) == ("E", Rule.REPLACES_ONE, "None")
    assert ids(error("E", None), error("E2", "nothing")) == []


def test_of_two_corrections_neither_counts_and_what_was_entered_stands():
    events = draw(), draw("D2", replaces="D"), draw("D3", replaces="D")
    assert ids(*events) == ["D"]
    assert rules(*events) == {("D2", Rule.REPLACED_ONCE), ("D3", Rule.REPLACED_ONCE)}
    (first, _) = read_log(events, now=minutes(600)).findings
    assert (first.expected, first.got) == ("one correction", "2 of D")


def test_a_conflict_is_cleared_by_withdrawing_one_of_two_corrections():
    events = draw(), draw("D2", replaces="D"), draw("D3", replaces="D"), error("E", "D3")
    assert ids(*events) == ["D2"]
    assert rules(*events) == set()


def test_a_correction_that_cannot_be_true_corrects_nothing():
    events = draw(), draw("D2", at=700, replaces="D")
    assert ids(*events) == ["D"]
    assert rules(*events) == {("D2", Rule.NOT_FUTURE)}


def test_a_bad_correction_that_was_corrected_itself_holds():
    events = draw(), draw("D2", at=700, replaces="D"), draw("D3", replaces="D2")
    assert ids(*events) == ["D3"]
    assert rules(*events) == set()


def test_what_was_entered_in_error_never_happened():
    log = read_log([receipt(), draw(), error("E", "D")], now=minutes(600))
    assert [one.id for one in log.stated] == ["R"]
    assert ids(receipt(), draw(), error("E", "D"), error("E2", "D")) == ["R"]
    assert log.name("D") == "D"


def test_a_withdrawn_correction_gives_back_what_it_had_replaced():
    assert ids(draw(), draw("D2", replaces="D"), error("E", "D2")) == ["D"]


def test_a_withdrawal_can_be_withdrawn_and_counts_from_its_time():
    assert ids(draw(), error("E", "D"), error("E2", "E")) == ["D"]
    assert ids(draw(), error("E", "D", at=600)) == []
    events = draw(), error("E", "D", at=601)
    assert ids(*events) == ["D"]
    assert rules(*events) == {("E", Rule.NOT_FUTURE)}


def test_a_correction_of_what_was_withdrawn_is_named():
    events = draw(), error("E", "D"), draw("D2", replaces="D")
    assert ids(*events) == []
    assert rules(*events) == {("D2", Rule.REPLACES_ONE)}


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([draw(replaces="D")], id="itself"),
        pytest.param([draw(replaces="D2"), draw("D2", replaces="D")], id="each other"),
        pytest.param(
            [draw(replaces="D3"), draw("D2", replaces="D"), draw("D3", replaces="D2")], id="three"
        ),
    ],
)
def test_corrections_in_a_circle_are_refused(events):
    with pytest.raises(ContractError, match=r"entered before it.*leave nothing that is true"):
        read_log(events, now=minutes(600))


def test_a_finding_says_what_to_do():
    finding = CustodyFinding(
        rule=Rule.ONE_PATIENT, event="D", expected="one person", got="another in D0",
        is_entered=True,
    )  # fmt: skip
    assert finding.says == (
        "D: a vial is for one person. Expected one person, got another in D0."
        " It counts; look into it."
    )
    assert replace(finding, is_entered=False).says.endswith(
        "got another in D0. It does not count. Enter a correction that names the event it replaces."
    )


def test_what_is_against_a_rule_counts_or_does_not_and_is_told_whole():
    for told, is_entered in ((noted, True), (refused, False)):
        assert told(draw(), Rule.ONE_PATIENT, "one", "two") == CustodyFinding(
            rule=Rule.ONE_PATIENT, event="D", expected="one", got="two", is_entered=is_entered
        )


def test_a_withdrawal_at_this_instant_is_withdrawn_with_what_it_names():
    assert rules(draw(), error("E", "D", at=600)) == set()


def test_what_is_refused_is_an_event_by_its_id():
    with pytest.raises(ContractError, match=r"^event: expected a correction .*, got 'D'"):
        read_log([draw(replaces="D")], now=minutes(600))
    with pytest.raises(ContractError, match=r"^event: expected one content under one id"):
        read_log([draw(), draw(microlitres=5)], now=minutes(600))


SAYS = {
    Rule.NOT_FUTURE: "has happened before it is entered",
    Rule.REPLACES_ONE: "a correction names an event of this log",
    Rule.REPLACED_ONCE: "is corrected once",
    Rule.RECEIVED_ONCE: "comes in once",
    Rule.KNOWN_VIAL: "has come in before anything else",
    Rule.IN_ITS_PLACE: "is drawn from where it is",
    Rule.MOVED_ELSEWHERE: "leads to another place",
    Rule.DRAWN_BEFORE: "has been drawn, and is still out",
    Rule.FOUND_BEFORE: "has been found, and is still open",
    Rule.NO_MORE_THAN_THERE_IS: "no more is taken than there is",
    Rule.WHOLE_VIAL: "goes with all that it holds",
    Rule.WHOLE_DRAW: "only an untouched draw is put back",
    Rule.WHOLE_DISCREPANCY: "is lost as a whole",
    Rule.ANOTHER_WITNESS: "nobody witnesses what they do themselves",
    Rule.ENOUGH_WITNESSES: "as many witnesses as the rules in force want",
    Rule.NOT_EXPIRED: "nothing is drawn after its last day of use",
    Rule.ONE_PATIENT: "for one person",
    Rule.SAME_PATIENT: "to whom it was drawn for",
    Rule.AS_BOOKED: "holds what the book says",
    Rule.OPENED_TO_ESTIMATE: "only an opened container is estimated",
}


@pytest.mark.parametrize("rule", Rule)
def test_a_rule_that_is_not_kept_is_told_in_its_words(rule):
    found = CustodyFinding(rule=rule, event="D", expected="a", got="b", is_entered=True)
    assert SAYS[rule] in found.says
