"""Record sets: what is exported and read by columns, page by page in the order of recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, text

from ...contract.exports import Filters, RecordSet
from ..columned import Columned
from ..tables import DIMENSIONS, contact, decision, delivery, gesture, invitation, response
from . import record_fields as fields
from . import record_joins as joins
from .record_fields import Field
from .record_joins import Joins


@dataclass(frozen=True)
class Records:
    """One record set.

    Args:
        joins: The table whose rows are the records, with everything that its columns come from.
        fields: Its columns.
        moments: Which date is meant by ``since`` and ``until``, by basis; ``answer`` where there is only one.
        test: Whether a record is a test.
        counts: Whether a record counts, None where all do.
    """

    joins: Joins
    fields: tuple[Field, ...]
    moments: Mapping[str, ColumnElement[Any]]
    test: ColumnElement[bool]
    counts: ColumnElement[bool] | None = None

    @property
    def table(self) -> Any:
        """The table whose rows are the records."""
        return self.joins.base

    @property
    def public_id(self) -> ColumnElement[Any]:
        """The id that a cursor names."""
        return self.table.c.public_id  # type: ignore[no-any-return]

    @property
    def number(self) -> ColumnElement[Any]:
        """The row number that everything is sorted by."""
        return self.table.c.id  # type: ignore[no-any-return]

    @property
    def sources(self) -> Mapping[str, ColumnElement[Any]]:
        """What fills each column."""
        return {each.column.name: each.source for each in self.fields}

    def moment(self, filters: Filters) -> ColumnElement[Any]:
        """Return the moment that ``since`` and ``until`` are about."""
        return self.moments.get(filters.basis, self.moments["answer"])

    def only(self, names: Sequence[str]) -> tuple[Field, ...]:
        """Return the columns of these names in their own order, all for none."""
        return tuple(each for each in self.fields if not names or each.column.name in names)

    def terms(self, filters: Filters) -> list[ColumnElement[bool]]:
        """Return what a record must fulfil."""
        sources, moment = self.sources, self.moment(filters)
        found: list[ColumnElement[bool]] = [] if filters.tests else [self.test.is_(False)]
        if filters.since is not None:
            found.append(moment >= filters.since)
        if filters.until is not None:
            found.append(moment < filters.until)
        wanted = {name: getattr(filters, name) for name in ("survey", *DIMENSIONS, "agent")}
        return found + [sources[name] == value for name, value in wanted.items() if value]


SETS: Mapping[RecordSet, Records] = {
    "responses": Records(
        joins=joins.RESPONSES,
        fields=fields.RESPONSES,
        moments={"answer": response.c.created_at, "contact": invitation.c.contact_at},
        test=invitation.c.test,
        counts=fields.COUNTED,
    ),
    "contacts": Records(
        joins=joins.CONTACTS, fields=fields.CONTACTS, moments={"answer": contact.c.ended_at}, test=contact.c.test
    ),
    "invitations": Records(
        joins=joins.INVITATIONS,
        fields=fields.INVITATIONS,
        moments={"answer": invitation.c.sent_at, "contact": invitation.c.contact_at},
        test=invitation.c.test,
    ),
    "decisions": Records(
        joins=joins.CONTACTS, fields=fields.DECISIONS, moments={"answer": decision.c.decided_at}, test=contact.c.test
    ),
    "deliveries": Records(
        joins=joins.DELIVERIES,
        fields=fields.DELIVERIES,
        moments={"answer": delivery.c.created_at},
        test=invitation.c.test,
    ),
    "gestures": Records(
        joins=joins.GESTURES, fields=fields.GESTURES, moments={"answer": gesture.c.at}, test=gesture.c.test
    ),
}


def position_of(connection: Connection, records: Records, public_id: str) -> int | None:
    """Return the row number that a cursor stands for, None when there is no such record."""
    query = select(records.number).where(records.public_id == public_id)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def newest(connection: Connection, records: Records) -> int:
    """Return the highest row number that is stored."""
    return int(connection.execute(select(func.coalesce(func.max(records.number), 0))).scalar_one())


def writers(connection: Connection, records: Records) -> frozenset[str]:
    """Return the transactions that may have taken a row number and not committed it yet.

    PostgreSQL commits rows in another order than it numbers them: whoever pages by number must wait for these, or
    skips what they add. Each took its lock on the table before its number.
    """
    if connection.dialect.name == "sqlite":
        return frozenset()
    return frozenset(connection.scalars(_WRITERS, {"name": records.table.name}))


_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'"
    " AND relation = to_regclass(:name) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND pid <> pg_backend_pid()"
)


def pages(records: Records, filters: Filters, size: int, own: Sequence[Field]) -> Columned:
    """Return the statement for the next records ``after`` a row number and no further than ``up_to``.

    Its rows are the columns by name, then the row number and the cursor.

    Args:
        records: The record set.
        filters: Which of them.
        size: How many at most.
        own: The columns.
    """
    columns, terms = [each.labelled for each in own], records.terms(filters)
    source = records.joins.needed(*[each.source for each in own], *terms)
    query = select(*columns, records.number.label("number_of_row"), _cursor(records)).select_from(source)
    stretch = (records.number > bindparam("after"), records.number <= bindparam("up_to"))
    return Columned(query.where(*stretch, *terms).order_by(records.number).limit(size))


def _cursor(records: Records) -> ColumnElement[Any]:
    return records.public_id.label("cursor_of_row")


def count(connection: Connection, records: Records, filters: Filters, after: int, up_to: int) -> int:
    """Return how many records there are after a row number and no further than another."""
    terms = records.terms(filters)
    query = select(func.count()).select_from(records.joins.needed(*terms))
    stretch = (records.number > after, records.number <= up_to)
    return int(connection.execute(query.where(*stretch, *terms)).scalar_one())
