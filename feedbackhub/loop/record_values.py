"""The values of some records by column, made Python's when somebody asks for them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..contract.exports import Column
from ..store.columned import Columns

__all__ = ["Values", "as_texts"]

_FLAGS = {0: False, 1: True, None: None}
_BETWEEN = "Z\x1f"
_compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
#: Half letters, and line ends to some readers.
_ODD = re.compile("[\ud800-\udfff\u0085\u2028\u2029]")


class Values(Mapping[str, Sequence[Any]]):
    """What a batch holds, by the columns' names.

    Args:
        own: The columns, in the order of what was found.
        found: What the database gave.
    """

    def __init__(self, own: Sequence[Column], found: Columns) -> None:
        self._places = {each.name: place for place, each in enumerate(own)}
        self._own, self._found = own, found
        self._made: dict[str, Sequence[Any]] = {}

    def __getitem__(self, name: str) -> Sequence[Any]:
        if name not in self._made:
            place = self._places[name]
            self._made[name] = _made(self._own[place], self._found.values[place], self._found.readers.get(place))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._places)})"


def _made(column: Column, values: Sequence[Any], read: Callable[[Any], Any] | None) -> Sequence[Any]:
    if column.kind == "text":
        return [value or None for value in values]
    if column.kind == "flag":
        return [_FLAGS[value] for value in values]
    if read is None:
        return values if column.kind != "list" else [_texts(value) for value in values]
    if column.kind == "list":
        kept = {value: _texts(None if value is None else read(value)) for value in set(values)}
        return [kept[value] for value in values]
    return [None if value is None else read(value) for value in values]


def _texts(value: Any) -> tuple[str, ...] | None:
    return None if value is None else tuple(map(str, value))


def as_texts(own: Sequence[Column], found: Columns) -> dict[str, Sequence[str | None]]:
    """Return the columns that the database keeps as text in the form of `Batch.texts`."""
    made: dict[str, Sequence[str | None] | None] = {}
    for place, each in enumerate(own):
        if each.kind == "moment":
            made[each.name] = _moments(found.values[place])
        elif each.kind == "json":
            made[each.name] = _json(found.values[place])
    return {name: written for name, written in made.items() if written is not None}


def _moments(values: Sequence[Any]) -> Sequence[str | None] | None:
    """Return moments like ``2026-03-02 09:00:00.000000`` as ``2026-03-02T09:00:00.000000Z``."""
    if not any(values):
        return values
    try:
        whole = _BETWEEN.join([value or "" for value in values])
    except TypeError:  # PostgreSQL's are moments already
        return None
    made: list[str | None] = [*(whole + "Z").replace(" ", "T").split("\x1f")]
    return made if all(values) else [None if each == "Z" else each for each in made]


def _json(values: Sequence[Any]) -> Sequence[str | None] | None:
    """Return JSON without blanks; what many records say alike is read once. None for what needs more care."""
    try:
        written = {value: None if value in (None, "null") else _compact(json.loads(value)) for value in set(values)}
    except (TypeError, ValueError):
        return None
    if any(_ODD.search(text) for text in written.values() if text):
        return None
    return [written[value] for value in values]
