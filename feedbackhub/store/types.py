"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import JSON, BigInteger, Connection, DateTime, Integer, Row, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: ``timestamptz`` on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Row numbers: 64 bits where the database counts so, and SQLite's own rowid.
RowId: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")

#: Structured values that are read as a whole and never searched.
Structured: TypeEngine[Any] = JSON()

#: A row of any shape, its columns read by name.
AnyRow: TypeAlias = Row[*tuple[Any, ...]]


def inserted(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert one row and return its row number.

    The values go in as parameters, so that the statement is the same every time and compiled once.
    """
    key = connection.execute(insert(table), dict(values)).inserted_primary_key
    if key is None:
        raise TypeError("the statement inserts no single row")
    return int(key[0])
