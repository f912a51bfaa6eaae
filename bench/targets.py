"""Rows put straight into tables, as fast as the database takes them; what is lost by a crash is filled again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL

__all__ = ["Target", "target_of"]


class Target(Protocol):
    """Takes rows."""

    def put(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows to a table; indexes are kept, references are not looked at."""

    def commit(self) -> None:
        """Keep what was put since the last time."""

    def finish(self) -> None:
        """Do what the database would do by itself after a while."""


@contextmanager
def target_of(url: URL) -> Iterator[Target]:
    """Open a database for filling."""
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database), isolation_level=None, timeout=30)) as raw:
            yield _Sqlite(raw)
    else:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            yield _Postgres(connection)


class _Sqlite:
    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000", "wal_autocheckpoint=20000"):
            raw.execute(f"PRAGMA {pragma}")

    def put(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        if not self._raw.in_transaction:
            self._raw.execute("BEGIN IMMEDIATE")
        marks = ", ".join("?" * len(columns))
        self._raw.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            (tuple([_text(each) if type(each) is datetime else each for each in row]) for row in rows),
        )

    def commit(self) -> None:
        self._raw.execute("COMMIT")

    def finish(self) -> None:
        self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._raw.execute("PRAGMA optimize")


def _text(moment: datetime) -> str:
    """Return a moment as SQLAlchemy stores it on SQLite."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


class _Postgres:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")

    def put(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        with self._connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            lines = ["\t".join([_field(each) for each in row]) for row in rows]
            copy.write("\n".join([*lines, ""]))

    def commit(self) -> None:
        self._connection.commit()

    def finish(self) -> None:
        self._connection.commit()
        self._connection.autocommit = True
        self._connection.execute("VACUUM (ANALYZE)")
        self._connection.autocommit = False


def _field(value: Any) -> str:
    """Return a value as COPY takes it; none of ours holds a tab, a line's end or a backslash."""
    return "\\N" if value is None else str(value)
