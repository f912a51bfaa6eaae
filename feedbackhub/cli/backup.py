"""`feedbackhub backup` and `feedbackhub restore`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..machinery.clock import SystemClock
from ..machinery.keyfile import KEY_FILE
from ..machinery.one_at_a_time import TakenAlready, held
from ..machinery.settings import Settings
from ..machinery.settings_load import load_settings
from ..office.backups import Backup, make_backup
from ..office.restoring import Restored, read_manifest, restore
from .alone import LOCK_FILE
from .failures import Failure
from .instance import opened_store
from .listing import examples
from .where import Where

__all__ = ["backup", "restore_command"]


@click.command(epilog=examples("backup", "backup --to /var/backups/feedbackhub --keep 14"))
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("backups"), show_default=True,
    help="Folder that takes the file.",
)  # fmt: skip
@click.option("--keep", type=click.IntRange(1), default=None, help="Keep only so many backups in the folder.")
@click.option("--with-key", is_flag=True, help="Put the instance's key in, too: whoever has the file can sign links.")
@click.pass_obj
def backup(where: Where, folder: Path, keep: int | None, with_key: bool) -> None:
    """Write the database and what plugins keep into one file, while the instance serves."""
    with opened_store(where) as (settings, store):
        made = make_backup(settings, store, SystemClock(), folder, keep=keep or 0, with_key=with_key)
        _tell_backup(settings, made, with_key)


def _tell_backup(settings: Settings, made: Backup, with_key: bool) -> None:
    size = made.path.stat().st_size / 2**20
    click.echo(f"Backup:   {made.path} ({size:.1f} MB, schema {made.manifest.schema})")
    if with_key:
        click.echo(f"Key:      {made.manifest.key} is in it: keep the file as safe as the key itself")
    else:
        key = settings.data_dir / KEY_FILE
        click.echo(f"Key:      {made.manifest.key} is not in it: keep a copy of {key} elsewhere")
    click.echo(f"Settings: {settings.path} is not in it")
    for path in made.removed:
        click.echo(f"Removed:  {path}")


@click.command("restore", epilog=examples("restore --replace backups/feedbackhub-20260301-020000.tar.gz"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of an instance that is there, which is kept aside.")
@click.option("--resend", is_flag=True, help="Send what was due since the backup: nothing was sent after it.")
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The instance's key, when neither the data folder nor the backup holds it.",
)  # fmt: skip
@click.pass_obj
def restore_command(where: Where, file: Path, replace: bool, resend: bool, key: Path | None) -> None:
    """Put an instance back from a backup FILE; stop all its processes first.

    Messages that were due since the backup may have been sent already: they are set aside for a person to decide,
    unless --resend says otherwise.
    """
    settings = load_settings(where.config, os.environ)
    made_at = read_manifest(file).moment
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with held(settings.data_dir / LOCK_FILE):
            done = restore(settings, SystemClock(), file, replace=replace, resend=resend, key=key)
    except TakenAlready as taken:
        raise Failure(f"process {taken.holder} serves this instance; stop it first") from None
    click.echo(f"Restored what {file} held on {made_at:%Y-%m-%d %H:%M} UTC.")
    _tell_restored(done)


def _tell_restored(done: Restored) -> None:
    for path in done.aside:
        click.echo(f"Before:   {path} holds what was there; remove it when all is well")
    if done.held:
        click.echo(f"Held:     {done.held} messages that may have been sent already; see: feedbackhub tasks list")
    if done.behind:
        click.echo(f"Next:     the database {done.behind}")
