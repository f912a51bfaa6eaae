"""Plugins: which there are, and how each fares."""

from __future__ import annotations

from ..current import core
from .chapter import Chapter
from .shapes import Shape

__all__ = ["chapter"]

chapter = Chapter("plugins", "What extends this instance.")


class Plugin(Shape):
    """One plugin."""

    name: str
    version: str
    state: str
    reason: str
    hooks: tuple[str, ...]


class PluginList(Shape):
    """All plugins that were found."""

    items: tuple[Plugin, ...]


@chapter.operation("GET", "/plugins", "plugins:read", {200: PluginList})
def index() -> PluginList:
    """List the plugins that were found at the start."""
    return PluginList(items=tuple(Plugin.model_validate(each) for each in core().plugins.states))
