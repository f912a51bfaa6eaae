"""Operations that plugins bring, mounted below ``/api/v1/x/<plugin>/`` as chapters like the core's own."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from flask import Response, request
from pydantic import BaseModel, ConfigDict, RootModel

from ...contract.errors import Problem, Refused
from ...contract.screens import Route, RouteRequest
from ...loop.core import Core
from ...loop.plugin_views import run_route, sound_routes
from ..current import core
from .chapter import Chapter, Operation
from .shapes import actor, nothing

__all__ = ["plugin_chapters"]

M = TypeVar("M", bound=BaseModel)
PART = re.compile(r"<(?:([a-z]+):)?([a-z_][a-z0-9_]*)>")
WORD = re.compile(r"[^a-z0-9]+")
#: What may not stand in a schema's name.
UNFIT = re.compile(r"[^A-Za-z0-9._-]")
SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "int": {"type": "integer", "minimum": 0},
    "float": {"type": "number", "minimum": 0},
    "uuid": {"type": "string", "format": "uuid"},
}
TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1}
#: What a view may refuse with, beside what any operation may.
REFUSES = (404, 409, 502)


def plugin_chapters(here: Core) -> tuple[Chapter, ...]:
    """Return a chapter for each working plugin that brings routes."""
    return tuple(chapter_of(plugin, routes) for plugin, routes in sound_routes(here).items())


def chapter_of(plugin: str, routes: tuple[Route, ...]) -> Chapter:
    """Return a plugin's routes as a chapter."""
    chapter = Chapter(f"x-{plugin}", f"What the plugin {plugin} brings.")
    twins, taken = Twins(plugin), set[str]()
    for route in routes:
        # The operation's id in the document, and the endpoint's name.
        name = free(WORD.sub("_", f"{route.method} {route.rule}".lower()).strip("_"), taken)
        taken.add(name)
        chapter.operations.append(operation_of(plugin, name, route, twins))
    return chapter


def operation_of(plugin: str, name: str, route: Route, twins: Twins) -> Operation:
    """Return a route as an operation of the API."""
    status = 204 if route.output is None else route.status
    return Operation(
        method=route.method,
        rule=f"/x/{plugin}/{route.rule}".rstrip("/"),
        scope=f"x:{plugin}:{route.scope}",
        view=view_of(plugin, name, route, status),
        answers={status: twins.of(route.output, strict=False) if route.output else None},
        body=twins.of(route.input) if route.input else None,
        query=twins.of(route.query) if route.query else None,
        refuses=REFUSES,
        parts={name: SCHEMAS.get(kind, TEXT) for kind, name in PART.findall(route.rule)},
    )


def view_of(plugin: str, name: str, route: Route, status: int) -> Callable[..., Response]:
    """Return what runs a route's view, contained, and writes its answer down."""

    def view(body: BaseModel | None = None, query: BaseModel | None = None, **parts: object) -> Response:
        if body is not None:
            refuse_broken_letters(request.get_json())
        told = RouteRequest({name: str(value) for name, value in parts.items()}, query, body, actor())
        answer = run_route(core(), plugin, route, told)
        return nothing() if answer is None else Response(answer, status, content_type="application/json")

    view.__name__, view.__doc__ = name, route.summary
    return view


def refuse_broken_letters(body: Any) -> None:
    """Refuse a body with half letters, which no database and no file can hold.

    Raises:
        Refused: There is one.
    """
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Refused(Problem("", "holds letters that cannot be written down")) from None


class Twins:
    """The models of a plugin under names that nobody else's can have, for the document; made once each.

    Args:
        plugin: The plugin.
    """

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._made: dict[tuple[type[BaseModel], bool], type[BaseModel]] = {}

    def of(self, model: type[M], strict: bool = True) -> type[M]:
        """Return a model's twin.

        Args:
            model: The plugin's model.
            strict: Refuse unknown fields, unless the model itself says what to do with them.
        """
        made = self._made.get((model, strict))
        if made is None:
            name = f"x-{self._plugin}.{UNFIT.sub('_', model.__name__)}"
            made = twin(model, free(name, {each.__name__ for each in self._made.values()}), strict)
            self._made[model, strict] = made
        return made  # type: ignore[return-value]


@lru_cache(maxsize=1024)
def twin(model: type[BaseModel], name: str, strict: bool) -> type[BaseModel]:
    """Return a model under another name, the same class whenever an application is put together again."""
    open_to_all = strict and "extra" not in model.model_config and not issubclass(model, RootModel)
    config = ConfigDict(extra="forbid") if open_to_all else ConfigDict()
    known = {"__module__": model.__module__, "__doc__": model.__doc__, "model_config": config}
    made: type[BaseModel] = types.new_class(name, (model,), exec_body=lambda namespace: namespace.update(known))
    return made


def free(name: str, taken: set[str]) -> str:
    """Return a name with the first number behind it that nobody has yet, none if it is free as it is."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}{number}"
    return found
