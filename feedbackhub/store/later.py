"""Statements that nobody waits for: on PostgreSQL they travel together, in as few round trips as there are questions.

A round trip costs more than most statements. So within a write, what only changes something is kept back until
something is asked or the write ends, and then sent in one go, with BEGIN before the first and COMMIT behind the last.
The order is kept, so everything a question should see has been done before it is answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

__all__ = ["Later", "StaleConnection", "keeping_back", "kept_back", "send_before_others"]

KEY = "feedbackhub.later"
#: The text of a statement, its parameters, and whether there are many sets of them.
Said = tuple[str, Any, bool]
BEGIN: Said = ("BEGIN", None, False)
COMMIT: Said = ("COMMIT", None, False)


class StaleConnection(Exception):
    """A connection was dead before anything was said on it; nothing was done.

    Args:
        error: What showed it.
    """

    def __init__(self, error: DBAPIError) -> None:
        super().__init__("the connection was dead")
        self.error = error


class Later:
    """What a connection has to say before anything else.

    Args:
        connection: A connection of psycopg's in autocommit, for BEGIN and COMMIT are statements among the others.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[Said] = [BEGIN]
        self._heard = False

    def add(self, sql: str, values: Any, many: bool = False) -> None:
        """Keep a statement back."""
        self._waiting.append((sql, values, many))

    def send(self) -> None:
        """Say everything that was kept back.

        Raises:
            DBAPIError: The database refused it.
            StaleConnection: It is the first that was said, and nobody heard it.
        """
        if self._waiting:
            self._say()

    def ask(self, sql: str, values: Any) -> Any:
        """Say everything that was kept back and then this; return the cursor with its answer, errors as in `send`."""
        return self._say((sql, values, False))

    def commit(self) -> None:
        """Say everything that was kept back and commit it.

        Raises:
            DBAPIError: The database refused it; or it was lost, and nobody knows whether before or after the commit.
        """
        if not self._heard and self._waiting == [BEGIN]:
            return
        said = self._say(COMMIT).statusmessage
        if said != "COMMIT":
            raise RuntimeError(f"the database answered {said} to COMMIT: an error was kept quiet about")

    def _say(self, *more: Said) -> Any:
        statements, self._waiting = [*self._waiting, *more], []
        dialect, raw = self._connection.dialect, self._connection.connection.dbapi_connection
        try:
            cursor = _sent(raw, statements)
        except dialect.loaded_dbapi.Error as error:
            gone = dialect.is_disconnect(error, raw, None)
            if gone:
                self._connection.invalidate(error)
            found = _as_sqlalchemys(error, dialect, gone)
            if gone and not self._heard and COMMIT not in more:
                raise StaleConnection(found) from error
            raise found from error
        self._heard = True
        return cursor


def _sent(raw: Any, statements: Sequence[Said]) -> Any:
    if len(statements) == 1:  # a pipeline for one costs more than the statement
        return _run(raw, *statements[0])
    cursor = None
    with raw.pipeline():
        for sql, values, many in statements:
            cursor = _run(raw, sql, values, many)
    return cursor


def _run(raw: Any, sql: str, values: Any, many: bool) -> Any:
    cursor = raw.cursor()
    if many:
        cursor.executemany(sql, values)
    else:
        cursor.execute(sql, values)
    return cursor


def _as_sqlalchemys(error: Exception, dialect: Dialect, gone: bool) -> DBAPIError:
    # Without statement and values, which may be personal.
    known = dialect.loaded_dbapi.Error
    found = DBAPIError.instance(None, None, error, known, connection_invalidated=gone, dialect=dialect)
    assert isinstance(found, DBAPIError)
    return found


@contextmanager
def keeping_back(connection: Connection) -> Iterator[Later]:
    """Keep back what nobody waits for until the block ends."""
    kept = connection.info  # of this very connection, whatever becomes of it
    later = kept[KEY] = Later(connection)
    try:
        yield later
    finally:
        kept.pop(KEY, None)


def kept_back(connection: Connection) -> Later | None:
    """Return what a connection has kept back, None where every statement is run at once."""
    found = connection.info.get(KEY)
    return found if isinstance(found, Later) else None


def send_before_others(engine: Engine) -> None:
    """See to it that statements which SQLAlchemy runs itself find everything done that came before them."""

    @event.listens_for(engine, "before_cursor_execute")
    def _before(connection: Connection, cursor: Any, *_: Any) -> None:
        later = kept_back(connection) if cursor is not None else None  # prepared ones say themselves when they are due
        if later is not None:
            later.send()
