"""Tasks of plugins: periodic ones, the list for staff, trying again, and what goes with an erased person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, null, select, update

from ..tables import task
from ..types import AnyRow

#: The kind of plugins' letters.
LETTER = "letter"
_WAITS = ("due", "claimed", "parked")


def by_keys(connection: Connection, dedup_keys: Sequence[str]) -> dict[str, AnyRow]:
    """Return the tasks that have these keys."""
    rows = connection.execute(select(task).where(task.c.dedup_key.in_(dedup_keys)))
    return {row.dedup_key: row for row in rows}


def plan_anew(connection: Connection, row: AnyRow, due_at: datetime, payload: Mapping[str, Any]) -> bool:
    """Give a task that nobody works on another moment, unless somebody has changed it since it was read."""
    same = and_(task.c.id == row.id, task.c.attempt == row.attempt, task.c.state == row.state)
    values = {"state": "due", "due_at": due_at, "payload": dict(payload), "ended_at": None, "lease_until": None}
    return connection.execute(update(task).where(same).values(values)).rowcount == 1


def call_off(connection: Connection, task_ids: Sequence[int], now: datetime) -> int:
    """Cancel tasks, running ones included, with what they were to do; return how many.

    Those that a person called off before lose what is kept in case that is taken back.
    """
    waiting = and_(task.c.id.in_(task_ids), task.c.state.in_((*_WAITS, "cancelled")))
    values = {"state": "cancelled", "ended_at": now, "lease_until": None, "payload": null(), "last_error": ""}
    return connection.execute(update(task).where(waiting).values(values)).rowcount


def with_payload(connection: Connection, kind: str) -> Iterator[AnyRow]:
    """Yield ``id, payload`` of all tasks of a kind that still hold one."""
    query = select(task.c.id, task.c.payload).where(task.c.kind == kind, task.c.payload.is_not(None))
    yield from connection.execute(query)


def of_references(connection: Connection, kind: str, references: Sequence[str]) -> list[int]:
    """Return the numbers of the tasks of a kind with these references that still hold what they are to do."""
    theirs = and_(task.c.kind == kind, task.c.reference.in_(references), task.c.payload.is_not(None))
    return list(connection.scalars(select(task.c.id).where(theirs)))


def waiting_letters(connection: Connection, task_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return ``id, payload`` of those tasks among some that are letters and have not ended, in their order."""
    wanted = and_(task.c.id.in_(task_ids), task.c.kind == LETTER, task.c.state.in_(_WAITS))
    return connection.execute(select(task.c.id, task.c.payload).where(wanted).order_by(task.c.id)).all()


def remove_lane(connection: Connection, lane: str) -> int:
    """Remove all tasks of a lane and return how many."""
    return connection.execute(delete(task).where(task.c.lane == lane)).rowcount


def by_number(connection: Connection, task_id: int) -> AnyRow | None:
    """Return a task."""
    return connection.execute(select(task).where(task.c.id == task_id)).one_or_none()


def count_lane(connection: Connection, lane: str) -> int:
    """Return how many tasks a lane has."""
    return int(connection.execute(select(func.count()).select_from(task).where(task.c.lane == lane)).scalar_one())


def remove(connection: Connection, task_id: int, attempt: int) -> bool:
    """Remove a task that is done without a trace, if this attempt still holds it."""
    this = and_(task.c.id == task_id, task.c.attempt == attempt)
    return connection.execute(delete(task).where(this)).rowcount == 1
