"""Tell: every fact that matters to others is an event, in one durable order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from ..contract.errors import Unavailable
from ..store.queries import log as rows
from ..store.queries import subscribers
from ..store.queries.locks import lock_keys
from ..store.store import Store
from ..store.types import AnyRow
from .standing import SHORT_REST, fewer, next_failure, rests

log = logging.getLogger(__name__)
_BATCH = 1000
#: Events that get their positions in one transaction, and how many such transactions make one call.
_NUMBERED = 1000
_ROUNDS = 20
_TRIES = 3
T = TypeVar("T")


def publish(connection: Connection, type_: str, at: datetime, payload: Mapping[str, Any]) -> None:
    """Append an event in the transaction of the fact it tells of.

    Args:
        connection: Inside a write.
        type_: What happened, like ``response.recorded``.
        at: When.
        payload: Row numbers and dimensions; no personal data.
    """
    rows.add_event(connection, type_, at, payload)


def number_events(store: Store) -> int:
    """Give positions to events committed since the last call and return how many."""
    if store.is_sqlite:
        return 0
    numbered = 0
    for _ in range(_ROUNDS):
        done = store.write(lambda connection: rows.number_events(connection, _NUMBERED))
        numbered += done
        if done < _NUMBERED:
            break
    return numbered


@dataclass(frozen=True)
class Follower(Generic[T]):
    """A subscriber of the core.

    Args:
        name: Under which its position is stored.
        types: Types of events it wants; none for all.
        work_out: Makes changes of a batch of events, on a connection for reading.
        apply: Stores them, on the connection that also stores the position.
    """

    name: str
    types: Sequence[str]
    work_out: Callable[[Connection, Sequence[AnyRow]], T]
    apply: Callable[[Connection, T], None]


def feed(store: Store, follower: Follower[T], now: datetime) -> int:
    """Hand a subscriber its next batch; changes and position commit together.

    What follows from the events is worked out beside the writing, and stored if nobody else has read them meanwhile.

    Args:
        store: Where the log is.
        follower: The subscriber.
        now: The present moment.

    Returns:
        How many events were handed over. A failing subscriber stays where it is, with its error noted.

    Raises:
        Unavailable: The database is locked or gone.
    """
    size = _BATCH
    while True:
        batch: list[AnyRow] = []
        row: AnyRow | None = None
        try:
            for _ in range(_TRIES):
                with store.read() as connection:
                    row = subscribers.one(connection, follower.name)
                    if rests(row, now):
                        return 0
                    batch, top = _next(connection, follower, row, size)
                    made = follower.work_out(connection, batch) if batch else None
                if top == _position(row) or _stored(store, follower, row, made, top, now):
                    return len(batch)
            return 0
        except Unavailable:
            raise
        except Exception as error:
            if len(batch) > 1:
                size = fewer(len(batch))
                continue
            log.exception("subscriber %s failed", follower.name)
            _note(store, follower.name, row, error, batch[0].position if batch else None, now)
            return 0


def _next(
    connection: Connection, follower: Follower[T], row: AnyRow | None, size: int
) -> tuple[list[AnyRow], int]:
    up_to = row.stuck_at if row is not None else None
    return rows.events_after(connection, _position(row), follower.types, size, up_to)


def _position(row: AnyRow | None) -> int:
    return row.position if row is not None else 0


def _stored(
    store: Store, follower: Follower[T], row: AnyRow | None, made: T | None, top: int, now: datetime
) -> bool:
    """Store what a batch came to; tell whether the subscriber still stood where that batch began."""

    def run(connection: Connection) -> bool:
        # Not on the subscriber's row alone: a new subscriber has none yet, and two processes would both begin.
        lock_keys(connection, [f"subscriber:{follower.name}"])
        found = subscribers.one(connection, follower.name, lock=True)
        if (_position(found), found and found.rounds) != (_position(row), row and row.rounds):
            return False
        if made is not None:
            follower.apply(connection, made)
        subscribers.move_to(connection, follower.name, top, now)
        return True

    return store.write(run)


def _note(
    store: Store, name: str, row: AnyRow | None, error: Exception, stuck_at: int | None, now: datetime
) -> None:
    failure = next_failure(row, type(error).__name__, now, stuck_at, SHORT_REST)
    store.write(lambda connection: subscribers.note_failure(connection, name, failure, now))
