"""Tasks: the future, in our own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, and_, bindparam, func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..prepared import Prepared
from ..tables import task
from ..types import AnyRow

_NAMES = ("kind", "lane", "reference", "dedup_key", "state", "priority", "due_at", "created_at")
# No payload is none at all, and not JSON's null.
_GIVEN = {**{name: bindparam(name) for name in _NAMES}, "payload": bindparam("payload", type_=JSON(none_as_null=True))}
_ADD_TASK = Prepared(
    postgresql.insert(task).values(_GIVEN).on_conflict_do_nothing(index_elements=["dedup_key"]),
    sqlite=sqlite.insert(task).values(_GIVEN).on_conflict_do_nothing(index_elements=["dedup_key"]),
)


def add_task(
    connection: Connection,
    *,
    kind: str,
    lane: str,
    reference: str,
    dedup_key: str,
    due_at: datetime,
    now: datetime,
    priority: int = 0,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Queue a task unless one with this key was queued before."""
    _ADD_TASK.run(
        connection,
        kind=kind,
        lane=lane,
        reference=reference,
        dedup_key=dedup_key,
        state="due",
        priority=priority,
        due_at=due_at,
        created_at=now,
        payload=None if payload is None else dict(payload),
    )


def return_expired(connection: Connection, now: datetime) -> int:
    """Give tasks whose worker died back to the queue and return how many."""
    expired = and_(task.c.state == "claimed", task.c.lease_until < now)
    return connection.execute(update(task).where(expired).values(state="due", lease_until=None)).rowcount


def due_lanes(connection: Connection, now: datetime) -> list[str]:
    """Return the lanes that have something due."""
    query = select(task.c.lane).where(task.c.state == "due", task.c.due_at <= now).distinct()
    return list(connection.scalars(query))


def claim(connection: Connection, lane: str, now: datetime, lease_until: datetime, limit: int) -> list[AnyRow]:
    """Claim up to `limit` due tasks of a lane, most urgent first, and return them with their new attempt."""
    ready = (
        select(task.c.id)
        .where(task.c.state == "due", task.c.lane == lane, task.c.due_at <= now)
        .order_by(task.c.priority, task.c.due_at, task.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("ready")  # run once, while PostgreSQL may run a mere subquery again and claim more than `limit`
    )
    change = (
        update(task)
        .where(task.c.id.in_(select(ready.c.id)))
        .values(state="claimed", lease_until=lease_until, attempt=task.c.attempt + 1)
        .returning(task)
    )
    rows = list(connection.execute(change))
    return sorted(rows, key=lambda row: (row.priority, row.due_at, row.id))


def _mine(task_id: int, attempt: int) -> Any:
    # A lease that ran out takes nothing away before somebody else has claimed the task, which raises the attempt.
    return and_(task.c.id == task_id, task.c.attempt == attempt, task.c.state.in_(("claimed", "due")))


def renew(connection: Connection, task_id: int, attempt: int, lease_until: datetime) -> bool:
    """Hold a task for longer, and tell whether this attempt may still work on it."""
    values = {"state": "claimed", "lease_until": lease_until}
    return connection.execute(update(task).where(_mine(task_id, attempt)).values(values)).rowcount == 1


def is_mine(connection: Connection, task_id: int, attempt: int) -> bool:
    """Tell whether this attempt still holds the task; held until the transaction ends."""
    query = select(task.c.id).where(_mine(task_id, attempt)).with_for_update()
    return connection.execute(query).first() is not None


def finish(connection: Connection, task_id: int, attempt: int, now: datetime) -> bool:
    """Mark a task as done if this attempt still holds it."""
    values = {"state": "done", "ended_at": now, "lease_until": None, "payload": null()}
    return connection.execute(update(task).where(_mine(task_id, attempt)).values(values)).rowcount == 1


def postpone(connection: Connection, task_id: int, attempt: int, due_at: datetime, error: str) -> bool:
    """Give a task back to run again later, if this attempt still holds it."""
    values = {"state": "due", "due_at": due_at, "lease_until": None, "last_error": error}
    return connection.execute(update(task).where(_mine(task_id, attempt)).values(values)).rowcount == 1


def go_on(
    connection: Connection, task_id: int, attempt: int, due_at: datetime, payload: Mapping[str, Any], error: str
) -> bool:
    """Give a task back with another payload, to run later, if this attempt still holds it."""
    values = {"state": "due", "due_at": due_at, "lease_until": None, "last_error": error, "payload": dict(payload)}
    return connection.execute(update(task).where(_mine(task_id, attempt)).values(values)).rowcount == 1


def park(connection: Connection, task_id: int, attempt: int, now: datetime, error: str) -> bool:
    """Set a task aside for a person to look at, if this attempt still holds it."""
    values = {"state": "parked", "ended_at": now, "lease_until": None, "last_error": error}
    return connection.execute(update(task).where(_mine(task_id, attempt)).values(values)).rowcount == 1


def cancel(connection: Connection, kind: str, references: Sequence[str], now: datetime) -> int:
    """Cancel tasks that have not begun and return how many."""
    if not references:
        return 0
    return connection.execute(_CANCEL, {"of": kind, "references": list(references), "now": now}).rowcount


_CANCEL = (
    update(task)
    .where(
        task.c.kind == bindparam("of"),
        task.c.reference.in_(bindparam("references", expanding=True)),
        task.c.state.in_(("due", "parked")),
    )
    .values(state="cancelled", ended_at=bindparam("now"), payload=null())
)


def next_due(connection: Connection) -> datetime | None:
    """Return when the earliest waiting task is due."""
    query = select(func.min(task.c.due_at, type_=task.c.due_at.type)).where(task.c.state == "due")
    return connection.execute(query).scalar_one_or_none()


def counts(connection: Connection, now: datetime) -> dict[str, int]:
    """Return how many tasks are overdue and how many are parked."""
    overdue = select(func.count()).select_from(task).where(task.c.state == "due", task.c.due_at <= now)
    parked = select(func.count()).select_from(task).where(task.c.state == "parked")
    row = connection.execute(select(overdue.scalar_subquery(), parked.scalar_subquery())).one()
    return {"overdue": row[0], "parked": row[1]}


def prune(connection: Connection, before: datetime, limit: int) -> int:
    """Remove tasks that ended long ago and return how many."""
    old = (
        select(task.c.id)
        .where(task.c.state.in_(("done", "cancelled")), task.c.ended_at < before)
        .limit(limit)
        .scalar_subquery()
    )
    return connection.execute(task.delete().where(task.c.id.in_(old))).rowcount
