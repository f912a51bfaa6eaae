"""Runs of exports, and what is exported again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select, update

from ..inserting import inserted
from ..tables import export_run, export_schedule
from ..types import AnyRow


def add_run(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a run and return its row number."""
    return inserted(connection, export_run, values)


def run_by_public_id(connection: Connection, public_id: str, lock: bool = False) -> AnyRow | None:
    """Return one run."""
    query = select(export_run).where(export_run.c.public_id == public_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def runs(connection: Connection, limit: int) -> Sequence[AnyRow]:
    """Return runs, newest first."""
    query = select(export_run).order_by(export_run.c.created_at.desc(), export_run.c.id.desc()).limit(limit)
    return connection.execute(query).all()


def waiting(connection: Connection, now: datetime) -> bool:
    """Tell whether a run is due."""
    return connection.execute(select(export_run.c.id).where(_free(now)).limit(1)).first() is not None


def claim(connection: Connection, now: datetime, lease_until: datetime) -> AnyRow | None:
    """Claim the oldest run that is due, or that was left by a dead worker, and return it with its new attempt."""
    query = select(export_run.c.id).where(_free(now)).order_by(export_run.c.due_at, export_run.c.id).limit(1)
    found = connection.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()
    if found is None:
        return None
    values = {"state": "running", "lease_until": lease_until, "started_at": now, "rows_done": 0, "error": ""}
    change = update(export_run).where(export_run.c.id == found).values(attempt=export_run.c.attempt + 1, **values)
    return connection.execute(change.returning(export_run)).one()


def _free(now: datetime) -> Any:
    left = and_(export_run.c.state == "running", export_run.c.lease_until < now)
    return or_(and_(export_run.c.state == "queued", export_run.c.due_at <= now), left)


def change_claimed(connection: Connection, run_id: int, attempt: int, values: Mapping[str, Any]) -> bool:
    """Change a run that this attempt still works on, and tell whether it does."""
    mine = and_(export_run.c.id == run_id, export_run.c.attempt == attempt, export_run.c.state == "running")
    return connection.execute(update(export_run).where(mine).values(dict(values))).rowcount == 1


def change_run(connection: Connection, run_id: int, values: Mapping[str, Any]) -> None:
    """Change a run."""
    connection.execute(update(export_run).where(export_run.c.id == run_id).values(dict(values)))


def expire(connection: Connection, before: datetime) -> int:
    """Take the files of runs away whose time is over, and return how many those were."""
    over = and_(export_run.c.state == "done", export_run.c.expires_at <= before)
    return connection.execute(update(export_run).where(over).values(state="expired", file="")).rowcount


def withdraw_all(connection: Connection, why: str) -> int:
    """Take the files of all runs away and let those begin anew that are being written; return how many that were."""
    gone = update(export_run).where(export_run.c.state == "done").values(state="expired", file="", error=why)
    again = update(export_run).where(export_run.c.state == "running").values(state="queued", lease_until=None)
    return connection.execute(gone).rowcount + connection.execute(again).rowcount


def live_files(connection: Connection) -> set[str]:
    """Return the names of the files that are offered."""
    return set(connection.scalars(select(export_run.c.file).where(export_run.c.state == "done")))


def running(connection: Connection) -> set[tuple[str, int]]:
    """Return public id and attempt of what is being written."""
    query = select(export_run.c.public_id, export_run.c.attempt).where(export_run.c.state == "running")
    return {(row.public_id, row.attempt) for row in connection.execute(query)}


def prune(connection: Connection, before: datetime) -> int:
    """Forget runs that ended long ago and offer no file any more; return how many."""
    old = and_(export_run.c.state.in_(("failed", "cancelled", "expired")), export_run.c.created_at < before)
    return connection.execute(delete(export_run).where(old)).rowcount


def add_schedule(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a schedule and return its row number."""
    return inserted(connection, export_schedule, values)


def schedules(connection: Connection) -> Sequence[AnyRow]:
    """Return all schedules, oldest first."""
    return connection.execute(select(export_schedule).order_by(export_schedule.c.id)).all()


def schedule_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return one schedule."""
    query = select(export_schedule).where(export_schedule.c.public_id == public_id)
    return connection.execute(query).one_or_none()


def due_schedules(connection: Connection, now: datetime, lock: bool = False) -> Sequence[AnyRow]:
    """Return the schedules whose time has come."""
    query = select(export_schedule).where(export_schedule.c.next_at <= now).order_by(export_schedule.c.id)
    return connection.execute(query.with_for_update(skip_locked=True) if lock else query).all()


def plan_next(connection: Connection, schedule_id: int, next_at: datetime) -> None:
    """Store when a schedule is due again."""
    connection.execute(update(export_schedule).where(export_schedule.c.id == schedule_id).values(next_at=next_at))


def remove_schedule(connection: Connection, schedule_id: int) -> None:
    """Remove a schedule."""
    connection.execute(delete(export_schedule).where(export_schedule.c.id == schedule_id))
