"""Pages of long lists: by key, never by offset, so that the last page costs what the first does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, literal, select, tuple_

from ..types import AnyRow


@dataclass(frozen=True)
class Place:
    """Where a page lies in a list; the first page when neither is given.

    Args:
        after: Public id of the row before the page's first.
        before: Public id of the row behind the page's last.
    """

    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Order:
    """How a list is sorted.

    Args:
        at: The column sorted by.
        number: A column that decides between equals.
        key: The column of the public id that a `Place` names.
        rising: Whether the smallest comes first.
        source: Where these columns are, when they are not all of one table.
    """

    at: ColumnElement[Any]
    number: ColumnElement[Any]
    key: ColumnElement[Any]
    rising: bool = False
    source: FromClause | None = None


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and whether there are more on either side."""

    rows: Sequence[AnyRow]
    earlier: bool
    later: bool


def one_page(connection: Connection, query: Select[Any], order: Order, place: Place, limit: int) -> Slice:
    """Return one page of a query; a place that is gone leads to the first page.

    Args:
        connection: An open connection.
        query: Selects and filters, without an order.
        order: How the list is sorted.
        place: Which page.
        limit: How many rows a page has.
    """
    mark = _mark(connection, order, place.after or place.before)
    if mark is None:
        return _forwards(connection, query, order, None, limit)
    if place.after:
        return _forwards(connection, query, order, mark, limit)
    rows = connection.execute(_sorted(_beyond(query, order, mark, not order.rising), order, not order.rising, limit))
    found = list(rows)
    if len(found) <= limit:
        # A short page going back is the first one: fill it up.
        return _forwards(connection, query, order, None, limit)
    return Slice(found[:limit][::-1], earlier=True, later=True)


def _forwards(connection: Connection, query: Select[Any], order: Order, mark: AnyRow | None, limit: int) -> Slice:
    rest = query if mark is None else _beyond(query, order, mark, order.rising)
    found = list(connection.execute(_sorted(rest, order, order.rising, limit)))
    return Slice(found[:limit], earlier=mark is not None, later=len(found) > limit)


def _mark(connection: Connection, order: Order, key: str) -> AnyRow | None:
    if not key:
        return None
    query = select(order.at.label("at"), order.number.label("number")).where(order.key == key)
    return connection.execute(query if order.source is None else query.select_from(order.source)).one_or_none()


def _beyond(query: Select[Any], order: Order, mark: AnyRow, rising: bool) -> Select[Any]:
    own = tuple_(order.at, order.number)
    other = tuple_(literal(mark.at, order.at.type), literal(mark.number, order.number.type))
    return query.where(own > other if rising else own < other)


def _sorted(query: Select[Any], order: Order, rising: bool, limit: int) -> Select[Any]:
    columns = (order.at, order.number)
    return query.order_by(*(c.asc() if rising else c.desc() for c in columns)).limit(limit + 1)
