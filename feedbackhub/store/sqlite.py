"""How a SQLite connection is set up: WAL, durable commits, explicit transactions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event

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
    several states within one request, and SAVEPOINT would not work.
    """

    @event.listens_for(engine, "connect")
    def _connected(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
