"""The interval of the score when several answers are one customer's, from the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from feedbackhub import Figure, Filters, Query, Reader
from feedbackhub.reporting import N_, Asked, Words
from feedbackhub.statistics import clustered, few

__all__ = ["REPEATS", "by_customer"]

REPEATS = {"": N_("each answer by itself"), "yes": N_("all of a customer's together")}
WORTH = {str(score): (score > 8) - (score < 7) for score in range(11)}


def by_customer(reader: Reader, t: Words, query: Query, asked: Sequence[Asked]) -> Figure:
    """Return the score with an interval that takes a customer's answers together.

    Args:
        reader: What may be read.
        t: The words.
        query: Which days, and of whom.
        asked: The questions.

    Raises:
        Refused: There are too many customers to go through.
    """
    totals = given(reader, query, asked)
    found = clustered(totals)
    label = t("Score, with a customer's answers taken together")
    repeated = sum(n > 1 for _, n in totals)
    words = t("{customers} customers, {repeated} of them more than once", customers=len(totals), repeated=repeated)
    how = few(found.customers if found else 0)
    if found is None or how in ("none", "counts"):
        return Figure(label, None, n=found.n if found else 0, unit="points", note=t.few(how), few=how)
    interval = found.interval()
    # The t interval knows no ends of the scale.
    low, high = (max(-100.0, 100 * interval.low), min(100.0, 100 * interval.high)) if interval else (None, None)
    return Figure(label, found.mean * 100, low, high, found.n, "points", note=words, few=how)


def given(reader: Reader, query: Query, asked: Sequence[Asked]) -> list[tuple[int, int]]:
    """Return for each customer the sum of the answers and how many they are; nameless ones each stand alone."""
    totals: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    alone: list[tuple[int, int]] = []
    first, last = (datetime.combine(day, time(), UTC) for day in (query.since, query.until + timedelta(days=1)))
    for each in asked:
        kept: dict[str, Any] = {**query.where, "survey": each.survey}
        filters = Filters(since=first, until=last, basis=query.basis, **kept)
        for group in reader.grouped("responses", ("customer", "answer"), filters, question=each.question.id):
            customer, answer = group.values
            if answer in WORTH and customer:
                totals[customer][0] += WORTH[answer] * group.n
                totals[customer][1] += group.n
            elif answer in WORTH:
                alone += [(WORTH[answer], 1)] * group.n
    return [*((total, n) for total, n in totals.values()), *alone]
