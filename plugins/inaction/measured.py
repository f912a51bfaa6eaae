"""What the company's own contacts and answers say of the model's inputs, each with its 95 % interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from feedbackhub import Filters, Query, Reader
from feedbackhub.reporting import (
    asks_how_often,
    asks_whether_solved,
    contacts_of,
    count,
    days_of,
    questions_of,
    solved_means,
)
from feedbackhub.reporting.assumptions import Range
from feedbackhub.statistics import Moments, Share, few, mean_interval, wilson, z_of

__all__ = ["Measured", "contacts_range", "days_counted", "each_range", "measure", "solved_range"]

#: Days of a month, the year's mean.
MONTH = 365.25 / 12
INBOUND = "inbound"
YES = "yes"


@dataclass(slots=True)
class Measured:
    """What was counted in the days of a report.

    Args:
        contacts: Inbound contacts.
        solved: How often it was said that it was solved: ``yes``, ``partly`` or ``no``.
        times: How often customers had to make contact, by how often that was said.
    """

    contacts: int = 0
    solved: Counter[str] = field(default_factory=Counter)
    times: Counter[int] = field(default_factory=Counter)

    @property
    def share_solved(self) -> Share:
        """The share of answers that say that it was solved."""
        return Share(self.solved[YES], sum(self.solved[each] for each in (YES, "partly", "no")))

    def ranges(self, days: int) -> dict[str, Range]:
        """Return the inputs that it says enough about, by name.

        Args:
            days: How many days it was counted in.
        """
        found = {
            "contacts": contacts_range(self.contacts, days),
            "solved": solved_range(self.share_solved),
            "contacts_each": each_range(self.times),
        }
        return {name: range_ for name, range_ in found.items() if range_ is not None}


def contacts_range(contacts: int, days: int) -> Range | None:
    """Return the contacts of a month with the score interval of a count (Poisson), None where they are too few to say.

    Args:
        contacts: How many there were.
        days: In how many days.
    """
    if days <= 0 or few(contacts) in ("none", "counts"):
        return None
    z = z_of(0.95)
    middle, reach, scale = contacts + z * z / 2, z * math.sqrt(contacts + z * z / 4), MONTH / days
    return Range((middle - reach) * scale, contacts * scale, (middle + reach) * scale, measured=True)


def solved_range(share: Share) -> Range | None:
    """Return the share solved with Wilson's interval, None where answers are too few to say."""
    interval = wilson(share)
    if few(share.whole) in ("none", "counts") or share.value is None or interval is None:
        return None
    return Range(interval.low, share.value, interval.high, measured=True, ceiling=1.0)


def each_range(times: Mapping[int, int]) -> Range | None:
    """Return how many contacts a problem takes, with the t interval, None where answers are too few to say."""
    moments = Moments.of(times)
    interval = mean_interval(moments)
    if moments is None or few(moments.n) in ("none", "counts") or interval is None:
        return None
    return Range(max(1.0, interval.low), moments.mean, max(moments.mean, interval.high), measured=True)


def measure(reader: Reader, query: Query) -> dict[str | None, Measured]:
    """Count what a query asks for: all together under None, and each group under its name.

    Args:
        reader: What may be read.
        query: Which days, and of whom.

    Raises:
        Refused: What is to be crossed is not counted together.
    """
    found: dict[str | None, Measured] = {None: Measured()}
    by = [query.by] if query.by else []

    def counting(values: Sequence[Any]) -> list[Measured]:
        """Return where to count: in the whole, and in the group that a record belongs to."""
        return [found[None], *(found.setdefault(str(value or ""), Measured()) for value in values)]

    since, until = days_of(query)
    kept: dict[str, Any] = dict(query.where)
    filters = Filters(since, until, **kept)
    for group in reader.grouped("contacts", ["direction", *by], filters):
        if group.values[0] == INBOUND:
            for each in counting(group.values[1:]):
                each.contacts += group.n
    for name, values in solved_by_group(reader, query).items():
        for each in counting([name] if query.by else []):
            each.solved.update(values)
    for asked in questions_of(reader, query.survey, asks_how_often):
        only = replace(filters, survey=asked.survey, basis=query.basis)
        for group in reader.grouped("responses", [*by, "answer"], only, question=asked.question.id):
            times = contacts_of(str(group.values[-1])) or 0
            for each in counting(group.values[:-1]) if times else []:
                each.times[times] += group.n
    return found


def days_counted(reader: Reader, query: Query, today: date) -> int:
    """Return in how many days of a query contacts could be counted: from the first one that there ever was, to today.

    Args:
        reader: What may be read.
        query: Which days.
        today: The present day.
    """
    since, until = days_of(query)
    first, last = query.since, min(query.until, today)
    if not any(reader.batches("contacts", Filters(until=since), size=1, only=["id"])):
        days = reader.grouped("contacts", ["day"], Filters(since, until))
        first = min((date.fromisoformat(str(each.values[0])) for each in days), default=first)
    return max((last - first).days + 1, 0)


def solved_by_group(reader: Reader, query: Query) -> dict[str, Counter[str]]:
    """Return how often it was said that it was solved, partly or not, by group."""
    asked = questions_of(reader, query.survey, asks_whether_solved)
    return {name: Counter(values) for name, values in count(reader, query, asked, solved_means).groups.items()}
