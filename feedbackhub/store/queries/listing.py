"""Lists for other systems: in the order of storing, read on from a place, so that nothing is missed or read twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select, text

from ..tables import contact, delivery, inbound, invitation, response, suppression
from ..types import AnyRow
from .answers import whole_response
from .contacts import whole_contact

#: Where a list that has no such place begins; the row before the first.
START = 0


def place_of(connection: Connection, table: Table, public_id: str) -> int | None:
    """Return the row number behind which a list goes on, None when there is no such row."""
    if not public_id:
        return START
    return connection.execute(select(table.c.id).where(table.c.public_id == public_id)).scalar_one_or_none()


def settled_top(connection: Connection, table: Table) -> int:
    """Return up to which row number everything is committed, and end the transaction.

    PostgreSQL gives out row numbers before it commits, so that a smaller one may appear after a larger one was read.
    Writers hold a lock on the table from before their number until they commit; waiting for it once tells the end.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE MODE"))
    top = connection.execute(select(func.coalesce(func.max(table.c.id), START))).scalar_one()
    connection.rollback()
    return int(top)


def contacts_after(
    connection: Connection, after: int, top: int, limit: int, source: str = "", external_id: str = ""
) -> Sequence[AnyRow]:
    """Return contacts with their decisions as they were recorded, of one source or external id if given."""
    query = whole_contact().where(contact.c.id > after, contact.c.id <= top)
    if source:
        query = query.where(contact.c.source == source)
    if external_id:
        query = query.where(contact.c.external_id == external_id)
    return connection.execute(query.order_by(contact.c.id).limit(limit)).all()


def responses_after(connection: Connection, after: int, top: int, limit: int) -> Sequence[AnyRow]:
    """Return responses with all they are about as they were first stored."""
    query = whole_response().where(response.c.id > after, response.c.id <= top)
    return connection.execute(query.order_by(response.c.id).limit(limit)).all()


def deliveries_after(
    connection: Connection, after: int, top: int, limit: int, state: str = ""
) -> Sequence[AnyRow]:
    """Return deliveries as they were planned, in one state if given."""
    query = whole_delivery().where(delivery.c.id > after, delivery.c.id <= top)
    if state:
        query = query.where(delivery.c.state == state)
    return connection.execute(query.order_by(delivery.c.id).limit(limit)).all()


def delivery_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return one delivery with its invitation's public id."""
    return connection.execute(whole_delivery().where(delivery.c.public_id == public_id)).one_or_none()


def whole_delivery() -> Select[Any]:
    """Return the selection of deliveries with their invitations' public ids."""
    return select(delivery, invitation.c.public_id.label("invitation_public_id")).join(
        invitation, invitation.c.id == delivery.c.invitation_id
    )


def suppressions_after(connection: Connection, after: int, top: int, limit: int) -> Sequence[AnyRow]:
    """Return suppressions as they were recorded; whom they concern is not stored."""
    query = select(suppression).where(suppression.c.id > after, suppression.c.id <= top)
    return connection.execute(query.order_by(suppression.c.id).limit(limit)).all()


CONTACTS, RESPONSES, DELIVERIES, SUPPRESSIONS, REQUESTS = contact, response, delivery, suppression, inbound
