"""Events in their order, each once, the corrected ones replaced by those that correct them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ketherapy.dosing.custody_events import (
    AbstractEvent,
    Count,
    Destroyed,
    Discrepancy,
    Draw,
    EnteredInError,
    Give,
    Loss,
    Move,
    Receipt,
    Reported,
    Resolved,
    Return,
    Transfer,
    Waste,
)
from ketherapy.errors import ContractError

# What comes first where the instants are equal; what is not named comes before all of it.
_AT_ONE_INSTANT: Mapping[type[AbstractEvent], int] = {
    kind: place
    for place, kind in enumerate(
        (Receipt, Move, Draw, Give, Return, Waste, Discrepancy, Resolved, Loss, Transfer,
         Destroyed, Count, Reported, EnteredInError), start=1,
    )
}  # fmt: skip


class Rule(StrEnum):
    """What every entry must keep, in one sentence each."""

    NOT_FUTURE = "an event has happened before it is entered"
    REPLACES_ONE = "a correction names an event of this log"
    REPLACED_ONCE = "an event is corrected once, and then its correction is"
    RECEIVED_ONCE = "a vial comes in once"
    KNOWN_VIAL = "a vial has come in before anything else happens to it"
    IN_ITS_PLACE = "a vial is drawn from where it is"
    MOVED_ELSEWHERE = "a move leads to another place"
    DRAWN_BEFORE = "what is given, put back or wasted has been drawn, and is still out"
    FOUND_BEFORE = "what is resolved has been found, and is still open"
    NO_MORE_THAN_THERE_IS = "no more is taken than there is"
    WHOLE_VIAL = "a vial goes with all that it holds"
    WHOLE_DRAW = "only an untouched draw is put back"
    WHOLE_DISCREPANCY = "what is missing is lost as a whole"
    ANOTHER_WITNESS = "nobody witnesses what they do themselves"
    ENOUGH_WITNESSES = "there are as many witnesses as the rules in force want"
    NOT_EXPIRED = "nothing is drawn after its last day of use"
    ONE_PATIENT = "a vial is for one person"
    SAME_PATIENT = "a draw is given to whom it was drawn for"
    AS_BOOKED = "a vial holds what the book says"
    OPENED_TO_ESTIMATE = "only an opened container is estimated"


@dataclass(frozen=True, kw_only=True, slots=True)
class CustodyFinding:
    """One event that does not keep one rule, and whether it counts all the same."""

    rule: Rule
    event: str
    expected: str
    got: str
    is_entered: bool  # it is true and against the rule; otherwise it cannot be true

    @property
    def says(self) -> str:
        """Return the finding as one sentence with what to do."""
        remedy = (
            "It counts; look into it." if self.is_entered
            else "It does not count. Enter a correction that names the event it replaces."
        )  # fmt: skip
        return (
            f"{self.event}: {self.rule.value}. Expected {self.expected}, got {self.got}. {remedy}"
        )


def refused(event: AbstractEvent, rule: Rule, expected: str, got: str) -> CustodyFinding:
    """Return the finding on an event that cannot be true and does not count."""
    return CustodyFinding(rule=rule, event=event.id, expected=expected, got=got, is_entered=False)


def noted(event: AbstractEvent, rule: Rule, expected: str, got: str) -> CustodyFinding:
    """Return the finding on an event that counts although it is against a rule."""
    return CustodyFinding(rule=rule, event=event.id, expected=expected, got=got, is_entered=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """The events that count, in order, and under which names each is known."""

    events: tuple[AbstractEvent, ...]
    stated: tuple[
        AbstractEvent, ...
    ]  # with those that cannot be true: a duty is not lost with them
    findings: tuple[CustodyFinding, ...]
    names: Mapping[str, str]  # of every event, the id of what it says now

    def name(self, event_id: str) -> str:
        """Return the id of what now stands for an event."""
        return self.names.get(event_id, event_id)


def read_log(events: Iterable[AbstractEvent], *, now: datetime) -> Log:
    """Return the events in order, each once, corrected where a correction names them.

    A correction that cannot be true corrects nothing, and neither does one that was withdrawn.

    Errors  ContractError where one id has two contents, or corrections run in a circle
    """
    ordered = sorted(_once(events).values(), key=_place)
    kept = _without_withdrawn(ordered, _by_replaced(ordered), now)
    correcting = _by_replaced(kept)
    ids = frozenset(one.id for one in kept)
    wrong = {one.id: tuple(_wrong(one, ids, correcting, now)) for one in kept}
    corrections = {
        old: one.id for old, ones in correcting.items() for one in ones
        if _stands(one, wrong, correcting)
    }  # fmt: skip
    stated = tuple(one for one in kept if one.id not in corrections)
    return Log(
        events=tuple(one for one in stated if not wrong[one.id]),
        stated=stated,
        findings=tuple(found for one in stated for found in wrong[one.id]),
        names={one.id: _latest(one.id, corrections) for one in kept},
    )


def _by_replaced(ordered: Iterable[AbstractEvent]) -> Mapping[str, list[AbstractEvent]]:
    """Return the corrections of every event that has any; none of them runs in a circle."""
    correcting: dict[str, list[AbstractEvent]] = {}
    known = {one.id: one for one in ordered}
    for one in known.values():
        seen, older = {one.id}, one.replaces
        if older is not None:
            correcting.setdefault(older, []).append(one)
        while older in known:
            if older in seen:
                raise ContractError(
                    "event", expected="a correction of what was entered before it", got=older,
                    remedy="Corrections that run in a circle leave nothing that is true.",
                )  # fmt: skip
            seen.add(older)
            older = known[older].replaces
    return correcting


def _without_withdrawn(
    ordered: Iterable[AbstractEvent], correcting: Mapping[str, list[AbstractEvent]], now: datetime
) -> tuple[AbstractEvent, ...]:
    """Return the events less those entered in error, and less the entries that say so."""
    known = {one.id for one in ordered}

    def is_withdrawn(event: str) -> bool:
        return any(
            isinstance(one, EnteredInError) and one.at <= now and not is_withdrawn(one.id)
            for one in correcting.get(event, ())
        )

    return tuple(
        one for one in ordered
        if not is_withdrawn(one.id)
        and not (isinstance(one, EnteredInError) and one.at <= now and one.replaces in known)
    )  # fmt: skip


def _wrong(
    event: AbstractEvent,
    ids: frozenset[str],
    correcting: Mapping[str, list[AbstractEvent]],
    now: datetime,
) -> Iterator[CustodyFinding]:
    """Give what is wrong with an entry, whatever it is about."""
    if event.at > now:
        latest = f"no later than {now.isoformat()}"
        yield refused(event, Rule.NOT_FUTURE, latest, event.at.isoformat())
    if event.replaces is None and not isinstance(event, EnteredInError):
        return
    if event.replaces not in ids:
        yield refused(event, Rule.REPLACES_ONE, "the id of an event", str(event.replaces))
    elif (several := len(correcting[event.replaces])) > 1:
        yield refused(event, Rule.REPLACED_ONCE, "one correction", f"{several} of {event.replaces}")


def _stands(
    event: AbstractEvent,
    wrong: Mapping[str, tuple[CustodyFinding, ...]],
    correcting: Mapping[str, list[AbstractEvent]],
) -> bool:
    """Return whether an entry holds as it is, or as it was corrected."""
    later = correcting.get(event.id, ())
    return not wrong[event.id] or any(_stands(one, wrong, correcting) for one in later)


def _latest(event: str, corrections: Mapping[str, str]) -> str:
    while event in corrections:
        event = corrections[event]
    return event


def _place(event: AbstractEvent) -> tuple[datetime, int, str]:
    return event.at, _AT_ONE_INSTANT.get(type(event), 0), event.id


def _once(events: Iterable[AbstractEvent]) -> dict[str, AbstractEvent]:
    known: dict[str, AbstractEvent] = {}
    for one in events:
        if known.setdefault(one.id, one) != one:
            raise ContractError(
                "event", expected="one content under one id", got=one.id,
                remedy="Nothing is entered from this log before that is cleared.",
            )  # fmt: skip
    return known
