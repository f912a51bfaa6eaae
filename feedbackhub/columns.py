"""Column types for a plugin's own tables that behave the same on SQLite and PostgreSQL.

Beside SQLAlchemy's own `String`, `Text`, `Integer`, `Boolean` and `Float`, which do so by themselves:

    cases = Table("plugin_recovery_case", metadata,
                  Column("id", RowId, primary_key=True, autoincrement=True),
                  Column("opened_at", Moment, nullable=False),
                  Column("facts", Structured, nullable=False))

A module of its own, because commands that need no database must not wait for SQLAlchemy.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["Moment", "RowId", "Structured"]


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
