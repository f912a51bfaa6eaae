"""Ids of events as receivers see them, and marks of notes."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable

__all__ = ["event_id", "note_digest"]

Secret = Callable[[str], bytes]


def event_id(secret: Secret, position: int) -> str:
    """Return an event's id, the same at every attempt, replay and endpoint; it tells nothing of its position.

    Args:
        secret: The hub's `secret`.
        position: Where the event stands in the log.
    """
    mark = hmac.digest(secret("event ids"), str(position).encode(), "sha256")
    return "evt_" + base64.b32encode(mark[:15]).decode().lower()


def note_digest(secret: Secret, said: str) -> str:
    """Return what tells two notes apart without keeping their words."""
    return hmac.digest(secret("notes"), said.encode(), "sha256").hex()[:32]
