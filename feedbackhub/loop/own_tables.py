"""The door to a plugin's own tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, Select
from sqlalchemy.sql import Executable

from ..store.own_statements import require_change, require_query
from ..store.types import AnyRow
from .core import Core

__all__ = ["OwnDoor", "own_metadata"]

# PostgreSQL's driver says no number for an INSERT that returns its key, unless it is asked to.
_COUNTED = {"preserve_rowcount": True}


def own_metadata(core: Core, plugin: str) -> MetaData | None:
    """Return a plugin's own tables, None when it brings none."""
    found = next((tables for name, tables in core.plugins.each("feedbackhub_tables") if name == plugin), None)
    return found.metadata if found is not None else None


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

        def run(connection: Connection) -> list[int]:
            return [connection.execute(each, execution_options=_COUNTED).rowcount for each in statements]

        return self._core.store.write(run)


def _plain(row: AnyRow) -> dict[str, Any]:
    return dict(row._mapping)
