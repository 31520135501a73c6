"""Days and business days where the drug lies: its zone and its closed days are passed in.

Weekends are known; a public holiday is never guessed. One that was not passed counts as a business
day, and a deadline then falls earlier, not later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_SATURDAY = 5  # as ``date.weekday`` counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The zone of a place and the days on which it is closed, weekends apart."""

    zone: tzinfo
    closed: frozenset[date] = frozenset()

    def day(self, at: datetime) -> date:
        """Return the day it is there."""
        return at.astimezone(self.zone).date()

    def end(self, day: date) -> datetime:
        """Return the last moment of a day: the midnight after it."""
        return datetime.combine(day + _DAY, time(), tzinfo=self.zone)

    def is_business_day(self, day: date) -> bool:
        """Return whether it is neither a weekend nor a closed day."""
        return day.weekday() < _SATURDAY and day not in self.closed

    def business_days_after(self, day: date, count: int) -> date:
        """Return the ``count``-th business day after a day."""
        while count > 0:
            day += _DAY
            count -= self.is_business_day(day)
        return day


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; of 29 February the day before, where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=day.day - 1)
