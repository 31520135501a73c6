"""Walk the chain of events and say where it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clinic.audit.entry import NO_HASH, fingerprint
from clinic.audit.models import Event
from clinic.audit.queries import Unreadable


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """One place where the log is not what was written."""

    sequence: int
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The end of the chain: keep it elsewhere, and a cut-off end shows too."""

    sequence: int
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """What walking the chain found."""

    events: int
    head: Head
    breaks: tuple[Break, ...]


def verify(events: Iterable[Event | Unreadable], *, anchor: Head | None = None) -> Verification:
    """Return every place where the chain breaks, in order.

    Events cut off at the end leave a shorter chain that is whole in itself: only an ``anchor``,
    a head noted earlier and kept elsewhere, shows that they are gone.
    """
    head = Head(sequence=0, hash=NO_HASH)
    anchored = anchor is None or anchor == head
    breaks: list[Break] = []
    count = 0
    for event in events:
        if isinstance(event, Unreadable):
            head = Head(sequence=head.sequence + 1, hash="")
            breaks.append(Break(sequence=head.sequence, what="it can no longer be read"))
            continue
        breaks.extend(_breaks_at(event, head))
        head = Head(sequence=event.sequence, hash=event.hash)
        anchored = anchored or anchor == head
        count += 1
    if anchor is not None and not anchored:
        what = "the event noted outside with this number and hash is not in the log"
        breaks.append(Break(sequence=anchor.sequence, what=what))
    return Verification(events=count, head=head, breaks=tuple(breaks))


def _breaks_at(event: Event, before: Head) -> Iterator[Break]:
    if event.sequence != before.sequence + 1:
        what = f"expected event {before.sequence + 1} here: events were removed"
        yield Break(sequence=event.sequence, what=what)
    if event.previous_hash != before.hash:
        what = f"it does not continue event {before.sequence}"
        yield Break(sequence=event.sequence, what=what)
    if event.hash != fingerprint(event.hashed_fields()):
        what = "its content is not what was written (its hash does not fit)"
        yield Break(sequence=event.sequence, what=what)
