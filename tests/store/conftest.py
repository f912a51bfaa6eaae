"""A store with all tables, and one that gives up on a lock quickly."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, select, text

from feedbackhub.store.migrate import upgrade
from feedbackhub.store.store import Store
from feedbackhub.store.tables import person
from tests.app_fixtures import START
from tests.services.databases import Databases, SQLiteDatabases

IMPATIENT = 0.3
Open = Callable[[str], Store]


def migrated(url: str) -> None:
    """Make the tables."""
    store = Store(url)
    upgrade(store)
    store.close()


def add_person(connection: Connection) -> int:
    """Insert a row that nothing else depends on, and return its number."""
    return int(connection.execute(person.insert().values(created_at=START).returning(person.c.id)).scalar_one())


def count(store: Store) -> int:
    """Return how many such rows are there."""
    with store.read() as connection:
        return len(connection.execute(select(person.c.id)).all())


@pytest.fixture
def open_store() -> Iterator[Open]:
    """Open stores that are closed at the end and give up on locks quickly."""
    opened: list[Store] = []

    def make(url: str) -> Store:
        opened.append(Store(url, busy_seconds=IMPATIENT))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def store(databases: Databases, open_store: Open) -> Store:
    """A migrated store of each kind."""
    return open_store(databases.new(migrated))


@pytest.fixture
def sqlite(sqlite_databases: SQLiteDatabases, open_store: Open) -> Store:
    """A migrated SQLite store."""
    return open_store(sqlite_databases.new(migrated))


@pytest.fixture
def postgres(postgres_databases: Databases, open_store: Open) -> Store:
    """A migrated PostgreSQL store."""
    return open_store(postgres_databases.new(migrated))


def backend_pid(connection: Connection) -> int:
    """Return PostgreSQL's number of the process that serves a connection."""
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
