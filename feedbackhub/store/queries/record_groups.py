"""Records counted by what they have in common: one statement, over no more tables than it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Text, and_, cast, func, literal_column, select

from ...contract.exports import Filters
from ..tables import answer, response
from ..types import AnyRow
from .record_sets import Records

__all__ = ["ANSWER", "DAY", "groups"]

#: What records may be grouped by beside their columns.
ANSWER, DAY = "answer", "day"


def groups(
    connection: Connection, records: Records, by: Sequence[str], filters: Filters, question: str, most: int
) -> Sequence[AnyRow]:
    """Return how many records there are of each kind: what they were grouped by in its order, then the count.

    Args:
        connection: An open connection.
        records: The record set; of responses only those that count.
        by: Names of its columns, `DAY` and `ANSWER`.
        filters: Which records.
        question: The question whose answers, in JSON, `ANSWER` stands for.
        most: How many kinds at most.
    """
    made = {DAY: _day(records.moment(filters), connection.dialect.name), ANSWER: cast(answer.c.value, Text)}
    sources = {**made, **records.sources}
    # Names of their own: one column may be wanted twice, and some are called like columns of the table.
    alike = [sources[name].label(f"by_{place}") for place, name in enumerate(by)]
    terms = records.terms(filters)
    if records.counts is not None:
        terms.append(records.counts)
    source: FromClause = records.joins.needed(*alike, *terms)
    if ANSWER in by:
        source = source.join(answer, and_(answer.c.response_id == response.c.id, answer.c.question == question))
    query = select(*alike, func.count().label("n")).select_from(source).where(*terms)
    # By name, for PostgreSQL takes the same expression with other parameters for another one.
    query = query.group_by(*(literal_column(each.name) for each in alike)).having(func.count() > 0)
    return connection.execute(query.limit(most)).all()


def _day(moment: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Return the day of a moment in UTC as ISO 8601 writes it."""
    if dialect == "sqlite":
        return func.substr(cast(moment, Text), 1, 10)
    return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD")
