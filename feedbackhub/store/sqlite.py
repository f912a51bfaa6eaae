"""How a SQLite connection is set up: WAL, durable commits, explicit transactions."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)


def prepare_sqlite(engine: Engine) -> None:
    """Make every connection of this engine durable and leave BEGIN to SQLAlchemy.

    Python's driver begins transactions by itself and only before writes; a reader would then see
    several states within one request, and SAVEPOINT would not work. A connection whose file was removed or replaced
    is opened anew: what it wrote, nobody would ever find.
    """

    path = engine.url.database or ""

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, record: Any) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def _taken(_raw: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("file") != _identity(path):
            raise DisconnectionError("the database file was moved")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        if mode:
            connection.exec_driver_sql(f"BEGIN {mode}")


def is_moved(connection: Connection) -> bool:
    """Tell whether the file of an open connection was removed or replaced."""
    return bool(connection.info.get("file") != _identity(connection.engine.url.database or ""))


def _identity(path: str) -> tuple[int, int] | None:
    """Return what tells a file from another one at the same place, None when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
