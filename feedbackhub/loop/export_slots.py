"""When something that is exported again and again is due, and which span of time it then covers; pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

__all__ = ["EVERY", "Every", "slot_after", "span_of"]

Every = Literal["day", "week", "month"]
EVERY: tuple[Every, ...] = ("day", "week", "month")


def slot_after(every: Every, hour: int, zone: ZoneInfo, moment: datetime) -> datetime:
    """Return the first slot later than a moment: every day, every Monday or every first of a month at an hour.

    Args:
        every: How often.
        hour: The hour in the company's time zone.
        zone: That time zone.
        moment: Any moment.
    """
    day = _first_day(every, moment.astimezone(zone).date())
    while (slot := datetime.combine(day, time(hour), zone).astimezone(UTC)) <= moment:
        day = _next_day(every, day)
    return slot


def span_of(every: Every, zone: ZoneInfo, slot: datetime) -> tuple[datetime, datetime]:
    """Return the day, week or month before a slot: its first moment, and the first one after it."""
    end = _first_day(every, slot.astimezone(zone).date())
    begin = _first_day(every, end - timedelta(days=1))
    return _midnight(begin, zone), _midnight(end, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _first_day(every: Every, day: date) -> date:
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day


def _next_day(every: Every, day: date) -> date:
    if every == "month":
        return _first_day("month", day + timedelta(days=31))
    return day + timedelta(days=7 if every == "week" else 1)
