"""What a database put back from a backup has to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from ..tables import task


def hold_back(connection: Connection, kinds: Sequence[str], now: datetime, reason: str) -> int:
    """Park what was due before now and may have been done after the backup, and return how many tasks that are."""
    uncertain = task.c.kind.in_(kinds) & task.c.state.in_(("due", "claimed")) & (task.c.due_at <= now)
    values = {"state": "parked", "lease_until": None, "ended_at": now, "last_error": reason}
    return connection.execute(update(task).where(uncertain).values(values)).rowcount
