"""How cases fare: taken on and closed in time, still open, and how long half of them wait, in business hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .case import Case
from .hours import BusinessHours
from .recoveries_times import Median, Wait, median_wait

__all__ = ["CaseCounts", "by_group", "count_cases", "waits"]

YES, NO = "yes", "no"
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class CaseCounts:
    """Counts of cases.

    Args:
        opened: How many were opened.
        taken: How many were taken on in time (``yes``) and not (``no``); those not due yet are in neither.
        closed_in_time: The same of closing.
        outcomes: How the closed ones ended.
        unfinished: How many are not closed.
        overdue: How many of those are overdue.
    """

    opened: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    closed_in_time: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0
    overdue: int = 0

    def add(self, case: Case, now: datetime) -> None:
        """Count a case."""
        self.opened += 1
        # What was closed without being taken on first was dealt with then.
        taken = case.acknowledged_at or case.closed_at
        self.taken[_in_time(taken, case.acknowledge_by, now)] += 1
        self.closed_in_time[_in_time(case.closed_at if case.is_closed else None, case.resolve_by, now)] += 1
        if case.is_closed:
            self.outcomes[case.outcome] += 1
        else:
            self.unfinished += 1
            self.overdue += case.is_overdue(now)

    @property
    def closed(self) -> int:
        """How many are closed."""
        return self.opened - self.unfinished


def _in_time(done: datetime | None, due: datetime, now: datetime) -> str:
    if done is not None:
        return YES if done <= due else NO
    return NO if due < now else ""


def count_cases(cases: Iterable[Case], now: datetime) -> CaseCounts:
    """Return the counts of cases."""
    found = CaseCounts()
    for case in cases:
        found.add(case, now)
    return found


def by_group(cases: Iterable[Case], by: str) -> Mapping[str, list[Case]]:
    """Return cases by their value of a dimension, in the order of names; those without one last."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(str(case.dimensions.get(by) or ""), []).append(case)
    return {name: found[name] for name in sorted(found, key=lambda name: (not name, name.casefold(), name))}


def waits(cases: Sequence[Case], hours: BusinessHours, now: datetime) -> tuple[Median, Median]:
    """Return how many business hours half of the cases wait to be taken on, and to be closed."""
    opened = [case.opened_at for case in cases]
    taken = [case.acknowledged_at or case.closed_at for case in cases]
    closed = [case.closed_at if case.is_closed else None for case in cases]
    clock = _passed(hours, [*opened, *filter(None, taken), *filter(None, closed), now])

    def lasting(since: datetime, done: datetime | None) -> Wait:
        # A clock that went back may have noted an end before the beginning.
        return Wait(max(0.0, (clock[done or now] - clock[since]) / HOUR), done is not None)

    return median_wait(list(map(lasting, opened, taken))), median_wait(list(map(lasting, opened, closed)))


def _passed(hours: BusinessHours, moments: Iterable[datetime]) -> Mapping[datetime, timedelta]:
    """Return how much business time has passed at each moment since the first; each day is gone through once."""
    found: dict[datetime, timedelta] = {}
    total, last = timedelta(0), None
    for moment in sorted(set(moments)):
        total += hours.between(last or moment, moment)
        found[moment], last = total, moment
    return found
