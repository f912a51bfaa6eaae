"""The store: one door for writing, plain connections for reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ..contract.errors import Unavailable
from .door import Door, PipelineDoor
from .glances import Glances, KeptGlances
from .group_commit import GroupCommitDoor
from .postgres import prepare_postgres
from .sqlite import prepare_sqlite

T = TypeVar("T")


class Store:
    """One database, SQLite or PostgreSQL.

    Args:
        url: SQLAlchemy address of the database.
        busy_seconds: How long a writer waits for a lock held by somebody else.
    """

    def __init__(self, url: str, busy_seconds: float = 5.0) -> None:
        self.url = make_url(url)
        self.engine = _engine(url, busy_seconds)
        self._glances = KeptGlances(self.engine) if self.is_sqlite else Glances(self.engine)
        self.door: Door = GroupCommitDoor(self.engine) if self.is_sqlite else PipelineDoor(self.engine)
        self._closed = False
        event.listen(self.engine, "checkin", self._came_back)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    def write(self, fn: Callable[[Connection], T]) -> T:
        """Run a function inside a transaction and return its result once that is durable.

        Args:
            fn: Core code only: no input or output, may run again.

        Raises:
            Unavailable: The database is locked or gone; nothing was written.
        """
        with answering():
            return self.door.write(fn)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading.

        Raises:
            Unavailable: The database is locked or gone.
        """
        with answering(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """Give a connection for a single question, which one statement answers: cheaper than `read`.

        Raises:
            Unavailable: The database is locked or gone.
        """
        with answering():
            connection, failed = self._glances.take(), True
            try:
                yield connection
                failed = False
            finally:
                self._glances.give_back(connection, failed)

    def close(self) -> None:
        """Finish what is being written and let go of all connections."""
        self.door.close()
        self._glances.close()
        self._closed = True
        self.engine.dispose()

    def _came_back(self, raw: Any, _record: object) -> None:
        """Close a connection that a thread was still using when the store was closed: no pool waits for it any more."""
        if self._closed and raw is not None:
            raw.close()


def _engine(url: str, busy_seconds: float) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            pool_size=16,
            max_overflow=48,  # the writer's, those that are kept for glances, and one for each who reads
            connect_args={"timeout": busy_seconds, "check_same_thread": False},
        )
        prepare_sqlite(engine)
        return engine
    engine = create_engine(
        url,
        pool_size=16,
        max_overflow=16,
        pool_timeout=busy_seconds,
        connect_args={"connect_timeout": max(2, int(busy_seconds)), "options": "-c lock_timeout=5000"},
    )
    prepare_postgres(engine)
    return engine


@contextmanager
def answering() -> Iterator[None]:
    """Raise `Unavailable` when the storage, not the request, is at fault.

    SQLite says DatabaseError itself of a damaged file, PostgreSQL InternalError of a server that has become read-only;
    the other kinds below DatabaseError speak of wrong values or statements and stay what they are.
    """
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
        raise Unavailable(_reason(error)) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        raise Unavailable(_reason(error)) from error


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"the database does not answer ({type(cause).__name__})"
