"""The one place where real time is read; everything else is handed a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; injected so that tests, the demo and replays can choose it."""

    def now(self) -> datetime:
        """Return the present moment, always aware and in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment last set."""
        return self.moment

    def move(self, by: timedelta) -> datetime:
        """Move by a span (forwards or backwards) and return the new moment."""
        self.moment += by
        return self.moment
