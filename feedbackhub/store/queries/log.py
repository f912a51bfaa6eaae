"""The event log, its subscribers, and the tallies kept from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from ..prepared import Prepared
from ..tables import event, subscriber, tallied, tally
from ..types import AnyRow

Cell = tuple[str, str, str, str, str, str, str]
_SEQUENCER = 0x_FEED_5E9

_NEXT = select(func.coalesce(func.max(event.c.position), 0) + 1).scalar_subquery()
_GIVEN: dict[str, Any] = {name: bindparam(name) for name in ("type", "at", "payload")}
_ADD_EVENT = Prepared(insert(event).values(_GIVEN), sqlite=insert(event).values({**_GIVEN, "position": _NEXT}))


def add_event(connection: Connection, type_: str, at: datetime, payload: Mapping[str, Any]) -> None:
    """Append an event; numbered at once on SQLite, by the sequencer on PostgreSQL."""
    _ADD_EVENT.run(connection, type=type_, at=at, payload=dict(payload))


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


def events_after(connection: Connection, position: int, types: Sequence[str], limit: int) -> tuple[list[AnyRow], int]:
    """Return a subscriber's next events and the position to go on from, other types' events included."""
    top = connection.execute(select(func.coalesce(func.max(event.c.position), 0))).scalar_one()
    # Events numbered between the two statements are left for the next time, or they would be handed over twice.
    new = (event.c.position > position) & (event.c.position <= top)
    query = select(event).where(new).order_by(event.c.position).limit(limit)
    if types:
        query = query.where(_of_types(types))
    rows = list(connection.execute(query))
    return rows, (rows[-1].position if len(rows) == limit else top)


def _of_types(types: Sequence[str]) -> ColumnElement[bool]:
    whole = [each for each in types if not each.endswith("*")]
    begun = [event.c.type.startswith(each[:-1], autoescape=True) for each in types if each.endswith("*")]
    return or_(event.c.type.in_(whole), *begun)


def events_between(connection: Connection, after: int, up_to: int) -> list[AnyRow]:
    """Return all events after one position, up to another."""
    new = (event.c.position > after) & (event.c.position <= up_to)
    return list(connection.execute(select(event).where(new).order_by(event.c.position)))


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


def positions(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Return up to where these subscribers have read; new ones are left out."""
    query = select(subscriber.c.name, subscriber.c.position).where(subscriber.c.name.in_(names))
    return {row.name: row.position for row in connection.execute(query)}


def begin_at(connection: Connection, name: str, position: int, now: datetime) -> None:
    """Give a new subscriber its first position; one that has a position keeps it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"name": name, "position": position, "updated_at": now}
    connection.execute(dialect.insert(subscriber).values(values).on_conflict_do_nothing(index_elements=["name"]))


def position_of(connection: Connection, name: str, lock: bool = False) -> int:
    """Return up to where a subscriber has read, 0 for a new one."""
    query = select(subscriber.c.position).where(subscriber.c.name == name)
    if lock:
        query = query.with_for_update()
    return connection.execute(query).scalar_one_or_none() or 0


def move_to(connection: Connection, name: str, position: int, error: str, now: datetime) -> None:
    """Store up to where a subscriber has read, and what stopped it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {"name": name, "position": position, "error": error, "updated_at": now}
    statement = dialect.insert(subscriber).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def subscribers(connection: Connection) -> Sequence[AnyRow]:
    """Return all subscribers with their positions and errors."""
    return connection.execute(select(subscriber).order_by(subscriber.c.name)).all()


def last_position(connection: Connection) -> int:
    """Return the newest event's position."""
    return int(connection.execute(select(func.coalesce(func.max(event.c.position), 0))).scalar_one())


def counted_cells(connection: Connection, kind: str, references: Sequence[int]) -> dict[int, list[Cell]]:
    """Return what each response or invitation is counted as at present."""
    query = select(tallied.c.reference, tallied.c.cells).where(
        tallied.c.kind == kind, tallied.c.reference.in_(references)
    )
    return {row.reference: [_cell(cell) for cell in row.cells] for row in connection.execute(query)}


def _cell(parts: Sequence[str]) -> Cell:
    basis, day, survey, question, dimension, value, score = parts
    return basis, day, survey, question, dimension, value, score


def store_cells(connection: Connection, kind: str, cells: Mapping[int, Sequence[Cell]]) -> None:
    """Remember what each response or invitation is counted as."""
    if not cells:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(tallied)
    statement = statement.on_conflict_do_update(
        index_elements=["kind", "reference"], set_={"cells": statement.excluded.cells}
    )
    rows = [
        {"kind": kind, "reference": reference, "cells": [list(c) for c in each]} for reference, each in cells.items()
    ]
    connection.execute(statement, rows)


def add_to_tally(connection: Connection, changes: Iterable[tuple[Cell, int]]) -> None:
    """Add to counts; counts that reach zero disappear."""
    wanted = [(cell, n) for cell, n in sorted(changes) if n]
    if not wanted:
        return
    rows = [dict(zip(_KEY, cell, strict=True), n=n) for cell, n in wanted]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(tally)
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(_KEY), set_={"n": tally.c.n + statement.excluded.n}), rows
    )
    fewer = [{f"_{name}": part for name, part in zip(_KEY, cell, strict=True)} for cell, n in wanted if n < 0]
    if fewer:
        this = and_(*(tally.c[name] == bindparam(f"_{name}") for name in _KEY))
        connection.execute(tally.delete().where(this, tally.c.n == 0), fewer)


_KEY = ("basis", "day", "survey", "question", "dimension", "value", "score")


def whole_tally(connection: Connection) -> dict[Cell, int]:
    """Return all counts."""
    return {_cell(tuple(row)[:7]): row.n for row in connection.execute(select(tally))}


def clear_tally(connection: Connection) -> None:
    """Forget all counts, before they are made anew."""
    connection.execute(tally.delete())
    connection.execute(tallied.delete())


def note_error(connection: Connection, name: str, error: str, now: datetime) -> None:
    """Store what stopped a subscriber without moving it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    what = {"error": error, "updated_at": now}
    statement = dialect.insert(subscriber).values(name=name, position=0, **what)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=what))


def subscribers_of(connection: Connection, plugin: str) -> list[str]:
    """Return the names of a plugin's subscribers that have a position."""
    theirs = subscriber.c.name.startswith(f"{plugin}:", autoescape=True)
    return list(connection.scalars(select(subscriber.c.name).where(theirs).order_by(subscriber.c.name)))


def remove_subscribers(connection: Connection, plugin: str) -> int:
    """Forget the positions of a plugin's subscribers and return how many there were."""
    theirs = subscriber.c.name.startswith(f"{plugin}:", autoescape=True)
    return connection.execute(subscriber.delete().where(theirs)).rowcount
