"""Where values lie in a body: JMESPath expressions, and what counts as nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

__all__ = ["BadPath", "compiled", "find", "found", "is_nothing", "text_of"]


class BadPath(ValueError):
    """An expression that JMESPath cannot read."""


@cache
def compiled(path: str) -> ParsedResult:
    """Return an expression, ready to search with.

    Raises:
        BadPath: It is none; the text says where it goes wrong.
    """
    try:
        return jmespath.compile(path)
    except JMESPathError as error:
        raise BadPath(" ".join(str(error).split())) from None


def found(path: str, body: Any) -> Any:
    """Return what lies at a path; None when nothing does, or when a function of the path cannot take what does."""
    try:
        return compiled(path).search(body)
    except JMESPathError:
        return None


def find(paths: Sequence[str], body: Any) -> tuple[Any, str]:
    """Return the first value that is there and the path it lies at; (None, "") when there is none."""
    for path in paths:
        value = found(path, body)
        if not is_nothing(value):
            return value, path
    return None, ""


def is_nothing(value: Any) -> bool:
    """Tell whether a value says nothing: helpdesks write null, an empty text, {} and [] for the same."""
    if value is None or value == {}:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, list) and all(is_nothing(each) for each in value)


def text_of(value: Any) -> str:
    """Return a value as a text, of a list its first entry.

    Raises:
        ValueError: It is an object, which no text can stand for.
    """
    if isinstance(value, list):
        return text_of(next((each for each in value if not is_nothing(each)), None))
    if isinstance(value, dict):
        raise ValueError("is an object; name one of its fields: " + ", ".join(sorted(map(str, value))[:8]))
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
