"""Periodic work: one row for each task of a plugin that runs by itself, so that its runs never overlap.

The row outlives restarts, is claimed by one process at a time, and is moved to the next slot when a run has ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.work import Task
from ..store.queries import outbox
from ..store.queries import plugin_tasks as rows
from ..store.types import AnyRow
from .core import Core
from .plugin_queue import TASK, lane_of
from .slots import first_slot, is_slot, next_slot

__all__ = ["PERIODIC", "key_of", "plan_periodic"]

#: What the keys of such rows begin with.
PERIODIC = "periodic:"


def key_of(plugin: str, task: str) -> str:
    """Return the key of a periodic task's one row."""
    return f"{PERIODIC}{plugin}:{task}"


def plan_periodic(core: Core) -> None:
    """Give every periodic task its row, and mend those that the clock or the plugin's author has left behind."""
    wanted = [(plugin, task) for plugin, task in core.plugins.each("feedbackhub_tasks") if task.every is not None]
    if not wanted:
        return
    now = core.clock.now()
    with core.store.read() as connection:
        known = rows.by_keys(connection, [key_of(plugin, task.name) for plugin, task in wanted])

    def run(connection: Connection) -> None:
        for plugin, task, every in fresh:
            _add(connection, plugin, task, first_slot(now, every, task.at), now)
        for row, slot in stale:
            rows.plan_anew(connection, row, slot, {**(row.payload or {}), **_state(slot, row.attempt - row.base)})

    fresh = [(p, t, t.every) for p, t in wanted if t.every is not None and key_of(p, t.name) not in known]
    found = [(known[key], task) for plugin, task in wanted if (key := key_of(plugin, task.name)) in known]
    stale = [(row, slot) for row, task in found if (slot := _mended(row, task, now)) is not None]
    if fresh or stale:
        core.store.write(run)


def _add(connection: Connection, plugin: str, task: Task, slot: datetime, now: datetime) -> None:
    outbox.add_task(
        connection,
        kind=TASK,
        lane=lane_of(plugin),
        reference=f"{plugin}:{task.name}",
        dedup_key=key_of(plugin, task.name),
        due_at=slot,
        now=now,
        payload=_state(slot, 0),
    )


def _state(slot: datetime, base: int) -> dict[str, Any]:
    return {"due": slot.isoformat(), "base": base}


def _mended(row: AnyRow, task: Task, now: datetime) -> datetime | None:
    """Return the slot that a row should stand at, None when it stands well.

    A row that was set aside while the plugin was away goes on, at once when it missed a slot meanwhile. One that
    waits for a slot far away, since the clock went back or the span became shorter, waits for the next; so does one
    whose slot is none any more. Two slots ahead is not far: a clock set back by less than a span runs no slot twice.
    """
    every = task.every or timedelta(1)
    slot = datetime.fromisoformat(row.payload["due"]) if row.payload and "due" in row.payload else None
    ahead = next_slot(now, every, task.at)
    is_near = slot is not None and slot <= ahead + every
    if row.state in ("parked", "cancelled", "done"):
        return slot if is_near else ahead
    if row.state != "due" or slot is None or slot <= now:
        return None
    return None if is_near and is_slot(slot, every, task.at) else ahead
