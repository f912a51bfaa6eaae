"""Hours and days in which customers are left alone, told by their own clocks."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from feedbackhub import Ask, Contact, History, Rule

from .settings import WEEKDAYS, QuietSettings

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
# Two weeks and some: even a week with a day that a country left out has its weekday in here.
AHEAD = 16


class QuietHours(Rule):
    """Moves what would be due in quiet hours to their end; never earlier, and never past a moment that is free."""

    name = "quiet_hours"

    def __init__(self, settings: QuietSettings) -> None:
        self.settings = settings

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask:
        """Move the ask when its customer's clock says so; a test is sent at once."""
        zone = self._zone(contact)
        if contact.test or zone is None or ask.channels[0] in self.settings.except_channels:
            return ask
        return replace(ask, due_at=next_free(ask.due_at, zone, self.settings))

    def _zone(self, contact: Contact) -> tzinfo | None:
        own = contact.customer.timezone if contact.customer else ""
        for name in (own, self.settings.timezone):
            if name:
                try:
                    return zoneinfo.ZoneInfo(name)
                except (zoneinfo.ZoneInfoNotFoundError, ValueError):
                    continue  # a zone that this machine does not know says nothing
        return None


def is_free(moment: datetime, zone: tzinfo, settings: QuietSettings) -> bool:
    """Tell whether a customer in this zone may be disturbed at a moment."""
    local = moment.astimezone(zone)
    begin, end, at = settings.begin, settings.end, local.time()
    quiet = begin <= at < end if begin <= end else at >= begin or at < end
    return not quiet and WEEKDAYS[local.weekday()] in settings.weekdays


def next_free(moment: datetime, zone: tzinfo, settings: QuietSettings) -> datetime:
    """Return the first moment, not before this one, at which a customer in this zone may be disturbed.

    A free span can begin only where the quiet hours end, at midnight, or where the clocks are changed.
    """
    moment = moment.astimezone(UTC)  # a sum on a local clock would count the hours that it skips
    if is_free(moment, zone, settings):
        return moment
    begins = (*_at_clock(moment, zone, (settings.end, time())), *_changes(moment, zone))
    return min(begin for begin in begins if begin > moment and is_free(begin, zone, settings))


def _at_clock(moment: datetime, zone: tzinfo, times: tuple[time, ...]) -> Iterator[datetime]:
    """Yield when the clocks show these times on the days to come, both times where an hour comes twice."""
    today = moment.astimezone(zone).date()
    for ahead in range(AHEAD):
        for at in times:
            for fold in (0, 1):
                shown = datetime.combine(today + ahead * DAY, at, zone).replace(fold=fold)
                yield shown.astimezone(UTC)


def _changes(moment: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the moments of the days to come at which the clocks are changed, to the second."""
    for ahead in range(AHEAD):
        before, after = moment + ahead * DAY, moment + (ahead + 1) * DAY
        if _offset(before, zone) != _offset(after, zone):
            yield _change_between(before, after, zone)


def _change_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    start, old = before.replace(microsecond=0), _offset(before, zone)
    low, high = 0, int((after - start) / SECOND) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(start + middle * SECOND, zone) == old:
            low = middle
        else:
            high = middle
    return start + high * SECOND


def _offset(moment: datetime, zone: tzinfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
