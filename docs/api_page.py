"""The page about the API: each operation with its parameters and body, each object once, from the OpenAPI document."""

from __future__ import annotations

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from docs.writing import code, table

__all__ = ["api_page"]

METHODS = ("get", "post", "put", "patch", "delete")
REFERENCE = "#/components/schemas/"
REFERRED = re.compile(r'"\$ref": "#/components/schemas/([^"]+)"')
INTRO = """The whole of it, for machines: `/api/v1/openapi.json` (OpenAPI 3.1). Calls carry an API key,
`Authorization: Bearer fh_…`, made with `feedbackhub keys create` or on the page Keys. Errors are
`application/problem+json` (RFC 9457) with `errors: [{field, reason}]`. Times are RFC 3339 with a zone. Lists page by an
opaque cursor: give `next` as `after` while `more` is true.

Every call may also answer 401 (no key), 403 (the key lacks the scope), 422 (something is wrong, field by field),
429 (too often) and 503 (the database cannot take it now; `Retry-After` says when).

"""
EVERYWHERE = {"400", "401", "403", "413", "415", "422", "429", "503"}

Schema = Mapping[str, Any]


def api_page(spec: Mapping[str, Any]) -> str:
    """Return the page for an OpenAPI document."""
    schemas: dict[str, Schema] = spec["components"]["schemas"]
    names = _names(schemas)
    parts = ["# API\n\n", INTRO]
    for path, operations in sorted(spec["paths"].items()):
        parts += [_operation(path, method, operations[method], names) for method in METHODS if method in operations]
    parts.append("## Objects\n\n")
    given = _given(spec)
    told: set[str] = set()
    for name in sorted(schemas, key=lambda each: names[each].lower()):
        if names[name] not in told:
            told.add(names[name])
            parts.append(_object(names[name], schemas[name], names, name in given))
    return "".join(parts).rstrip() + "\n"


def _names(schemas: Mapping[str, Schema]) -> dict[str, str]:
    """Return what each object is called on the page: its short name where all of that name are alike."""
    alike: dict[str, dict[str, str]] = defaultdict(dict)
    for name, schema in schemas.items():
        told = json.dumps(schema.get("properties", {}), sort_keys=True).replace(REFERENCE, "")
        for other in sorted(schemas, key=len, reverse=True):
            told = told.replace(f'"{other}"', f'"{other.rpartition(".")[2]}"')
        alike[name.rpartition(".")[2]][name] = told
    return {name: short if len(set(group.values())) == 1 else name for short, group in alike.items() for name in group}


def _operation(path: str, method: str, operation: Mapping[str, Any], names: Mapping[str, str]) -> str:
    parts = [f"## `{method.upper()} {path}`\n\n", f"{operation.get('summary', '').strip()}\n\n"]
    description = inspect.cleandoc(operation.get("description", "")).strip()
    if description:
        parts.append(f"{description}\n\n")
    scopes = [scope for each in operation.get("security", []) for values in each.values() for scope in values]
    if scopes:
        parts.append(f"Scope: {', '.join(code(scope) for scope in sorted(set(scopes)))}.\n\n")
    rows = [(code(each["name"]), each["in"], _kind(each["schema"], names),
             each.get("description") or each["schema"].get("description", ""))
            for each in operation.get("parameters", [])]  # fmt: skip
    if rows:
        parts.append(table(("parameter", "where", "type", "meaning"), rows) + "\n")
    body = _content(operation.get("requestBody", {}), names)
    if body:
        parts.append(f"Body: {body}.\n\n")
    parts.append("Answers: " + " · ".join(_answers(operation["responses"], names)) + "\n\n")
    return "".join(parts)


def _answers(responses: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    for status, answer in responses.items():
        if status not in EVERYWHERE:
            content = _content(answer, names)
            yield f"`{status}` {content}" if content else f"`{status}`"


def _content(holder: Mapping[str, Any], names: Mapping[str, str]) -> str:
    for media, content in holder.get("content", {}).items():
        schema = content.get("schema", {})
        return _kind(schema, names) if "$ref" in schema else code(media)
    return ""


def _given(spec: Mapping[str, Any]) -> set[str]:
    """Return the objects that callers send; only of these it matters what may be left out."""
    bodies = [operation.get("requestBody", {}) for each in spec["paths"].values() for operation in each.values()]
    found = set(REFERRED.findall(json.dumps(bodies)))
    while more := set(REFERRED.findall(json.dumps([spec["components"]["schemas"][each] for each in found]))) - found:
        found |= more
    return found


def _object(name: str, schema: Schema, names: Mapping[str, str], given: bool) -> str:
    required = set(schema.get("required", ())) if given else set()
    rows = [(code(each), _kind(field, names), "required" if each in required else _default(field),
             " ".join(field.get("description", "").split()))
            for each, field in schema.get("properties", {}).items()]  # fmt: skip
    said = " ".join(schema.get("description", "").split())
    fields = table(("field", "type", "default", "meaning"), rows) if rows else ""
    return f"### {name}\n\n" + "\n".join(part for part in (f"{said}\n" if said else "", fields) if part) + "\n"


def _default(field: Schema) -> str:
    value = field.get("default")
    return "" if value in (None, "", [], {}) else code(json.dumps(value, ensure_ascii=False))


def _kind(field: Schema, names: Mapping[str, str]) -> str:
    """Say in a few words what a field holds."""
    if "$ref" in field:
        name = names.get(field["$ref"].removeprefix(REFERENCE), "object")
        return f"[{name}](#{name.lower().replace('.', '')})"
    if "anyOf" in field:
        kinds = dict.fromkeys(_kind(each, names) for each in field["anyOf"] if each.get("const") != "")
        return " or ".join(kinds)
    if "enum" in field:
        return ", ".join(code(str(each)) for each in field["enum"])
    if "const" in field:
        return code(json.dumps(field["const"]))
    kind = field.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(field.get('items', {}), names)}"
    return _plain(kind, field)


def _plain(kind: str, field: Schema) -> str:
    if kind == "string":
        most = field.get("maxLength")
        return {"date-time": "time"}.get(field.get("format", ""), f"text up to {most}" if most else "text")
    if kind in ("integer", "number"):
        low, high = field.get("minimum"), field.get("maximum")
        return f"number {low} to {high}" if low is not None and high is not None else "number"
    return {"boolean": "true or false"}.get(kind, str(kind))
