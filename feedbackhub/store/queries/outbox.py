"""Tasks: the future, in our own table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, and_, bindparam, func, literal_column, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..prepared import Prepared
from ..tables import task

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
    _ADD_TASK.later(
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


# A lease that ran out takes nothing away before somebody else has claimed the task, which raises the attempt.
_MINE = and_(
    task.c.id == bindparam("number"),
    task.c.attempt == bindparam("held"),
    task.c.state.in_([literal_column("'claimed'"), literal_column("'due'")]),
)
_RENEW = Prepared(update(task).where(_MINE).values(state="claimed", lease_until=bindparam("until")))
_IS_MINE = Prepared(select(task.c.id).where(_MINE).with_for_update())
_FINISH = Prepared(
    update(task).where(_MINE).values(state="done", ended_at=bindparam("now"), lease_until=null(), payload=null())
)
_LATER = {
    "state": "due", "due_at": bindparam("due"), "lease_until": null(), "last_error": bindparam("error"), "deaths": 0,
}  # fmt: skip
_POSTPONE = Prepared(update(task).where(_MINE).values(_LATER))
_GO_ON = Prepared(
    update(task).where(_MINE).values(**_LATER, payload=bindparam("given", type_=JSON(none_as_null=True)))
)
_PUT_OFF = Prepared(
    update(task).where(_MINE)
    .values(state="due", due_at=bindparam("due"), lease_until=null(), base=task.c.base + 1)
)  # fmt: skip
_PARK = Prepared(
    update(task).where(_MINE)
    .values(state="parked", ended_at=bindparam("now"), lease_until=null(), last_error=bindparam("error"))
)  # fmt: skip


def renew(connection: Connection, task_id: int, attempt: int, lease_until: datetime) -> bool:
    """Hold a task for longer, and tell whether this attempt may still work on it."""
    return _RENEW.run(connection, number=task_id, held=attempt, until=lease_until) == 1


def is_mine(connection: Connection, task_id: int, attempt: int) -> bool:
    """Tell whether this attempt still holds the task; held until the transaction ends."""
    return _IS_MINE.first(connection, number=task_id, held=attempt) is not None


def finish(connection: Connection, task_id: int, attempt: int, now: datetime) -> bool:
    """Mark a task as done if this attempt still holds it."""
    return _FINISH.run(connection, number=task_id, held=attempt, now=now) == 1


def postpone(connection: Connection, task_id: int, attempt: int, due_at: datetime, error: str) -> bool:
    """Give a task back to run again later, if this attempt still holds it."""
    return _POSTPONE.run(connection, number=task_id, held=attempt, due=due_at, error=error) == 1


def put_off(connection: Connection, task_id: int, attempt: int, due_at: datetime) -> bool:
    """Let a task begin later, which costs it no attempt, if this attempt still holds it."""
    return _PUT_OFF.run(connection, number=task_id, held=attempt, due=due_at) == 1


def go_on(
    connection: Connection, task_id: int, attempt: int, due_at: datetime, payload: Mapping[str, Any], error: str
) -> bool:
    """Give a task back with another payload, to run later, if this attempt still holds it."""
    given = dict(payload)
    return _GO_ON.run(connection, number=task_id, held=attempt, due=due_at, given=given, error=error) == 1


def park(connection: Connection, task_id: int, attempt: int, now: datetime, error: str) -> bool:
    """Set a task aside for a person to look at, if this attempt still holds it."""
    return _PARK.run(connection, number=task_id, held=attempt, now=now, error=error) == 1


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


def next_due(connection: Connection, *, but: str = "") -> datetime | None:
    """Return when the earliest waiting task is due.

    Args:
        connection: For reading.
        but: What the names of lanes begin with that are passed over, empty for none.
    """
    query = select(func.min(task.c.due_at, type_=task.c.due_at.type)).where(task.c.state == "due")
    if but:
        query = query.where(~task.c.lane.startswith(but, autoescape=True))
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
