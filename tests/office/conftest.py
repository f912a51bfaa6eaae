"""A store with all tables, on SQLite and on PostgreSQL, and a clock that the test moves."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from feedbackhub.machinery.clock import SetClock
from feedbackhub.store.migrate import upgrade
from feedbackhub.store.store import Store
from tests.services.databases import Databases


def migrated(url: str) -> None:
    """Make the tables."""
    store = Store(url)
    upgrade(store)
    store.close()


@pytest.fixture
def store(databases: Databases) -> Iterator[Store]:
    """A migrated, empty store."""
    opened = Store(databases.new(migrated))
    yield opened
    opened.close()


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still."""
    return SetClock(datetime(2026, 3, 1, 9, tzinfo=UTC))
