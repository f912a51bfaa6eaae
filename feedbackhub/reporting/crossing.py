"""What the tallies do not hold: crossings of dimensions, counted from the answers themselves while these are few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ..contract.errors import Problem, Refused
from ..contract.exports import Filters
from ..contract.reading import Reader
from ..contract.reports import Query

__all__ = ["MOST_ANSWERS", "crossed_answers", "crossed_asks", "refuse_too_many"]

#: How many answers of some days are counted one by one, while somebody waits for the page.
MOST_ANSWERS = 200_000


def refuse_too_many(reader: Reader, query: Query, questions: Iterable[tuple[str, str]]) -> None:
    """Refuse to count what is too much to be counted one by one.

    Args:
        reader: What may be read.
        query: Which days, and what is crossed.
        questions: Surveys with a question of each.

    Raises:
        Refused: There are more than `MOST_ANSWERS` answers.
    """
    there = sum(
        each.n
        for survey, question in questions
        for each in reader.tallies(
            query.since, query.until, basis=query.basis, survey=survey, question=question, value=None, step="month"
        )
    )
    if there > MOST_ANSWERS:
        crossed = sorted({*query.where, *filter(None, [query.by])})
        reason = (
            f"{' and '.join(crossed)} are not counted together,"
            f" and one by one at most {MOST_ANSWERS} answers: choose fewer days"
        )
        raise Refused(Problem("by" if query.by else crossed[-1], reason))


def crossed_answers(reader: Reader, query: Query, survey: str, question: str) -> Iterator[tuple[date, str, str, int]]:
    """Yield day, group, value and number of the answers to a question, counted from the answers."""
    by = ["day", "answer", *filter(None, [query.by])]
    for found in reader.grouped("responses", by, _filters(query, survey), question=question):
        day, value, *group = found.values
        yield date.fromisoformat(day), (group[0] or "") if group else "", value, found.n


def crossed_asks(reader: Reader, query: Query, survey: str) -> Iterator[tuple[str, bool, bool, int]]:
    """Yield group, whether they were sent, whether they were answered, and the number of asks, counted one by one.

    Imported ones are left out, and answers by open links, of which nobody knows how many saw them.
    """
    by = ["sent", "answered", "imported", "open", *filter(None, [query.by])]
    for found in reader.grouped("invitations", by, _filters(query, survey)):
        sent, answered, imported, opened, *group = found.values
        if not imported and not opened:
            yield (group[0] or "") if group else "", sent, answered, found.n


def _filters(query: Query, survey: str) -> Filters:
    since, until = (datetime.combine(day, time(), UTC) for day in (query.since, query.until + timedelta(days=1)))
    where: dict[str, Any] = dict(query.where)
    return Filters(since=since, until=until, basis=query.basis, survey=survey, **where)
