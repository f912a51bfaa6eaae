"""Which tables belong to which plugin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import own_schema


def owners(connection: Connection) -> dict[str, str]:
    """Return the plugin that each own table belongs to."""
    return {table: row.plugin for row in connection.execute(select(own_schema)) for table in row.tables}


def tables_of(connection: Connection, plugin: str) -> list[str]:
    """Return the tables that a plugin has made."""
    query = select(own_schema.c.tables).where(own_schema.c.plugin == plugin)
    return [str(each) for each in connection.execute(query).scalar_one_or_none() or ()]


def works_with(connection: Connection, plugin: str) -> str | None:
    """Return the oldest revision of a plugin that can work with its tables as they are, None when nobody said so."""
    query = select(own_schema.c.works_with).where(own_schema.c.plugin == plugin)
    return connection.execute(query).scalar_one_or_none()


def keep(connection: Connection, plugin: str, tables: Sequence[str], oldest: str | None, now: datetime) -> None:
    """Note the tables of a plugin, and the oldest of its revisions that can work with them."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"plugin": plugin, "tables": sorted(tables), "works_with": oldest, "at": now}
    connection.execute(
        dialect.insert(own_schema).values(values).on_conflict_do_update(index_elements=["plugin"], set_=values)
    )


def forget(connection: Connection, plugin: str) -> None:
    """Forget the tables of a plugin."""
    connection.execute(delete(own_schema).where(own_schema.c.plugin == plugin))
