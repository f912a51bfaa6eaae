"""The schema: made by the scripts, equal to the tables, once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from feedbackhub.contract.errors import Unavailable
from feedbackhub.store.migrate import SchemaTooNew, current, head, upgrade
from feedbackhub.store.store import Store
from feedbackhub.store.tables import metadata
from tests.services.databases import Databases
from tests.store.conftest import Open, add_person, count


def test_an_upgraded_empty_database_equals_the_tables(database_url: str, open_store: Open) -> None:
    store = open_store(database_url)
    assert current(store) == ""
    assert upgrade(store) == ("", head())
    assert current(store) == head()
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_indexes_on_a_part_of_the_rows_keep_their_conditions(store: Store) -> None:
    wanted = {
        index.name for table in metadata.tables.values() for index in table.indexes
        if index.dialect_options["sqlite"].get("where") is not None
    }  # fmt: skip
    with store.read() as connection:
        inspector = inspect(connection)
        found = {
            index["name"] for table in metadata.tables for index in inspector.get_indexes(table)
            if {"sqlite_where", "postgresql_where"} & index["dialect_options"].keys()
        }  # fmt: skip
    assert found == wanted


def test_upgrading_again_changes_nothing(store: Store) -> None:
    store.write(add_person)
    assert upgrade(store) == (head(), head())
    assert count(store) == 1


def test_several_processes_may_upgrade_at_once(database_url: str) -> None:
    stores = [Store(database_url, busy_seconds=20) for _ in range(4)]
    with ThreadPoolExecutor(4) as hands:
        befores = sorted(before for before, _ in hands.map(upgrade, stores))
    assert befores == ["", head(), head(), head()]
    for store in stores:
        store.close()


def test_a_database_of_a_newer_release_is_left_alone(store: Store) -> None:
    store.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")).rowcount)
    with pytest.raises(SchemaTooNew, match="9999"):
        upgrade(store)
    assert current(store) == "9999"


def test_a_failing_upgrade_leaves_nothing_half_made(databases: Databases, open_store: Open) -> None:
    url = databases.new()
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE person (id INTEGER)"))
    with pytest.raises(Exception, match="exists"):
        upgrade(store)
    assert current(store) == ""
    with store.read() as connection:
        assert [name for name in inspect(connection).get_table_names() if name != "person"] == []


def test_a_locked_database_is_not_upgraded_now(tmp_path: Path, open_store: Open) -> None:
    path = tmp_path / "feedbackhub.db"
    store = open_store(f"sqlite:///{path}")
    assert current(store) == ""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        upgrade(store)
    other.execute("COMMIT")
    other.close()
    assert upgrade(store) == ("", head())
