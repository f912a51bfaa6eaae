"""Everything that is stored about some customers, table by table."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, select

from ..tables import contact, customer, identifier
from ..types import AnyRow


def customers_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return these customers, oldest first."""
    return connection.execute(select(customer).where(customer.c.id.in_(ids)).order_by(customer.c.id)).all()


def identifiers_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all identifiers of these customers."""
    return _theirs(connection, identifier, ids)


def contacts_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all contacts of these customers."""
    return _theirs(connection, contact, ids)


def _theirs(connection: Connection, table: Table, ids: Sequence[int]) -> Sequence[AnyRow]:
    return connection.execute(select(table).where(table.c.customer_id.in_(ids)).order_by(table.c.id)).all()
