"""The door to a plugin's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, MetaData, Select
from sqlalchemy.sql import Executable

from ..contract.errors import Conflict
from ..store.own_statements import require_change, require_query
from ..store.types import AnyRow
from .core import Core

__all__ = ["OwnDoor", "change_rows", "own_metadata"]

# PostgreSQL's driver says no number for an INSERT that returns its key, unless it is asked to.
_COUNTED = {"preserve_rowcount": True}


def own_metadata(core: Core, plugin: str) -> MetaData | None:
    """Return a plugin's own tables, None when it brings none."""
    found = next((tables for name, tables in core.plugins.each("feedbackhub_tables") if name == plugin), None)
    return found.metadata if found is not None else None


def change_rows(connection: Connection, changes: Sequence[Executable], if_touched: bool = False) -> list[int]:
    """Run checked changes inside a write and return how many rows each touched.

    Raises:
        Conflict: The first touched none although it had to; the write must be given up.
    """
    counts: list[int] = []
    for each in changes:
        counts.append(connection.execute(each, execution_options=_COUNTED).rowcount)
        if if_touched and counts[0] < 1:
            raise Conflict("the first change touched no row: somebody else was quicker")
    return counts


class OwnDoor:
    """Reads and writes the tables of one plugin; see `feedbackhub.OwnTables`.

    Args:
        core: The instance.
        plugin: Whose tables.
    """

    def __init__(self, core: Core, plugin: str) -> None:
        self._core = core
        self._own = own_metadata(core, plugin)

    def read(self, query: Select[Any]) -> list[dict[str, Any]]:
        """Return the rows of a query, as dictionaries.

        Raises:
            Refused: It names a table that is not the plugin's own.
        """
        require_query(query, self._own)
        with self._core.store.read() as connection:
            return [_plain(row) for row in connection.execute(query)]

    def write(self, *statements: Executable) -> list[int]:
        """Run statements in one transaction and return how many rows each touched.

        Raises:
            Refused: One names a table that is not the plugin's own.
        """
        for each in statements:
            require_change(each, self._own)

        return self._core.store.write(lambda connection: change_rows(connection, statements))


def _plain(row: AnyRow) -> dict[str, Any]:
    return dict(row._mapping)
