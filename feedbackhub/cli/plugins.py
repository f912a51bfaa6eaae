"""`feedbackhub plugins`: which there are, how they fare, what ran in them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict

import click

from ..contract.errors import NotFound
from ..loop.tracing import faults, trace
from ..machinery.clock import SystemClock
from ..machinery.containment import Ran
from ..machinery.http import Http
from ..machinery.plugin_loading import load_plugins
from ..machinery.plugins import Plugins
from ..machinery.settings_docs import describe_section
from ..machinery.settings_load import load_settings
from ..office.plugin_states import PluginView, plugin_view
from .instance import NotReady, opened_store
from .listing import Listing, examples
from .output import show_table
from .plugin_authors import check, new
from .plugin_data import migration, purge
from .where import Where

__all__ = ["plugins"]


@click.group(cls=Listing, epilog=examples(
    "plugins list",
    "plugins new parcels --kind channel",
    "plugins trace email --faults",
))
def plugins() -> None:
    """What extends this instance."""


for _command in (new, check, purge, migration):
    plugins.add_command(_command)


def _loaded(where: Where) -> Plugins:
    settings = load_settings(where.config, os.environ)
    return load_plugins(settings, SystemClock(), Http(settings.http))


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the hooks.")
@click.pass_obj
def show(where: Where, as_json: bool) -> None:
    """List all installed plugins with their state and its reason."""
    found = _loaded(where)
    if as_json:
        click.echo(json.dumps([asdict(state) for state in found.states], indent=2, ensure_ascii=False))
        return
    lately = _faults(where)
    rows = [
        (state.name, state.version, state.state, state.reason or lately.get(state.name, "")) for state in found.states
    ]
    show_table(("name", "version", "state", "reason"), rows, "No plugins are installed.")
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)


def _faults(where: Where) -> dict[str, str]:
    """Return what went wrong lately, by plugin; nothing where no instance was set up yet."""
    try:
        with opened_store(where) as (_, store):
            return {
                name: f"{each.number} faults within the hour, the last in {each.what}: {each.reason}"
                for name, each in faults(store, SystemClock().now()).items()
            }
    except NotReady:
        return {}


@plugins.command()
@click.argument("name")
@click.pass_obj
def info(where: Where, name: str) -> None:
    """Show one plugin: its state, what it brings, its settings, what it does with personal data."""
    found = _loaded(where)
    try:
        view = plugin_view(found, name)
    except NotFound as error:
        raise click.ClickException(str(error)) from None
    for line in _told(view, _faults(where).get(name, "")):
        click.echo(line)
    section = found.sections.get(name)
    if section is not None:
        settings = load_settings(where.config, os.environ)
        options = describe_section(section, settings.origins, f"plugins.{name}.")
        click.echo()
        show_table(("option", "value", "from"), [(each.name, each.value, each.source) for each in options], "")


def _told(view: PluginView, lately: str) -> Sequence[str]:
    lines = [f"{view.title} {view.version}".strip()]
    lines += [view.description] if view.description else []
    lines += [f"state: {view.state}" + (f" ({view.reason})" if view.reason else ""), f"from: {view.origin}"]
    lines += [f"lately: {lately}"] if lately else []
    lines += [f"requires: {', '.join(view.requires)}"] if view.requires else []
    lines += [f"{kind}: {', '.join(names)}" for kind, names in view.brings.items()]
    lines += [f"sends out: {', '.join(view.sends) or 'no personal data'}"]
    lines += [f"keeps: {', '.join(view.keeps) or 'no personal data'}"]
    return lines


@plugins.command("trace")
@click.argument("name", default="")
@click.option("--faults", "faults_only", is_flag=True, help="Only what went wrong.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="The most lines.")
@click.option("--json", "as_json", is_flag=True, help="As JSON lines.")
@click.pass_obj
def show_trace(where: Where, name: str, faults_only: bool, limit: int, as_json: bool) -> None:
    """Show what ran in which plugin, for how long, with what result; newest first."""
    with opened_store(where) as (_, store):
        ran = trace(store, name, faults_only, limit)
    if as_json:
        for each in ran:
            click.echo(json.dumps({**asdict(each), "at": each.at.isoformat()}, ensure_ascii=False))
        return
    headings = ("at", "plugin", "what", "ms", "result", "detail")
    show_table(headings, [_line(each) for each in ran], "Nothing ran in a plugin lately.")


def _line(each: Ran) -> Sequence[str]:
    at = each.at.strftime("%Y-%m-%d %H:%M:%S")
    return (at, each.plugin, each.what, f"{each.milliseconds:.1f}", each.outcome, each.detail)
