"""Bring a database to the schema of this release, with Alembic and without an ini file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from ..contract.errors import FeedbackhubError
from .store import Store, answering

_LOCK = 0x_FEED_BAC


class SchemaTooNew(FeedbackhubError):
    """The database was made by a newer release of feedbackhub."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "feedbackhub.store:migrations")
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the schema revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(store: Store) -> str:
    """Return the database's schema revision, empty for a new one."""
    with store.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(store: Store) -> tuple[str, str]:
    """Bring the schema to the head and return the revisions before and after.

    Raises:
        SchemaTooNew: The database's revision is not known to this release.
        Unavailable: The database is gone, or somebody else has held it for too long.
    """
    with locked(store) as connection:
        before = MigrationContext.configure(connection).get_current_revision() or ""
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if before and before not in known:
            raise SchemaTooNew(
                f"the database has schema {before}, which this release does not know; install the newer release"
            )
        command.upgrade(_config(connection), "head")
        return before, head()


@contextmanager
def locked(store: Store) -> Iterator[Connection]:
    """Give a connection in a transaction during which nobody else upgrades.

    Raises:
        Unavailable: The database is gone, or somebody else has held it for too long.
    """
    with ExitStack() as stack:
        with answering():
            connection = stack.enter_context(_locked(store))
        yield connection


@contextmanager
def _locked(store: Store) -> Iterator[Connection]:
    engine = store.engine.execution_options(begin="IMMEDIATE") if store.is_sqlite else store.engine
    with engine.begin() as connection:
        if not store.is_sqlite:
            connection.execute(text("SET LOCAL lock_timeout = '120s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield connection
