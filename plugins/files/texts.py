"""Values as text: the same in every format that is made of text."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

__all__ = ["clean", "compact", "moment"]

_SURROGATES = re.compile("[\ud800-\udfff]")
_ODD = re.compile("[\ud800-\udfff\u0085\u2028\u2029]")
#: Line ends to some readers, and allowed inside JSON strings: only the line's own end may end a line.
_LINE_ENDS = str.maketrans({"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str).encode


def clean(text: str) -> str:
    """Return a text with U+FFFD in place of lone surrogates, which no file can hold."""
    # The common case costs a scan that is written in C.
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def moment(value: datetime) -> str:
    """Return a moment as ISO 8601 in UTC, like ``2026-03-02T09:00:00.000000Z``; all are equally long."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if value.year >= 1000 else _early(value)


def _early(value: datetime) -> str:
    # The system's strftime may leave out the zeros in front of such a year.
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def compact(value: Any) -> str:
    """Return a value as JSON on one line; what is no number in JSON becomes null."""
    try:
        text = _encode(value)
    except ValueError:
        text = _encode(_finite(value))
    # Nearly no line has any of these, and looking for them is much faster than translating.
    return clean(text).translate(_LINE_ENDS) if _ODD.search(text) else text


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value
