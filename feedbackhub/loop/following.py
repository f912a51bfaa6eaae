"""Following: the core's own subscribers read the event log, each batch stored together with its position."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import Connection

from ..contract.errors import Unavailable
from ..store.queries import log as rows
from ..store.queries import subscribers
from ..store.queries.locks import lock_keys
from ..store.store import Store
from ..store.types import AnyRow
from .standing import SHORT_REST, fewer, next_failure, rests

__all__ = ["Follower", "feed"]

log = logging.getLogger(__name__)
#: Events in a batch: larger ones cost less for each event, but let others that write wait longer.
_BATCH = 1000
_LARGE = 2000
#: From how many events on the large batches are taken.
_FAR = 10_000
_TRIES = 3
T = TypeVar("T")


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
        How many events were handed over. A failing subscriber stays before the event that it fails at, with its error
        noted, and rests for a while.

    Raises:
        Unavailable: The database is locked or gone.
    """
    step = _Step(store, follower, now)
    while True:
        try:
            return step.take()
        except Unavailable:
            raise
        except Exception as error:
            if not step.shorten():
                log.exception("subscriber %s failed", follower.name)
                step.note(error)
                return 0


class _Step(Generic[T]):
    """One step of a subscriber through the log."""

    def __init__(self, store: Store, follower: Follower[T], now: datetime) -> None:
        self._store, self._follower, self._now = store, follower, now
        self._size = 0
        self._row: AnyRow | None = None
        self._batch: Sequence[AnyRow] = ()

    @property
    def _position(self) -> int:
        return self._row.position if self._row is not None else 0

    def take(self) -> int:
        """Hand the next events over, store what they come to, and return how many they were."""
        for _ in range(_TRIES):
            self._batch = ()
            with self._store.read() as connection:
                self._row = subscribers.one(connection, self._follower.name)
                if rests(self._row, self._now):
                    return 0
                self._batch, top = self._next(connection)
                made = self._follower.work_out(connection, self._batch) if self._batch else None
            if top == self._position or self._put(made, top):
                return len(self._batch)
        return 0

    def _next(self, connection: Connection) -> tuple[list[AnyRow], int]:
        position, top = self._position, rows.last_position(connection)
        size = self._size or (_LARGE if top - position >= _FAR else _BATCH)
        up_to = self._row.stuck_at if self._row is not None else None
        return rows.events_after(connection, position, self._follower.types, size, up_to, rows.BRIEF, top)

    def _put(self, made: T | None, top: int) -> bool:
        """Store what a batch came to; tell whether the subscriber still stood where that batch began."""
        follower, before = self._follower, _standing(self._row)

        def run(connection: Connection) -> bool:
            # Not on the subscriber's row alone: a new subscriber has none yet, and two processes would both begin.
            lock_keys(connection, [f"subscriber:{follower.name}"])
            if _standing(subscribers.one(connection, follower.name, lock=True)) != before:
                return False
            if made is not None:
                follower.apply(connection, made)
            subscribers.move_to(connection, follower.name, top, self._now)
            return True

        return self._store.write(run)

    def shorten(self) -> bool:
        """Take fewer events the next time, to find the one that fails; tell whether there are fewer."""
        if len(self._batch) <= 1:
            return False
        self._size = fewer(len(self._batch))
        return True

    def note(self, error: Exception) -> None:
        """Store what stopped the subscriber, and at which event."""
        stuck_at = self._batch[0].position if self._batch else None
        failure = next_failure(self._row, type(error).__name__, self._now, stuck_at, SHORT_REST)
        name = self._follower.name
        self._store.write(lambda connection: subscribers.note_failure(connection, name, failure, self._now))


def _standing(row: AnyRow | None) -> tuple[int, int]:
    return (row.position, row.rounds) if row is not None else (0, 0)
