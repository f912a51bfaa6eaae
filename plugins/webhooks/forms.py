"""From the fields of a form to an endpoint as somebody wants it, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from feedbackhub import N_, PageRequest, Problem, Refused

from .catalogue import INCLUDES, TYPES
from .endpoints import Endpoint
from .wanted import Wanted

__all__ = ["as_typed", "fields_of", "moment_of", "wanted_of"]


def wanted_of(request: PageRequest) -> Wanted:
    """Return what a form asks for; raises Refused when JSON in it is none."""
    title = request.form.get("title", "")
    if request.form.get("kind") == "note":
        return Wanted(title, template=_template(request.form))
    types = (*request.every("types"), *request.form.get("more_types", "").split())
    return Wanted(title, request.form.get("url", ""), types, request.every("include"))


def _template(form: Mapping[str, str]) -> dict[str, Any]:
    names = ("credentials", "source", "language", "preset")
    template: dict[str, Any] = {name: form.get(name, "").strip() for name in names}
    if template["preset"]:
        return template
    return {
        **template,
        "method": form.get("method", ""),
        "path": form.get("path", "").strip(),
        "headers": _json(form, "headers", "{}"),
        "body": _json(form, "body", ""),
    }


def _json(form: Mapping[str, str], name: str, otherwise: str) -> Any:
    try:
        return json.loads(form.get(name, "").strip() or otherwise)
    except (ValueError, RecursionError):
        raise Refused(Problem(name, N_("must be JSON"))) from None


def fields_of(endpoint: Endpoint | None, kind: str) -> dict[str, Any]:
    """Return what stands in the form for an endpoint, or for a new one."""
    if endpoint is None:
        return {"kind": kind, "types": ("response.settled",), "include": (), "language": "en", "method": "POST"}
    if not endpoint.is_note:
        more = [each for each in endpoint.types if each not in TYPES]
        known = {"types": endpoint.types, "include": endpoint.include, "more_types": " ".join(more)}
        return {"kind": "events", "title": endpoint.title, "url": endpoint.url, **known}
    template = dict(endpoint.template)
    for name in ("headers", "body"):
        template[name] = json.dumps(template[name], indent=2, ensure_ascii=False) if name in template else ""
    return {"kind": "note", "title": endpoint.title, **template}


def as_typed(request: PageRequest) -> dict[str, Any]:
    """Return what stands in a form that is shown again."""
    include = tuple(each for each in request.every("include") if each in INCLUDES)
    return {**request.form, "types": request.every("types"), "include": include}


def moment_of(text: str) -> datetime | None:
    """Return a moment written in ISO 8601, UTC where no zone is given, None for nothing.

    Raises:
        Refused: It is none.
    """
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(Problem("since", N_("must be a date, such as 2026-03-01 or 2026-03-01T12:00"))) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
