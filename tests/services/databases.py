"""Fresh databases for the tests, on SQLite and on a PostgreSQL server of their own.

`database_url` is an empty database, once per kind. `databases.new(prepare)` is a copy of one that `prepare(url)`
filled: `prepare` runs once per session and kind, copying costs milliseconds.
"""

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.services.processes import absent, directory, running, unprivileged

Prepare = Callable[[str], None]

POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "timezone": "Asia/Kolkata",  # a server in another time zone must make no difference
}
#: As a company would run it: what is committed is on the disk.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}


class Databases(Protocol):
    """Makes databases of one kind."""

    kind: str

    def new(self, prepare: Prepare | None = None) -> str:
        """Return the URL of a fresh database: empty, or as `prepare` leaves one."""

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""

    @property
    def lent(self) -> list[str]:
        """The URLs handed out and not dropped."""


class SQLiteDatabases:
    """Makes SQLite files in a directory."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lent: list[str] = []
        self._count = 0
        self._templates: dict[Prepare, Path] = {}

    def new(self, prepare: Prepare | None = None) -> str:
        """Return the URL of a fresh file."""
        path = self._path()
        if prepare is not None:
            if prepare not in self._templates:
                template = self._path()
                prepare(f"sqlite:///{template}")
                self._templates[prepare] = template
            shutil.copy(self._templates[prepare], path)
        self.lent.append(f"sqlite:///{path}")
        return self.lent[-1]

    def drop(self, url: str) -> None:
        """Remove a database's directory."""
        shutil.rmtree(Path(url.removeprefix("sqlite:///")).parent)
        self.lent.remove(url)

    def _path(self) -> Path:
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        return folder / "feedbackhub.db"


class PostgresDatabases:
    """Makes databases on a running server."""

    kind = "postgres"

    def __init__(self, sockets: Path) -> None:
        self.sockets = sockets
        self.lent: list[str] = []
        self._count = 0
        self._templates: dict[Prepare, str] = {}
        self._admin = psycopg.connect(f"host={sockets} user=feedbackhub dbname=postgres", autocommit=True)

    def new(self, prepare: Prepare | None = None) -> str:
        """Return the URL of a fresh database."""
        self.lent.append(self._url(self._create(self._template(prepare) if prepare else "template0")))
        return self.lent[-1]

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = sql.Identifier(str(make_url(url).database))
        with self._admin.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        self.lent.remove(url)

    def close(self) -> None:
        """End the connection that creates and drops."""
        self._admin.close()

    def _template(self, prepare: Prepare) -> str:
        if prepare not in self._templates:
            name = self._create("template0")
            prepare(self._url(name))
            self._templates[prepare] = name
        return self._templates[prepare]

    def _create(self, template: str) -> str:
        self._count += 1
        name = f"hub_{self._count}"
        with self._admin.cursor() as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return name

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://feedbackhub@/{name}?host={self.sockets}"


def postgres_programs() -> Path | None:
    """Return the directory of the newest installed server's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = found[-1] if found else shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def postgres_server(programs: Path, before: Sequence[str] = (), **options: str) -> Iterator[Path]:
    """Run a server with a new, empty cluster; yield the directory of its socket.

    Args:
        programs: Where its programs are.
        before: What the server is started by, in the directory of its socket.
        options: Settings that differ from those of the tests.
    """
    with directory("pg") as folder:
        data = folder / "data"
        subprocess.run(
            unprivileged([
                programs / "initdb", "--pgdata", data, "--username=feedbackhub", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-sync", "--no-instructions",
            ]),
            check=True, capture_output=True, cwd="/",
        )  # fmt: skip
        given = [f"--{name}={value}" for name, value in (POSTGRES_OPTIONS | options).items()]
        command: list[str | Path] = [*before, programs / "postgres", "-D", data, "-k", folder, *given]

        def ready() -> bool:
            ask = [str(programs / "pg_isready"), "--quiet", f"--host={folder}", f"--port={options.get('port', 5432)}"]
            return subprocess.run(ask, check=False).returncode == 0

        with running(command, folder / "log", ready, signal.SIGQUIT, folder):
            yield folder


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SQLiteDatabases:
    """SQLite files of this session."""
    return SQLiteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    """Databases of a PostgreSQL server that lives as long as the session."""
    programs = postgres_programs()
    if programs is None:
        absent("PostgreSQL", "postgresql")
    with postgres_server(programs) as sockets:
        made = PostgresDatabases(sockets)
        yield made
        made.close()


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Databases of each kind in turn: a test that asks for this runs on SQLite and on PostgreSQL."""
    made: Databases = request.getfixturevalue(f"{request.param}_databases")
    kept = list(made.lent)
    yield made
    for url in [url for url in made.lent if url not in kept]:
        made.drop(url)


@pytest.fixture
def database_url(databases: Databases) -> str:
    """An empty database of each kind in turn."""
    return databases.new()
