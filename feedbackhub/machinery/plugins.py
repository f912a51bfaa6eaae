"""Plugins: found, loaded one by one in alphabetical order, each contained, each with a state and its reason."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Literal

import jinja2
from pydantic import BaseModel

from ..contract.errors import FeedbackhubError
from ..contract.hub import Http, Unconfigured
from ..contract.inbound import Source
from ..contract.objects import Channel, Plugin, Rule
from .clock import Clock
from .plugin_checks import NAME, BadPlugin
from .plugin_hub import Curtain, PluginHub
from .plugin_objects import Brought, bring, hooks_of, manager_of
from .settings import Settings

__all__ = ["GROUP", "PluginState", "Plugins"]

GROUP = "feedbackhub"
State = Literal["active", "unconfigured", "disabled", "failed"]
log = logging.getLogger("feedbackhub.plugins")


@dataclass(frozen=True)
class PluginState:
    """How one plugin fared at the start.

    Args:
        name: Its entry point's name.
        version: The version of the distribution that brings it.
        state: Whether it works.
        reason: Why it does not, and what to do; empty when it works.
        hooks: The hooks that it implements.
    """

    name: str
    version: str
    state: State
    reason: str = ""
    hooks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plugins:
    """Everything that the working plugins brought.

    Args:
        states: One for each plugin found, in the order of loading.
        brought: The objects of each working plugin, by plugin, in the order of loading.
        channels: By their own names.
        sources: By their own names.
        keepers: Who erases a person, by plugin.
        template_loaders: The templates of a plugin, by plugin.
        sections: The settings that a plugin read, by plugin.
        warnings: Settings that speak of plugins which are not there.
        curtain: Opened by the core once it stands.
    """

    states: tuple[PluginState, ...] = ()
    brought: Mapping[str, Brought] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    keepers: Mapping[str, Plugin] = field(default_factory=dict)
    template_loaders: Mapping[str, jinja2.BaseLoader] = field(default_factory=dict)
    sections: Mapping[str, BaseModel] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    curtain: Curtain = field(default_factory=Curtain)

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

    @classmethod
    def load(cls, settings: Settings, clock: Clock, http: Http) -> Plugins:
        """Load every installed plugin; one that fails is recorded and the others go on.

        Args:
            settings: The instance's settings.
            clock: Handed to the plugins.
            http: Handed to the plugins.
        """
        points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, _distribution(point)))
        return _loaded((Found(p.name, _version(p), _distribution(p), p.load) for p in points), settings, clock, http)

    @classmethod
    def of(cls, settings: Settings, clock: Clock, http: Http, modules: Mapping[str, object]) -> Plugins:
        """Load the given modules or objects, by plugin name, instead of the installed ones."""
        found = (_given(name, module) for name, module in sorted(modules.items()))
        return _loaded(found, settings, clock, http)


@dataclass(frozen=True)
class Found:
    """A plugin before it is loaded."""

    name: str
    version: str
    origin: str
    load: Callable[[], object]


def _given(name: str, module: object) -> Found:
    return Found(name, str(getattr(module, "__version__", "")), "given", lambda: module)


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


def _version(point: EntryPoint) -> str:
    return point.dist.version if point.dist else ""


def _loaded(found: Iterable[Found], settings: Settings, clock: Clock, http: Http) -> Plugins:
    loading = _Loading(settings, clock, http)
    for each in found:
        loading.add(each)
    return loading.done()


class _Loading:
    """The plugins of one instance while they are being loaded."""

    def __init__(self, settings: Settings, clock: Clock, http: Http) -> None:
        self._settings, self._clock, self._http = settings, clock, http
        self._curtain = Curtain()
        self._origins: dict[str, str] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._states: list[PluginState] = []
        self._brought: dict[str, Brought] = {}
        self._loaders: dict[str, jinja2.BaseLoader] = {}
        self._sections: dict[str, BaseModel] = {}

    def add(self, found: Found) -> None:
        """Load one plugin and note its state, whatever it does."""
        state = PluginState(found.name, found.version, "active")
        if found.name in self._settings.plugins_disabled:
            self._states.append(replace(state, state="disabled", reason="named in plugins_disabled"))
            self._origins.setdefault(found.name, found.origin)
            return
        try:
            state = replace(state, hooks=self._load(found))
        except Unconfigured as missing:
            state = replace(state, state="unconfigured", reason=str(missing))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # whatever a plugin raises, SystemExit included, must not stop the others
            log.warning("plugin %s failed to load", found.name, exc_info=not isinstance(error, FeedbackhubError))
            state = replace(state, state="failed", reason=_reason(error))
        self._states.append(state)

    def _load(self, found: Found) -> tuple[str, ...]:
        self._claim(found)
        plugin = found.load()
        manager = manager_of(found.name, plugin)
        hooks = hooks_of(manager, plugin)
        hub = PluginHub(found.name, self._settings, self._clock, self._http, self._curtain)
        brought = bring(manager, hub, hooks)
        hub.refuse_unread_options()
        self._accept(found.name, brought)
        loader = _template_loader(plugin)
        if loader is not None:
            self._loaders[found.name] = loader
        if hub.section is not None:
            self._sections[found.name] = hub.section
        return hooks

    def _claim(self, found: Found) -> None:
        if not NAME.fullmatch(found.name):
            raise BadPlugin("its name must consist of small letters, digits, - and _")
        if found.name in self._origins:
            raise BadPlugin(f"{found.origin} and {self._origins[found.name]} both bring a plugin of this name")
        self._origins[found.name] = found.origin

    def _accept(self, name: str, brought: Brought) -> None:
        """Take everything or, when one name is taken already, nothing."""
        owners: dict[tuple[str, str], str] = {}
        for kind, own in brought.names():
            owner = owners.get((kind, own)) or self._owners.get((kind, own))
            if owner is not None:
                raise BadPlugin(f"{kind} {own} is brought by plugin {owner} and by plugin {name}")
            owners[kind, own] = name
        self._owners |= owners
        self._brought[name] = brought

    def done(self) -> Plugins:
        """Return what the working plugins brought."""
        warnings = tuple(self._warnings())
        for warning in warnings:
            log.warning("%s", warning)
        brought = self._brought.items()
        return Plugins(
            states=tuple(self._states),
            brought=dict(brought),
            channels={each.name: each for _, own in brought for each in own.of("feedbackhub_channels")},
            sources={each.name: each for _, own in brought for each in own.of("feedbackhub_sources")},
            keepers={name: each for name, own in brought for each in own.of("feedbackhub_plugin")},
            template_loaders=self._loaders,
            sections=self._sections,
            warnings=warnings,
            curtain=self._curtain,
        )

    def _warnings(self) -> Iterable[str]:
        for name in self._settings.plugins:
            if name not in self._origins:
                yield f"[plugins.{name}] is set, but no plugin of that name is installed"
        for name in self._settings.plugins_disabled:
            if name not in self._origins:
                yield f"plugins_disabled names {name}, but no plugin of that name is installed"


def _template_loader(plugin: object) -> jinja2.BaseLoader | None:
    """Return a loader for the ``templates`` folder of a plugin that is a package and has one."""
    folders = [Path(path) / "templates" for path in getattr(plugin, "__path__", ())]
    found = [folder for folder in folders if folder.is_dir()]
    return jinja2.FileSystemLoader(found) if found else None


def _reason(error: BaseException) -> str:
    """Say in one line what a plugin raised."""
    text = " ".join(str(error).split())
    if isinstance(error, FeedbackhubError):
        return text
    return f"{type(error).__name__}: {text}"[:500] if text else type(error).__name__
