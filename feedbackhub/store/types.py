"""Column types that behave the same on SQLite and PostgreSQL, and rows of any shape."""

from __future__ import annotations

from typing import Any, TypeAlias

from sqlalchemy import Row

from ..columns import Moment, RowId, Structured

__all__ = ["AnyRow", "Moment", "RowId", "Structured"]

#: A row of any shape, its columns read by name.
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
