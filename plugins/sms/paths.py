"""Paths like `results.0.from` into what a gateway sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from feedbackhub import Incoming

__all__ = ["at_path", "contents", "text_at"]


def contents(incoming: Incoming) -> Any:
    """Return what a request tells: its JSON, else its form, over the fields of its query."""
    query = dict(incoming.query)
    text = incoming.body.decode("utf-8", "replace").strip()
    if text.startswith(("{", "[")):
        try:
            told = json.loads(text)
        except ValueError:
            told = None
        if isinstance(told, list):
            return told
        if isinstance(told, dict):
            return {**query, **told}
    return {**query, **dict(parse_qsl(text, keep_blank_values=True))}


def at_path(told: Any, path: str) -> Any:
    """Return what stands at a path, None when nothing does; an empty path is the whole."""
    if isinstance(told, dict) and path in told:
        return told[path]
    for part in path.split(".") if path else ():
        if isinstance(told, dict):
            told = told.get(part)
        elif isinstance(told, list) and part.isdecimal() and int(part) < len(told):
            told = told[int(part)]
        else:
            return None
    return told


def text_at(told: Any, path: str) -> str:
    """Return a plain value at a path as text; empty for none, for a table and for a list."""
    found = at_path(told, path) if path else None
    if path and not isinstance(told, dict | list) and found is None:
        found = told
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""
