"""Bring a database to the schema of this release, with Alembic and without an ini file.

Revisions only add. So a release can go on working on the schema of the next one, while that one's processes are started
beside it: each script names in ``works_with`` the oldest revision whose release can, and the database keeps that word.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from ..contract.errors import FeedbackhubError, Unavailable
from .queries import schema
from .store import Store, answering

__all__ = ["SchemaTooNew", "current", "head", "locked", "misfit", "upgrade"]

_LOCK = 0x_FEED_BAC
_SCRIPTS = "feedbackhub.store:migrations"
#: Seconds between tries when a table that is to be changed is in use; whoever waits for it makes all others wait.
_PAUSES = (1.0, 3.0, 10.0)


class SchemaTooNew(FeedbackhubError):
    """The database was made by a newer release of feedbackhub."""


def _config(connection: Connection | None = None, further: Sequence[Path] = ()) -> Config:
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    config.set_main_option("path_separator", "newline")
    folders = [f"{_SCRIPTS}/versions", *(str(each).replace("%", "%%") for each in further)]
    config.set_main_option("version_locations", "\n".join(folders))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the schema revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(store: Store) -> str:
    """Return the database's schema revision, empty for a new one."""
    with store.read() as connection:
        return _revision(connection)


def misfit(store: Store) -> str:
    """Return why this release cannot work with the database's schema, empty when it can.

    Raises:
        Unavailable: The database does not answer.
    """
    needed = head()
    with store.read() as connection:
        found = _revision(connection)
        if found == needed:
            return ""
        if not found:
            return "has no tables yet; run: feedbackhub migrate"
        known = _known(_config())
        if found in known:
            return f"has schema {found}, this release needs {needed}; run: feedbackhub migrate"
        if schema.works_with(connection, found) in known:
            return ""
    return f"has schema {found} of a newer release, which does not go with this one; install that release"


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _known(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def upgrade(store: Store, further: Sequence[Path] = ()) -> tuple[str, str]:
    """Bring the schema to the head, all or nothing, and return the revisions before and after.

    Args:
        store: The database.
        further: Folders with more revisions than this release has.

    Raises:
        SchemaTooNew: The database's revision is not known to this release; nothing was changed.
        Unavailable: The database is gone, or somebody else has held it for too long; nothing was changed.
    """
    for pause in _PAUSES:
        try:
            return _upgrade(store, further)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03":  # lock_not_available
                raise
        time.sleep(pause)
    raise Unavailable("a table to be changed is in use by a long transaction; nothing was changed, try again later")


def _upgrade(store: Store, further: Sequence[Path]) -> tuple[str, str]:
    with locked(store) as connection:
        before, config = _revision(connection), _config(connection, further)
        if before and before not in _known(config):
            raise SchemaTooNew(
                f"the database has schema {before}, which this release does not know; install the newer release "
                "(there is no way back to an older schema but a backup)"
            )
        command.upgrade(config, "head")
        scripts = ScriptDirectory.from_config(config)
        after = scripts.get_current_head() or ""
        schema.note(connection, after, scripts.get_revision(after).module.works_with)
        return before, after


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
            connection.execute(text("SET LOCAL lock_timeout = '3s'"))
        yield connection
