"""`feedbackhub plugins purge` and `migration`: what plugins have put into the instance."""

from __future__ import annotations

import click

from ..contract.errors import NotFound
from ..loop.opening import open_core
from ..machinery.clock import SystemClock
from ..machinery.plugin_checks import NAME
from ..office.plugin_purge import holdings, purge_plugin
from ..store.plugin_migrate import new_revision
from .instance import ACTOR, opened_store
from .where import Where

__all__ = ["migration", "purge"]


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@click.pass_obj
def purge(where: Where, name: str, yes: bool) -> None:
    """Remove everything that the plugin NAME has put into the instance, whether it is still installed or not.

    Its tables, its place in the event log, its tasks and letters, and its folder go; a plugin that still works begins
    anew with the next `feedbackhub migrate`.
    """
    if not NAME.fullmatch(name):
        raise NotFound(f"there is nothing of a plugin named {name}")
    with opened_store(where) as (settings, store):
        found = holdings(store, settings.data_dir, name)
        if not found:
            raise NotFound(f"there is nothing of a plugin named {name}")
        for table in found.tables:
            click.echo(f"table {table}")
        if found.folder is not None:
            click.echo(f"folder {found.folder}")
        click.echo(f"{found.tasks} tasks, {found.subscribers} places in the event log")
        if not yes:
            click.confirm("Remove all of it for good?", abort=True)
        purge_plugin(store, settings.data_dir, name, ACTOR, SystemClock().now())
    click.echo(f"Nothing of {name} is left.")


@click.command()
@click.argument("name")
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
@click.pass_obj
def migration(where: Where, name: str, message: str) -> None:
    """Write a migration of the plugin NAME: from the database as it is to the tables as they are declared.

    Look it over before you ship it. It is applied by `feedbackhub migrate`.
    """
    with opened_store(where) as (settings, _):
        core = open_core(settings)
    try:
        tables = dict(core.plugins.each("feedbackhub_tables")).get(name)
        if tables is None:
            state = core.plugins.state(name)
            why = f"{name} is {state.state}: {state.reason}" if state and state.reason else f"{name} brings no tables"
            raise NotFound(why)
        path = new_revision(core.store, name, tables, message)
    finally:
        core.close()
    click.echo(f"Wrote {path}. Apply it with: feedbackhub migrate" if path else "Nothing has changed.")
