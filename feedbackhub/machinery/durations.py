"""Spans of time as people write them in a settings file: `90s`, `15m`, `24h`, `3d`, `2w`, `0`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

__all__ = ["Duration", "format_duration", "parse_duration"]

SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
WRITTEN = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
LONGEST = timedelta(days=3660)


def parse_duration(value: object) -> timedelta:
    """Read a written span.

    Args: value: the text, or a timedelta, which is kept.
    Returns: the span, never negative and at most ten years.
    Raises: ValueError, saying how to write one.
    """
    if isinstance(value, timedelta):
        span = value
    elif value in ("0", 0) and not isinstance(value, bool):
        span = timedelta(0)
    else:
        found = WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise ValueError('write a span such as "90s", "15m", "24h", "3d", "2w" or "0"')
        span = timedelta(seconds=int(found[1]) * SECONDS[found[2]])
    if not timedelta(0) <= span <= LONGEST:
        raise ValueError("a span lies between 0 and ten years")
    return span


def format_duration(span: timedelta) -> str:
    """Write a span in the largest unit that needs no fraction, so that it reads back as itself."""
    total = int(span.total_seconds())
    if not total:
        return "0"
    for unit, seconds in SECONDS.items():
        # Weeks are written only when somebody would say them: 14d, not 2w, is what settings show by default.
        if unit != "w" and total % seconds == 0:
            return f"{total // seconds}{unit}"
    raise AssertionError("every whole second is divisible by one")


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(format_duration, return_type=str)]
