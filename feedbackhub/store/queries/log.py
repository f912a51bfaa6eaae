"""The event log: events in the order in which they were committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, bindparam, func, insert, or_, select, text

from ..prepared import Prepared
from ..tables import event
from ..types import AnyRow

_SEQUENCER = 0x_FEED_5E9

_NEXT = select(func.coalesce(func.max(event.c.position), 0) + 1).scalar_subquery()
_GIVEN: dict[str, Any] = {name: bindparam(name) for name in ("type", "at", "payload")}
_ADD_EVENT = Prepared(insert(event).values(_GIVEN), sqlite=insert(event).values({**_GIVEN, "position": _NEXT}))


def add_event(connection: Connection, type_: str, at: datetime, payload: Mapping[str, Any]) -> None:
    """Append an event; numbered at once on SQLite, by the sequencer on PostgreSQL."""
    _ADD_EVENT.later(connection, type=type_, at=at, payload=dict(payload))


def number_events(connection: Connection, limit: int = 1000) -> int:
    """Number committed events on PostgreSQL, one process at a time, and return how many.

    A reader that trusted row numbers would skip events of transactions that commit late; positions
    are given only to rows that are already visible, so they grow in the order of commits.
    """
    if connection.dialect.name == "sqlite":
        return 0
    if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _SEQUENCER}).scalar_one():
        return 0
    statement = text(
        "WITH fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM event"
        " WHERE position IS NULL ORDER BY id LIMIT :limit),"
        " base AS (SELECT coalesce(max(position), 0) AS top FROM event)"
        " UPDATE event SET position = base.top + fresh.n FROM fresh, base WHERE event.id = fresh.id"
    )
    return connection.execute(statement, {"limit": limit}).rowcount


def events_after(
    connection: Connection,
    position: int,
    types: Sequence[str],
    limit: int,
    up_to: int | None = None,
    columns: Sequence[Column[Any]] = tuple(event.c),
    top: int | None = None,
) -> tuple[list[AnyRow], int]:
    """Return a subscriber's next events and the position to go on from, other types' events included.

    Args:
        connection: For reading.
        position: The last event that it has read.
        types: Types of events it wants; none for all.
        limit: The most events.
        up_to: No events behind this position.
        columns: What to return of each.
        top: The newest event's position, where the caller has just read it.
    """
    top = last_position(connection) if top is None else top
    if top <= position:
        return [], position
    if up_to is not None and position < up_to < top:
        top = up_to
    # Events numbered between the two statements are left for the next time, or they would be handed over twice.
    new = (event.c.position > position) & (event.c.position <= top)
    query = select(*columns).where(new).order_by(event.c.position).limit(limit)
    if types:
        query = query.where(_of_types(types))
    rows = list(connection.execute(query))
    return rows, (rows[-1].position if len(rows) == limit else top)


#: What there is to read of an event but for its moment, which takes long to read.
BRIEF = (event.c.position, event.c.type, event.c.payload)


def _of_types(types: Sequence[str]) -> ColumnElement[bool]:
    whole = [each for each in types if not each.endswith("*")]
    begun = [event.c.type.startswith(each[:-1], autoescape=True) for each in types if each.endswith("*")]
    return or_(event.c.type.in_(whole), *begun)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the log: behind a position, up to another, of some types, from a moment on."""

    after: int = 0
    until: int | None = None
    types: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def within(self) -> ColumnElement[bool]:
        """The condition."""
        found = [event.c.position > self.after]
        if self.until is not None:
            found.append(event.c.position <= self.until)
        if self.types:
            found.append(_of_types(self.types))
        if self.since is not None:
            found.append(event.c.at >= self.since)
        return and_(*found)


def events_of(connection: Connection, span: Span, limit: int) -> list[AnyRow]:
    """Return the first events of a part of the log."""
    return list(connection.execute(select(event).where(span.within).order_by(event.c.position).limit(limit)))


def count_events(connection: Connection, span: Span) -> int:
    """Return how many events a part of the log holds."""
    return int(connection.execute(select(func.count()).select_from(event).where(span.within)).scalar_one())


def last_position(connection: Connection) -> int:
    """Return the newest event's position."""
    return int(_LAST.all(connection)[0].position)


_LAST = Prepared(select(func.coalesce(func.max(event.c.position), 0).label("position")))


def first_position(connection: Connection) -> int:
    """Return the oldest kept event's position, 0 while there is none."""
    return int(connection.execute(select(func.coalesce(func.min(event.c.position), 0))).scalar_one())


def first_after(connection: Connection, position: int) -> datetime | None:
    """Return when the next event behind a position happened, None when there is none."""
    query = select(event.c.at).where(event.c.position > position).order_by(event.c.position).limit(1)
    return connection.execute(query).scalar_one_or_none()


def kinds_between(connection: Connection, after: int, up_to: int) -> Sequence[AnyRow]:
    """Return position, type and moment of all events behind one position, up to another."""
    query = select(event.c.position, event.c.type, event.c.at)
    new = (event.c.position > after) & (event.c.position <= up_to)
    return connection.execute(query.where(new).order_by(event.c.position)).all()


def count_unnumbered(connection: Connection) -> int:
    """Return how many committed events have no position yet."""
    unnumbered = select(func.count()).select_from(event).where(event.c.position.is_(None))
    return int(connection.execute(unnumbered).scalar_one())


def payloads_after(connection: Connection, position: int, types: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the events of some types behind a position say, those without a position included."""
    unread = or_(event.c.position > position, event.c.position.is_(None))
    return list(connection.scalars(select(event.c.payload).where(unread, _of_types(types))))


def first_since(connection: Connection, moment: datetime) -> int | None:
    """Return the position of the first event from a moment on, None when there is none."""
    query = select(event.c.position).where(event.c.position.is_not(None), event.c.at >= moment)
    found: int | None = connection.execute(query.order_by(event.c.position).limit(1)).scalar_one_or_none()
    return found


def last_events(connection: Connection, types: Sequence[str], limit: int) -> list[AnyRow]:
    """Return the newest events of some types, none for all, oldest first."""
    query = select(event).where(event.c.position.is_not(None))
    if types:
        query = query.where(_of_types(types))
    return list(connection.execute(query.order_by(event.c.position.desc()).limit(limit)))[::-1]


def remove_up_to(connection: Connection, position: int) -> int:
    """Remove events up to a position and return how many there were."""
    return connection.execute(event.delete().where(event.c.position <= position)).rowcount
