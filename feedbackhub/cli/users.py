"""`feedbackhub users`."""

from __future__ import annotations

import click

from ..machinery.clock import SystemClock
from ..machinery.settings import Settings
from ..office.agents import connect_agent
from ..office.users import (
    ROLES,
    SECRET_DAYS,
    change_role,
    invite_user,
    list_users,
    reset_user,
    restore_user,
    revoke_user,
    user_by_email,
)
from .instance import ACTOR, opened_store, welcome_address
from .listing import Listing, examples
from .output import show_table
from .where import Where


@click.group(cls=Listing, epilog=examples(
    "users invite bo@example.com --role manager",
    "users connect bo@example.com zendesk 7",
    "users reset bo@example.com",
))
def users() -> None:
    """Who may enter the staff area."""


@users.command("list")
@click.pass_obj
def show(where: Where) -> None:
    """List everybody, revoked ones included."""
    with opened_store(where) as (_, store):
        rows = [(user.email, user.name, user.role, user.state) for user in list_users(store)]
    show_table(("e-mail", "name", "role", "state"), rows, "Nobody yet; feedbackhub users invite EMAIL --role admin")


@users.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True, help="What they may do.")
@click.option("--name", default="", help="Name that others see.")
@click.pass_obj
def invite(where: Where, email: str, role: str, name: str) -> None:
    """Let somebody in: prints a one-time address to hand to them."""
    with opened_store(where) as (settings, store):
        user, secret = invite_user(store, SystemClock(), email, name, role, ACTOR)
        _show_address(settings, user.email, secret)


@users.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@click.pass_obj
def role(where: Where, email: str, role: str) -> None:
    """Give somebody another role, from the next click on."""
    with opened_store(where) as (_, store):
        user = user_by_email(store, email)
        change_role(store, SystemClock(), user, role, ACTOR)
    click.echo(f"{user.email} is {role} now.")


@users.command()
@click.argument("email")
@click.argument("source", default="")
@click.argument("agent", default="")
@click.pass_obj
def connect(where: Where, email: str, source: str, agent: str) -> None:
    """Say which AGENT of which SOURCE somebody is, so that they see answers about their contacts; none: nobody."""
    with opened_store(where) as (_, store):
        user = user_by_email(store, email)
        connect_agent(store, SystemClock(), user, source, agent, ACTOR)
    click.echo(f"{user.email} is agent {agent} of {source} now." if source else f"{user.email} is no agent any more.")


@users.command()
@click.argument("email")
@click.pass_obj
def reset(where: Where, email: str) -> None:
    """Void a password, sign its owner out and print a new one-time address."""
    with opened_store(where) as (settings, store):
        user = user_by_email(store, email)
        _show_address(settings, user.email, reset_user(store, SystemClock(), user, ACTOR))


@users.command()
@click.argument("email")
@click.pass_obj
def revoke(where: Where, email: str) -> None:
    """Shut somebody out at once, open sessions included."""
    with opened_store(where) as (_, store):
        user = user_by_email(store, email)
        revoke_user(store, SystemClock(), user, ACTOR)
    click.echo(f"{user.email} is shut out.")


@users.command()
@click.argument("email")
@click.pass_obj
def restore(where: Where, email: str) -> None:
    """Let somebody in again who was revoked, with the password of before."""
    with opened_store(where) as (_, store):
        user = user_by_email(store, email)
        restore_user(store, SystemClock(), user, ACTOR)
    click.echo(f"{user.email} may sign in again.")


def _show_address(settings: Settings, email: str, secret: str) -> None:
    click.echo(f"{email} sets a password here, once, within {SECRET_DAYS} days:")
    click.echo(f"  {welcome_address(settings, secret)}")
