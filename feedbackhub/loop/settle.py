"""Settle: a response is complete, or was left alone for half an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..store.queries import answers as rows
from .tell import publish

SETTLE = "settle"
QUIET = timedelta(minutes=30)


def settle(connection: Connection, response_id: int, now: datetime) -> None:
    """Tell once that a response is complete, or was left alone for half an hour."""
    row = rows.response_by_id(connection, response_id, lock=True)
    if row is None or row.settled_at is not None:
        return
    rows.change_response(connection, response_id, {"settled_at": now})
    publish(connection, "response.settled", now, {"response": response_id, "invitation": row.invitation_id})


def quiet_until(connection: Connection, response_id: int) -> datetime | None:
    """Return when a response will have been left alone for half an hour, None when it is settled."""
    row = rows.response_by_id(connection, response_id)
    if row is None or row.settled_at is not None:
        return None
    changed: datetime = row.changed_at
    return changed + QUIET
