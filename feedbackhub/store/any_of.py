"""Prepared statements that take lists of any length as one parameter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Insert, Select, Update, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from .prepared import Prepared

__all__ = ["AnyOf", "prepared"]

#: Makes the condition that a column holds one of a parameter's values.
AnyOf = Callable[[Column[Any], str], ColumnElement[bool]]


def prepared(build: Callable[[AnyOf], Select[*tuple[Any, ...]] | Insert | Update]) -> Prepared:
    """Return a statement with lists: an array on PostgreSQL, JSON on SQLite, which knows no arrays.

    Args:
        build: Makes the statement of what makes a condition of a column and a parameter's name.
    """
    return Prepared(build(_in_array), sqlite=build(_in_json))


def _in_array(column: Column[Any], name: str) -> ColumnElement[bool]:
    return column == func.any(bindparam(name, type_=ARRAY(column.type)))


def _in_json(column: Column[Any], name: str) -> ColumnElement[bool]:
    given = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return column.in_(select(given.c.value))
