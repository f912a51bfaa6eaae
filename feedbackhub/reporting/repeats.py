"""Repeated contacts as they happened: when the same customer came back, of all customers, whoever answers surveys.

A customer comes back when another inbound contact of theirs begins after one has ended, on whatever channel, or when
that one is reopened. Where no beginning is known, the end stands for it. Contacts are known once they have ended.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import NamedTuple

from ..contract.exports import Batch, Filters
from ..contract.reading import Reader
from ..contract.reports import Query

__all__ = ["Followed", "Visit", "days_of", "followed", "gaps"]

INBOUND = "inbound"
DAY = 86_400.0
#: How long after the days of a report contacts are still read: those that last longer are missed.
SLACK = timedelta(days=45)
SIZE = 5000
NOBODY = -1


class Visit(NamedTuple):
    """A contact of a customer, its moments as seconds.

    Args:
        began: When it began.
        ended: When it ended.
        topic: What it was about, empty for unknown.
        reopened: When it was reopened, infinity for never.
    """

    began: float
    ended: float
    topic: str | int
    reopened: float = inf


class Followed(NamedTuple):
    """A contact, and what came after it.

    Args:
        day: The day it ended on, in UTC.
        values: Its columns that were asked for; empty texts for nothing.
        age: How many days ago it ended.
        who: A number for its customer, the same for all their contacts; below 0 where nobody is known, and nothing of
            what came after either.
        after: After how many days the customer came back, infinity for not.
        after_same: The same for the same topic; infinity where the contact has none.
        mark: What was known of it before, 0 for nothing.
    """

    day: date
    values: tuple[str, ...]
    age: float
    who: int
    after: float
    after_same: float
    mark: int

    @property
    def known(self) -> bool:
        """Whether its customer is known."""
        return self.who >= 0


def gaps(visits: Sequence[Visit]) -> list[tuple[float, float]]:
    """Return for each contact of one customer the seconds until they came back: at all, and about the same topic.

    Args:
        visits: All contacts of that customer, in any order.
    """
    begins: dict[str | int | None, list[float]] = defaultdict(list)
    for visit in sorted(visits):
        begins[None].append(visit.began)
        if visit.topic:
            begins[visit.topic].append(visit.began)
    found = []
    for visit in visits:
        reopened = visit.reopened - visit.ended if visit.reopened >= visit.ended else inf
        anything = min(reopened, _until_next(begins[None], visit.ended))
        same = min(reopened, _until_next(begins[visit.topic], visit.ended) if visit.topic else inf)
        found.append((anything, same))
    return found


def _until_next(begins: Sequence[float], ended: float) -> float:
    """Return how long after a moment the next of these begins, infinity for never."""
    at = bisect_right(begins, ended)
    return begins[at] - ended if at < len(begins) else inf


def days_of(query: Query) -> tuple[datetime, datetime]:
    """Return the first moment of a query's days, and the first one after them."""
    since, until = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (query.since, query.until))
    return since, until + timedelta(days=1)


def followed(
    reader: Reader, span: tuple[datetime, datetime], now: datetime, columns: Sequence[str] = (),
    marks: Mapping[str, int] | None = None,
) -> Iterator[Followed]:  # fmt: skip
    """Yield each inbound contact that ended within a span of time, with what came after it.

    Args:
        reader: What may be read.
        span: The first moment, and the first one after it.
        now: The present moment.
        columns: Which columns of the contacts to tell.
        marks: What is known of single contacts, as small numbers, by their ids.
    """
    shelf = _Shelf(columns, marks or {}, reader.merged())
    only = ["customer", "direction", "started_at", "ended_at", "reopened_at", "topic", *(["id"] if marks else [])]
    filters = Filters(since=span[0], until=span[1] + SLACK)
    for batch in reader.batches("contacts", filters, size=SIZE, only=list(dict.fromkeys([*only, *columns]))):
        shelf.put(batch)
    return shelf.read(span[1].timestamp(), now.timestamp())


class _Shelf:
    """Contacts as plain numbers, so that a million take little memory.

    Args:
        columns: Which columns to keep.
        marks: What is known of single contacts.
        merged: Which id stands for a customer proven to be the same person as others.
    """

    def __init__(self, columns: Sequence[str], marks: Mapping[str, int], merged: Mapping[str, str]) -> None:
        self._columns, self._marks, self._merged = columns, marks, merged
        self._began, self._ended, self._reopened = array("d"), array("d"), array("d")
        self._topic, self._kind, self._mark = array("l"), array("l"), array("b")
        self._who = array("l")
        self._customers: dict[str, int] = {}
        self._visits: dict[int, list[int]] = {}
        self._topics: dict[str, int] = {"": 0}
        self._kinds: dict[tuple[str, ...], int] = {}

    def put(self, batch: Batch) -> None:
        """Keep a batch of contacts."""
        have = batch.columns
        ids = have["id"] if self._marks else [""] * batch.length
        kinds = zip(*(have[name] for name in self._columns), strict=True) if self._columns else [()] * batch.length
        rows = zip(
            have["customer"], have["direction"], have["started_at"], have["ended_at"], have["reopened_at"],
            have["topic"], ids, kinds, strict=True,
        )  # fmt: skip
        for customer, direction, started, ended, reopened, topic, id_, kind in rows:
            if direction != INBOUND:
                continue
            at = len(self._ended)
            self._ended.append(ended.timestamp())
            # One that began after it ended was noted wrongly; its end is what is sure.
            self._began.append(min(started, ended).timestamp() if started is not None else self._ended[at])
            self._reopened.append(inf if reopened is None else reopened.timestamp())
            self._topic.append(self._topics.setdefault(topic or "", len(self._topics)))
            self._kind.append(self._kinds.setdefault(tuple(str(each or "") for each in kind), len(self._kinds)))
            self._mark.append(self._marks.get(id_, 0))
            self._who.append(self._customer(customer, at))

    def _customer(self, customer: str | None, at: int) -> int:
        if not customer:
            return NOBODY
        who = self._customers.setdefault(self._merged.get(customer, customer), len(self._customers))
        self._visits.setdefault(who, []).append(at)
        return who

    def read(self, until: float, now: float) -> Iterator[Followed]:
        """Yield the contacts that ended before a moment."""
        after = self._after()
        values = list(self._kinds)
        for at, ended in enumerate(self._ended):
            if ended >= until:
                continue
            anything, same = after.get(at, (inf, inf))
            day = datetime.fromtimestamp(ended, UTC).date()
            yield Followed(
                day, values[self._kind[at]], (now - ended) / DAY, self._who[at], anything / DAY, same / DAY,
                self._mark[at],
            )  # fmt: skip

    def _after(self) -> dict[int, tuple[float, float]]:
        """Return the seconds until the customer came back, for contacts after which they did."""
        found: dict[int, tuple[float, float]] = {}
        for places in self._visits.values():
            if len(places) == 1 and self._reopened[places[0]] == inf:
                continue
            visits = [Visit(self._began[at], self._ended[at], self._topic[at], self._reopened[at]) for at in places]
            for at, gap in zip(places, gaps(visits), strict=True):
                if gap[0] < inf:
                    found[at] = gap
        return found
