"""Column types that behave the same on SQLite and PostgreSQL, and rows of any shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Table, insert

from ..columns import Moment, RowId, Structured

__all__ = ["AnyRow", "Moment", "RowId", "Structured", "inserted"]

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
