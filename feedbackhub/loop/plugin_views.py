"""What plugins answer visitors: their pages and routes, run for a limited time, their results checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from ..contract.errors import Conflict, FeedbackhubError, NotFound, NotGenuine, Refused, Unavailable
from ..contract.scalars import is_line
from ..contract.screens import Page, PageRequest, PageResult, Route, RouteRequest
from ..machinery.containment import PluginFault
from .core import Core
from .question_types import settle_types

__all__ = ["dress", "run_drawing", "run_page", "run_pieces", "run_route", "sound_routes"]

T = TypeVar("T")
#: What a view may answer a visitor with instead of a result; any other error is the plugin's fault.
SAID = (Refused, NotFound, NotGenuine, Conflict, Unavailable, PluginFault)


def dress(core: Core) -> None:
    """Make templates and texts of the working plugins known and look at their question types; once more is harmless."""
    for name, loader in core.plugins.template_loaders.items():
        core.renderer.add_plugin(name, loader)
    for name, folder in core.plugins.folders.items():
        if (folder / "locale").is_dir():
            core.i18n.add_plugin(name, folder / "locale")
    settle_types(core)


def run_page(core: Core, plugin: str, page: Page, request: PageRequest) -> PageResult:
    """Return what a page's view answers.

    Raises:
        PluginFault: It failed, took too long or returned something else.
        Refused, NotFound, NotGenuine, Conflict, Unavailable: What the view says to the visitor.
    """
    what = named(page)
    result = _run(core, plugin, what, page.view, request)
    if not isinstance(result, PageResult):
        raise core.containment.blame(plugin, what, f"returned {type(result).__name__}, not a PageResult")
    flaw = _flaw(result)
    if flaw:
        raise core.containment.blame(plugin, what, flaw)
    return result


def named(page: Page) -> str:
    """Return what a page is called in the trace."""
    return f"page {page.rule or '/'}"


def _flaw(result: PageResult) -> str:
    """Return what makes a page's result unusable, empty when nothing does."""
    body: object = result.body
    status: object = result.status
    if not isinstance(body, bytes) and not hasattr(body, "__next__"):
        return f"returned a body of type {type(body).__name__}, neither bytes nor an iterator of them"
    if not isinstance(status, int) or not 200 <= status < 600:
        return f"returned {status!r}, which is no HTTP status"
    lines: tuple[object, ...] = (result.media_type, result.filename, result.notice, result.template, result.redirect)
    if not all(isinstance(line, str) and is_line(line) for line in lines):
        return "returned a media type, file name, notice, template or address that is no line of text"
    return ""


def run_drawing(core: Core, plugin: str, page: Page, draw: Callable[[], str]) -> str:
    """Return a page's template, drawn; whatever the author wrote into it costs that page only.

    Raises: PluginFault: It cannot be drawn.
    """
    return _run(core, plugin, named(page), draw)


def run_pieces(core: Core, plugin: str, page: Page, body: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a body piece by piece, each in limited time.

    Raises: PluginFault: It failed, took too long or yields something else than bytes.
    """
    while True:
        piece = _run(core, plugin, named(page), next, body, None)
        if piece is None:
            return
        if not isinstance(piece, bytes):
            raise core.containment.blame(plugin, named(page), f"yielded {type(piece).__name__}, not bytes")
        yield piece


def run_route(core: Core, plugin: str, route: Route, request: RouteRequest) -> str | None:
    """Return a route's answer as JSON, None when there is nothing to say.

    Raises:
        PluginFault: It failed, took too long or returned something else than its output model.
        Refused, NotFound, NotGenuine, Conflict, Unavailable: What the view says to the caller.
    """
    what = f"route {route.method} {route.rule or '/'}"
    answer: object = _run(core, plugin, what, route.view, request)
    if route.output is None and answer is None:
        return None
    if route.output is None or not isinstance(answer, route.output):
        wanted = route.output.__name__ if route.output else "None"
        raise core.containment.blame(plugin, what, f"returned {type(answer).__name__}, not {wanted}")
    return _run(core, plugin, what, _spoken, answer)


def _spoken(answer: BaseModel) -> str:
    return answer.model_dump_json(by_alias=True)


def sound_routes(core: Core) -> dict[str, tuple[Route, ...]]:
    """Return the routes of each working plugin; one whose models cannot be described is taken out."""
    found: dict[str, tuple[Route, ...]] = {}
    for plugin, brought in list(core.plugins.brought.items()):
        routes = brought.of("feedbackhub_routes")
        flaw = next(filter(None, map(_undescribed, routes)), "")
        if flaw:
            core.plugins.fail(plugin, flaw)
        elif routes:
            found[plugin] = routes
    return found


def _undescribed(route: Route) -> str:
    models: list[type[BaseModel]] = [each for each in (route.input, route.output, route.query) if each is not None]
    flaws = ((model, _without_schema(model)) for model in models)
    return next((f"route {route.rule!r}: {model.__name__} {flaw}" for model, flaw in flaws if flaw), "")


@lru_cache(maxsize=1024)
def _without_schema(model: type[BaseModel]) -> str:
    """Say why a model cannot be described, empty when it can; a model stays as it is, so that it is tried once."""
    try:
        model.model_json_schema()
    except Exception as error:  # pydantic asks the author's own types, which may raise anything
        return f"has no JSON schema: {type(error).__name__}"
    return ""


def _run(core: Core, plugin: str, what: str, fn: Callable[..., T], *args: Any) -> T:
    try:
        return core.containment.call(plugin, what, fn, *args)
    except SAID:
        raise
    except FeedbackhubError as error:  # such as a call to another system that failed: nothing a visitor can act on
        raise core.containment.blame(plugin, what, f"let {type(error).__name__} through") from error
