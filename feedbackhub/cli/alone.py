"""SQLite takes one serving process: a lock on a file says which, and who else comes is told what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url

from ..contract.errors import FeedbackhubError
from ..loop.core import Core
from ..machinery.one_at_a_time import TakenAlready, held
from ..machinery.settings import Settings

__all__ = ["LOCK_FILE", "AlreadyServing", "alone", "require_postgres"]

LOCK_FILE = "serve.lock"


class AlreadyServing(FeedbackhubError):
    """SQLite has one serving process; the text says what to do for several."""


@contextmanager
def alone(core: Core) -> Iterator[None]:
    """Keep other serving processes away from a SQLite database; on PostgreSQL there may be many.

    Raises:
        AlreadyServing: Another process serves it.
    """
    if not core.store.is_sqlite:
        yield
        return
    try:
        with held(core.settings.data_dir / LOCK_FILE):
            yield
    except TakenAlready as taken:
        raise AlreadyServing(
            f"process {taken.holder} serves this instance already, and SQLite takes only one; "
            "for several, set database to a PostgreSQL address"
        ) from None


def require_postgres(settings: Settings, what: str) -> None:
    """Refuse what needs several processes on a database that takes one.

    Args:
        settings: The instance's.
        what: What was to be started.

    Raises:
        AlreadyServing: The database is SQLite.
    """
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        raise AlreadyServing(
            f"{what} works beside `feedbackhub serve`, and SQLite takes only one process, which sends, too; "
            "for several, set database to a PostgreSQL address"
        )
