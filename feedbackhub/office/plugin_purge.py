"""Purging a plugin: everything that it has put into the instance goes, also when nobody knows the plugin any more."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..loop.letters import LETTER
from ..loop.plugin_queue import lane_of
from ..store.plugin_migrate import drop_own
from ..store.queries import once, own_schema
from ..store.queries import plugin_tasks as tasks
from ..store.queries import subscribers as readers
from ..store.store import Store
from .audit import record

__all__ = ["Holdings", "holdings", "purge_plugin"]


@dataclass(frozen=True)
class Holdings:
    """What a plugin has put into the instance.

    Args:
        tables: Its own tables, the one with their revision included.
        subscribers: How many of its subscribers have a position in the event log.
        tasks: How many tasks of it wait, run, are parked or have ended lately.
        folder: Its folder, None when it has none.
    """

    tables: tuple[str, ...]
    subscribers: int
    tasks: int
    folder: Path | None

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.tables or self.subscribers or self.tasks or self.folder)


def holdings(store: Store, data_dir: Path, plugin: str) -> Holdings:
    """Return what a plugin has put into the instance."""
    with store.read() as connection:
        tables = own_schema.tables_of(connection, plugin)
        subscribers = readers.subscribers_of(connection, plugin)
        number = tasks.count_lane(connection, lane_of(plugin))
    folder = data_dir / "plugins" / plugin
    return Holdings(tuple(tables), len(subscribers), number, folder if folder.is_dir() else None)


def purge_plugin(store: Store, data_dir: Path, plugin: str, by: str, now: datetime) -> Holdings:
    """Remove a plugin's tables, positions, tasks, letters and folder, and return what there was.

    Raises:
        NotFound: There is nothing of it.
    """
    found = holdings(store, data_dir, plugin)
    if not found:
        raise NotFound(f"there is nothing of a plugin named {plugin}")

    def run(connection: Connection) -> None:
        drop_own(connection, plugin)
        readers.remove_subscribers(connection, plugin)
        tasks.remove_lane(connection, lane_of(plugin))
        theirs = [row.id for row in tasks.with_payload(connection, LETTER) if _is_from(row.payload, plugin)]
        tasks.call_off(connection, theirs, now)
        once.forget_plugin(connection, plugin)
        counts = {"tables": list(found.tables), "tasks": found.tasks, "subscribers": found.subscribers}
        record(connection, now, by, "plugin.purged", f"plugin:{plugin}", counts)

    store.write(run)
    if found.folder is not None:
        shutil.rmtree(found.folder)
    return found


def _is_from(payload: Mapping[str, object], plugin: str) -> bool:
    return payload.get("plugin") == plugin
