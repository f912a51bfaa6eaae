"""When a digest is due by the company's clocks, and which days it is about; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count

__all__ = ["RHYTHMS", "SPANS", "Rhythm", "Slot", "following", "latest", "period"]

RHYTHMS = ("daily", "weekly", "monthly")
#: Days that a digest may look back; 0: as its rhythm goes.
SPANS = (0, 7, 30, 90)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, and at which hour.

    Args:
        every: ``daily``, ``weekly`` or ``monthly``, then on the first day of the month.
        weekday: For weekly ones: 0 for Monday.
        hour: The hour by the clocks of the zone.
        zone: The company's time zone.
    """

    every: str
    weekday: int
    hour: int
    zone: tzinfo

    def falls_on(self, day: date) -> bool:
        """Tell whether a mail is due on a day."""
        if self.every == "weekly":
            return day.weekday() == self.weekday
        return self.every == "daily" or day.day == 1

    def at(self, day: date) -> datetime:
        """Return the moment on a day at which the clocks show the hour.

        Where they show it twice it is the first time; where they skip it, as much later as they were set forward.
        """
        return datetime.combine(day, time(self.hour), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Slot:
    """One time at which a digest is due; its day, by the zone's clocks, is what makes it one of a kind."""

    day: date
    at: datetime


def latest(rhythm: Rhythm, now: datetime) -> Slot:
    """Return the last slot that is not in the future."""
    return next(slot for slot in _slots(rhythm, now, -DAY) if slot.at <= now)


def following(rhythm: Rhythm, now: datetime) -> Slot:
    """Return the first slot in the future."""
    return next(slot for slot in _slots(rhythm, now, DAY) if slot.at > now)


def _slots(rhythm: Rhythm, now: datetime, step: timedelta) -> Iterator[Slot]:
    """Yield slots from around now on, one way."""
    # A day to the other side: what the clocks skip may fall on the next day.
    first = now.astimezone(rhythm.zone).date() - step
    for number in count():
        day = first + number * step
        if rhythm.falls_on(day):
            yield Slot(day, rhythm.at(day))


def period(every: str, days: int, at: datetime) -> tuple[date, date]:
    """Return the first and the last day that a digest is about: whole days that have ended, in UTC as reports count.

    Args:
        every: Its rhythm.
        days: How many days, 0 for as many as the rhythm has.
        at: When it is due.
    """
    end = at.astimezone(UTC).date()
    until = end - DAY
    if days or every != "monthly":
        return end - (days or {"daily": 1, "weekly": 7}[every]) * DAY, until
    year, month = (end.year, end.month - 1) if end.month > 1 else (end.year - 1, 12)
    first_of_this = date(end.year, end.month, 1)
    length = (first_of_this - date(year, month, 1)).days
    return date(year, month, min(end.day, length)), until
