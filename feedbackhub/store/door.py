"""The write door: how a change becomes durable.

PostgreSQL takes each function in its caller's thread; SQLite's door is in `group_commit`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from .later import StaleConnection, keeping_back

__all__ = ["NESTED", "Door", "Load", "PipelineDoor", "TransactionDoor"]

T = TypeVar("T")

NESTED = "a write must not be started from inside a write"


@dataclass(frozen=True, slots=True)
class Load:
    """What a door has to do.

    Args:
        waiting: Writes that wait for their turn.
        groups: How many commits of writes there were since it was opened.
        writes: How many writes were in them.
    """

    waiting: int = 0
    groups: int = 0
    writes: int = 0


class Door(Protocol):
    """Makes changes durable."""

    @property
    def load(self) -> Load:
        """What there is to do and was done; nothing where each caller commits for itself."""
        ...

    def write(self, fn: Callable[[Connection], T]) -> T:
        """Run a function in a transaction, commit, and return its result."""
        ...

    def close(self) -> None:
        """Finish what was accepted."""
        ...


class TransactionDoor:
    """One transaction for each call, in the caller's thread; run again when another one was in its way."""

    _TRIES = 4
    #: Serialisation failure, deadlock, and a unique value that somebody else has just inserted: the function looks
    #: before it inserts, so the next run finds that row.
    _IN_THE_WAY = ("40001", "40P01", "23505")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._inside = threading.local()

    def write(self, fn: Callable[[Connection], T]) -> T:
        """Run a function in a transaction, commit, and return its result."""
        if getattr(self._inside, "writing", False):
            raise RuntimeError(NESTED)
        self._inside.writing = True
        try:
            return self._tried(fn)
        finally:
            self._inside.writing = False

    def _tried(self, fn: Callable[[Connection], T]) -> T:
        for _ in range(self._TRIES - 1):
            try:
                return self._once(fn)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in self._IN_THE_WAY:
                    raise
        return self._once(fn)

    def _once(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return fn(connection)

    @property
    def load(self) -> Load:
        """Nothing: nobody waits here for others."""
        return Load()

    def close(self) -> None:
        """Nothing is kept open."""


class PipelineDoor(TransactionDoor):
    """PostgreSQL's door: what a write changes travels in one go, with BEGIN in front of it and COMMIT behind.

    A connection that was dead before it was used is no reason to give up: the write runs again on another one. When
    it dies during the commit, nobody knows what has become of the write, and the caller is told so.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.execution_options(isolation_level="AUTOCOMMIT"))

    def _once(self, fn: Callable[[Connection], T]) -> T:
        try:
            return self._run(fn)
        except StaleConnection:
            try:
                return self._run(fn)
            except StaleConnection as stale:
                raise stale.error from stale

    def _run(self, fn: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection, connection.begin(), keeping_back(connection) as later:
            result = fn(connection)
            later.commit()
            return result
