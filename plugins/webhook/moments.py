"""Reading dates as other systems write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["read_moment"]

NUMBER = re.compile(r"\d{1,17}(\.\d{1,9})?", re.ASCII)
#: Beyond this many seconds (the year 5138) a number counts milliseconds.
SECONDS_END = 1e11


def read_moment(value: Any, formats: Sequence[str], timezone: str) -> datetime:
    """Return a date as a moment in UTC.

    Args:
        value: What the body says, a text or a number.
        formats: Spellings to try in turn; see the option `dates.formats`.
        timezone: The zone of dates that name none.

    Raises:
        ValueError: It fits none of the formats.
    """
    text = str(value).strip()
    zone = ZoneInfo(timezone)
    for spelling in formats:
        try:
            return _read(text, spelling, zone)
        except (ValueError, OverflowError, OSError):
            continue
    raise ValueError(f"{text[:40]!r} is no date in the format " + " or ".join(formats))


def _read(text: str, spelling: str, zone: tzinfo) -> datetime:
    if spelling == "auto":
        spelling = "iso" if not NUMBER.fullmatch(text) else "epoch_ms" if float(text) >= SECONDS_END else "epoch"
    if spelling in ("epoch", "epoch_ms"):
        if not NUMBER.fullmatch(text):
            raise ValueError("is no number")
        return datetime.fromtimestamp(float(text) / (1000 if spelling == "epoch_ms" else 1), UTC)
    if spelling == "iso":
        # Ruby writes "2020-03-03 13:05:57 UTC".
        found = datetime.fromisoformat(re.sub(r"\s*(UTC|GMT)$", "Z", text))
    else:
        found = datetime.strptime(text, spelling)  # noqa: DTZ007 - the zone is put in below
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
