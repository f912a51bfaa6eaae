"""Plugins: which there are, and how each fares."""

from __future__ import annotations

from datetime import datetime

from ...office.plugin_states import plugin_views
from ..current import core
from .chapter import Chapter
from .shapes import Shape

__all__ = ["chapter"]

chapter = Chapter("plugins", "What extends this instance.")


class Faults(Shape):
    """What went wrong in a plugin within the last hour."""

    number: int
    what: str
    reason: str
    at: datetime


class Plugin(Shape):
    """One plugin."""

    name: str
    version: str
    state: str
    reason: str
    hooks: tuple[str, ...]
    origin: str
    requires: tuple[str, ...]
    sends: tuple[str, ...]
    keeps: tuple[str, ...]
    faults: Faults | None
    resting: tuple[str, ...]


class PluginList(Shape):
    """All plugins that were found."""

    items: tuple[Plugin, ...]


@chapter.operation("GET", "/plugins", "plugins:read", {200: PluginList})
def index() -> PluginList:
    """List the plugins that were found at the start, with what went wrong in them lately."""
    return PluginList(items=tuple(Plugin.model_validate(each) for each in plugin_views(core())))
