"""What time does to cases: reminders until somebody takes one on, overdue, escalation, and waiting ones coming back.

Moments are planned as they come: outside business hours nobody looks.
Pure: what becomes of a case, what is written down, what others learn, and what its people are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from feedbackhub import Fact

from .case import Case
from .moves import HIGHEST, Moves

__all__ = ["TOLD", "Look", "look"]

#: What is written down where nothing but a mail came of a look.
TOLD = ("told", "reminded")
#: Two levels are never reached in one go.
SOON = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Look:
    """What follows from looking at a case.

    Args:
        values: What becomes of which column.
        kind: What is written into the history, empty for nothing.
        detail: Names and numbers of it.
        tell: What the case's people are told: new, reminder, news, overdue, escalated or back; empty for nothing.
        facts: What others learn.
    """

    values: Mapping[str, Any]
    kind: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    tell: str = ""
    facts: tuple[Fact, ...] = ()


def look(case: Case, moves: Moves) -> Look:
    """Return what follows from looking at an unfinished case within business hours."""
    if case.state == "waiting":
        return _waiting(case, moves)
    if case.due_at <= moves.now:
        return _overdue(case, moves)
    if case.state == "open":
        return _unread(case, moves)
    is_news = case.watch_at is not None and case.watch_at <= moves.now
    later = {"watch_at": case.due_at, "overdue_at": None, "reminders": case.reminders + is_news}
    return Look(later, tell="news" if is_news else "")


def _waiting(case: Case, moves: Moves) -> Look:
    if case.due_at > moves.now:  # the clock was ahead when this was planned
        return Look({"watch_at": case.due_at})
    return Look(moves.come_back(case), "back", tell="back")


def _unread(case: Case, moves: Moves) -> Look:
    """Tell of a new case, and remind of it until somebody takes it on."""
    following = min(moves.hours.add(moves.now, moves.settings.remind), case.due_at)
    # A clock that was ahead may have called it overdue.
    values = {"watch_at": following, "overdue_at": None, "reminders": case.reminders + 1}
    what = "reminded" if case.reminders else "told"
    return Look(values, what, tell="reminder" if case.reminders else "new")


def _overdue(case: Case, moves: Moves) -> Look:
    """Say that a case is overdue, remind of it, and take it one level up at a time, so that nobody is passed over."""
    since, level, reminders = case.overdue_at or moves.now, case.level, case.reminders + 1
    is_new, about = case.overdue_at is None, {"case": case.id}
    lasted = moves.hours.between(since, moves.now)
    is_higher = not is_new and level < HIGHEST and lasted >= moves.settings.escalate * (level + 1)
    level += is_higher
    values: dict[str, Any] = {"watch_at": _next_look(moves, since, level), "overdue_at": since, "reminders": reminders}
    if is_new:
        told = {"state": case.state, "due_at": case.due_at.isoformat()}
        return Look(values, "overdue", told, "overdue", (Fact("recovery.overdue", {**about, "state": case.state}),))
    if is_higher:
        fact = Fact("recovery.escalated", {**about, "level": level})
        return Look({**values, "level": level}, "escalated", {"level": level}, "escalated", (fact,))
    return Look(values, "reminded", tell="overdue")


def _next_look(moves: Moves, since: datetime, level: int) -> datetime:
    """Return when an overdue case is looked at next: to remind of it, or when it goes up, whichever is sooner."""
    remind = moves.hours.add(moves.now, moves.settings.remind)
    if level >= HIGHEST:
        return remind
    higher = moves.hours.add(since, moves.settings.escalate * (level + 1))
    return min(remind, max(higher, moves.now + SOON))
