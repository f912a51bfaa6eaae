"""Claiming: which work is due, taking it, holding it, and giving it back; the attempt is the fence and only grows.

A claim that comes back without having begun anything is no attempt: ``base`` grows with ``attempt``, and what counts is
the difference. Whether one had begun is noted (``begun``) where it matters: for a task that was lost before.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, String, and_, bindparam, func, null, select, text, update

from ..prepared import Prepared
from ..tables import task
from ..types import AnyRow, Moment

__all__ = [
    "Held",
    "begin",
    "claim",
    "claimed",
    "count_claimed",
    "due_groups",
    "give_back",
    "keep",
    "return_expired",
]

#: A task and the attempt that holds it.
Held = tuple[int, int]

#: Who has brought down several workers waits a while, so that it takes nobody with it who was only near.
_APART = timedelta(seconds=30)
_EXPIRED = 500

# One probe of the index for each lane and priority, however many tasks wait.
_GROUPS = text("""
    WITH RECURSIVE step(id) AS (
        SELECT (SELECT id FROM task WHERE state = 'due' ORDER BY lane, priority, due_at LIMIT 1)
        UNION ALL
        SELECT COALESCE((
            SELECT other.id FROM task AS other
            WHERE other.state = 'due' AND other.lane = here.lane AND other.priority > here.priority
            ORDER BY other.priority, other.due_at LIMIT 1
        ), (
            SELECT other.id FROM task AS other WHERE other.state = 'due' AND other.lane > here.lane
            ORDER BY other.lane, other.priority, other.due_at LIMIT 1
        ))
        FROM step JOIN task AS here ON here.id = step.id
    )
    SELECT task.lane, task.priority, task.due_at FROM step JOIN task ON task.id = step.id
    WHERE task.due_at <= :now
""").bindparams(bindparam("now", type_=Moment())).columns(lane=String(), priority=Integer(), due_at=Moment())


def due_groups(connection: Connection, now: datetime) -> Sequence[AnyRow]:
    """Return ``lane, priority, due_at`` of the task that is due longest, for each lane and priority with work due."""
    return connection.execute(_GROUPS, {"now": now}).all()


_READY = (
    select(task.c.id)
    .where(
        task.c.state == "due",
        task.c.lane == bindparam("of"),
        task.c.priority == bindparam("rank"),
        task.c.due_at <= bindparam("now"),
    )
    .order_by(task.c.due_at, task.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("ready")  # run once, while PostgreSQL may run a mere subquery again and claim more than `most`
)
_CLAIM = Prepared(
    update(task)
    .where(task.c.id.in_(select(_READY.c.id)))
    .values(state="claimed", lease_until=bindparam("until"), attempt=task.c.attempt + 1)
    .returning(*task.c)
)


def claim(
    connection: Connection, lane: str, priority: int, now: datetime, lease_until: datetime, limit: int
) -> list[AnyRow]:
    """Claim up to `limit` due tasks of a lane and priority, oldest first, and return them with their new attempt."""
    rows = _CLAIM.all(connection, of=lane, rank=priority, now=now, most=limit, until=lease_until)
    return sorted(rows, key=lambda row: (row.due_at, row.id))


def count_claimed(connection: Connection) -> dict[str, int]:
    """Return how many tasks of each lane are claimed at present, by anybody."""
    query = select(task.c.lane, func.count()).where(task.c.state == "claimed").group_by(task.c.lane)
    return {row[0]: row[1] for row in connection.execute(query)}


_ONE = Prepared(
    select(task).where(
        task.c.id == bindparam("number"), task.c.attempt == bindparam("held"), task.c.state == "claimed"
    )
)


def claimed(connection: Connection, held: Held) -> AnyRow | None:
    """Return a task if it is claimed by this attempt."""
    return _ONE.first(connection, number=held[0], held=held[1])


_THIS = and_(task.c.id == bindparam("number"), task.c.attempt == bindparam("held"), task.c.state == "claimed")
_BEGIN = Prepared(
    update(task).where(_THIS, task.c.begun < task.c.attempt)
    .values(begun=task.c.attempt, lease_until=bindparam("until"))
)  # fmt: skip
_KEEP = Prepared(update(task).where(_THIS).values(lease_until=bindparam("until")))
_GIVE_BACK = Prepared(
    update(task).where(_THIS, task.c.begun < task.c.attempt)
    .values(state="due", lease_until=null(), base=task.c.base + 1)
)  # fmt: skip


def begin(connection: Connection, held: Held, lease_until: datetime) -> bool:
    """Note that this attempt begins, and tell whether it may: nobody else has begun or taken it."""
    return _BEGIN.run(connection, number=held[0], held=held[1], until=lease_until) == 1


def keep(connection: Connection, held: Held, lease_until: datetime) -> bool:
    """Hold a claimed task for longer, and tell whether this attempt still holds it."""
    return _KEEP.run(connection, number=held[0], held=held[1], until=lease_until) == 1


def give_back(connection: Connection, held: Sequence[Held]) -> int:
    """Give claims back that have not begun, which costs them no attempt, and return how many those were."""
    return sum(_GIVE_BACK.run(connection, number=task_id, held=attempt) for task_id, attempt in held)


def return_expired(connection: Connection, now: datetime) -> int:
    """Give tasks whose worker died, or that never reached one, back to the queue and return how many."""
    query = (
        select(task.c.id, task.c.attempt, task.c.begun, task.c.deaths, task.c.due_at)
        .where(task.c.state == "claimed", task.c.lease_until < now)
        .order_by(task.c.lease_until)
        .limit(_EXPIRED)
        .with_for_update(skip_locked=True)
    )
    expired = connection.execute(query).all()
    for row in expired:
        died = row.begun == row.attempt
        due_at = now + random.uniform(0, row.deaths) * _APART if died and row.deaths else row.due_at
        _LOST.run(connection, number=row.id, held=row.attempt, due=due_at, died=int(died), unbegun=int(not died))
    return len(expired)


_LOST = Prepared(
    update(task).where(_THIS).values(
        state="due",
        lease_until=null(),
        due_at=bindparam("due"),
        lost=task.c.lost + 1,
        deaths=task.c.deaths + bindparam("died", type_=Integer),
        base=task.c.base + bindparam("unbegun", type_=Integer),
    )
)  # fmt: skip
