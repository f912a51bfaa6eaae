"""`feedbackhub rules`."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from ..loop.core import Core
from ..machinery.http import Http
from ..machinery.plugin_loading import load_plugins
from ..machinery.plugins import Plugins
from ..machinery.settings import Settings
from ..machinery.settings_load import load_settings, read_file
from ..office.replay import ASKED, Replay, replay
from .instance import opened_core
from .listing import Listing, examples
from .output import show_table
from .where import Where

_SHOWN = 20
#: What decides on asking, apart from the plugins' own tables.
_DECIDING = ("ask", "throttle", "timezone", "plugins_disabled")


@click.group(cls=Listing, epilog=examples("rules try --days 30", "rules try --policy changed.toml --days 90"))
def rules() -> None:
    """What decides whether a customer is asked."""


@rules.command("try")
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the settings to try, such as other [[ask]] entries; all else stays as the instance has it.",
)
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How far back to go.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def try_(where: Where, policy: Path | None, days: int, as_json: bool) -> None:
    """Replay recorded contacts through a policy: how many asked, by reason, and who twice. Writes nothing."""
    with opened_core(where) as core:
        settings = _changed(core.settings, policy) if policy is not None else core.settings
        found = replay(core, settings, _plugins(core, settings), timedelta(days=days))
    if as_json:
        click.echo(json.dumps(_facts(found), indent=2))
        return
    _show(found, days)


def _changed(settings: Settings, policy: Path) -> Settings:
    """Return the instance's settings with what the file says about asking; its data stays where it is."""
    said = read_file(policy, must_exist=True)
    tried = load_settings(policy, {})
    changes: dict[str, Any] = {name: getattr(tried, name) for name in _DECIDING if name in said}
    return settings.model_copy(update={**changes, "plugins": {**settings.plugins, **tried.plugins}})


def _plugins(core: Core, settings: Settings) -> Plugins:
    if settings is core.settings:
        return core.plugins
    return load_plugins(settings, core.clock, Http(settings.http, core.clock))


def _facts(found: Replay) -> dict[str, object]:
    return {
        "since": found.since.isoformat(),
        "contacts": found.contacts,
        "asked_before": found.before[ASKED],
        "asked_after": found.after[ASKED],
        "changed": found.changed,
        "before": dict(found.before),
        "after": dict(found.after),
        "asked_more_than_once": found.twice,
    }


def _show(found: Replay, days: int) -> None:
    click.echo(
        f"{found.contacts} contacts of the last {days} days: {found.before[ASKED]} were asked,"
        f" {found.after[ASKED]} would be; {found.changed} would be decided otherwise."
    )
    reasons = sorted(set(found.before) | set(found.after), key=lambda name: (name != ASKED, -found.after[name], name))
    rows = [(name, str(found.before[name]), str(found.after[name])) for name in reasons]
    show_table(("decided by", "really", "replayed"), rows, "No contacts were recorded in that time.")
    if not found.twice:
        click.echo("Nobody would be asked more than once.")
        return
    click.echo(f"{len(found.twice)} customers would be asked more than once:")
    many = list(found.twice.items())
    show_table(("customer", "times"), [(who, str(n)) for who, n in many[:_SHOWN]], "")
    if len(many) > _SHOWN:
        click.echo(f"… and {len(many) - _SHOWN} more; --json lists all.")
