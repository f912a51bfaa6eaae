"""Ids: of endpoints and deliveries, and of events as receivers see them."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable

__all__ = ["event_id", "fresh_id", "note_digest"]

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
Secret = Callable[[str], bytes]


def fresh_id() -> str:
    """Return a new public id."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


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
