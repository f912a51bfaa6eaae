"""Record sets: what is exported and read by columns, page by page in the order of recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, func, select, text

from ...contract.exports import Filters, RecordSet
from ..columned import Columned
from ..tables import (
    DIMENSIONS,
    agent,
    contact,
    customer,
    decision,
    delivery,
    gesture,
    invitation,
    response,
    survey_version,
)
from . import record_fields as fields
from .record_fields import Field, earlier


@dataclass(frozen=True)
class Records:
    """One record set.

    Args:
        table: The table whose rows are counted.
        joined: That table with everything its columns come from.
        fields: Its columns.
        public_id: The id that a cursor names.
        moments: Which date is meant by ``since`` and ``until``, by basis; ``answer`` where there is only one.
        test: Whether a record is a test.
    """

    table: Any
    joined: FromClause
    fields: tuple[Field, ...]
    public_id: ColumnElement[Any]
    moments: Mapping[str, ColumnElement[Any]]
    test: ColumnElement[bool]

    @property
    def number(self) -> ColumnElement[Any]:
        """The row number that everything is sorted by."""
        return self.table.c.id  # type: ignore[no-any-return]

    def terms(self, filters: Filters) -> list[ColumnElement[bool]]:
        """Return what a record must fulfil."""
        sources = {each.column.name: each.source for each in self.fields}
        moment = self.moments.get(filters.basis, self.moments["answer"])
        found: list[ColumnElement[bool]] = [] if filters.tests else [self.test.is_(False)]
        if filters.since is not None:
            found.append(moment >= filters.since)
        if filters.until is not None:
            found.append(moment < filters.until)
        wanted = {name: getattr(filters, name) for name in ("survey", *DIMENSIONS)}
        return found + [sources[name] == value for name, value in wanted.items() if value]


_FIRST_ASK = and_(invitation.c.contact_id == contact.c.id, invitation.c.after_response_id.is_(None))


def _with_people(base: FromClause, customer_id: ColumnElement[Any], agent_id: ColumnElement[Any]) -> FromClause:
    alive = and_(customer.c.id == customer_id, customer.c.erased_at.is_(None))
    return base.outerjoin(customer, alive).outerjoin(agent, agent.c.id == agent_id)


def _of_invitation(base: FromClause, invitation_id: ColumnElement[Any], customer_id: ColumnElement[Any]) -> FromClause:
    joined = base.join(invitation, invitation.c.id == invitation_id)
    joined = joined.outerjoin(contact, contact.c.id == invitation.c.contact_id)
    return _with_people(joined, customer_id, invitation.c.agent_id)


def _of_contact() -> FromClause:
    joined = contact.join(decision, decision.c.contact_id == contact.c.id).outerjoin(invitation, _FIRST_ASK)
    return _with_people(joined, contact.c.customer_id, contact.c.agent_id)


def _of_gesture() -> FromClause:
    joined = gesture.outerjoin(contact, contact.c.id == gesture.c.contact_id)
    joined = joined.outerjoin(response, response.c.id == gesture.c.response_id)
    joined = joined.outerjoin(invitation, invitation.c.id == response.c.invitation_id)
    return _with_people(joined, gesture.c.customer_id, gesture.c.agent_id)


SETS: Mapping[RecordSet, Records] = {
    "responses": Records(
        table=response,
        joined=_of_invitation(response, response.c.invitation_id, response.c.customer_id)
        .join(survey_version, survey_version.c.id == response.c.survey_version_id)
        .outerjoin(earlier, earlier.c.id == invitation.c.after_response_id),
        fields=fields.RESPONSES,
        public_id=response.c.public_id,
        moments={"answer": response.c.created_at, "contact": invitation.c.contact_at},
        test=invitation.c.test,
    ),
    "contacts": Records(
        table=contact,
        joined=_of_contact(),
        fields=fields.CONTACTS,
        public_id=contact.c.public_id,
        moments={"answer": contact.c.ended_at},
        test=contact.c.test,
    ),
    "decisions": Records(
        table=contact,
        joined=_of_contact(),
        fields=fields.DECISIONS,
        public_id=contact.c.public_id,
        moments={"answer": decision.c.decided_at},
        test=contact.c.test,
    ),
    "deliveries": Records(
        table=delivery,
        joined=_of_invitation(delivery, delivery.c.invitation_id, invitation.c.customer_id),
        fields=fields.DELIVERIES,
        public_id=delivery.c.public_id,
        moments={"answer": delivery.c.created_at},
        test=invitation.c.test,
    ),
    "gestures": Records(
        table=gesture,
        joined=_of_gesture(),
        fields=fields.GESTURES,
        public_id=gesture.c.public_id,
        moments={"answer": gesture.c.at},
        test=gesture.c.test,
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


def pages(records: Records, filters: Filters, size: int) -> Columned:
    """Return the statement for the next records ``after`` a row number and no further than ``up_to``.

    Its rows are all columns by name, then the row number and the cursor.

    Args:
        records: The record set.
        filters: Which of them.
        size: How many at most.
    """
    columns = [each.labelled for each in records.fields]
    query = select(*columns, records.number.label("number_of_row"), _cursor(records)).select_from(records.joined)
    stretch = (records.number > bindparam("after"), records.number <= bindparam("up_to"))
    return Columned(query.where(*stretch, *records.terms(filters)).order_by(records.number).limit(size))


def _cursor(records: Records) -> ColumnElement[Any]:
    return records.public_id.label("cursor_of_row")


def count(connection: Connection, records: Records, filters: Filters, after: int, up_to: int) -> int:
    """Return how many records there are after a row number and no further than another."""
    query = select(func.count()).select_from(records.joined)
    stretch = (records.number > after, records.number <= up_to)
    return int(connection.execute(query.where(*stretch, *records.terms(filters))).scalar_one())
