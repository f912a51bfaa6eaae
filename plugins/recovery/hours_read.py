"""Reading spans of business hours as people write them: ``09:00-12:00, 13:00-17:00``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

__all__ = ["spans_of"]

_SPAN = re.compile(r"\s*(\d{1,2}):(\d\d)\s*[-\u2013]\s*(\d{1,2}):(\d\d)\s*", re.ASCII)


def spans_of(value: object) -> tuple[tuple[time, time], ...]:
    """Return the spans of a day, in order.

    Args:
        value: A text with spans between commas, or a list of such texts; empty for none.

    Raises:
        ValueError: It is something else, or spans overlap.
    """
    texts = value.split(",") if isinstance(value, str) else value
    if not isinstance(texts, Sequence):
        raise ValueError('must be spans such as "09:00-12:00, 13:00-17:00"')
    spans = sorted((_span(each) for each in texts if not isinstance(each, str) or each.strip()), key=lambda s: s[0])
    for (_, end), (start, _) in zip(spans, spans[1:], strict=False):
        if end == time(0) or start < end:
            raise ValueError("spans of a day must not overlap")
    return tuple(spans)


def _span(value: object) -> tuple[time, time]:
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(each, time) for each in value):
        return value  # what was read before
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{value!r} is no span such as "09:00-17:00"')
    opens, closes = _time(found[1], found[2]), _time(found[3], found[4], closing=True)
    if closes != time(0) and closes <= opens:
        raise ValueError(f'"{value}" ends before it begins')
    return opens, closes


def _time(hour: str, minute: str, closing: bool = False) -> time:
    if closing and (hour, minute) == ("24", "00"):
        return time(0)
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"{hour}:{minute} is no time of day")
    return time(int(hour), int(minute))
