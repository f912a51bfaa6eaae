"""Puts the chapters together below ``/api/v1`` and serves their OpenAPI document."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from apiflask import APIBlueprint, APIFlask, HTTPError
from flask import Response
from werkzeug.routing import BaseConverter

from ...loop.core import Core
from ...loop.gesture_kinds import kinds_of
from ...version import __version__
from ..late_rules import LateRule
from ..permission import permission
from . import (
    contacts,
    customers,
    deliveries,
    exports,
    gestures,
    invitations,
    open_links,
    plugins,
    reports,
    responses,
    sources,
    suppressions,
    surveys,
    tasks,
)
from .chapter import Chapter
from .document import SECURITY, Known, complete
from .plugin_routes import plugin_chapters
from .strict import StrictJSON, check_request, invalid

__all__ = ["CHAPTERS", "PREFIX", "application", "install"]

PREFIX = "/api/v1"
CHAPTERS = (
    contacts.chapter,
    customers.chapter,
    invitations.chapter,
    open_links.chapter,
    responses.chapter,
    gestures.chapter,
    suppressions.chapter,
    surveys.chapter,
    deliveries.chapter,
    tasks.chapter,
    exports.chapter,
    sources.chapter,
    plugins.chapter,
    reports.chapter,
)


class PublicIdPart(BaseConverter):
    """A public id in an address; anything else, NUL characters included, is not found without asking the database."""

    regex = "[A-Za-z0-9_-]{12}"


class SurveyName(BaseConverter):
    """The name of a survey in an address; the one of an operation beside the surveys is none."""

    regex = "(?!check$)[a-z][a-z0-9-]{0,39}"


class Application(APIFlask):
    """An application that is put together quickly."""

    url_rule_class = LateRule


def application(name: str) -> APIFlask:
    """Return a bare application that can describe its API; errors, files and pages are the others' business."""
    app = Application(
        name, title="feedbackhub", version=__version__, spec_path=None, docs_path=None, json_errors=False,
        static_folder=None, template_folder=None,  # type: ignore[arg-type]
    )  # fmt: skip
    app.url_map.converters.update(survey=SurveyName, public=PublicIdPart)  # pages use them as well
    return app


def install(app: APIFlask, core: Core) -> None:
    """Mount the API and its document."""
    app.json = StrictJSON(app)
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        SECURITY_SCHEMES=SECURITY,
        SERVERS=[{"url": core.settings.base_url()}],
        INFO={"description": "Ended contacts in, answers and the next agent's card out."},
        AUTO_200_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
    )
    app.register_error_handler(HTTPError, invalid)  # an error processor would take all other errors as well
    chapters = (*CHAPTERS, *plugin_chapters(core))
    known = {("GestureIn", "kind"): kinds_of(core.settings), ("NewLink", "brand"): tuple(core.settings.brands)}
    app.spec_processor(completed(chapters, known))
    app.register_blueprint(blueprint(app, chapters))


def completed(chapters: Sequence[Chapter], known: Known) -> Callable[[dict[str, Any] | str], dict[str, Any]]:
    """Return what completes APIFlask's document with all that the chapters and the settings know."""

    def processor(document: dict[str, Any] | str) -> dict[str, Any]:
        assert isinstance(document, dict), "the document is made as JSON"
        return complete(document, chapters, known)

    return processor


def blueprint(app: APIFlask, chapters: Sequence[Chapter]) -> APIBlueprint:
    """Serve ``/api/v1``."""
    api = APIBlueprint("api", __name__, url_prefix=PREFIX)
    api.before_request(check_request)
    for chapter in chapters:
        chapter.mount(api)
    document = api.doc(hide=True)(permission("public")(documented(app)))
    api.add_url_rule("/openapi.json", "openapi", document, methods=["GET"], provide_automatic_options=False)
    return api


def documented(app: APIFlask) -> Callable[[], Response]:
    """Return the view of the OpenAPI document, which is made once, when it is first asked for."""
    made: list[str] = []
    making = threading.Lock()

    def openapi() -> Response:
        with making:
            if not made:
                made.append(written(app.spec))
        return Response(made[0], content_type="application/json")

    return openapi


def written(document: Any) -> str:
    """Return the document as text."""
    return json.dumps(document, indent=1)
