"""Business hours: weekly spans by the company's clocks, without holidays; adding and counting time within them.

A span names wall-clock times. It holds as many hours as really pass between them, so that the night in which clocks are
set forward or back gives neither a due time that nobody could keep nor an hour that counts twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["DAYS", "BusinessHours", "Span"]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Opening and closing time of one span; midnight as the closing time is the end of the day.
Span = tuple[time, time]
#: The longest that is looked for an open hour: holidays may fill a week, not years.
FARTHEST = 800


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When staff work.

    Args:
        weekly: The spans of each weekday, 0 for Monday; in order, none overlapping.
        zone: Whose clocks they are.
        holidays: Days without any.
    """

    weekly: Mapping[int, Sequence[Span]]
    zone: ZoneInfo
    holidays: frozenset[date] = field(default_factory=frozenset)

    def add(self, moment: datetime, amount: timedelta) -> datetime:
        """Return when this much business time will have passed since a moment, in UTC.

        Nothing added is the moment itself, or the next moment that is open.

        Raises:
            ValueError: The amount is negative, or there are no open hours.
        """
        if amount < timedelta(0):
            raise ValueError("business time cannot be taken away")
        left, moment = amount, moment.astimezone(UTC)
        for opens, closes in self._spans(moment):
            start = max(opens, moment)
            if start >= closes:
                continue
            # A span's very end is the due time itself: "by the end of Friday", not "on Monday morning".
            if left <= closes - start:
                return start + left
            left -= closes - start
        raise ValueError("there are no business hours")

    def opens(self, moment: datetime) -> datetime:
        """Return the moment if it is within business hours, else the next one that is."""
        return self.add(moment, timedelta(0))

    def is_open(self, moment: datetime) -> bool:
        """Return whether a moment is within business hours; the closing time no longer is."""
        return self.opens(moment) == moment.astimezone(UTC)

    def between(self, since: datetime, until: datetime) -> timedelta:
        """Return how much business time lies between two moments, none when the second is not later."""
        total = timedelta(0)
        if until <= since:
            return total
        for opens, closes in self._spans(since.astimezone(UTC)):
            if opens >= until:
                break
            total += max(timedelta(0), min(closes, until) - max(opens, since))
        return total

    def _spans(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans from a moment's day on, in UTC, for as long as one may reasonably be looked for."""
        # A day earlier: a zone's midnight may be skipped, or a span of the day before end after it.
        day = moment.astimezone(self.zone).date() - timedelta(days=1)
        empty, last = 0, datetime.min.replace(tzinfo=UTC)
        while empty < FARTHEST and day < date.max - timedelta(days=2):
            spans = () if day in self.holidays else self.weekly.get(day.weekday(), ())
            empty = 0 if spans else empty + 1
            for opens, closes in (self._span(day, each) for each in spans):
                # Of an hour that comes twice, what one span closes with and the next one opens with.
                if max(opens, last) < closes:
                    yield max(opens, last), closes
                    last = closes
            day += timedelta(days=1)

    def _span(self, day: date, span: Span) -> tuple[datetime, datetime]:
        opens, closes = span
        last = day if closes != time(0) else day + timedelta(days=1)
        return self._utc(datetime.combine(day, opens), 0), self._utc(datetime.combine(last, closes), 1)

    def _utc(self, wall: datetime, fold: int) -> datetime:
        """Return a wall-clock time: one that comes twice opens at the first and closes at the second.

        One that is skipped is the moment of skipping.
        """
        first, second = (wall.replace(tzinfo=self.zone, fold=each).astimezone(UTC) for each in (0, 1))
        if first <= second:
            return second if fold else first
        while first - second > timedelta(seconds=1):
            middle = second + (first - second) / 2
            offset = middle.astimezone(self.zone).utcoffset()
            first, second = (first, middle) if offset == second.astimezone(self.zone).utcoffset() else (middle, second)
        return first.replace(microsecond=0)
