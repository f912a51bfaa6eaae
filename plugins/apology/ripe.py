"""Whose outcome is known: those whose window is over, in the order of assignment; silence is an outcome then, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from feedbackhub.statistics import Share

from .records import Assignment

__all__ = ["by_arm", "has_answered", "has_won", "is_ahead", "is_open", "is_ripe", "ripe", "share_won"]


def is_ripe(each: Assignment, now: datetime) -> bool:
    """Tell whether the window is over; what was found over stays so when the clock goes back."""
    return each.is_over or each.window_ends_at <= now


def is_ahead(each: Assignment, now: datetime) -> bool:
    """Tell whether a clock that ran ahead dated somebody further away than their window is long.

    Nobody waits for them. Whoever it dated less far ahead is waited for: their window ends soon enough.
    """
    return not each.is_over and each.assigned_at - now > each.window_ends_at - each.assigned_at


def is_open(each: Assignment, now: datetime) -> bool:
    """Tell whether somebody is in the middle of an experiment, so that it holds them."""
    return not is_ripe(each, now) and not is_ahead(each, now)


def ripe(assignments: Sequence[Assignment], now: datetime) -> list[Assignment]:
    """Return those whose windows are over, up to the first whose window is not.

    Taking somebody who answered early before an earlier one whose window is open would prefer answers to silence.
    Whom a clock dated far ahead is set aside.

    Args:
        assignments: In the order of assignment.
        now: The present moment.
    """
    found = list[Assignment]()
    for each in assignments:
        if is_ripe(each, now):
            found.append(each)
        elif is_open(each, now):
            break
    return found


def has_answered(each: Assignment) -> bool:
    """Tell whether a second answer came while the window was open."""
    return each.answered_at is not None and each.answered_at <= each.window_ends_at


def has_won(each: Assignment) -> bool:
    """Tell whether the customer counts as won back; who kept silent does not."""
    return has_answered(each) and bool(each.won)


def by_arm(assignments: Iterable[Assignment], arms: Sequence[str]) -> dict[str, list[Assignment]]:
    """Return the assignments of each arm in their order; also of arms that hold nobody."""
    found: dict[str, list[Assignment]] = {arm: [] for arm in arms}
    for each in assignments:
        if each.arm in found:
            found[each.arm].append(each)
    return found


def share_won(assignments: Iterable[Assignment]) -> Share:
    """Return how many of them were won back."""
    won = [has_won(each) for each in assignments]
    return Share(sum(won), len(won))
