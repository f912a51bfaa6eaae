"""Templates of JSON and of paths, filled by structure: a value can never become syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

__all__ = ["KNOWN", "filled", "filled_path", "placeholders_of", "unknown_in"]

PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[A-Za-z0-9_-]+)?)\}")
#: What templates may name, beside ``values.<name>`` of the credentials.
KNOWN = (
    "ticket", "note", "note_html", "rating", "minimum", "maximum", "score", "comment", "survey", "link", "answered_at",
    "response", "invitation", "contact",
)  # fmt: skip


def filled(template: Any, facts: Mapping[str, Any]) -> Any:
    """Return a JSON template with its placeholders filled in.

    A text that is nothing but one placeholder becomes the value itself, number or null; within other text values stand
    as text. Names of members stay as they are.
    """
    if isinstance(template, dict):
        return {name: filled(value, facts) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, facts) for value in template]
    if not isinstance(template, str):
        return template
    whole = PLACEHOLDER.fullmatch(template)
    return facts[whole[1]] if whole else PLACEHOLDER.sub(lambda found: _text(facts[found[1]]), template)


def filled_path(template: str, facts: Mapping[str, Any]) -> str:
    """Return a path with its placeholders filled in, each percent-encoded so that it stays one part of the path."""
    return PLACEHOLDER.sub(lambda found: _part(_text(facts[found[1]])), template)


def _part(text: str) -> str:
    # A part that is only points would climb out of its folder, and no encoding keeps it from that.
    return quote(text, safe="") if text.strip(".") else "%20"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def placeholders_of(template: Any) -> set[str]:
    """Return what a template names."""
    return {name for text in _texts(template) for name in PLACEHOLDER.findall(text)}


def unknown_in(template: Any) -> list[str]:
    """Return what a template names that nobody knows."""
    return sorted(name for name in placeholders_of(template) if name not in KNOWN and not name.startswith("values."))


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict | list):
        for each in template.values() if isinstance(template, dict) else template:
            yield from _texts(each)
