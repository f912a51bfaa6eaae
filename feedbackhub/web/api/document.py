"""The OpenAPI document: what APIFlask makes of the declarations, completed by what holds for every operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from ..errors import PROBLEM_JSON
from .chapter import BEARER, Chapter
from .sharing import share

__all__ = ["SECURITY", "complete"]

#: What a field of a model may be, where the settings say so.
Known = Mapping[tuple[str, str], Sequence[str]]
SECURITY = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key with the scope that the operation names: `Authorization: Bearer fh_…`.",
    }
}
PUBLIC_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{12}$", "minLength": 12, "maxLength": 12}
PROBLEM = {
    "type": "object",
    "description": "What went wrong, after RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "number": {"type": "string", "description": "Under which the server's log has more."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason"],
                "properties": {"field": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
WORDS = {
    400: "The body is no JSON.",
    401: "There is no API key, or it is unknown or revoked.",
    403: "The key lacks the scope.",
    404: "There is no such thing.",
    409: "This contradicts what is stored.",
    413: "The body is too large.",
    415: "The body must be application/json.",
    422: "The input was refused; `errors` names each field.",
    429: "Too many requests; `Retry-After` says when to come back.",
    502: "The plugin behind this operation failed; the detail names it.",
    503: "The storage cannot take the request now; `Retry-After` says when to come back.",
}
RETRY = {"Retry-After": {"description": "Seconds until trying again makes sense.", "schema": {"type": "integer"}}}
CHALLENGE = {"WWW-Authenticate": {"schema": {"type": "string"}}}


def complete(document: dict[str, Any], chapters: Sequence[Chapter], known: Known) -> dict[str, Any]:
    """Return the document with problems, path parts, headers, models and this instance's own names filled in."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    components["responses"] = {f"Problem{status}": refusal(status) for status in WORDS}
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["tags"] = [{"name": each.name, "description": each.about} for each in chapters]
    for chapter in chapters:
        for operation in chapter.operations:
            for model in filter(None, operation.answers.values()):
                add_model(schemas, model)
    for (model_name, field), values in known.items():
        schemas[model_name]["properties"][field]["enum"] = list(values)
    for path in document["paths"].values():
        for operation in path.values():
            complete_operation(operation)
    for schema in schemas.values():
        close(schema)
    share(document)
    return document


def close(schema: Any) -> None:
    """Say of maps with named kinds of keys that they hold no others, and leave out the titles that pydantic invents."""
    if isinstance(schema, list):
        for each in schema:
            close(each)
    if not isinstance(schema, dict):
        return
    if "patternProperties" in schema:
        schema.setdefault("additionalProperties", False)
        schema.pop("propertyNames", None)  # the pattern says it all
    if isinstance(schema.get("title"), str):
        del schema["title"]
    for each in schema.values():
        close(each)


def refusal(status: int) -> dict[str, Any]:
    """Return one kind of refusal."""
    found: dict[str, Any] = {
        "description": WORDS[status],
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    headers = RETRY if status in (429, 503) else CHALLENGE if status == 401 else None
    return {**found, "headers": headers} if headers else found


def complete_operation(operation: dict[str, Any]) -> None:
    """Fill one operation in place."""
    for status in operation["responses"]:
        if int(status) in WORDS:
            operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
        elif not operation["responses"][status].get("content"):
            operation["responses"][status].pop("content", None)
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    parts = operation.pop("x-parts", {})
    for part in operation.get("parameters", []):
        if part["in"] == "path":
            part["required"] = True
            part["schema"] = dict(parts.get(part["name"]) or (SLUG if part["name"] == "name" else PUBLIC_ID))
        close(part["schema"])
    operation.setdefault("parameters", []).extend(operation.pop("x-headers", []))


SLUG = {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"}


def add_model(schemas: dict[str, Any], model: type[BaseModel]) -> None:
    """Name a model among the document's schemas, as it is written in answers."""
    template = f"#/components/schemas/{model.__name__}.{{model}}"
    schema = model.model_json_schema(ref_template=template, mode="serialization")
    for name, part in schema.pop("$defs", {}).items():
        schemas[f"{model.__name__}.{name}"] = part
    schemas[model.__name__] = schema
