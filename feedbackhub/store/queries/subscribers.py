"""Who reads the event log: up to where, and what stops those that fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..prepared import Prepared
from ..tables import subscriber
from ..types import AnyRow


@dataclass(frozen=True, slots=True)
class Failure:
    """What stopped a subscriber.

    Args:
        error: In words, without personal data.
        failures: How often it failed in a row.
        since: Since when.
        retry_at: When it is tried again by itself.
        stuck_at: Up to which event the next try goes: the one that it fails at, once that is known.
    """

    error: str
    failures: int
    since: datetime
    retry_at: datetime
    stuck_at: int | None


def subscribers(connection: Connection) -> Sequence[AnyRow]:
    """Return all subscribers with their positions and errors, by name."""
    return connection.execute(select(subscriber).order_by(subscriber.c.name)).all()


def some(connection: Connection, names: Collection[str]) -> dict[str, AnyRow]:
    """Return these subscribers by name; new ones are left out."""
    query = select(subscriber).where(subscriber.c.name.in_(names))
    return {row.name: row for row in connection.execute(query)}


def one(connection: Connection, name: str, lock: bool = False) -> AnyRow | None:
    """Return a subscriber, None for a new one."""
    return (_LOCKED if lock else _ONE).first(connection, wanted=name)


_OF_NAME = select(subscriber).where(subscriber.c.name == bindparam("wanted"))
_ONE, _LOCKED = Prepared(_OF_NAME), Prepared(_OF_NAME.with_for_update())


def position_of(connection: Connection, name: str, lock: bool = False) -> int:
    """Return up to where a subscriber has read, 0 for a new one."""
    found = one(connection, name, lock)
    return found.position if found is not None else 0


def begin_at(connection: Connection, name: str, position: int, now: datetime) -> None:
    """Give a new subscriber its first position; one that has a position keeps it."""
    values = {"name": name, "position": position, "updated_at": now}
    connection.execute(_insert(connection).values(values).on_conflict_do_nothing(index_elements=["name"]))


def move_to(connection: Connection, name: str, position: int, now: datetime, stuck_at: int | None = None) -> None:
    """Store up to where a subscriber has read.

    Args:
        connection: Inside a write.
        name: The subscriber.
        position: The last event that it has read.
        now: The present moment.
        stuck_at: Up to where its next try goes, while the event that it failed at is still looked for.
    """
    _put(connection, name, {"position": position, **_NO_FAILURE, "stuck_at": stuck_at, "updated_at": now})


def note_failure(connection: Connection, name: str, failure: Failure, now: datetime) -> None:
    """Store what stopped a subscriber without moving it."""
    values = {
        "error": failure.error, "failures": failure.failures, "failing_since": failure.since,
        "retry_at": failure.retry_at, "stuck_at": failure.stuck_at, "updated_at": now,
    }  # fmt: skip
    _put(connection, name, values)


def forgive(connection: Connection, name: str) -> int:
    """Let a subscriber that failed try again at once and return whether there is one; its error stays until it can."""
    statement = update(subscriber).where(subscriber.c.name == name, subscriber.c.error != "")
    return connection.execute(statement.values(failures=0, retry_at=None)).rowcount


_NO_FAILURE: dict[str, Any] = {"error": "", "failures": 0, "failing_since": None, "retry_at": None}


def _put(connection: Connection, name: str, values: dict[str, Any]) -> None:
    statement = _insert(connection).values({"position": 0, **values, "name": name})
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def _insert(connection: Connection) -> Any:
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(subscriber)


def next_round(connection: Connection, name: str, now: datetime) -> None:
    """Note that what a subscriber keeps was changed beside the log."""
    begin_at(connection, name, 0, now)
    connection.execute(update(subscriber).where(subscriber.c.name == name).values(rounds=subscriber.c.rounds + 1))


def subscribers_of(connection: Connection, plugin: str) -> list[str]:
    """Return the names of a plugin's subscribers that have a position."""
    theirs = subscriber.c.name.startswith(f"{plugin}:", autoescape=True)
    return list(connection.scalars(select(subscriber.c.name).where(theirs).order_by(subscriber.c.name)))


def remove_subscribers(connection: Connection, plugin: str) -> int:
    """Forget the positions of a plugin's subscribers and return how many there were."""
    theirs = subscriber.c.name.startswith(f"{plugin}:", autoescape=True)
    return connection.execute(subscriber.delete().where(theirs)).rowcount
