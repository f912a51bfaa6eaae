"""Locks that make a read-then-write safe among several processes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import BigInteger, Connection, String, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from ..prepared import Prepared


def lock_keys(connection: Connection, keys: Iterable[str]) -> None:
    """Hold named locks until the transaction ends; SQLite's single writer needs none.

    Args:
        connection: Inside a write.
        keys: Any texts; taken in one fixed order so that two writers never wait for each other.
    """
    if not needs_locks(connection):
        return
    numbers = sorted({_number(key) for key in keys})
    if numbers:
        _LOCK.later(connection, numbers=numbers)  # each statement sees what was committed when it begins


# The rows of an array come in its order, and each is locked before the next one is looked at.
_number_of_key = func.unnest(bindparam("numbers", type_=ARRAY(BigInteger))).column_valued("number_of_key")
_LOCK = Prepared(select(cast(func.pg_advisory_xact_lock(_number_of_key), String).label("locked")))


def see_one_moment(connection: Connection) -> None:
    """Let everything that is read on a connection from now on be as it was at one moment.

    Args:
        connection: For reading, with nothing read on it so far; SQLite's readers see one moment anyhow.
    """
    if needs_locks(connection):
        connection.execution_options(isolation_level="REPEATABLE READ")


def needs_locks(connection: Connection) -> bool:
    """Tell whether others may write at the same time."""
    return connection.dialect.name != "sqlite"


def _number(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
