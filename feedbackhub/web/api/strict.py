"""Reading requests strictly: JSON that means one thing, no unknown or repeated query keys, every refusal named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from apiflask import HTTPError
from flask import request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.wrappers import Response

from ...contract.errors import Problem, Refused
from ...machinery.wording import said
from ..errors import problem
from .chapter import known_query, takes_body

__all__ = ["StrictJSON", "check_request", "invalid"]

MOST_PROBLEMS = 100
LONGEST_FIELD = 200
SURROGATES = re.compile("[\ud800-\udfff]")
#: What pydantic appends to a field's name for each type that it may have.
BRANCH = re.compile(r"\.(?:[a-z-]+\[.*|constrained-str)$", re.DOTALL)


class StrictJSON(DefaultJSONProvider):
    """Reads UTF-8 without repeated keys, NaN or endless nesting; writes keys in the order given."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a JSON text.

        Raises:
            ValueError: It is no JSON that everybody would read alike.
        """
        text = s.decode("utf-8") if isinstance(s, bytes) else s
        try:
            return json.loads(text, object_pairs_hook=unique, parse_constant=refuse_constant, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose keys differ; which of two equal keys counts, readers disagree on."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is written twice in one object")
    return found


def refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(f"{name} is no JSON value")


def check_request() -> None:
    """Refuse what no view of the API wants to see.

    Raises:
        BadRequest: The body is no JSON.
        UnsupportedMediaType: The body says that it is something else.
        Refused: A query key is unknown or repeated, or the body is no object.
    """
    known = known_query()
    problems = [
        Problem(shown(name), "is not a known query key" if name not in known else "is given twice")
        for name, values in request.args.lists()
        if name not in known or len(values) > 1
    ]
    if problems:
        raise Refused(*problems[:MOST_PROBLEMS])
    if takes_body():
        check_body()


def check_body() -> None:
    """Refuse a body that is no JSON object; what was read is kept for the view."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        body = request.get_json()
    except BadRequest as error:
        raise BadRequest(f"The body is no JSON: {why(error)}") from None
    if not isinstance(body, dict):
        raise Refused(Problem("", "the body must be a JSON object"))


def why(error: BadRequest) -> str:
    """Return what the reader of JSON said, which Flask hides as the cause of an error without words."""
    cause = error.__cause__
    said = (cause.description or "") if isinstance(cause, BadRequest) else ""
    return shown(said.removeprefix("Failed to decode JSON object: ")) or "it cannot be read"


def invalid(error: HTTPError) -> Response:
    """Answer what a model refused, field by field."""
    found = list(problems_in(error.detail)) if isinstance(error.detail, Mapping) else []
    return problem(error.status_code, "The input was refused; nothing was stored.", found[:MOST_PROBLEMS])


def problems_in(detail: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each field, as APIFlask collects them by place; the branches of a union say the same."""
    seen = set()
    for fields in detail.values():
        for path, reasons in fields.items():
            name = "" if path == "_schema" else shown(BRANCH.sub("", path))
            if name not in seen:
                seen.add(name)
                yield Problem(name, shown(said(reasons[0])))


def shown(text: str) -> str:
    """Return a text of the caller's fit to be sent back."""
    return SURROGATES.sub("\ufffd", text)[:LONGEST_FIELD]
