"""What one plugin brings: its hooks called one by one, and every object checked before it counts."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FunctionType, MethodType, ModuleType
from typing import Any

import pluggy

from ..contract import hookspecs
from ..contract.exports import Export
from ..contract.hub import Hub
from ..contract.inbound import Source
from ..contract.objects import Channel, Plugin, Rule
from ..contract.questions import Question
from ..contract.reports import Analysis
from ..contract.scalars import as_line
from ..contract.screens import DeskSection, Page, Route, Slot
from ..contract.work import Subscriber, Tables, Task
from .plugin_checks import BadPlugin, check

__all__ = ["KINDS", "Brought", "Kind", "bring", "hooks_of", "manager_of"]


@dataclass(frozen=True)
class Kind:
    """One kind of objects.

    Args:
        word: What one is called.
        type: Its class.
        unique: Where its name must be unique: in the ``instance``, in the ``plugin``, or, when empty, nowhere.
    """

    word: str
    type: type[Any]
    unique: str = ""


#: By the hook that brings them; a hook that brings a single object is marked so in the specification.
KINDS: Mapping[str, Kind] = {
    "feedbackhub_channels": Kind("channel", Channel, "instance"),
    "feedbackhub_rules": Kind("rule", Rule, "instance"),
    "feedbackhub_sources": Kind("source", Source, "instance"),
    "feedbackhub_subscribers": Kind("subscriber", Subscriber, "plugin"),
    "feedbackhub_tasks": Kind("task", Task, "plugin"),
    "feedbackhub_analyses": Kind("analysis", Analysis, "instance"),
    "feedbackhub_exports": Kind("export", Export, "instance"),
    "feedbackhub_desk_sections": Kind("desk section", DeskSection, "instance"),
    "feedbackhub_question_types": Kind("question type", Question, "instance"),
    "feedbackhub_pages": Kind("page", Page),
    "feedbackhub_routes": Kind("route", Route),
    "feedbackhub_slots": Kind("slot", Slot),
    "feedbackhub_tables": Kind("tables", Tables),
    "feedbackhub_plugin": Kind("plugin", Plugin),
}
SINGLE = frozenset({"feedbackhub_tables", "feedbackhub_plugin"})
#: The hooks of the contract.
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("feedbackhub_"))
#: What can be a hook in a module, if it is marked.
HOOKABLE = (FunctionType, MethodType, staticmethod, classmethod)


@dataclass(frozen=True)
class Brought:
    """The checked objects of one plugin, by hook."""

    objects: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def of(self, hook: str) -> tuple[Any, ...]:
        """Return what one hook brought."""
        return self.objects.get(hook, ())

    def without(self, hook: str) -> Brought:
        """Return the same without what one hook brought."""
        return Brought({name: items for name, items in self.objects.items() if name != hook})

    def plus(self, hook: str, item: object) -> Brought:
        """Return the same with one more object from a hook."""
        return Brought({**self.objects, hook: (*self.of(hook), item)})

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield kind and name of every object whose name must be unique in the whole instance."""
        for hook, kind in KINDS.items():
            if kind.unique == "instance":
                yield from ((kind.word, each.name) for each in self.of(hook))


class _Manager(pluggy.PluginManager):
    """Looks for hooks only where one can be: pluggy looks at each name of each module in a slow, careful way."""

    def parse_hookspec_opts(self, module_or_class: Any, name: str) -> Any:
        return super().parse_hookspec_opts(module_or_class, name) if name in HOOKS else None

    def parse_hookimpl_opts(self, plugin: object, name: str) -> Any:
        if isinstance(plugin, ModuleType) and not isinstance(vars(plugin).get(name), HOOKABLE):
            return None
        return super().parse_hookimpl_opts(plugin, name)


def manager_of(name: str, plugin: object) -> pluggy.PluginManager:
    """Return a manager that knows this plugin alone, so that no other can disturb it.

    Raises:
        BadPlugin: A hook is misspelt, unmarked or takes arguments that it is not given.
    """
    manager = _Manager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name)
    except pluggy.PluginValidationError as error:
        raise BadPlugin(as_line(str(error), 500)) from None
    marked = {caller.name for caller in manager.get_hookcallers(plugin) or ()}
    for hook in sorted(marked | _like_hooks(plugin)):
        if hook not in HOOKS:
            guess = difflib.get_close_matches(hook, HOOKS, n=1)
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


def bring(manager: pluggy.PluginManager, hub: Hub, hooks: Sequence[str]) -> Brought:
    """Call the plugin's hooks and check what they return.

    Raises:
        BadPlugin: Something returned breaks the contract; what a hook itself raises passes through.
    """
    objects = {
        hook: _one(manager, hub, hook) if hook in SINGLE else _each(manager, hub, hook)
        for hook in KINDS
        if hook in hooks
    }
    for hook, items in objects.items():
        check(hub.name, KINDS[hook].word, KINDS[hook].unique, items)
    brought = Brought(objects)
    _check_erasing(brought)
    return brought


def _each(manager: pluggy.PluginManager, hub: Hub, hook: str) -> tuple[Any, ...]:
    kind = KINDS[hook].type
    returned: list[Any] = getattr(manager.hook, hook)(hub=hub)
    if not returned:
        raise BadPlugin(f"{hook} returned nothing; return a list, an empty one if need be")
    if not isinstance(returned[0], list | tuple):
        raise BadPlugin(f"{hook} returned {type(returned[0]).__name__}, not a list of {kind.__name__}")
    for item in returned[0]:
        if not isinstance(item, kind):
            raise BadPlugin(f"{hook} returned a list with {_described(item)}, which is no {kind.__name__}")
    return tuple(returned[0])


def _one(manager: pluggy.PluginManager, hub: Hub, hook: str) -> tuple[Any, ...]:
    returned = getattr(manager.hook, hook)(hub=hub)
    if not isinstance(returned, KINDS[hook].type):
        raise BadPlugin(f"{hook} returned {_described(returned)}, which is no {KINDS[hook].type.__name__}")
    return (returned,)


def _described(item: object) -> str:
    return f"the class {item.__name__}" if isinstance(item, type) else type(item).__name__


def _check_erasing(brought: Brought) -> None:
    """Refuse a plugin that keeps personal data and does not say how to erase it."""
    if brought.of("feedbackhub_plugin"):
        return
    for hook, objects in brought.objects.items():
        for each in objects:
            kept = each.data.keeps if hasattr(each, "data") and hasattr(each.data, "keeps") else ()
            if kept:
                raise BadPlugin(
                    f"{KINDS[hook].word} {each.name} keeps {', '.join(kept)}, "
                    "but no feedbackhub_plugin says how to erase it"
                )
