"""The answers of a report, counted straight from the records: no tally crosses agents with kinds of cases."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

from feedbackhub import Filters, Query, Reader, Refused

from .lots import Answers, Key, Lot
from .measured import Measured, number_of

__all__ = ["read"]

#: What is adjusted for, as far as there are not too many combinations to be counted; what matters more comes first.
MIXES: tuple[tuple[str, ...], ...] = (("topic", "channel"), ("topic",), ())


def read(reader: Reader, query: Query, measured: Measured, agents: bool) -> Answers:
    """Return the answers that a query is about.

    Args:
        reader: What may be read.
        query: Which days, and of whom.
        measured: What is measured.
        agents: Whether it is read who served.
    """
    for mix in MIXES[:-1]:
        try:
            return _read(reader, query, measured, agents, mix)
        except Refused:  # there are more combinations than are counted: fewer are told apart
            continue
    return _read(reader, query, measured, agents, MIXES[-1])


def _read(reader: Reader, query: Query, measured: Measured, agents: bool, mix: Key) -> Answers:
    who = ("agent", "agent_name") if agents else ()
    names, lots = dict[str, str](), Counter[tuple[str, str, Key, int]]()
    for asked in measured.asked:
        by = ("answer", "team", *mix, *who)
        for group in reader.grouped("responses", by, _filters(query, asked.survey), question=asked.question.id):
            answer, team, *rest = group.values
            number = number_of(measured, asked, answer or "")
            agent, name = (rest[-2], rest[-1]) if agents else ("", "")
            if number is not None:
                key = tuple(each or "" for each in rest[: len(mix)])
                lots[agent or "", team or "", key, number] += group.n
                names.setdefault(agent or "", name or "")
    return Answers([Lot(*key, n) for key, n in lots.items()], mix, names)


def _filters(query: Query, survey: str) -> Filters:
    since = datetime.combine(query.since, time(), UTC)
    until = datetime.combine(query.until, time(), UTC) + timedelta(days=1)
    return Filters(since=since, until=until, basis=query.basis, survey=survey, **query.where)  # type: ignore[arg-type]
