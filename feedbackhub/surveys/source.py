"""Reads YAML into plain values and remembers the line of each; refuses what a survey never needs.

No tags, anchors or aliases (so no bombs and no objects), no duplicate keys, bounded size, depth and count. Only `true`,
`false`, `null` and decimal numbers are more than text: `no` stays the language code or the option it is meant to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from feedbackhub.surveys.problems import Problem, SurveyError

LARGEST = 256 * 1024
DEEPEST = 16
MOST_NODES = 40_000

Path = tuple[str | int, ...]
Lines = dict[Path, int]

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}

HINTS = {
    "mapping values are not allowed in this context": " (a text with a colon needs quotes)",
    "found character that cannot start any token": " (a text beginning with @, ` or % needs quotes)",
}

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> tuple[Any, Lines, list[Problem]]:
    """Read one YAML document.

    Returns: its value, the line of every path in it, and the duplicate keys found.
    Raises: SurveyError when the text is no acceptable YAML at all.
    """
    refuse_hostile_text(text)
    composer = _Composer(text)
    try:
        value = composer.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "is not YAML"
        message = f"is not valid YAML: {reason}{HINTS.get(reason, '')}"
        raise SurveyError([Problem(mark.line + 1 if mark else None, "", message)]) from None
    return value, composer.lines, composer.problems


def refuse_hostile_text(text: str) -> None:
    """Raise SurveyError when a text is too large or holds characters that cannot be seen."""
    if len(text) > LARGEST or len(text.encode("utf-8", "replace")) > LARGEST:
        raise SurveyError([Problem(None, "", f"is larger than {LARGEST // 1024} KB")])
    lines = text.replace("\r\n", "\n").split("\n")
    problems = [
        Problem(number, "", f"holds the character U+{ord(found.group()):04X}, which cannot be seen")
        for number, line in enumerate(lines, 1)
        if (found := UNPRINTABLE.search(line))
    ]
    if problems:
        raise SurveyError(problems[:100])


class _Composer:
    """Builds values from YAML events, one by one, so that a bomb is met before it is built."""

    def __init__(self, text: str) -> None:
        self.lines: Lines = {}
        self.problems: list[Problem] = []
        self._events: Iterator[Any] = yaml.parse(text.replace("\r\n", "\n"), Loader=_Loader)
        self._nodes = 0

    def document(self) -> Any:
        """Return the value of the only document."""
        event = self._next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            self._refuse(event, "is empty")
        value = self._value(event, ())
        self._next()
        if not isinstance(following := self._next(), yaml.StreamEndEvent):
            self._refuse(following, "holds more than one document")
        return value

    def _next(self) -> Any:
        return next(self._events)

    def _refuse(self, event: Any, message: str, path: Path = ()) -> None:
        raise SurveyError([Problem(event.start_mark.line + 1, spoken(path), message)])

    def _value(self, event: Any, path: Path) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._refuse(event, f"holds more than {MOST_NODES} values")
        if len(path) > DEEPEST:
            self._refuse(event, f"is nested deeper than {DEEPEST} levels", path)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._refuse(event, "uses an anchor or alias (& or *); please write the value out", path)
        if event.tag and event.tag != "!":
            self._refuse(event, "uses a tag (!); please write a plain value", path)
        self.lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else plain(event.value)
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._map(path)

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _map(self, path: Path) -> dict[Any, Any]:
        fields: dict[Any, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path)
            here = (*path, key)
            if key in fields:
                line = event.start_mark.line + 1
                self.problems.append(Problem(line, spoken(here), f"is written twice, first in line {self.lines[here]}"))
            fields[key] = self._value(self._next(), here)
            # The line of a field is that of its name, even when its value begins below.
            self.lines[here] = event.start_mark.line + 1
        return fields

    def _key(self, event: Any, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.tag not in (None, "!") or event.anchor:
            self._refuse(event, "has a key that is not a plain word (a text with {{ … }} needs quotes)", path)
        key: str = event.value
        if len(key) > 100:
            self._refuse(event, "has a key longer than 100 characters", path)
        return key


def plain(word: str) -> str | int | float | bool | None:
    """Return what an unquoted YAML word means."""
    if word in WORDS:
        return WORDS[word]
    if WHOLE.fullmatch(word):
        return int(word)
    return float(word) if DECIMAL.fullmatch(word) else word


def spoken(path: Path) -> str:
    """Return a path as it is said to a person: `questions[3].options[0].text`."""
    said = ""
    for part in path:
        said += f"[{part}]" if isinstance(part, int) else f".{part}" if said else str(part)
    return said
