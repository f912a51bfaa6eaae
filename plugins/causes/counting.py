"""What is counted: bad answers by where they come from, within the days and filters of a query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from feedbackhub import DIMENSIONS, Filters, Problem, Query, Reader, Refused
from feedbackhub.statistics import Share

from .cells import PAIRED, Cells

__all__ = ["Answers", "answers_of", "filters_of", "second_asks"]

#: Up to so many answers all dimensions are crossed at once, which keeps them comparable with each other.
MOST_CROSSED = 100_000


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of a period.

    Args:
        crosses: Those with a rating; the same ones in each, crossed by different dimensions.
        unrated: How many came without a rating.
    """

    crosses: Sequence[Cells]
    unrated: int

    @property
    def whole(self) -> Share:
        """All rated answers together."""
        return self.crosses[0].whole


def filters_of(query: Query) -> Filters:
    """Return which records a query is about.

    Raises:
        Refused: It names a dimension that there is none of.
    """
    for name in filter(None, (query.by, *query.where)):
        if name not in DIMENSIONS:
            raise Refused(Problem("by" if name == query.by else name, "is no dimension that is counted"))
    since = datetime.combine(query.since, time(), UTC)
    until = datetime.combine(query.until, time(), UTC) + timedelta(days=1)
    kept: dict[str, Any] = dict(query.where)
    return Filters(since=since, until=until, basis=query.basis, survey=query.survey, **kept)


def answers_of(read: Reader, query: Query) -> Answers:
    """Count the answers of a period by where they come from.

    Args:
        read: What may be read.
        query: Which period, and what to keep to.

    Raises:
        Refused: The query names no dimension, or too much is crossed.
    """
    filters = filters_of(query)
    second = second_asks(read, query)
    at_once = read.count("responses", filters) <= MOST_CROSSED
    ways = [DIMENSIONS] if at_once else [PAIRED, tuple(name for name in DIMENSIONS if name not in PAIRED)]
    found = [_crossed(read, filters, dimensions, second) for dimensions in ways]
    return Answers([cells for cells, _ in found], found[0][1])


def second_asks(read: Reader, query: Query) -> set[str]:
    """Return the surveys that are left out: second asks go to the unhappy, about contacts that count already."""
    return set() if query.survey else {each.name for each in read.surveys() if each.type == "re-ask"}


def _crossed(read: Reader, filters: Filters, dimensions: Sequence[str], left_out: Set[str]) -> tuple[Cells, int]:
    """Return the answers by every crossing, and how many have no rating."""
    bad: Counter[tuple[str, ...]] = Counter()
    all_: Counter[tuple[str, ...]] = Counter()
    unrated = 0
    for group in read.grouped("responses", ("survey", "question", "low", *dimensions), filters):
        survey, question, low, *values = group.values
        if survey in left_out:
            continue
        if not question:
            unrated += group.n
            continue
        place = tuple(value or "" for value in values)
        all_[place] += group.n
        if low:
            bad[place] += group.n
    return Cells(dimensions, {place: Share(bad[place], n) for place, n in all_.items()}), unrated
