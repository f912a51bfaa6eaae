"""How the plugins fare: at the start, and since."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..contract.errors import NotFound
from ..contract.records import Data
from ..loop.core import Core
from ..loop.tracing import PluginFaults, faults
from ..machinery.plugin_objects import KINDS, SINGLE
from ..machinery.plugins import Plugins, PluginState
from ..machinery.settings_docs import OptionValue, describe_section

__all__ = ["PluginView", "brought_by", "options_of", "plugin_view", "plugin_views"]


@dataclass(frozen=True)
class PluginView:
    """One plugin as staff see it.

    Args:
        name, version, state, reason, hooks, origin: As it fared at the start; see `PluginState`.
        title: Its name for people.
        description: What it does, in a line.
        requires: Plugins that it needs.
        brings: Kinds of objects with the names of those it brought.
        sends: Kinds of personal data that it sends out.
        keeps: Kinds of personal data that it stores.
        faults: What went wrong within the last hour, None for nothing.
        resting: What rests in this process after failing again and again.
    """

    name: str
    version: str
    state: str
    reason: str
    hooks: Sequence[str]
    origin: str
    title: str
    description: str
    requires: Sequence[str]
    brings: Mapping[str, Sequence[str]]
    sends: Sequence[str]
    keeps: Sequence[str]
    faults: PluginFaults | None = None
    resting: Sequence[str] = ()


def plugin_views(core: Core) -> Sequence[PluginView]:
    """Return how every plugin fares, in the order of their names."""
    lately, resting = faults(core.store, core.clock.now()), core.containment.resting()
    return [
        _view(core.plugins, state, lately.get(state.name), resting.get(state.name, ())) for state in core.plugins.states
    ]


def plugin_view(plugins: Plugins, name: str) -> PluginView:
    """Return one plugin without what happened since the start; raises `NotFound`."""
    state = plugins.state(name)
    if state is None:
        raise NotFound(f"there is no plugin {name}")
    return _view(plugins, state, None, ())


def brought_by(plugins: Plugins, name: str) -> Mapping[str, Sequence[str]]:
    """Return the names of a plugin's objects, by kind; pages, routes and slots by their place."""
    brought = plugins.brought.get(name)
    if brought is None:
        return {}
    return {
        kind.word: [_name(each) for each in brought.of(hook)]
        for hook, kind in KINDS.items()
        if hook not in SINGLE and brought.of(hook)
    }


def options_of(core: Core, name: str) -> Sequence[OptionValue]:
    """Return a plugin's settings as they hold, secrets masked, with where each came from."""
    section = core.plugins.sections.get(name)
    return describe_section(section, core.settings.origins, f"plugins.{name}.") if section is not None else ()


def _name(item: object) -> str:
    for attribute in ("name", "rule", "title"):
        found = getattr(item, attribute, None)
        if isinstance(found, str):
            method = getattr(item, "method", "")
            return f"{method} {found}".strip() or "/"
    return type(item).__name__


def _view(plugins: Plugins, state: PluginState, lately: PluginFaults | None, resting: Sequence[str]) -> PluginView:
    data = _data_of(plugins, state.name)
    return PluginView(
        name=state.name,
        version=state.version,
        state=state.state,
        reason=state.reason,
        hooks=state.hooks,
        origin=state.origin,
        title=state.about.title or state.name,
        description=state.about.description,
        requires=state.about.requires,
        brings=brought_by(plugins, state.name),
        sends=sorted({each for one in data for each in one.sends}),
        keeps=sorted({each for one in data for each in one.keeps}),
        faults=lately,
        resting=resting,
    )


def _data_of(plugins: Plugins, name: str) -> Sequence[Data]:
    brought = plugins.brought.get(name)
    if brought is None:
        return ()
    found = [inspect.getattr_static(each, "data", None) for items in brought.objects.values() for each in items]
    return [each for each in found if isinstance(each, Data)]
