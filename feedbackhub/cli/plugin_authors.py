"""`feedbackhub plugins new` and `check`: for those who write plugins."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from ..contract.errors import FeedbackhubError
from ..machinery.plugin_finding import of_file
from ..machinery.settings_load import load_settings
from ..testing.checks import Finding, check_plugin
from ..testing.scaffold import KINDS, write_plugin
from .where import Where

__all__ = ["check", "new"]


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(sorted(KINDS)), required=True, help="What it brings.")
@click.option(
    "--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), help="Where it is made."
)
def new(name: str, kind: str, folder: Path) -> None:
    """Write a new plugin: an installable distribution whose tests pass at once."""
    place = write_plugin(name, kind, folder)
    click.echo(f"Wrote {place}. Next:\n\n    cd {place}\n    pip install -e '.[tests]'\n    pytest")
    click.echo(f"    feedbackhub plugins check {name}")


@click.command()
@click.argument("name")
@click.option("--set", "given", multiple=True, metavar="OPTION=VALUE", help="An option of the plugin; a YAML value.")
@click.pass_obj
def check(where: Where, name: str, given: tuple[str, ...]) -> None:
    """Check a plugin against the contract, kind by kind; NAME is an installed one, or a file or folder.

    Its options come from the settings file, and from --set. It runs in an instance of its own: nothing of yours is
    touched, and no other system is called.
    """
    path = Path(name)
    file = path if path.exists() and (path.suffix == ".py" or path.is_dir()) else None
    if file is not None:
        file = (file / "__init__.py" if file.is_dir() else file).resolve()
    plugin = of_file(file).name if file is not None else name
    options = {**_configured(where, plugin), **_options(given)}
    with tempfile.TemporaryDirectory() as folder:
        found = list(check_plugin(plugin, Path(folder), options, file))
    _tell(found)


def _configured(where: Where, plugin: str) -> Mapping[str, Any]:
    try:
        return load_settings(where.config, os.environ).plugins.get(plugin, {})
    except FeedbackhubError as error:
        click.echo(f"warning: the settings are not read: {error}", err=True)
        return {}


def _options(given: Sequence[str]) -> Mapping[str, Any]:
    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--set {each}: write OPTION=VALUE")
        try:
            found[name] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise click.UsageError(f"--set {name}: {' '.join(str(error).split())}") from None
    return found


MARKS = {"ok": "ok    ", "failed": "FAILED", "skipped": "–     "}


def _tell(found: Sequence[Finding]) -> None:
    for each in found:
        click.echo(f"{MARKS[each.result]}  {each.check}" + (f": {each.why}" if each.why else ""))
    failed = sum(each.result == "failed" for each in found)
    click.echo(f"{len(found)} checks, {failed} failed")
    if failed:
        raise SystemExit(1)
