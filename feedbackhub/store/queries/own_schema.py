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


def keep(connection: Connection, plugin: str, tables: Sequence[str], now: datetime) -> None:
    """Note the tables of a plugin."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"plugin": plugin, "tables": sorted(tables), "at": now}
    connection.execute(
        dialect.insert(own_schema).values(values).on_conflict_do_update(index_elements=["plugin"], set_=values)
    )


def forget(connection: Connection, plugin: str) -> None:
    """Forget the tables of a plugin."""
    connection.execute(delete(own_schema).where(own_schema.c.plugin == plugin))
