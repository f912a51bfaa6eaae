"""Tasks as people look at them: what waits, runs, is parked or was called off; run now, call off; how each lane stands.

Conditions on the state are written out in the statement, for only then do SQLite and PostgreSQL use the indexes that
hold the rows of one state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, literal_column, null, or_, select, text, update

from ..tables import contact, delivery, inbound, invitation, response, task
from ..types import AnyRow, Moment

__all__ = [
    "OPEN",
    "STATES",
    "TaskFilter",
    "call_off",
    "counts_by_lane",
    "deliveries",
    "due_now",
    "failing_reasons",
    "held",
    "one",
    "page",
    "parked_reasons",
    "requests",
    "responses",
    "run_now",
]

#: What has not ended, in the order in which somebody should look at it.
OPEN = ("parked", "claimed", "due")
STATES = (*OPEN, "cancelled")
#: So many due tasks of a lane are counted one by one.
MOST = 100_000


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks to list; empty values do not filter.

    Args:
        states: One of `STATES`, or several.
        kinds: Kinds as the outbox has them.
        lane: One lane.
        periodic: Only what comes again by itself, or only what does not.
        failing: Only tasks that failed before.
    """

    states: tuple[str, ...] = OPEN
    kinds: tuple[str, ...] = ()
    lane: str = ""
    periodic: bool | None = None
    failing: bool = False


PERIODIC = "periodic:"


def page(connection: Connection, wanted: TaskFilter, after: int, limit: int) -> Sequence[AnyRow]:
    """Return tasks in the order in which they were queued, behind a row number."""
    # The few that are claimed or parked are sorted: the table's own order would lead past all that ended long ago.
    number = task.c.id + 0 if {"claimed", "parked"}.issuperset(wanted.states) else task.c.id
    query = select(task).where(task.c.id > after, *_terms(wanted)).order_by(number).limit(limit)
    return connection.execute(query).all()


def _terms(wanted: TaskFilter) -> list[ColumnElement[bool]]:
    terms = [or_(*(_is(state) for state in wanted.states))]
    if wanted.kinds:
        terms.append(task.c.kind.in_(wanted.kinds))
    if wanted.lane:
        terms.append(task.c.lane == wanted.lane)
    if wanted.periodic is not None:
        begins = task.c.dedup_key.startswith(PERIODIC)
        terms.append(begins if wanted.periodic else ~begins)
    if wanted.failing:
        terms.append(task.c.last_error != "")
    return terms


def _is(state: str) -> ColumnElement[bool]:
    ended = task.c.ended_at.is_not(None)
    written: ColumnElement[bool] = task.c.state == literal_column({each: f"'{each}'" for each in STATES}[state])
    return and_(written, ended) if state == "cancelled" else written


def one(connection: Connection, task_id: int) -> AnyRow | None:
    """Return a task."""
    return connection.execute(select(task).where(task.c.id == task_id)).one_or_none()


def held(connection: Connection, task_id: int) -> AnyRow | None:
    """Return a task, held until the transaction ends."""
    return connection.execute(select(task).where(task.c.id == task_id).with_for_update()).one_or_none()


def run_now(connection: Connection, row: AnyRow, now: datetime) -> None:
    """Let a task that nobody works on run now, its tries counted anew."""
    values: dict[str, Any] = {
        "state": "due", "due_at": now, "ended_at": None, "lease_until": None,
        "base": task.c.attempt, "deaths": 0,
    }  # fmt: skip
    if row.payload is not None and "base" in row.payload:
        values["payload"] = {**row.payload, "base": 0}
    connection.execute(update(task).where(task.c.id == row.id).values(values))


def call_off(connection: Connection, task_id: int, now: datetime) -> bool:
    """Call a task off and tell whether it had not ended; what it was to do is kept until it is removed."""
    waits = and_(task.c.id == task_id, task.c.state.in_(OPEN))
    values = {"state": "cancelled", "ended_at": now, "lease_until": null()}
    return connection.execute(update(task).where(waits).values(values)).rowcount == 1


def counts_by_lane(connection: Connection) -> dict[str, dict[str, int]]:
    """Return how many tasks of each lane are claimed and parked: ``{lane: {state: n}}``."""
    found: dict[str, dict[str, int]] = {}
    for state in ("claimed", "parked"):
        query = select(task.c.lane, func.count()).where(_is(state)).group_by(task.c.lane)
        for lane, n in connection.execute(query):
            found.setdefault(lane, {})[state] = n
    return found


_DUE = text(
    "SELECT count(*) FROM (SELECT 1 FROM task WHERE state = 'due' AND lane = :lane AND priority = :priority"
    " AND due_at <= :now LIMIT :most) AS due"
).bindparams(bindparam("now", type_=Moment()))


def due_now(connection: Connection, lane: str, priority: int, now: datetime) -> int:
    """Return how many tasks of a lane and priority are due; no further than `MOST` is counted."""
    values = {"lane": lane, "priority": priority, "now": now, "most": MOST}
    return int(connection.execute(_DUE, values).scalar_one())


def parked_reasons(connection: Connection, limit: int = 5) -> Sequence[AnyRow]:
    """Return ``lane, kind, last_error, n`` of parked tasks, the most frequent reasons first."""
    n = func.count().label("n")
    columns = (task.c.lane, task.c.kind, task.c.last_error)
    query = select(*columns, n).where(_is("parked")).group_by(*columns).order_by(n.desc(), *columns).limit(limit)
    return connection.execute(query).all()


def failing_reasons(connection: Connection, lane: str, now: datetime, limit: int = 3) -> Sequence[AnyRow]:
    """Return ``last_error, n`` of a lane's tasks that are to be tried again, the most frequent reasons first."""
    n = func.count().label("n")
    recent = (
        select(task.c.last_error)
        .where(_is("due"), task.c.lane == lane, task.c.last_error != "")
        .limit(MOST)
        .subquery()
    )
    query = select(recent.c.last_error, n).group_by(recent.c.last_error).order_by(n.desc()).limit(limit)
    return connection.execute(query).all()


def deliveries(connection: Connection, numbers: Sequence[int]) -> dict[int, AnyRow]:
    """Return ``public_id, invitation, contact`` of deliveries by row number."""
    query = (
        select(
            delivery.c.id,
            delivery.c.public_id,
            invitation.c.public_id.label("invitation"),
            contact.c.public_id.label("contact"),
        )
        .join(invitation, invitation.c.id == delivery.c.invitation_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .where(delivery.c.id.in_(numbers))
    )
    return {row.id: row for row in connection.execute(query)}


def responses(connection: Connection, numbers: Sequence[int]) -> dict[int, AnyRow]:
    """Return ``public_id, invitation, contact`` of responses by row number."""
    query = (
        select(
            response.c.id,
            response.c.public_id,
            invitation.c.public_id.label("invitation"),
            contact.c.public_id.label("contact"),
        )
        .join(invitation, invitation.c.id == response.c.invitation_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .where(response.c.id.in_(numbers))
    )
    return {row.id: row for row in connection.execute(query)}


def requests(connection: Connection, numbers: Sequence[int]) -> dict[int, AnyRow]:
    """Return ``public_id, receiver, state, result`` of requests of other systems by row number."""
    columns = (inbound.c.id, inbound.c.public_id, inbound.c.receiver, inbound.c.state, inbound.c.result)
    return {row.id: row for row in connection.execute(select(*columns).where(inbound.c.id.in_(numbers)))}
