"""Times as a clinic's clock shows them, read into instants: none is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NoReturn
from zoneinfo import ZoneInfo, available_timezones

from ketherapy.errors import ContractError

EXAMPLE = "2026-01-31 09:05"
ZONE_EXAMPLE = "Europe/Zurich"
_WRITTEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2})(?: ?([+-][0-9]{2}:[0-9]{2}))?"
)
_DAY_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST = 1900  # nobody alive was measured before; convention


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The moment, and the zone in which times are written; None where nobody said."""

    now: datetime
    zone: ZoneInfo | None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_zone(text: str) -> ZoneInfo | None:
    """Return the zone that is named, or None where none is.

    Errors  ContractError for a name that is no zone's
    """
    if text == "":
        return None
    if text not in _zones():
        raise ContractError(
            "time zone", expected=f"a name such as {ZONE_EXAMPLE}", got=text,
            remedy="Write the region, a stroke and the city; capitals matter.",
        )  # fmt: skip
    return ZoneInfo(text)


def read_instant(text: str, *, what: str, clock: Clock) -> datetime:
    """Return the instant that is written, with its distance from UTC, as a file carries it.

    Errors  ContractError for a day that is not in the calendar, a time that did not come or came
            twice, one that is still to come, and one whose zone nobody said
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        _unreadable(text, what)
    day, time, offset = written.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time}{offset or ''}")
    except ValueError:
        _refuse(what, "a day and a time that there are", text, "Look at the calendar.")
    if not _EARLIEST <= moment.year <= clock.now.year + 1:  # beyond, zones run out of calendar
        _refuse(what, "a time of this life", text, "Look at the year.")
    if offset is None:
        moment = _placed(moment, text, what, clock)
    if moment > clock.now:
        _refuse(what, "a time that has been", text, "It is still to come: look at the day.")
    return moment


def _unreadable(text: str, what: str) -> NoReturn:
    remedy = f"Write it as {EXAMPLE}, by a clock of 24 hours."
    if _DAY_ALONE.fullmatch(text):
        remedy = (
            "Write the time too. Where only the day is known, write 23:59: then the shortest time "
            "is counted."
        )
    _refuse(what, f"a day and a time such as {EXAMPLE}", text, remedy)


def _placed(moment: datetime, text: str, what: str, clock: Clock) -> datetime:
    if clock.zone is None:
        _refuse(what, "a time whose zone is known", text, "Name the time zone of your clock above.")
    there = moment.replace(tzinfo=clock.zone)
    if there.astimezone(UTC).astimezone(clock.zone).replace(tzinfo=None) != moment:
        _refuse(what, "a time that came", text, "The clock was put forward over it: correct it.")
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        remedy = "The clock was put back over it. Write which one, such as 02:30 +01:00."
        _refuse(what, "a time that came once", text, remedy)
    return datetime.fromisoformat(there.isoformat())


def _refuse(what: str, expected: str, got: str, remedy: str) -> NoReturn:
    raise ContractError(what, expected=expected, got=got, remedy=remedy)


def shown(moment: datetime, zone: ZoneInfo | None) -> str:
    """Return an instant as a reader's clock shows it, with its distance from UTC."""
    there = moment.astimezone(UTC if zone is None else zone)
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:]})"
