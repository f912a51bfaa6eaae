"""Slots: the moments of periodic work, counted from midnight UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["first_slot", "is_slot", "next_slot"]

# A Monday, so that slots of a week fall on Mondays.
_BEGINNING = datetime(1970, 1, 5, tzinfo=UTC)


def first_slot(now: datetime, every: timedelta, at: timedelta = timedelta(0)) -> datetime:
    """Return the first slot that is not before a moment.

    Args:
        now: The moment.
        every: The span between two slots.
        at: Offset of the slots.
    """
    start = _BEGINNING + at
    return start - ((start - now) // every) * every


def next_slot(after: datetime, every: timedelta, at: timedelta = timedelta(0)) -> datetime:
    """Return the first slot after a moment."""
    start = _BEGINNING + at
    return start + ((after - start) // every + 1) * every


def is_slot(moment: datetime, every: timedelta, at: timedelta = timedelta(0)) -> bool:
    """Tell whether a moment is a slot."""
    return (moment - _BEGINNING - at) % every == timedelta(0)
