"""Whether something holds in a body."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from .paths import found, is_nothing
from .settings import Condition

__all__ = ["any_holds", "unmet"]

FALSE = ("", "false", "no", "0")
LONGEST = 1000
SHOWN = 40


def any_holds(conditions: Iterable[Condition], body: Any) -> bool:
    """Tell whether one of the conditions holds."""
    return any(_holds(condition, body) for condition in conditions)


def _holds(condition: Condition, body: Any) -> bool:
    values = list(_texts(found(condition.path, body)))
    wanted = [each.casefold() for each in (*condition.one_of, *condition.equals)]
    patterns = [each.casefold() for each in condition.matches]
    if not wanted and not patterns:
        return any(value not in FALSE for value in values)
    return any(value in wanted or any(fnmatchcase(value, each) for each in patterns) for value in values)


def _texts(value: Any) -> Iterable[str]:
    """Yield what lies at a path as texts: each entry of a list; an object stands for being there."""
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        if value:
            yield "{}"
    elif not is_nothing(value):
        yield str(value).strip().casefold()[:LONGEST]


def unmet(conditions: Iterable[Condition], body: Any) -> str:
    """Say why none of the conditions holds, by what lies at their paths."""
    said = {condition.path: next(iter(_texts(found(condition.path, body))), "") for condition in conditions}
    return "; ".join(f"{path} is {value[:SHOWN]}" if value else f"{path} is empty" for path, value in said.items())
