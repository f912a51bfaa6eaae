"""Who must not be asked, known only by keyed hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ..any_of import prepared
from ..tables import suppression
from ..types import AnyRow
from .paging import Order, Place, Slice, one_page


def among(connection: Connection, fingerprints: Sequence[str]) -> Sequence[AnyRow]:
    """Return ``fingerprint, reason`` of those that are suppressed."""
    return _AMONG.all(connection, fingerprints=list(fingerprints))


_AMONG = prepared(
    lambda any_of: select(suppression.c.fingerprint, suppression.c.reason).where(
        any_of(suppression.c.fingerprint, "fingerprints")
    )
)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert suppressions; of an address suppressed before, the reason that binds more stays."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for row in sorted(rows, key=lambda each: str(each["fingerprint"])):  # one order, so that two writers never meet
        statement = dialect.insert(suppression).values(dict(row))
        if row["reason"] == "bounce":
            statement = statement.on_conflict_do_nothing(index_elements=["fingerprint"])
        else:
            changes = {name: row[name] for name in ("reason", "detail", "created_at", "created_by")}
            statement = statement.on_conflict_do_update(index_elements=["fingerprint"], set_=changes)
        connection.execute(statement)


def by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return one suppression."""
    return connection.execute(select(suppression).where(suppression.c.public_id == public_id)).one_or_none()


def remove(connection: Connection, fingerprints: Sequence[str]) -> int:
    """Lift suppressions and return how many there were."""
    return connection.execute(delete(suppression).where(suppression.c.fingerprint.in_(fingerprints))).rowcount


def one_page_of(connection: Connection, reason: str, place: Place, limit: int) -> Slice:
    """Return a page of suppressions, newest first, of one reason or of all."""
    query = select(suppression)
    if reason:
        query = query.where(suppression.c.reason == reason)
    order = Order(suppression.c.created_at, suppression.c.id, suppression.c.public_id)
    return one_page(connection, query, order, place, limit)


def by_fingerprints(connection: Connection, fingerprints: Sequence[str]) -> Sequence[AnyRow]:
    """Return the entries that have one of these hashes."""
    query = select(suppression).where(suppression.c.fingerprint.in_(fingerprints)).order_by(suppression.c.id)
    return connection.execute(query).all()


def public_id_of(connection: Connection, fingerprint: str) -> str:
    """Return the public id of the entry with a hash, empty when there is none."""
    query = select(suppression.c.public_id).where(suppression.c.fingerprint == fingerprint)
    return connection.execute(query).scalar_one_or_none() or ""
