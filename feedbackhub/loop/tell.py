"""Tell: every fact that matters to others is an event, in one durable order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Unavailable
from ..store.queries import log as rows
from ..store.queries.locks import lock_keys
from ..store.store import Store
from ..store.types import AnyRow

log = logging.getLogger(__name__)
_BATCH = 500

#: Turns a batch of events into changes, on the connection that also stores the position.
Apply = Callable[[Connection, Sequence[AnyRow]], None]


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
    return store.write(rows.number_events)


def feed(store: Store, name: str, types: Sequence[str], apply: Apply, now: datetime) -> int:
    """Hand a subscriber its next batch; changes and position commit together.

    Args:
        store: Where the log is.
        name: The subscriber.
        types: Types of events it wants; none for all.
        apply: Makes the changes.
        now: The present moment.

    Returns:
        How many events were handed over. A failing subscriber stays where it is, with its error noted.
    """

    def run(connection: Connection) -> int:
        # Not on the subscriber's row alone: a new subscriber has none yet, and two processes would both begin.
        lock_keys(connection, [f"subscriber:{name}"])
        position = rows.position_of(connection, name, lock=True)
        batch, top = rows.events_after(connection, position, types, _BATCH)
        if top == position:
            return 0
        if batch:
            apply(connection, batch)
        rows.move_to(connection, name, top, "", now)
        return len(batch)

    try:
        return store.write(run)
    except Unavailable:
        raise
    except Exception as error:
        log.exception("subscriber %s failed", name)
        reason = type(error).__name__
        store.write(lambda connection: rows.note_error(connection, name, reason, now))
        return 0
