"""Whether a statement of a plugin's keeps to the plugin's own tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CompoundSelect, MetaData, Select, TextClause
from sqlalchemy.sql import ClauseElement, visitors
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import TableClause, TextualSelect

from ..contract.errors import Problem, Refused

__all__ = ["refuse_foreign", "require_change", "require_query"]

_PLAIN_TEXT = "SQL as text is not read; write it with SQLAlchemy's functions"
_ATTACHED = ("_prefixes", "_suffixes", "_hints", "_statement_hints")


def require_query(statement: object, own: MetaData | None) -> None:
    """Refuse what is no query on the plugin's own tables.

    Raises:
        Refused: It is something else, or names a table of somebody else's.
    """
    if not isinstance(statement, Select | CompoundSelect):
        raise Refused(Problem("", f"only queries are read, not {type(statement).__name__}"))
    refuse_foreign(statement, own)


def require_change(statement: object, own: MetaData | None) -> None:
    """Refuse what is no change of the plugin's own tables.

    Raises:
        Refused: It is something else, or names a table of somebody else's.
    """
    if not isinstance(statement, Insert | Update | Delete):
        raise Refused(Problem("", f"only inserts, updates and deletes are written, not {type(statement).__name__}"))
    refuse_foreign(statement, own)


def refuse_foreign(statement: ClauseElement, own: MetaData | None) -> None:
    """Refuse a statement that names, anywhere, a table that is not the plugin's own, or holds SQL as text.

    Raises:
        Refused: It does.
    """
    if own is None:
        raise Refused(Problem("", "the plugin brings no tables"))
    for part in _parts(statement):
        if _is_text(part) or any(getattr(part, name, None) for name in _ATTACHED):
            raise Refused(Problem("", _PLAIN_TEXT))
        table = part if isinstance(part, TableClause) else getattr(part, "table", None)
        if isinstance(table, TableClause) and own.tables.get(getattr(table, "key", "")) is not table:
            raise Refused(Problem("", f"{table.name} is not a table of the plugin's own"))


def _is_text(part: ClauseElement) -> bool:
    if isinstance(part, ColumnClause):
        return part.is_literal and part.name != "*"  # the star of count(*) and EXISTS is SQLAlchemy's own
    return isinstance(part, TextClause | TextualSelect)


def _parts(statement: ClauseElement) -> Iterator[ClauseElement]:
    """Yield everything that a statement is made of."""
    for part in visitors.iterate(statement):
        if not isinstance(part, ClauseElement):
            continue
        yield part
        # SQLAlchemy takes the values of several rows for mere values, but each may be an expression.
        for value in _many_values(getattr(part, "_multi_values", ())):
            yield from _parts(value)


def _many_values(groups: Any) -> Iterator[ClauseElement]:
    for group in groups or ():
        for row in group:
            values = row.values() if isinstance(row, dict) else row
            yield from (value for value in values if isinstance(value, ClauseElement))
