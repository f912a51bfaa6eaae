"""What stands behind the row numbers in events, in one statement for each kind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, and_, select

from ..tables import DIMENSIONS, agent, contact, customer, delivery, gesture, invitation, response
from ..types import AnyRow

# A customer who was erased is nobody any more.
_ALIVE = customer.c.erased_at.is_(None)


def invitations(connection: Connection, numbers: Collection[int]) -> dict[int, AnyRow]:
    """Return the public ids, the survey and the frozen dimensions of invitations."""
    query = (
        select(
            invitation.c.id,
            invitation.c.public_id,
            invitation.c.survey,
            invitation.c.test,
            *(invitation.c[name] for name in DIMENSIONS),
            contact.c.public_id.label("contact"),
            customer.c.public_id.label("customer"),
        )
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .outerjoin(customer, and_(customer.c.id == invitation.c.customer_id, _ALIVE))
    )
    return _by_number(connection, query, invitation.c.id, numbers)


def contacts(connection: Connection, numbers: Collection[int]) -> dict[int, AnyRow]:
    """Return the public ids of contacts and their customers."""
    query = select(contact.c.id, contact.c.public_id, contact.c.test, customer.c.public_id.label("customer")).outerjoin(
        customer, and_(customer.c.id == contact.c.customer_id, _ALIVE)
    )
    return _by_number(connection, query, contact.c.id, numbers)


def gestures(connection: Connection, numbers: Collection[int]) -> dict[int, AnyRow]:
    """Return the public ids of gestures and of the customers they were made to."""
    query = select(gesture.c.id, gesture.c.public_id, gesture.c.test, customer.c.public_id.label("customer")).outerjoin(
        customer, and_(customer.c.id == gesture.c.customer_id, _ALIVE)
    )
    return _by_number(connection, query, gesture.c.id, numbers)


def public_ids(connection: Connection, kind: str, numbers: Collection[int]) -> dict[int, AnyRow]:
    """Return the public ids of rows of one kind: ``agent``, ``customer``, ``delivery`` or ``response``."""
    table = _PLAIN[kind]
    return _by_number(connection, select(table.c.id, table.c.public_id), table.c.id, numbers)


_PLAIN = {"agent": agent, "customer": customer, "delivery": delivery, "response": response}


def _by_number(connection: Connection, query: Any, column: Any, numbers: Collection[int]) -> dict[int, AnyRow]:
    if not numbers:
        return {}
    return {row.id: row for row in connection.execute(query.where(column.in_(sorted(numbers))))}
