"""What happens only once, ever."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from ..tables import once
from .locks import lock_keys


def first_time(connection: Connection, plugin: str, digests: Sequence[str], now: datetime) -> bool:
    """Note that something happens and tell whether it is the first time.

    Args:
        connection: Inside a write.
        plugin: Who causes it.
        digests: What it is, under every key there was, the current one first.
        now: The present moment.
    """
    lock_keys(connection, [f"once:{plugin}:{digests[0]}"])
    known = select(once.c.digest).where(once.c.plugin == plugin, once.c.digest.in_(digests))
    if connection.execute(known).first() is not None:
        return False
    connection.execute(insert(once), {"plugin": plugin, "digest": digests[0], "at": now})
    return True


def forget_older(connection: Connection, plugin: str, before: datetime) -> int:
    """Forget what happened before a moment and cannot happen again anyway, and return how much that was."""
    return connection.execute(delete(once).where(once.c.plugin == plugin, once.c.at < before)).rowcount


def forget_plugin(connection: Connection, plugin: str) -> int:
    """Forget everything that a plugin did only once and return how much that was."""
    return connection.execute(delete(once).where(once.c.plugin == plugin)).rowcount
