"""What became of letters, told to the plugin that said what they are about, with the fact itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..store.queries import plugin_tasks as rows
from .tell import publish

__all__ = ["call_off_for_good", "tell_dropped", "tell_failed", "tell_sent"]

#: What a letter's task holds; nothing once it has ended.
Letter = Mapping[str, Any] | None


def tell_sent(connection: Connection, letter: Letter, now: datetime) -> None:
    """Append the event of a letter that a channel took over, inside the write that stores it."""
    if about := _about(letter):
        publish(connection, "letter.sent", now, about)


def tell_failed(connection: Connection, letter: Letter, now: datetime) -> None:
    """Append the event of a letter that is set aside for a person, inside the write that stores it."""
    if about := _about(letter):
        publish(connection, "letter.failed", now, about)


def tell_dropped(connection: Connection, letter: Letter, now: datetime) -> None:
    """Append the event of a letter that is not to be sent any more, inside the write that stores it."""
    if about := _about(letter):
        publish(connection, "letter.dropped", now, about)


def _about(letter: Letter) -> dict[str, str]:
    return {"plugin": letter["plugin"], "about": letter["about"]} if letter and letter.get("about") else {}


def call_off_for_good(connection: Connection, numbers: Iterable[int], now: datetime) -> int:
    """Call tasks off with what they were to do, tell of the letters among them, and return how many tasks that were.

    Args:
        connection: Inside a write.
        numbers: The tasks.
        now: The present moment.
    """
    wanted = sorted(set(numbers))
    for row in rows.waiting_letters(connection, wanted):
        tell_dropped(connection, row.payload, now)
    return rows.call_off(connection, wanted, now)
