"""`feedbackhub keys`."""

from __future__ import annotations

import click

from ..machinery.clock import SystemClock
from ..office.keys import HELPDESK, SCOPES, create_key, list_keys, revoke_key, scopes_of
from .instance import ACTOR, opened_core, opened_store
from .listing import Listing, examples
from .output import moment, show_table
from .where import Where


@click.group(cls=Listing, epilog=examples(
    "keys create helpdesk",
    "keys create warehouse --scope responses:read --scope contacts:read",
    "keys revoke helpdesk",
))
def keys() -> None:
    """What lets other systems use the API."""


@keys.command("list")
@click.pass_obj
def show(where: Where) -> None:
    """List all keys, revoked ones included."""
    with opened_store(where) as (_, store):
        rows = [
            (key.name, key.public_id, "revoked" if key.revoked_at else "in force", moment(key.last_used_at),
             " ".join(key.scopes))
            for key in list_keys(store)
        ]  # fmt: skip
    show_table(("name", "id", "state", "last used", "scopes"), rows, "No keys yet; feedbackhub keys create NAME")


@keys.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, metavar="SCOPE",
    help=f"What it may do; give several. Left out: hand in contacts and read the card. One of: {', '.join(SCOPES)}; "
         "x:PLUGIN:read and x:PLUGIN:write for what a plugin brings.",
)  # fmt: skip
@click.option("--all-scopes", is_flag=True, help="Allow everything.")
@click.pass_obj
def create(where: Where, name: str, scopes: tuple[str, ...], all_scopes: bool) -> None:
    """Make a key and show it, this once."""
    with opened_core(where) as core:
        known = scopes_of(core.plugins)
        wanted = known if all_scopes else scopes or HELPDESK
        key, secret = create_key(core.store, core.clock, name, wanted, ACTOR, known)
    click.echo(f"{key.name} may: {', '.join(key.scopes)}.", err=True)
    click.echo("The key, shown only now:", err=True)
    click.echo(secret)


@keys.command()
@click.argument("name")
@click.pass_obj
def revoke(where: Where, name: str) -> None:
    """Refuse a key from now on, by its name or id."""
    with opened_store(where) as (_, store):
        revoke_key(store, SystemClock(), name, ACTOR)
    click.echo(f"{name} is refused from now on.")
