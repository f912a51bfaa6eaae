"""Prepared statements whose rows are read by columns, as the driver gave them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from .prepared import Prepared

__all__ = ["Columned", "Columns"]


@dataclass(frozen=True, slots=True)
class Columns:
    """Some rows by columns.

    Args:
        values: What the driver gave, one sequence for each column; none at all when there are no rows.
        readers: What makes Python's value of it, by the column's place; the others are Python's already.
        length: How many rows.
    """

    values: Sequence[Sequence[Any]]
    readers: dict[int, Callable[[Any], Any]]
    length: int


class Columned(Prepared):
    """A statement that is compiled once, and read by columns: most values of an export are never made Python's."""

    def columns(self, connection: Connection, **params: Any) -> Columns:
        """Run it and return all rows by columns; errors as in `all`."""
        plan, cursor = self._run(connection, params)
        found = cursor.fetchall()
        cursor.close()
        return Columns(list(zip(*found, strict=True)), dict(plan.after), len(found))
