"""The door is the same whatever database is behind it: these tests run on SQLite."""

from collections.abc import Iterator

import pytest

from tests.services.databases import Databases, SQLiteDatabases
from tests.web.live import Live, live

__all__ = ["Live", "live"]


@pytest.fixture
def databases(sqlite_databases: SQLiteDatabases) -> Iterator[Databases]:
    """SQLite only."""
    kept = list(sqlite_databases.lent)
    yield sqlite_databases
    for url in [url for url in sqlite_databases.lent if url not in kept]:
        sqlite_databases.drop(url)
