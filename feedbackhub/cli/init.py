"""`feedbackhub init`."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from ..contract.errors import Conflict
from ..loop.core import Core
from ..loop.opening import open_core, prepare
from ..machinery.clock import SystemClock
from ..machinery.keyfile import KEY_FILE, write_key
from ..machinery.settings import Settings
from ..machinery.settings_docs import example_toml
from ..machinery.settings_load import load_settings, settings_path
from ..office.users import SECRET_DAYS, invite_user, list_users
from .failures import Failure
from .instance import ACTOR, welcome_address
from .listing import examples
from .where import Where

__all__ = ["init", "make_instance"]

DEFAULT_URL = "http://127.0.0.1:8000"


@click.command(epilog=examples(
    "init --admin ana@example.com --public-url https://feedback.example.com",
    "init --ask-by link",
    "--config /etc/feedbackhub/feedbackhub.toml init --keep-settings --admin ana@example.com",
))
@click.option("--admin", metavar="EMAIL", help="Address of the first admin; asked for when left out.")
@click.option("--public-url", metavar="URL", default=DEFAULT_URL, show_default=True, help="Where customers reach it.")
@click.option("--database", metavar="URL", default="", help="postgresql+psycopg://…; left out: SQLite.")
@click.option("--ask-by", metavar="CHANNEL", default="email", show_default=True,
              help="How customers are asked; link: you put the link into your own messages.")  # fmt: skip
@click.option("--keep-settings", is_flag=True, help="Make only what is missing beside the settings that are there.")
@click.pass_obj
def init(
    where: Where, admin: str | None, public_url: str, database: str, ask_by: str, keep_settings: bool
) -> None:
    """Set up an instance: settings, key, database, first admin. Nothing is overwritten."""
    path = settings_path(where.config, os.environ)
    if keep_settings:
        _complete(load_settings(where.config, os.environ), path, admin)
        return
    if path.exists():
        raise Failure(f"{path} is there already and is left as it is; --keep-settings makes only what is missing")
    email = admin or _ask_for_admin(public_url)
    made: list[Path] = []
    try:
        _write_private(path, example_toml(public_url, ask_by, **({"database": database} if database else {})), made)
        settings = load_settings(path, os.environ)
        secret = make_instance(settings, email, made)
    except BaseException:
        for each in reversed(made):
            each.unlink()
        raise
    _tell(settings, path, email, secret)


def _complete(settings: Settings, path: Path, admin: str | None) -> None:
    """Make what an instance lacks beside its settings; run again, it only brings the tables to this release."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = settings.data_dir / KEY_FILE
    if not key.exists():
        email = admin or _ask_for_admin(settings.public_url)
        made: list[Path] = []
        try:
            secret = make_instance(settings, email, made)
        except BaseException:
            for each in made:
                each.unlink()
            raise
        _tell(settings, path, email, secret)
        return
    core = open_core(settings)
    try:
        _, schema = prepare(core)
    finally:
        core.close()
    click.echo(f"There is an instance in {settings.data_dir}; the database has schema {schema}.")


def make_instance(settings: Settings, admin: str, made: list[Path]) -> str:
    """Make data folder, key and tables, and invite the first admin.

    Args:
        settings: The new instance's settings.
        admin: The first admin's e-mail address.
        made: Takes the files that were made, so that the caller can remove them should something fail.

    Returns:
        The one-time secret with which the admin sets a password.

    Raises:
        FileExistsError: There is a key already.
        Conflict: The database holds an instance already.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = settings.data_dir / KEY_FILE
    try:
        write_key(key)
    except FileExistsError:
        raise Conflict(f"{key} is there already and is left as it is") from None
    made.append(key)
    core = open_core(settings)
    try:
        return _first_admin(core, admin)
    finally:
        core.close()


def _first_admin(core: Core, email: str) -> str:
    prepare(core)
    if list_users(core.store):
        raise Conflict("the database holds an instance already; its key is needed, not a new one")
    return invite_user(core.store, SystemClock(), email, "", "admin", ACTOR)[1]


def _write_private(path: Path, text: str, made: list[Path]) -> None:
    """Write a file that will hold passwords, readable by its owner only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    made.append(path)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _ask_for_admin(public_url: str) -> str:
    suggested = f"admin@{_mail_domain(public_url)}"
    if not sys.stdin.isatty():
        return suggested
    return str(click.prompt("E-mail address of the first admin", default=suggested))


def _mail_domain(public_url: str) -> str:
    host = urlsplit(public_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if "." in host else "example.com"
    return "example.com"


def _tell(settings: Settings, path: Path, email: str, secret: str) -> None:
    click.echo(f"Settings:  {path}")
    click.echo(f"Data:      {settings.data_dir} (back it up; the key in it cannot be made again)")
    click.echo("")
    click.echo("Start it:  feedbackhub serve")
    click.echo(f"Then {email} sets a password here, once, within {SECRET_DAYS} days:")
    click.echo(f"  {welcome_address(settings, secret)}")
