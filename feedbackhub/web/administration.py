"""What an administrator looks at: settings with their sources, plugins with their states, the audit log."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import NotFound
from ..loop.core import Core
from ..loop.tracing import trace
from ..machinery.settings_docs import OptionValue, describe, describe_section
from ..office import audit
from ..office.plugin_states import PluginView, options_of, plugin_views
from .current import core
from .permission import permission
from .rendering import language, page

__all__ = ["audit_blueprint", "plugins_blueprint", "settings_blueprint"]

AT_ONCE = 50


def settings_blueprint(_core: Core) -> Blueprint:
    """Serve ``/settings``."""
    pages = Blueprint("settings", __name__, url_prefix="/settings")
    pages.add_url_rule("", "index", settings)
    return pages


def plugins_blueprint(_core: Core) -> Blueprint:
    """Serve ``/plugins``."""
    pages = Blueprint("plugins", __name__, url_prefix="/plugins")
    pages.add_url_rule("", "index", plugins)
    pages.add_url_rule("/<name>", "plugin", plugin)
    return pages


def audit_blueprint(_core: Core) -> Blueprint:
    """Serve ``/audit``."""
    pages = Blueprint("audit", __name__, url_prefix="/audit")
    pages.add_url_rule("", "index", audit_log)
    return pages


@permission("admin")
def settings() -> ResponseReturnValue:
    """Show every option as it holds now, secrets masked, with where its value came from."""
    here = core()
    options = describe(here.settings)
    for name, section in sorted(here.plugins.sections.items()):
        options += describe_section(section, here.settings.origins, f"plugins.{name}.")
    return page("staff/settings.html", tables=by_table(options), file=here.settings.path)


def by_table(options: list[OptionValue]) -> list[tuple[str, list[OptionValue]]]:
    """Return the options of each table of the settings file, in the order of declaration."""
    tables: dict[str, list[OptionValue]] = {"": []}
    for option in options:
        tables.setdefault(option.name.rpartition(".")[0], []).append(option)
    return list(tables.items())


@permission("admin")
def plugins() -> ResponseReturnValue:
    """Show how each plugin fared at the start, and since."""
    here = core()
    found = [_translated(here, each) for each in plugin_views(here)]
    return page("staff/plugins.html", plugins=found, warnings=here.plugins.warnings)


@permission("admin")
def plugin(name: str) -> ResponseReturnValue:
    """Show one plugin: what it brings, its settings, what it does with personal data, and what ran in it lately."""
    here = core()
    found = next((each for each in plugin_views(here) if each.name == name), None)
    if found is None:
        raise NotFound("There is no such plugin.")
    ran = trace(here.store, name, limit=AT_ONCE)
    shown = _translated(here, found)
    return page("staff/plugin.html", plugin=shown, options=options_of(here, name), ran=ran, file=here.settings.path)


def _translated(here: Core, found: PluginView) -> PluginView:
    """Return a plugin with what it says of itself in the reader's language."""
    t = here.i18n.of_plugin(found.name, language())
    return replace(found, title=t(found.title), description=t(found.description))


@permission("admin")
def audit_log() -> ResponseReturnValue:
    """Show who did what, newest first."""
    before, subject = request.args.get("before", type=int), request.args.get("subject", "")[:200]
    found = audit.entries(core().store, subject, before, AT_ONCE + 1)
    shown = found[:AT_ONCE]
    older = url_for("audit.index", before=shown[-1].id, subject=subject or None) if len(found) > AT_ONCE else ""
    return page("staff/audit.html", entries=shown, subject=subject, older=older, first=before is None)
