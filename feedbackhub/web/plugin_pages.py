"""Pages of plugins, mounted under ``/x/<plugin>/``: permission, shell and error page are the core's."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Flask, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ..contract.errors import FeedbackhubError
from ..contract.screens import Page, PageRequest, PageResult
from ..loop.core import Core
from .navigation import PLUGIN_PAGES
from .permission import permission
from .redirects import go, local_path
from .rendering import language, page
from .sessions import actor

__all__ = ["blueprint", "install"]

# A raw document, such as a mail: its inline styles hold, its scripts do not run, its links lead out of the frame.
RAW = {
    "Content-Security-Policy": "sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: "
    "https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
log = logging.getLogger("feedbackhub.plugins")


def install(app: Flask, core: Core) -> None:
    """Mount the pages of every working plugin and name the titled ones in the navigation."""
    for name, loader in core.plugins.template_loaders.items():
        core.renderer.add_plugin(name, loader)
    app.register_blueprint(blueprint(core))
    app.extensions[PLUGIN_PAGES] = [
        (f"x.{endpoint_of(plugin, number)}", each.title)
        for number, (plugin, each) in enumerate(core.plugins.each("feedbackhub_pages"))
        if each.title and "<" not in each.rule
    ]


def blueprint(core: Core) -> Blueprint:
    """Serve ``/x/<plugin>/…``."""
    pages = Blueprint("x", __name__, url_prefix="/x")
    for number, (plugin, each) in enumerate(core.plugins.each("feedbackhub_pages")):
        rule = f"/{plugin}/{each.rule.lstrip('/')}"
        pages.add_url_rule(rule, endpoint_of(plugin, number), mounted(plugin, each), methods=list(each.methods))
    return pages


def endpoint_of(plugin: str, number: int) -> str:
    """Return the name of a mounted page among Flask's endpoints."""
    return f"{plugin}_{number}"


def mounted(plugin: str, each: Page) -> Callable[..., ResponseReturnValue]:
    """Return the view of a plugin's page, contained: what it raises is logged and answered by a page that names it."""

    @permission(each.permission)
    def view(**path: object) -> ResponseReturnValue:
        if not each.rule and not request.path.endswith("/"):
            return go(f"/x/{plugin}/")  # its links are relative to that
        try:
            return answer(plugin, each, each.view(asked({name: str(value) for name, value in path.items()})))
        except (FeedbackhubError, HTTPException):
            raise
        except Exception:  # whatever an author's view raises stays on that author's page
            log.exception("plugin %s failed at %s", plugin, request.url_rule)
            return page("staff/plugin_error.html", plugin=plugin, page_title=each.title), 500

    return view


def asked(path: dict[str, str]) -> PageRequest:
    """Return the request as a plugin is told about it."""
    form = {name: value for name, value in request.form.items() if name != "csrf_token"}
    return PageRequest(path, request.args.to_dict(), form, language(), actor())


def answer(plugin: str, each: Page, result: PageResult) -> ResponseReturnValue:
    """Return what a plugin's view answered with."""
    if result.redirect:
        return go(local_path(f"/x/{plugin}/{result.redirect.lstrip('/')}", f"/x/{plugin}/"))
    if result.template:
        shell = {"plugin": plugin, "page_title": each.title, "plugin_root": f"{request.root_path}/x/{plugin}/"}
        return page(f"x/{plugin}/{result.template}", **{**shell, **result.values}), result.status
    return raw(result)


def raw(result: PageResult) -> Response:
    """Return a raw body; a document is confined to a sandbox."""
    response = make_response(result.body, result.status)
    response.headers["Content-Type"] = result.media_type
    response.headers.update(RAW)
    return response
