"""The plugins of one instance: which there are, how each fares, and everything that the working ones brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import jinja2
from pydantic import BaseModel

from ..contract.inbound import Source
from ..contract.objects import About, Channel, Plugin, Rule
from .plugin_finding import BUNDLED
from .plugin_hub import Curtain
from .plugin_objects import Brought

__all__ = ["PluginState", "Plugins", "State"]

State = Literal["active", "unconfigured", "disabled", "failed"]


@dataclass(frozen=True)
class PluginState:
    """How one plugin fared at the start.

    Args:
        name: Its entry point's name, or its file's.
        version: The version of the distribution that brings it.
        state: Whether it works.
        reason: Why it does not, and what to do; empty when it works.
        hooks: The hooks that it implements.
        origin: The distribution, or the file.
        about: What it says of itself.
    """

    name: str
    version: str
    state: State
    reason: str = ""
    hooks: tuple[str, ...] = ()
    origin: str = field(default="", compare=False)
    about: About = field(default=About(), compare=False)

    @property
    def bundled(self) -> bool:
        """Whether it is part of feedbackhub itself."""
        return self.origin == BUNDLED


@dataclass
class Plugins:
    """Everything that the working plugins brought.

    Args:
        states: One for each plugin found, in the order of loading.
        brought: The objects of each working plugin, by plugin, in the order of loading.
        folders: Where the package of a plugin lies, by plugin; single files have none.
        template_loaders: The templates of a plugin, by plugin.
        sections: The settings that a plugin read, by plugin.
        warnings: Settings that speak of plugins which are not there.
        curtain: Opened by the core once it stands.
    """

    states: tuple[PluginState, ...] = ()
    brought: dict[str, Brought] = field(default_factory=dict)
    folders: Mapping[str, Path] = field(default_factory=dict)
    template_loaders: Mapping[str, jinja2.BaseLoader] = field(default_factory=dict)
    sections: Mapping[str, BaseModel] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    curtain: Curtain = field(default_factory=Curtain)

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The channels by their own names."""
        return {each.name: each for _, each in self.each("feedbackhub_channels")}

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources by their own names."""
        return {each.name: each for _, each in self.each("feedbackhub_sources")}

    @property
    def keepers(self) -> Mapping[str, Plugin]:
        """Who erases a person, by plugin."""
        return dict(self.each("feedbackhub_plugin"))

    @property
    def rules(self) -> tuple[tuple[str, Rule], ...]:
        """The rules with their plugins' names, in the order of applying."""
        return self.each("feedbackhub_rules")

    def each(self, hook: str) -> tuple[tuple[str, Any], ...]:
        """Return all objects that a hook brought, each with its plugin's name, in the order of loading.

        Args:
            hook: The hook's name, like ``feedbackhub_pages``.
        """
        return tuple((plugin, item) for plugin, brought in self.brought.items() for item in brought.of(hook))

    def owner(self, hook: str, name: str) -> tuple[str, Any] | None:
        """Return the object of that name with its plugin's name, None when no working plugin brings it."""
        return next((found for found in self.each(hook) if found[1].name == name), None)

    def state(self, name: str) -> PluginState | None:
        """Return how a plugin fares, None when there is none of that name."""
        return next((each for each in self.states if each.name == name), None)

    def having(self, hook: str, objects: Iterable[tuple[str, Any]]) -> Plugins:
        """Return the same plugins with other objects from one hook, for trying something out.

        Args:
            hook: The hook's name.
            objects: The objects instead, each with its plugin's name.
        """
        others = {name: own.without(hook) for name, own in self.brought.items()}
        for plugin, item in objects:
            others[plugin] = others.get(plugin, Brought()).plus(hook, item)
        return replace(self, brought=others)

    def fail(self, name: str, reason: str) -> None:
        """Take a plugin out that turned out not to work after it was loaded.

        Args:
            name: The plugin.
            reason: Why, and what to do.
        """
        self.brought.pop(name, None)
        self.states = tuple(
            replace(each, state="failed", reason=reason) if each.name == name else each for each in self.states
        )
