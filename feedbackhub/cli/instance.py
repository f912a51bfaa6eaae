"""Opening the instance that a command is about, or saying what is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..contract.errors import FeedbackhubError
from ..loop.core import Core
from ..loop.opening import open_core
from ..loop.own_schemas import require_own_tables
from ..machinery.keyfile import KEY_FILE
from ..machinery.settings import Settings
from ..machinery.settings_load import load_settings
from ..store import migrate
from ..store.store import Store
from .where import Where

__all__ = ["ACTOR", "NotReady", "opened_core", "opened_store", "settings_of", "welcome_address"]

#: Who acts, for the audit log.
ACTOR = "cli"


class NotReady(FeedbackhubError):
    """The instance lacks something; the text names the command that brings it."""


def settings_of(where: Where) -> Settings:
    """Return the instance's settings.

    Raises:
        SettingsError: They cannot be used.
        NotReady: No instance was set up with them.
    """
    settings = load_settings(where.config, os.environ)
    key = settings.data_dir / KEY_FILE
    if not key.exists():
        if (settings.data_dir / "feedbackhub.db").exists():
            raise NotReady(f"{key} is missing: put your copy of it back, since links already sent depend on it")
        begin = "feedbackhub init --keep-settings" if settings.path.exists() else "feedbackhub init"
        raise NotReady(f"there is no instance in {settings.data_dir}; `{begin}` makes one, --config FILE names another")
    return settings


@contextmanager
def opened_store(where: Where) -> Iterator[tuple[Settings, Store]]:
    """Give settings and database, for a command that needs no plugins.

    Raises:
        NotReady: The instance or its tables are missing, or the tables are older than this release.
        Unavailable: The database does not answer.
    """
    settings = settings_of(where)
    store = Store(settings.database_url)
    try:
        _require_schema(store)
        yield settings, store
    finally:
        store.close()


@contextmanager
def opened_core(where: Where) -> Iterator[Core]:
    """Give the whole instance, its plugins included.

    Raises:
        NotReady: The instance or its tables are missing, or the tables are older than this release.
        Unavailable: The database does not answer.
    """
    with opened_store(where) as (settings, _):
        core = open_core(settings)
    try:
        require_own_tables(core)
        yield core
    finally:
        core.close()


def _require_schema(store: Store) -> None:
    wrong = migrate.misfit(store)
    if wrong:
        raise NotReady(f"the database {wrong}")


def welcome_address(settings: Settings, secret: str) -> str:
    """Return where the holder of a one-time secret sets a password."""
    return f"{settings.public_url}/welcome/{secret}"
