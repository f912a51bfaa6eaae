"""Whether an object that a plugin brings keeps to the contract; the texts are for its author and the operator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import BaseModel

from ..contract.errors import FeedbackhubError
from ..contract.exports import Export
from ..contract.inbound import Receiver
from ..contract.objects import Channel
from ..contract.questions import Question
from ..contract.reports import Analysis
from ..contract.screens import DeskSection, Page, Route, Slot
from ..contract.work import Tables, Task

__all__ = ["NAME", "BadPlugin", "check", "table_prefix"]

# Names of tables, lanes and subscribers begin with it, and PostgreSQL cuts at 63 characters.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")
PART = r"<(?:(?:string|int|float|path|uuid):)?[a-z_][a-z0-9_]*>"
RULE = re.compile(rf"(?!/)(?!.*(\.\.|//))(?:[A-Za-z0-9_./-]|{PART})*")
NAMES = re.compile(r"<(?:[a-z]+:)?([a-z_][a-z0-9_]*)>")
ROLES = ("agent", "manager", "admin")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLACES = ("home", "contact", "answer", "customer", "survey")
VALUES = ("number", "option", "options", "text")


class BadPlugin(FeedbackhubError):
    """A plugin broke the contract; the text says how, for its author and the operator."""


def table_prefix(plugin: str) -> str:
    """Return what the names of a plugin's own tables begin with."""
    return f"plugin_{plugin.replace('-', '_')}_"


def check(plugin: str, word: str, unique: str, objects: Sequence[Any]) -> None:
    """Check the objects of one kind.

    Args:
        plugin: The plugin's name.
        word: What one of them is called.
        unique: Where their names must be unique; empty when they have none.
        objects: The objects.

    Raises:
        BadPlugin: One breaks the contract.
    """
    seen: set[str] = set()
    for each in objects if unique else ():
        _check_name(word, each)
        if each.name in seen:
            raise BadPlugin(f"{word} {each.name} is brought twice")
        seen.add(each.name)
    for each in objects:
        for kind, checks in CHECKS.items():
            if isinstance(each, kind):
                checks(plugin, each)
    _once("page", ((page.rule, method) for page in objects if isinstance(page, Page) for method in page.methods))
    _once("route", ((route.rule, route.method) for route in objects if isinstance(route, Route)))


def _once(word: str, keys: Iterable[tuple[str, str]]) -> None:
    seen: set[tuple[str, str]] = set()
    for rule, method in keys:
        if (rule, method) in seen:
            raise BadPlugin(f"{word} {rule!r} is brought twice for {method}")
        seen.add((rule, method))


def _check_name(word: str, item: object) -> None:
    name = getattr(item, "name", None)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadPlugin(f"the {word} {type(item).__name__} needs a name of small letters, digits, - and _")


def _channel(_: str, channel: Channel) -> None:
    reaches = getattr(channel, "reaches", None)
    if not isinstance(reaches, tuple) or not all(isinstance(kind, str) for kind in reaches):
        raise BadPlugin(f"channel {channel.name}: reaches must be a tuple of identifier kinds")


def _receiver(_: str, receiver: Receiver) -> None:
    for what in ("keeps_headers", "keeps_query", "identifying"):
        names = getattr(receiver, what, ())
        if isinstance(names, str) or not all(isinstance(each, str) for each in names):
            raise BadPlugin(f"{receiver.name}: {what} must be a list of names")


def is_rule(rule: str) -> bool:
    """Tell whether a rule stays below the plugin's prefix and is one that the core can mount."""
    names = NAMES.findall(rule)
    return RULE.fullmatch(rule) is not None and len(names) == len(set(names))


def _page(_: str, page: Page) -> None:
    if not is_rule(page.rule):
        raise BadPlugin(f"page {page.rule!r}: write a path below the plugin's prefix, like mails/<id>")
    if page.permission not in ("public", *ROLES):
        raise BadPlugin(f"page {page.rule!r}: permission must be one of public, {', '.join(ROLES)}")
    for method in page.methods:
        if method not in METHODS:
            raise BadPlugin(f"page {page.rule!r}: {method!r} is no method; choose from {', '.join(METHODS)}")
    _callable(f"page {page.rule!r}", "view", page.view)


def _route(_: str, route: Route) -> None:
    if not is_rule(route.rule):
        raise BadPlugin(f"route {route.rule!r}: write a path below the plugin's prefix, like cases/<id>")
    if route.method not in METHODS:
        raise BadPlugin(f"route {route.rule!r}: {route.method!r} is no method; choose from {', '.join(METHODS)}")
    if route.scope not in ("read", "write"):
        raise BadPlugin(f"route {route.rule!r}: scope must be read or write")
    for what in ("input", "output", "query"):
        model = getattr(route, what)
        if model is not None and not (isinstance(model, type) and issubclass(model, BaseModel)):
            raise BadPlugin(f"route {route.rule!r}: {what} must be a pydantic model")
    _callable(f"route {route.rule!r}", "view", route.view)


def _slot(_: str, slot: Slot) -> None:
    if slot.place not in PLACES:
        raise BadPlugin(f"slot {slot.title!r}: there is no place {slot.place}; choose from {', '.join(PLACES)}")
    if slot.permission not in ROLES:
        raise BadPlugin(f"slot {slot.title!r}: permission must be one of {', '.join(ROLES)}")
    _callable(f"slot {slot.title!r}", "show", slot.show)


def _titled(_: str, item: Analysis | DeskSection | Export) -> None:
    if not isinstance(getattr(item, "title", None), str):
        raise BadPlugin(f"{item.name} needs a title")
    if isinstance(item, Analysis) and item.permission not in ROLES:
        raise BadPlugin(f"analysis {item.name}: permission must be one of {', '.join(ROLES)}")
    for what in ("suffix", "media_type") if isinstance(item, Export) else ():
        if not isinstance(getattr(item, what, None), str):
            raise BadPlugin(f"export {item.name} needs a {what}")


def _task(_: str, task: Task) -> None:
    if task.every is not None and task.every < timedelta(seconds=1):
        raise BadPlugin(f"task {task.name}: every must be a second or more")
    if task.limit <= timedelta(0):
        raise BadPlugin(f"task {task.name}: limit must be more than nothing")
    _callable(f"task {task.name}", "run", task.run)


def _tables(plugin: str, tables: Tables) -> None:
    prefix = table_prefix(plugin)
    for name in tables.metadata.tables:
        if not name.startswith(prefix):
            raise BadPlugin(f"table {name}: its name must begin with {prefix}")


def _question(_: str, question: Question) -> None:
    if question.value not in VALUES:
        raise BadPlugin(f"question type {question.name}: value must be one of {', '.join(VALUES)}")
    if question.value == "number" and (question.minimum is None or question.maximum is None):
        raise BadPlugin(f"question type {question.name}: a number needs minimum and maximum")
    if any("en" not in option.text for option in question.options):
        raise BadPlugin(f"question type {question.name}: every option needs an English text")
    try:
        re.compile(question.pattern)
    except re.error as error:
        raise BadPlugin(f"question type {question.name}: its pattern is wrong: {error}") from None


def _callable(what: str, which: str, value: object) -> None:
    if not callable(value):
        raise BadPlugin(f"{what}: {which} must be callable")


CHECKS: Mapping[type[Any], Callable[[str, Any], None]] = {
    Channel: _channel,
    Receiver: _receiver,
    Page: _page,
    Route: _route,
    Slot: _slot,
    Analysis: _titled,
    DeskSection: _titled,
    Export: _titled,
    Task: _task,
    Tables: _tables,
    Question: _question,
}
