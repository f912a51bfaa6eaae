"""Locks that make a read-then-write safe among several processes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, text


def lock_keys(connection: Connection, keys: Iterable[str]) -> None:
    """Hold named locks until the transaction ends; SQLite's single writer needs none.

    Args:
        connection: Inside a write.
        keys: Any texts; taken in one fixed order so that two writers never wait for each other.
    """
    if not needs_locks(connection):
        return
    numbers = sorted({_number(key) for key in keys})
    for number in numbers:
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})


def needs_locks(connection: Connection) -> bool:
    """Tell whether others may write at the same time."""
    return connection.dialect.name != "sqlite"


def _number(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
