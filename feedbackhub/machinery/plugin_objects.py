"""What one plugin brings: its hooks called one by one, and every object checked before it counts."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pluggy

from ..contract import hookspecs
from ..contract.errors import FeedbackhubError
from ..contract.hub import Hub
from ..contract.objects import Channel, Page, Plugin, Rule

__all__ = ["BadPlugin", "Brought", "bring", "hooks_of", "manager_of"]

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
PAGE_RULE = re.compile(r"(?!/)(?!.*(\.\.|//))[A-Za-z0-9_./<>:-]*")
PERMISSIONS = ("agent", "manager", "admin")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class BadPlugin(FeedbackhubError):
    """A plugin broke the contract; the text says how, for its author and the operator."""


@dataclass(frozen=True)
class Brought:
    """The checked objects of one plugin."""

    channels: tuple[Channel, ...] = ()
    rules: tuple[Rule, ...] = ()
    pages: tuple[Page, ...] = ()
    keeper: Plugin | None = None

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield kind and name of every object whose name must be unique in the whole instance."""
        yield from (("channel", channel.name) for channel in self.channels)
        yield from (("rule", rule.name) for rule in self.rules)


def manager_of(name: str, plugin: object) -> pluggy.PluginManager:
    """Return a manager that knows this plugin alone, so that no other can disturb it.

    Raises:
        BadPlugin: A hook is misspelt, unmarked or takes arguments that it is not given.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name)
    except pluggy.PluginValidationError as error:
        raise BadPlugin(" ".join(str(error).split())) from None
    known = [hook for hook in vars(hookspecs) if hook.startswith("feedbackhub_")]
    marked = {caller.name for caller in manager.get_hookcallers(plugin) or ()}
    for hook in sorted(marked | _like_hooks(plugin)):
        if hook not in known:
            guess = difflib.get_close_matches(hook, known, n=1)
            raise BadPlugin(f"there is no hook {hook}" + (f"; did you mean {guess[0]}?" if guess else ""))
        if hook not in marked:
            raise BadPlugin(f"{hook} is not marked with @hookimpl")
    return manager


def _like_hooks(plugin: object) -> set[str]:
    names = (name for name in dir(plugin) if name.startswith("feedbackhub_"))
    return {name for name in names if inspect.isroutine(inspect.getattr_static(plugin, name, None))}


def hooks_of(manager: pluggy.PluginManager, plugin: object) -> tuple[str, ...]:
    """Return the names of the hooks that a plugin implements."""
    return tuple(sorted(caller.name for caller in manager.get_hookcallers(plugin) or ()))


def bring(manager: pluggy.PluginManager, hub: Hub, hooks: Iterable[str]) -> Brought:
    """Call the plugin's hooks and check what they return.

    Raises:
        BadPlugin: Something returned breaks the contract; what a hook itself raises passes through.
    """
    implemented = set(hooks)
    brought = Brought(
        channels=_each(manager, hub, implemented, "feedbackhub_channels", Channel),
        rules=_each(manager, hub, implemented, "feedbackhub_rules", Rule),
        pages=_each(manager, hub, implemented, "feedbackhub_pages", Page),
        keeper=_keeper(manager, hub, implemented),
    )
    for channel in brought.channels:
        _check_channel(channel)
    for rule in brought.rules:
        _check_name("rule", rule)
    _check_pages(brought.pages)
    _check_erasing(brought)
    return brought


def _each(
    manager: pluggy.PluginManager, hub: Hub, implemented: set[str], hook: str, kind: type[Any]
) -> tuple[Any, ...]:
    if hook not in implemented:
        return ()
    returned: list[Any] = getattr(manager.hook, hook)(hub=hub)
    if not returned:
        raise BadPlugin(f"{hook} returned nothing; return a list, an empty one if need be")
    if not isinstance(returned[0], list | tuple):
        raise BadPlugin(f"{hook} returned {type(returned[0]).__name__}, not a list of {kind.__name__}")
    for item in returned[0]:
        if not isinstance(item, kind):
            raise BadPlugin(f"{hook} returned a list with {_described(item)}, which is no {kind.__name__}")
    return tuple(returned[0])


def _keeper(manager: pluggy.PluginManager, hub: Hub, implemented: set[str]) -> Plugin | None:
    if "feedbackhub_plugin" not in implemented:
        return None
    returned = manager.hook.feedbackhub_plugin(hub=hub)
    if not isinstance(returned, Plugin):
        raise BadPlugin(f"feedbackhub_plugin returned {_described(returned)}, which is no Plugin")
    return returned


def _described(item: object) -> str:
    return f"the class {item.__name__}" if isinstance(item, type) else type(item).__name__


def _check_name(kind: str, item: object) -> None:
    name = getattr(item, "name", None)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadPlugin(f"the {kind} {type(item).__name__} needs a name of small letters, digits, - and _")


def _check_channel(channel: Channel) -> None:
    _check_name("channel", channel)
    reaches = getattr(channel, "reaches", None)
    if not isinstance(reaches, tuple) or not all(isinstance(kind, str) for kind in reaches):
        raise BadPlugin(f"channel {channel.name}: reaches must be a tuple of identifier kinds")


def _check_pages(pages: tuple[Page, ...]) -> None:
    seen: set[tuple[str, str]] = set()
    for page in pages:
        if not PAGE_RULE.fullmatch(page.rule):
            raise BadPlugin(f"page {page.rule!r}: write a path below the plugin's prefix, like mails/<id>")
        if page.permission not in PERMISSIONS:
            raise BadPlugin(f"page {page.rule!r}: permission must be one of {', '.join(PERMISSIONS)}")
        for method in page.methods:
            if method not in METHODS:
                raise BadPlugin(f"page {page.rule!r}: {method!r} is no method; choose from {', '.join(METHODS)}")
            if (page.rule, method) in seen:
                raise BadPlugin(f"page {page.rule!r} is brought twice for {method}")
            seen.add((page.rule, method))


def _check_erasing(brought: Brought) -> None:
    keeping: Mapping[str, tuple[str, ...]] = {channel.name: channel.data.keeps for channel in brought.channels}
    for name, kept in keeping.items():
        if kept and brought.keeper is None:
            raise BadPlugin(f"channel {name} keeps {', '.join(kept)}, but no feedbackhub_plugin says how to erase it")
