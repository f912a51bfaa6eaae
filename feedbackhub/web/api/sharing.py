"""One schema for one thing in the OpenAPI document: a generated client has one class for what several answers hold."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["share"]

REFERENCE = "#/components/schemas/"


def share(document: dict[str, Any]) -> None:
    """Let schemas that say the same under one short name become one, in place.

    Parts of a model are named after it, as in ``ContactPage.Contact``. Where all of one short name are alike they
    get that name; where they differ each kind keeps the first of its long names.

    Args:
        document: The document, with all its schemas.
    """
    while renamed := renames(document["components"]["schemas"]):
        refer(document, {REFERENCE + old: REFERENCE + new for old, new in renamed.items()})
        schemas = document["components"]["schemas"]
        document["components"]["schemas"] = {renamed.get(name, name): schema for name, schema in schemas.items()}


def renames(schemas: Mapping[str, Any]) -> dict[str, str]:
    """Return the new names of those that get one."""
    kinds: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, schema in schemas.items():
        kinds[short(name)][json.dumps(schema, sort_keys=True)].append(name)
    return {
        name: chosen
        for wanted, alike in kinds.items()
        for names in alike.values()
        for chosen in [wanted if wanted in names or len(alike) == 1 else best(names)]
        for name in names
        if name != chosen
    }


def best(names: Iterable[str]) -> str:
    """Return the shortest name, the first of these."""
    return min(names, key=lambda name: (len(name), name))


def short(name: str) -> str:
    """Return a schema's name without the model that it is a part of; a plugin's keeps the plugin."""
    plugin, _, rest = name.partition(".") if name.startswith("x-") else ("", "", name)
    return ".".join(filter(None, (plugin, rest.rpartition(".")[2])))


def refer(part: Any, renamed: Mapping[str, str]) -> None:
    """Point every reference at the new name."""
    if isinstance(part, list):
        for each in part:
            refer(each, renamed)
    if isinstance(part, dict):
        if part.get("$ref") in renamed:
            part["$ref"] = renamed[part["$ref"]]
        for each in part.values():
            refer(each, renamed)
