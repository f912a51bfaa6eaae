"""Standing: when a subscriber that failed is tried again, and with how many events."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..store.queries.subscribers import Failure
from ..store.types import AnyRow

__all__ = ["LONG_REST", "PARKED_AFTER", "SHORT_REST", "fewer", "is_parked", "next_failure", "rests"]

#: After so many failures in a row a subscriber is parked: tried now and then only, and shown as trouble.
PARKED_AFTER = 10
SHORT_REST = timedelta(minutes=1)
LONG_REST = timedelta(hours=1)
#: One bad event among the most that are handed over at once is found in three steps; a fuse blows at five failures.
_STEP = 8


def rests(row: AnyRow | None, now: datetime) -> bool:
    """Tell whether a subscriber is left alone for now."""
    if row is None or not row.error or row.retry_at is None:
        return False
    # A clock that was set back must not make anybody rest for longer.
    left: timedelta = row.retry_at - now
    return timedelta(0) < left <= LONG_REST


def is_parked(row: AnyRow | None) -> bool:
    """Tell whether a subscriber failed so often in a row that it is tried now and then only."""
    return row is not None and bool(row.error) and row.failures >= PARKED_AFTER


def next_failure(
    row: AnyRow | None, error: str, now: datetime, stuck_at: int | None, longest: timedelta = LONG_REST
) -> Failure:
    """Return what is noted of a subscriber that has failed once more.

    Args:
        row: How it stood before, None for a new one.
        error: What stopped it, without personal data.
        now: The present moment.
        stuck_at: Up to which event the next try goes.
        longest: The longest that it may rest.
    """
    before, since = (0, now) if row is None or not row.error else (row.failures, row.failing_since or now)
    failures = before + 1
    wait = LONG_REST if failures >= PARKED_AFTER else min(timedelta(seconds=2**failures), SHORT_REST)
    return Failure(error, failures, since, now + min(wait, longest), stuck_at)


def fewer(events: int) -> int:
    """Return how many events are tried next, when one among so many is bad."""
    return max(1, events // _STEP)
