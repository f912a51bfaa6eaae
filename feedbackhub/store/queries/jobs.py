"""Jobs: of all processes one runs each job when it is due, and no other before it has ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import job

__all__ = ["end", "hold", "take"]


def take(
    connection: Connection, name: str, holder: str, now: datetime, every: timedelta, held_until: datetime | None
) -> bool:
    """Take a job that is due and that nobody runs, plan its next time, and tell whether it was taken.

    Args:
        connection: Inside a write.
        name: The job.
        holder: Who takes it.
        now: The present moment.
        every: The span until it is due again.
        held_until: Until when nobody else takes it, unless its holder says otherwise; None for what is soon done.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    fresh = dialect.insert(job).values(name=name, due_at=now, holder="").on_conflict_do_nothing(index_elements=["name"])
    values = {"due_at": now + every, "holder": holder, "held_until": held_until}
    # A moment further away than its span was planned by a clock that was wrong.
    is_due = or_(job.c.due_at <= now, job.c.due_at > now + every)
    is_free = or_(job.c.held_until.is_(None), job.c.held_until < now, job.c.holder == holder)
    change = update(job).where(job.c.name == name, is_due, is_free).values(values)
    if connection.execute(change).rowcount == 1:
        return True
    connection.execute(fresh)
    return connection.execute(change).rowcount == 1


def hold(connection: Connection, name: str, holder: str, until: datetime) -> bool:
    """Hold a job for longer, and tell whether it is still held."""
    mine = and_(job.c.name == name, job.c.holder == holder, job.c.held_until.is_not(None))
    return connection.execute(update(job).where(mine).values(held_until=until)).rowcount == 1


def end(connection: Connection, name: str, holder: str) -> None:
    """Let go of a job that has ended."""
    mine = and_(job.c.name == name, job.c.holder == holder)
    connection.execute(update(job).where(mine).values(held_until=None))
