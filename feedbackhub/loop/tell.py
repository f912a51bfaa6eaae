"""Tell: every fact that matters to others is an event, in one durable order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..store.queries import log as rows
from ..store.store import Store

#: Events that get their positions in one transaction, and how many such transactions make one call.
_NUMBERED = 1000
_ROUNDS = 20


def publish(connection: Connection, type_: str, at: datetime, payload: Mapping[str, Any]) -> None:
    """Append an event in the transaction of the fact it tells of.

    Args:
        connection: Inside a write.
        type_: What happened, like ``response.recorded``.
        at: When.
        payload: Row numbers and dimensions; no personal data.
    """
    rows.add_event(connection, type_, at, payload)


def number_events(store: Store) -> int:
    """Give positions to events committed since the last call and return how many."""
    if store.is_sqlite:
        return 0
    numbered = 0
    for _ in range(_ROUNDS):
        done = store.write(lambda connection: rows.number_events(connection, _NUMBERED))
        numbered += done
        if done < _NUMBERED:
            break
    return numbered
