"""`feedbackhub plugins`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click

from ..machinery.clock import SystemClock
from ..machinery.http import Http
from ..machinery.plugin_loading import load_plugins
from ..machinery.settings_load import load_settings
from .output import show_table
from .where import Where


@click.group()
def plugins() -> None:
    """What extends this instance."""


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the hooks.")
@click.pass_obj
def show(where: Where, as_json: bool) -> None:
    """List all installed plugins with their state and its reason."""
    settings = load_settings(where.config, os.environ)
    found = load_plugins(settings, SystemClock(), Http(settings.http))
    if as_json:
        click.echo(json.dumps([asdict(state) for state in found.states], indent=2, ensure_ascii=False))
        return
    rows = [(state.name, state.version, state.state, state.reason) for state in found.states]
    show_table(("name", "version", "state", "reason"), rows, "No plugins are installed.")
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
