"""Spans of time: the period before, and the weeks or months of a trend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from ..contract.reports import Query

__all__ = ["before", "spans", "steps"]

DAY = timedelta(days=1)
#: Up to so many days a trend goes by days, up to so many by weeks, beyond by months.
BY_DAY, BY_WEEK = 14, 182
MOST = 400


def before(query: Query) -> Query:
    """Return the same query for as many days right before; no day is in both."""
    length = query.until - query.since
    until = query.since - DAY
    return replace(query, since=until - length, until=until)


def spans(since: date, until: date, step: str) -> list[tuple[str, list[date]]]:
    """Return the spans of a period in their order, each with a name and its days.

    Args:
        since: First day.
        until: Last day.
        step: ``day``, ``week`` (from Monday) or ``month``.
    """
    found: dict[str, list[date]] = {}
    for at in range((until - since).days + 1):
        day = since + at * DAY
        found.setdefault(NAMES[step](day), []).append(day)
    return list(found.items())


def steps(since: date, until: date, wanted: str = "") -> list[str]:
    """Return the steps by which a trend may go, the one to be tried first in front.

    Args:
        since: First day.
        until: Last day.
        wanted: The reader's choice, which alone counts unless it makes too many spans to be drawn.
    """
    length = (until - since).days + 1
    if wanted in NAMES and length / LENGTHS[wanted] <= MOST:
        return [wanted]
    first = "day" if length <= BY_DAY else "week" if length <= BY_WEEK else "month"
    return list(NAMES)[list(NAMES).index(first) :]


LENGTHS = {"day": 1, "week": 7, "month": 30}
NAMES: Mapping[str, Callable[[date], str]] = {
    "day": lambda day: day.isoformat(),
    "week": lambda day: (day - day.weekday() * DAY).isoformat(),
    "month": lambda day: f"{day:%Y-%m}",
}
