"""Databases of a measurement: durable as in earnest, new for each run or kept in a folder."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.services.databases import DURABLE, PostgresDatabases, postgres_programs, postgres_server
from tests.services.processes import directory, running, unprivileged

__all__ = ["kept_postgres", "postgres_url"]

#: As much memory as a small machine gives it.
_OPTIONS = {**DURABLE, "shared_buffers": "512MB", "max_wal_size": "4GB"}


def _programs() -> Path:
    found = postgres_programs()
    if found is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: apt install postgresql)")
    return found


@contextmanager
def postgres_url() -> Iterator[str]:
    """Run a server of our own until the block ends, and give the address of an empty database."""
    with postgres_server(_programs(), **_OPTIONS) as sockets:
        databases = PostgresDatabases(sockets)
        try:
            yield databases.new()
        finally:
            databases.close()


@contextmanager
def kept_postgres(data: Path) -> Iterator[str]:
    """Run a server on a cluster in a folder, made when it is not there yet, and give the address of its database.

    The folder must be open to the account that servers run as.
    """
    programs = _programs()
    if not (data / "PG_VERSION").exists():
        subprocess.run(
            unprivileged([
                programs / "initdb", "--pgdata", data, "--username=feedbackhub", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-sync", "--no-instructions",
            ]),
            check=True, capture_output=True, cwd="/",
        )  # fmt: skip
    options = {"listen_addresses": "", "max_connections": "100", **_OPTIONS}
    given = [f"--{name}={value}" for name, value in options.items()]
    with directory("pg") as sockets:

        def ready() -> bool:
            ask = [str(programs / "pg_isready"), "--quiet", f"--host={sockets}"]
            return subprocess.run(ask, check=False).returncode == 0

        command: list[str | Path] = [programs / "postgres", "-D", data, "-k", sockets, *given]
        with running(command, sockets / "log", ready, signal.SIGINT, sockets):
            yield _database(sockets)


def _database(sockets: Path) -> str:
    with psycopg.connect(f"host={sockets} user=feedbackhub dbname=postgres", autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = 'bench'").fetchone() is None:
            admin.execute("CREATE DATABASE bench TEMPLATE template0")
    return str(make_url(f"postgresql+psycopg://feedbackhub@/bench?host={sockets}"))
