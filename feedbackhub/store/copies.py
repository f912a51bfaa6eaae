"""Copies of a whole database, made while it is in use, and put back.

SQLite copies itself (``VACUUM INTO``); PostgreSQL's own programs do it there, because nothing else copies everything.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect

from ..contract.errors import FeedbackhubError
from .store import Store

__all__ = ["CopyError", "check_sqlite", "copy_database", "is_empty", "load_postgres", "put_in_place"]

_SIDE_FILES = ("", "-wal", "-shm")


class CopyError(FeedbackhubError):
    """A copy cannot be made or used; the text says why."""


def copy_database(store: Store, path: Path) -> None:
    """Write a consistent copy of the database to a new file: SQLite's own form, or an archive of ``pg_dump``.

    Raises:
        CopyError: The disk is full, the database does not answer, or PostgreSQL's programs are missing or fail.
    """
    if store.is_sqlite:
        try:
            with closing(store.engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM INTO ?", (str(path),))
        except sqlite3.Error as error:
            raise CopyError(f"the database cannot be copied: {error}") from None
    else:
        _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}"], store.url)


def is_empty(store: Store) -> bool:
    """Tell whether a database holds no tables at all."""
    with store.read() as connection:
        return not inspect(connection).get_table_names()


def check_sqlite(path: Path) -> None:
    """Look whether a SQLite file is whole.

    Raises:
        CopyError: It is not.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise CopyError(f"its database cannot be read: {error}") from None
    if said != "ok":
        raise CopyError(f"its database is damaged: {said}")


def put_in_place(copy: Path, database: Path, aside: str) -> Path | None:
    """Make a SQLite file the database; what was there is kept beside it.

    Args:
        copy: The new one, on the same disk.
        database: Where it belongs.
        aside: What is appended to the old one's name; empty when there was none worth keeping.

    Returns:
        Where the old one is now, None when it was not kept.
    """
    for end in _SIDE_FILES:
        file = Path(f"{database}{end}")
        if aside and file.exists():
            file.replace(f"{database}{aside}{end}")
        file.unlink(missing_ok=True)
    copy.replace(database)
    return Path(f"{database}{aside}") if aside else None


def load_postgres(store: Store, path: Path) -> None:
    """Put an archive of ``pg_dump`` in the place of all tables of a PostgreSQL database, all or nothing.

    Raises:
        CopyError: PostgreSQL's programs are missing or fail; the database is as it was.
        Unavailable: The database does not answer.
    """
    script = path.with_suffix(".sql")
    _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path)], store.url)
    with store.read() as connection:
        present = [connection.dialect.identifier_preparer.quote(name) for name in inspect(connection).get_table_names()]
    clear = [f"--command=DROP TABLE {', '.join(present)} CASCADE"] if present else []
    command = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
    _run([*command, *clear, f"--file={script}"], store.url)


def _run(command: Sequence[str], url: URL) -> None:
    """Run a program of PostgreSQL's; passwords go by the environment, where other users cannot read them."""
    if shutil.which(command[0]) is None:
        raise CopyError(f"{command[0]} is missing; on Debian and Ubuntu: apt install postgresql-client")
    done = subprocess.run(command, env=_environment(url), stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CopyError(f"{command[0]} failed: {said[-1] if said else f'status {done.returncode}'}")


def _environment(url: URL) -> dict[str, str]:
    query = {name: each if isinstance(each, str) else each[-1] for name, each in url.query.items()}
    given = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username or query.get("user"),
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
        "PGSSLROOTCERT": query.get("sslrootcert"),
    }
    return {**os.environ, **{name: value for name, value in given.items() if value}}
