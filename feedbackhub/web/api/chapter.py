"""A chapter of the API: views with what they demand, take and answer, declared beside each view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import Response, current_app, request
from pydantic import BaseModel

from ..permission import SCOPE, permission

__all__ = ["BEARER", "Chapter", "Operation"]

BEARER = "key"
TAKES_BODY = "feedbackhub_takes_body"
TAKES_QUERY = "feedbackhub_takes_query"
#: What any operation may answer, whatever it does.
ALWAYS = (401, 403, 422, 429, 503)
OF_BODIES = (400, 413, 415)
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    Args:
        method: The HTTP method.
        rule: Its path below the prefix, in Flask's notation.
        scope: The scope that a key needs.
        view: Does it; given ``body``, ``query`` and the path's parts.
        answers: The model of each good answer by status; None for an answer without a body.
        body: The model of the body, None when it takes none.
        query: The model of the query, None when it takes none.
        refuses: Further statuses of refusal.
        headers: Request headers as OpenAPI parameters.
        media: Media type of a good answer that is no JSON.
        parts: The schema of each part of the path, where it is none of the usual.
    """

    method: str
    rule: str
    scope: str
    view: Callable[..., Any]
    answers: Mapping[int, type[BaseModel] | None]
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    refuses: Sequence[int] = ()
    headers: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    media: str = ""
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def problems(self) -> list[int]:
        """Every status under which it may refuse."""
        found = {*ALWAYS, *self.refuses, *(OF_BODIES if self.body else ())}
        return sorted(found | ({404} if "<" in self.rule else set()))


class Chapter:
    """Collects the operations of one module.

    Args:
        name: The module's name, a tag in the OpenAPI document.
        about: One sentence for readers of that document.
    """

    def __init__(self, name: str, about: str) -> None:
        self.name, self.about = name, about
        self.operations: list[Operation] = []

    def operation(
        self, method: str, rule: str, scope: str, answers: Mapping[int, type[BaseModel] | None], **more: Any
    ) -> Callable[[View], View]:
        """Declare a view; its first line of docstring is the summary.

        Args:
            method: The HTTP method.
            rule: Its path below the prefix.
            scope: The scope that a key needs.
            answers: The model of each good answer by status.
            more: The other fields of `Operation`.
        """

        def declare(view: View) -> View:
            self.operations.append(Operation(method, rule, scope, view, answers, **more))
            return view

        return declare

    def mount(self, api: APIBlueprint) -> None:
        """Add the chapter's operations to a blueprint."""
        for each in self.operations:
            name = f"{self.name}_{each.view.__name__}"
            view = served(api, each, name, self.name)
            api.add_url_rule(each.rule, name, view, methods=[each.method], provide_automatic_options=False)


def served(api: APIBlueprint, each: Operation, name: str, tag: str) -> Callable[..., Any]:
    """Return the view with its permission, its input and its output around it."""

    status, model = next(iter(each.answers.items()))

    @permission(SCOPE + each.scope)
    @wraps(each.view)
    def view(**parts: Any) -> Any:
        return answer(each.view(**parts), status)

    setattr(view, TAKES_BODY, each.body is not None)
    setattr(view, TAKES_QUERY, frozenset(each.query.model_fields) if each.query else frozenset())
    if each.body is not None:
        view = api.input(each.body, arg_name="body")(view)
    if each.query is not None:
        view = api.input(each.query, location="query", arg_name="query")(view)
    if model is not None:
        view = api.output(model, status_code=status)(view)
    described = api.doc(
        tags=[tag], operation_id=name.replace(" ", "_"), security=[{BEARER: [each.scope]}], responses=responses(each),
        extensions={"x-headers": list(each.headers), "x-parts": dict(each.parts)},
    )  # fmt: skip
    return described(view)


def answer(found: Any, status: int) -> Any:
    """Return a model, or a model and a status, as JSON, written by the model itself; anything else as it is."""
    if isinstance(found, tuple) and isinstance(found[0], BaseModel):
        found, status = found
    if not isinstance(found, BaseModel):
        return found
    return Response(found.model_dump_json(by_alias=True), status, content_type="application/json")


def responses(each: Operation) -> dict[int, Any]:
    """Return every answer of an operation as OpenAPI writes it; problems are filled in by `document`."""
    found: dict[int, Any] = {}
    for status, model in each.answers.items():
        found[status] = {"description": GOOD.get(status, GOOD[200])}
        if model is not None:
            schema = {"$ref": f"#/components/schemas/{model.__name__}"}
            found[status]["content"] = {"application/json": {"schema": schema}}
        elif each.media:
            form = {} if each.media.endswith("xml") else {"format": "binary"}
            found[status]["content"] = {each.media: {"schema": {"type": "string", **form}}}
    return found | {status: {"description": "", "content": {}} for status in each.problems}


GOOD = {200: "Done.", 201: "Stored.", 202: "It is being worked on.", 204: "Done; there is nothing more to say."}


def takes_body() -> bool:
    """Tell whether the running request's view takes a body."""
    return bool(getattr(running_view(), TAKES_BODY, False))


def known_query() -> frozenset[str]:
    """Return the query keys that the running request's view takes."""
    found: frozenset[str] = getattr(running_view(), TAKES_QUERY, frozenset())
    return found


def running_view() -> Callable[..., Any] | None:
    """Return the view of the running request."""
    return current_app.view_functions.get(request.endpoint or "")
