"""What follows from an attempt: delivered, again, given up, or the endpoint is gone; pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from feedbackhub import as_line

__all__ = ["FAILING_FOR", "SCHEDULE", "Outcome", "judge", "pause", "wait_after"]

#: Spans between the attempts, by Standard Webhooks: ten attempts over a bit more than three days.
SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: An endpoint without a single success for so long is disabled.
FAILING_FOR = timedelta(days=5)
LONGEST_WAIT = timedelta(hours=24)
LONGEST_REST = timedelta(minutes=5)
LONGEST_ERROR = 200
#: A note that a helpdesk refuses so will not be taken later either: the ticket is gone, closed or merged.
FINAL_FOR_NOTES = frozenset({400, 404, 405, 410, 413, 422})
GONE = 410

Kind = Literal["delivered", "again", "failed", "gone", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to.

    Args:
        kind: What follows.
        answer: The HTTP status, 0 for none.
        error: Why, for staff; nothing of any body.
        asked: How long the other side asks to be left alone.
    """

    kind: Kind
    answer: int = 0
    error: str = ""
    asked: timedelta | None = None


def judge(status: int, reason: str, asked: timedelta | None, *, is_note: bool = False) -> Outcome:
    """Return what follows from an answer.

    Args:
        status: The HTTP status; a redirect is a failure, since it is not followed.
        reason: The status in words.
        asked: What Retry-After asks for.
        is_note: Whether a helpdesk answered, to whom 410 means that the ticket is gone, not the endpoint.
    """
    said = f"HTTP {status} {reason}"
    error = as_line(said, LONGEST_ERROR)
    if 200 <= status < 300:
        return Outcome("delivered", status)
    if is_note and status in FINAL_FOR_NOTES:
        return Outcome("failed", status, error)
    if status == GONE:
        return Outcome("gone", status, error)
    return Outcome("again", status, error, asked)


def wait_after(attempts: int, asked: timedelta | None) -> timedelta | None:
    """Return how long to wait after so many failed attempts, None when that was the last.

    Args:
        attempts: How many were made.
        asked: What the other side asks for; it is left alone for at least so long, up to a day.
    """
    if attempts > len(SCHEDULE):
        return None
    span = SCHEDULE[attempts - 1]
    return max(span, min(asked, LONGEST_WAIT)) if asked is not None else span


def pause(failures: int, asked: timedelta | None, now: datetime) -> datetime | None:
    """Return until when everything for an endpoint waits after so many failures in a row, None for not at all."""
    rest = timedelta(0) if failures < 3 else min(timedelta(seconds=5) * 2 ** min(failures - 3, 10), LONGEST_REST)
    if asked is not None:
        rest = max(rest, min(asked, LONGEST_WAIT))
    return now + rest if rest else None
