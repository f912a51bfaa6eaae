"""The write door: how a change becomes durable.

SQLite has one writer at a time, and several of them starve each other. So one thread does all the
writing: it takes what is waiting, runs each function in a SAVEPOINT of its own and commits once for
all of them. PostgreSQL takes each function in its caller's thread.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ..contract.errors import Unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")
_Job = tuple[Callable[[Connection], Any], "Future[Any]"]

_GROUP = 64
_WAITING = 2000
_PATIENCE = 30.0
_NESTED = "a write must not be started from inside a write"


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
            raise RuntimeError(_NESTED)
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


class GroupCommitDoor:
    """One writing thread; whatever waits is committed together with one fsync."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(begin="IMMEDIATE")
        self._jobs: queue.Queue[_Job | None] = queue.Queue(maxsize=_WAITING)
        self._lock = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._groups = self._writes = 0

    @property
    def load(self) -> Load:
        """What waits, and what was committed together since the door was opened."""
        return Load(self._jobs.qsize(), self._groups, self._writes)

    def write(self, fn: Callable[[Connection], T]) -> T:
        """Run a function on the writing thread and return its result once it is durable."""
        if threading.current_thread() is self._thread:
            raise RuntimeError(_NESTED)
        done: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise Unavailable("the store is closed")
            self._start()
            try:
                self._jobs.put_nowait((fn, done))
            except queue.Full:
                raise Unavailable("too many writes are waiting") from None
        try:
            return done.result(timeout=_PATIENCE)
        except TimeoutError:
            if done.cancel():
                raise Unavailable("the database is busy") from None
            return done.result()

    def close(self) -> None:
        """Finish what was accepted, then end the thread."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._jobs.put(None)
            thread.join()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="feedbackhub-writer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            group, last = self._waiting()
            if group:
                self._commit(group)
            if last:
                return

    def _waiting(self) -> tuple[list[_Job], bool]:
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            if job[1].set_running_or_notify_cancel():
                group.append(job)
            if len(group) >= _GROUP:
                return group, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, group: list[_Job]) -> None:
        """Commit a group; when the commit itself fails, none of it was written and all are told so."""
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._engine.connect() as connection, connection.begin():
                for fn, done in group:
                    outcomes.append(self._attempt(connection, fn, done))
        except BaseException as error:  # every waiting caller must hear of it, whatever it is
            self._let_go()
            for _, done in group:
                done.set_exception(error)
            return
        self._groups += 1
        self._writes += len(group)
        for done, result, failure in outcomes:
            if failure is None:
                done.set_result(result)
            else:
                done.set_exception(failure)

    def _let_go(self) -> None:
        """Drop all connections, so that the next group begins with a new one."""
        try:
            self._engine.dispose()
        except Exception:
            log.exception("the connections to the database could not be closed")

    @staticmethod
    def _attempt(
        connection: Connection, fn: Callable[[Connection], Any], done: Future[Any]
    ) -> tuple[Future[Any], Any, BaseException | None]:
        savepoint = connection.begin_nested()
        try:
            result = fn(connection)
            savepoint.commit()
        except Exception as error:  # handed to its caller; the rest of the group goes on
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            savepoint.rollback()
            return done, None, error
        return done, result, None
