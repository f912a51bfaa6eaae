"""SQLite's write door: one thread does all the writing and commits what waits together, with one fsync.

SQLite has one writer at a time, and several of them starve each other. Each function runs in a SAVEPOINT of its own,
so that one that fails takes nobody with it. Nobody is told of success before the commit; and when the database itself
fails, everybody in the group is told so and the connection is not used again, for nobody knows what it has done.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ..contract.errors import Unavailable
from .door import NESTED, Load
from .sqlite import is_moved

__all__ = ["GroupCommitDoor"]

log = logging.getLogger(__name__)
T = TypeVar("T")

_GROUP = 64
_WAITING = 2000
_PATIENCE = 30.0
#: Errors of a statement or its values, after which the transaction is as it was.
_HARMLESS = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG)


class _Job(Generic[T]):
    """One function on its way; lighter than a Future of the library, which costs more than a SAVEPOINT."""

    __slots__ = ("_done", "_taken", "error", "fn", "result")

    def __init__(self, fn: Callable[[Connection], T]) -> None:
        self.fn = fn
        self.result: T | None = None
        self.error: BaseException | None = None
        self._taken, self._done = threading.Lock(), threading.Lock()
        self._done.acquire()

    def take(self) -> bool:
        """Tell whether it is the caller's to begin or to give up, which it is for the first who asks."""
        return self._taken.acquire(blocking=False)

    def tell(self) -> None:
        """Wake who waits for it."""
        self._done.release()

    def outcome(self, seconds: float) -> T:
        """Return the function's result once it is durable; raises what it raised, or Unavailable."""
        if not self._done.acquire(timeout=seconds):
            if self.take():
                raise Unavailable("the database is busy")
            self._done.acquire()  # it has begun, and is told of in any case
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]


class GroupCommitDoor:
    """One writing thread; whatever waits is committed together with one fsync."""

    def __init__(self, engine: Engine) -> None:
        self._writer = _Writer(engine)
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
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
            raise RuntimeError(NESTED)
        job = _Job(fn)
        with self._lock:
            if self._closed:
                raise Unavailable("the store is closed")
            if self._jobs.qsize() >= _WAITING:
                raise Unavailable("too many writes are waiting")
            self._start()
            self._jobs.put(job)
        return job.outcome(_PATIENCE)

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
                self._writer.drop()
                return

    def _waiting(self) -> tuple[list[_Job[Any]], bool]:
        group: list[_Job[Any]] = []
        job = self._jobs.get()
        while job is not None:
            if job.take():
                group.append(job)
            if len(group) >= _GROUP:
                return group, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, group: list[_Job[Any]]) -> None:
        """Commit a group; when the commit itself fails, none of it was written and all are told so."""
        try:
            self._writer.write(group)
            self._groups += 1
            self._writes += len(group)
        except BaseException as error:  # every waiting caller must hear of it, whatever it is
            self._writer.drop()
            for job in group:
                job.error = error
        for job in group:
            job.tell()


class _Writer:
    """The writing thread's connection, kept open as long as it is in order."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(begin="")  # by ourselves, without SQLAlchemy's cost
        self._kept: Connection | None = None

    def write(self, group: list[_Job[Any]]) -> None:
        """Run functions and commit what they did; raises what makes it unknown whether they did."""
        connection = self._connection()
        raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        with connection.begin() as transaction:
            _say(connection, raw, "BEGIN IMMEDIATE")
            if len(group) == 1:
                self._run_alone(connection, raw, group[0])
            else:
                for job in group:
                    self._run_among_others(connection, raw, job)
            if raw.in_transaction:
                transaction.commit()
            elif len(group) > 1 or group[0].error is None:
                # SQLite takes a transaction back by itself when the disk fails, whoever has kept quiet about that.
                raise _as_sqlalchemys(sqlite3.OperationalError("the transaction is gone"), connection)

    def _run_alone(self, connection: Connection, raw: sqlite3.Connection, job: _Job[Any]) -> None:
        try:
            job.result = job.fn(connection)
        except Exception as error:
            _require_harmless(error, raw)
            raw.rollback()
            job.error = error

    def _run_among_others(self, connection: Connection, raw: sqlite3.Connection, job: _Job[Any]) -> None:
        _say(connection, raw, "SAVEPOINT member")
        try:
            job.result = job.fn(connection)
        except Exception as error:  # handed to its caller; the rest of the group goes on
            _require_harmless(error, raw)
            _say(connection, raw, "ROLLBACK TO member")
            job.error = error
        _say(connection, raw, "RELEASE member")

    def _connection(self) -> Connection:
        kept = self._kept
        if kept is not None and is_moved(kept):
            self.drop()
            kept = None
        if kept is None:
            kept = self._kept = self._engine.connect()
        return kept

    def drop(self) -> None:
        """Let go of all connections, so that the next group begins with a new one."""
        kept, self._kept = self._kept, None
        try:
            if kept is not None:
                kept.invalidate()
                kept.close()
            self._engine.dispose()
        except Exception:
            log.exception("the connections to the database could not be closed")


def _say(connection: Connection, raw: sqlite3.Connection, statement: str) -> None:
    try:
        raw.execute(statement)
    except sqlite3.Error as error:
        raise _as_sqlalchemys(error, connection) from error


def _as_sqlalchemys(error: sqlite3.Error, connection: Connection) -> DBAPIError:
    found = DBAPIError.instance(None, None, error, sqlite3.Error, dialect=connection.dialect)
    assert isinstance(found, DBAPIError)
    return found


def _require_harmless(error: Exception, raw: sqlite3.Connection) -> None:
    """Raise an error again after which nobody can tell what this connection has done."""
    if not raw.in_transaction:
        raise error
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)  # the driver's own complaints have none
        if error.connection_invalidated or (code is not None and code & 0xFF not in _HARMLESS):
            raise error
