"""Plugins' own tables: for each plugin an Alembic tree and a version table of its own.

One shared tree would break everybody's upgrade when a plugin is missing. A plugin's scripts run in one transaction: a
failing one leaves its tables as they were, and concerns nobody else.
"""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, inspect

from ..columns import Moment
from ..contract.errors import FeedbackhubError
from ..contract.scalars import as_line
from ..contract.work import Tables
from .migrate import locked
from .queries import own_schema
from .store import Store

__all__ = ["OwnTablesError", "drop_own", "fits", "new_revision", "upgrade_own", "version_table"]


class OwnTablesError(FeedbackhubError):
    """A plugin's own tables cannot be brought up to date; the text says why."""


def version_table(plugin: str) -> str:
    """Return the name of the table that holds the revision of a plugin's own tables."""
    return f"{_prefix(plugin)}version"


def _prefix(plugin: str) -> str:
    return f"plugin_{plugin.replace('-', '_')}_"


def upgrade_own(store: Store, plugin: str, tables: Tables, now: datetime) -> tuple[str, str]:
    """Bring a plugin's tables to the newest of its revisions and return the revisions before and after.

    Raises:
        OwnTablesError: A script fails, makes a table of another name, or the database knows a newer revision.
        Unavailable: The database is gone, or somebody else has held it for too long.
    """
    with locked(store) as connection:
        scripts = ScriptDirectory.from_config(_config(tables))
        newest = _head(scripts)
        before = _revision(connection, plugin)
        if before and before not in {script.revision for script in scripts.walk_revisions()}:
            raise OwnTablesError(f"its tables have revision {before}, unknown to it; install its newer version")
        found = set(inspect(connection).get_table_names())
        if before != newest:
            _run(connection, plugin, tables)
        own = _own_names(connection, plugin, found, tables)
        oldest = getattr(scripts.get_revision(newest).module, "works_with", None)
        own_schema.keep(connection, plugin, sorted(own), oldest, now)
        return before, newest


def _head(scripts: ScriptDirectory) -> str:
    try:
        head = scripts.get_current_head()
    except CommandError as error:
        raise OwnTablesError(f"its migrations have no single newest one: {error}") from None
    if head is None:
        raise OwnTablesError("its tables have no migrations yet; write the first: feedbackhub plugins migration")
    return head


def _run(connection: Connection, plugin: str, tables: Tables) -> None:
    try:
        command.upgrade(_config(tables, connection, plugin), "head")
    except (Exception, SystemExit) as error:  # whatever a script raises, it is the plugin's
        text = as_line(str(error), 300)
        raise OwnTablesError(f"its migration failed: {type(error).__name__}: {text}") from error


def _own_names(connection: Connection, plugin: str, before: set[str], tables: Tables) -> set[str]:
    """Return the plugin's tables, and refuse what is not its own."""
    after = set(inspect(connection).get_table_names())
    owners = own_schema.owners(connection)
    foreign = {name for name in before - after if owners.get(name) != plugin}
    foreign |= {name for name in after - before if not name.startswith(_prefix(plugin))}
    if foreign:
        raise OwnTablesError(f"its migration makes or removes {', '.join(sorted(foreign))}, which is not its own")
    own = {name for name, owner in owners.items() if owner == plugin} | (after - before) | set(tables.metadata.tables)
    own = (own | {version_table(plugin)}) & after
    shared = {name: owner for name, owner in owners.items() if name in own and owner != plugin}
    for name, owner in sorted(shared.items()):
        raise OwnTablesError(f"its table {name} belongs to the plugin {owner}")
    missing = sorted(set(tables.metadata.tables) - after)
    if missing:
        names = ", ".join(missing)
        raise OwnTablesError(f"none of its migrations makes {names}; write one: feedbackhub plugins migration")
    return own


def fits(store: Store, plugin: str, tables: Tables) -> bool:
    """Tell whether a plugin can work with its tables: they have its newest revision, or one that goes with it."""
    scripts = ScriptDirectory.from_config(_config(tables))
    try:
        newest = _head(scripts)
    except OwnTablesError:
        return False
    known = {script.revision for script in scripts.walk_revisions()}
    with store.read() as connection:
        found = _revision(connection, plugin)
        return found == newest or (found not in known and own_schema.works_with(connection, plugin) in known)


def new_revision(store: Store, plugin: str, tables: Tables, message: str) -> Path | None:
    """Write a migration from the database as it is to the plugin's tables as they are declared.

    Returns:
        The file, None when nothing has changed.

    Raises:
        OwnTablesError: The database does not have the newest revision yet.
    """
    versions = tables.migrations / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    scripts = ScriptDirectory.from_config(_config(tables))
    newest = scripts.get_current_head() or ""
    wanted = True

    def look(_context: Any, _revision: Any, directives: list[Any]) -> None:
        nonlocal wanted
        if directives[0].upgrade_ops.is_empty():
            wanted = False
            directives.clear()

    with locked(store) as connection:
        if _revision(connection, plugin) != newest:
            raise OwnTablesError("the database does not have its newest revision yet; run: feedbackhub migrate")
        config = _config(tables, connection, plugin)
        config.attributes["options"]["process_revision_directives"] = look
        number = f"{len(list(scripts.walk_revisions())) + 1:04d}"
        made = command.revision(config, message, autogenerate=True, rev_id=number)
    return Path(made.path) if wanted and made is not None and not isinstance(made, list) else None


def drop_own(connection: Connection, plugin: str) -> list[str]:
    """Remove a plugin's tables, its version table included, and return their names."""
    present = set(inspect(connection).get_table_names())
    names = [name for name in own_schema.tables_of(connection, plugin) if name in present]
    found = MetaData()
    found.reflect(connection, only=names)
    found.drop_all(connection, tables=[found.tables[name] for name in names])
    own_schema.forget(connection, plugin)
    return names


def _revision(connection: Connection, plugin: str) -> str:
    context = MigrationContext.configure(connection, opts={"version_table": version_table(plugin)})
    return context.get_current_revision() or ""


def _config(tables: Tables, connection: Connection | None = None, plugin: str = "") -> Config:
    config = Config(cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", "feedbackhub.store:own_migrations")
    config.set_main_option("version_locations", str(tables.migrations / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["options"] = {
        "target_metadata": tables.metadata,
        "version_table": version_table(plugin),
        "include_name": lambda name, kind, _: kind != "table" or _is_own(plugin, name),
        "render_item": _render,
        "render_as_batch": True,
        "transactional_ddl": True,
        "compare_type": True,
    }
    return config


def _is_own(plugin: str, name: str | None) -> bool:
    return name is not None and name.startswith(_prefix(plugin)) and name != version_table(plugin)


def _render(kind: str, item: Any, context: Any) -> str | bool:
    if kind == "type" and isinstance(item, Moment):
        context.imports.add("from feedbackhub.columns import Moment")
        return "Moment()"
    return False
