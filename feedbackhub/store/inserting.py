"""Inserting rows by statements that are compiled once for each table and set of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert

from .prepared import Prepared

__all__ = ["insert_row", "insert_rows", "inserted"]


def inserted(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert one row and return its row number.

    Args:
        connection: Inside a write.
        table: A table whose rows are numbered.
        values: Its columns; those left out hold their defaults.
    """
    return _numbered(table, tuple(values)).number(connection, **values)


def insert_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert one row whose number nobody needs."""
    _plain(table, tuple(values)).later(connection, **values)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns and whose numbers nobody needs."""
    if rows:
        _plain(table, tuple(rows[0])).later_many(connection, rows)


# There are only as many of both as there are places in the code that insert.
@cache
def _numbered(table: Table, names: tuple[str, ...]) -> Prepared:
    plain = insert(table).values(_given(names))
    return Prepared(plain.returning(table.c.id), sqlite=plain)


@cache
def _plain(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).values(_given(names)))


def _given(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}
