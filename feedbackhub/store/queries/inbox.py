"""What came in raw: bounces, replies; and what is only kept for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import idempotency, inbox


def add(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Keep an item unless it was kept before, and tell whether it is new."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(inbox).values(dict(values)).on_conflict_do_nothing(index_elements=["source", "key"])
    # Not by rowcount: PostgreSQL's driver gives none for an INSERT that returns its key.
    return connection.execute(statement.returning(inbox.c.id)).one_or_none() is not None


def prune(connection: Connection, before: datetime) -> int:
    """Remove items received before a moment and return how many."""
    return connection.execute(delete(inbox).where(inbox.c.received_at < before)).rowcount


def prune_idempotency(connection: Connection, before: datetime) -> int:
    """Forget Idempotency-Keys used before a moment and return how many."""
    return connection.execute(delete(idempotency).where(idempotency.c.created_at < before)).rowcount


def count_since(connection: Connection, fingerprint: str, kind: str, since: datetime) -> int:
    """Return how many items of a kind came from an address since a moment."""
    query = (
        select(func.count())
        .select_from(inbox)
        .where(inbox.c.fingerprint == fingerprint, inbox.c.kind == kind, inbox.c.received_at >= since)
    )
    return int(connection.execute(query).scalar_one())
