"""Pages of plugins, mounted under ``/x/<plugin>/``: permission, shell and error page are the core's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from flask import Blueprint, Flask, Response, copy_current_request_context, flash, g, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from ..contract.screens import Page, PageRequest, PageResult, Upload
from ..loop.core import Core
from ..loop.plugin_views import dress, run_drawing, run_page, run_pieces
from . import plugin_static
from .current import core
from .navigation import PLUGIN_PAGES
from .permission import permission
from .redirects import go, local_path
from .rendering import language, shared
from .sessions import person

__all__ = ["RAW", "blueprint", "install"]

# A raw document, such as a mail: its inline styles hold, its scripts do not run, its links lead out of the frame.
RAW = {
    "Content-Security-Policy": "sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: "
    "https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
TOKEN = "csrf_token"
#: What proves who somebody is stays with the core.
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization", "x-csrftoken"})
STRANGER = "public"
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def install(app: Flask, core: Core) -> None:
    """Mount the pages of every working plugin and name the titled ones in the navigation."""
    dress(core)
    plugin_static.install(app, core)
    app.register_blueprint(blueprint(core))
    app.extensions[PLUGIN_PAGES] = [
        (f"x.{endpoint}", plugin, each.title)
        for endpoint, plugin, each in named(core)
        if each.title and "<" not in each.rule and "GET" in each.methods
    ]


def blueprint(core: Core) -> Blueprint:
    """Serve ``/x/<plugin>/…``."""
    pages = Blueprint("x", __name__, url_prefix="/x")
    pages.get("/<plugin>/static/<path:filename>", endpoint="static")(plugin_static.file)
    for endpoint, plugin, each in named(core):
        rule = f"/{plugin}/{each.rule.lstrip('/')}"
        pages.add_url_rule(rule, endpoint, mounted(plugin, each), methods=list(each.methods))
    return pages


def named(core: Core) -> Iterator[tuple[str, str, Page]]:
    """Yield every page with its plugin and its name among Flask's endpoints: the plugin's, and which of its pages."""
    numbers: Counter[str] = Counter()
    for plugin, each in core.plugins.each("feedbackhub_pages"):
        yield f"{plugin}_{numbers[plugin]}", plugin, each
        numbers[plugin] += 1


def mounted(plugin: str, each: Page) -> Callable[..., ResponseReturnValue]:
    """Return the view of a plugin's page, contained: what goes wrong in it is answered by a page that names it."""

    @permission("unseen" if each.permission == STRANGER else each.permission)
    def view(**path: object) -> ResponseReturnValue:
        if not each.rule and not request.path.endswith("/"):
            return go(f"/x/{plugin}/")  # its links are relative to that
        told = asked(each, {name: str(value) for name, value in path.items()})
        return answer(plugin, each, run_page(core(), plugin, each, told))

    return view


def asked(each: Page, path: Mapping[str, str]) -> PageRequest:
    """Return the request as a plugin is told about it; on a public page nobody is known."""
    seen = None if each.permission == STRANGER else person()
    form = MultiDict([(name, plain(value)) for name, value in request.form.items(multi=True) if name != TOKEN])
    return PageRequest(
        path={name: plain(value) for name, value in path.items()},
        query={name: plain(value) for name, value in request.args.items()},
        form=form.to_dict(),
        language=language("customer" if seen is None else "staff"),
        user=seen.email if seen else "",
        role=seen.role if seen else "",
        files={name: Upload(bare(file.filename or ""), file.read()) for name, file in request.files.items()},
        headers={name.lower(): value for name, value in request.headers if name.lower() not in CREDENTIALS},
        lists={
            name: tuple(map(plain, values))
            for name, values in chain(request.args.lists(), form.lists()) if len(values) > 1
        },
    )


def plain(value: str) -> str:
    """Return what somebody sent without control characters, which no field means and not every database keeps."""
    return CONTROLS.sub("", value)


def bare(filename: str) -> str:
    """Return a file's name without the folders that some browsers, and attackers, put before it."""
    return filename.replace("\\", "/").rpartition("/")[2]


def answer(plugin: str, each: Page, result: PageResult) -> ResponseReturnValue:
    """Return what a plugin's view answered with."""
    if result.notice and each.permission != STRANGER:
        flash(result.notice, "good")
    if result.redirect:
        return go(local_path(f"/x/{plugin}/{result.redirect.lstrip('/')}", f"/x/{plugin}/"))
    if result.template:
        return drawn(plugin, each, result), result.status
    return raw(plugin, each, result)


def drawn(plugin: str, each: Page, result: PageResult) -> str:
    """Return a plugin's template, drawn in limited time inside the shell that it extends."""
    shell: dict[str, Any] = {
        "plugin": plugin,
        "page_title": core().i18n.of_plugin(plugin, language())(each.title),
        "plugin_root": f"{request.script_root}/x/{plugin}/",
        "static": plugin_static.addresses(plugin),
    }
    domain = "staff"
    if each.permission == STRANGER:
        domain = "customer"
        shell |= {"user": lambda: None, "navigation": list, "flashes": list}
    known = dict(vars(g._get_current_object()))

    @copy_current_request_context
    def draw() -> str:
        vars(g._get_current_object()).update(known)
        context = {**shared(), **result.values, **shell}
        return core().renderer.render(f"x/{plugin}/{result.template}", language(domain), domain, **context)

    return run_drawing(core(), plugin, each, draw)


def raw(plugin: str, each: Page, result: PageResult) -> Response:
    """Return a raw body, whole or piece by piece; a document is confined to a sandbox."""
    body: bytes | Iterator[bytes]
    if isinstance(result.body, bytes):
        body = result.body
    else:
        pieces = run_pieces(core(), plugin, each, result.body)
        body = chain([next(pieces, b"")], pieces)  # what fails at once is answered by a page that says so
    response = Response(body, result.status, content_type=result.media_type)
    response.headers.update(RAW)
    if result.filename:
        response.headers.set("Content-Disposition", "attachment", filename=result.filename)
    return response
