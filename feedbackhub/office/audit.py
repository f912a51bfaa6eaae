"""The log of who looked, changed, exported and erased; entries are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..store.queries import staff
from ..store.store import Store

__all__ = ["Entry", "entries", "record"]


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did.

    Args:
        id: Grows with time; the cursor for reading on.
        at: When.
        actor: Who: a member of staff by e-mail address, ``key:<name>``, ``cli`` or ``feedbackhub``.
        action: What, as ``<thing>.<verb in the past>``, like ``user.invited``.
        subject: To whom or what, like ``customer:<public id>``.
        detail: Particulars; no personal data of customers.
    """

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def record(
    connection: Connection, at: datetime, actor: str, action: str, subject: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Add an entry in the same transaction as the deed.

    Args:
        connection: The transaction of the deed.
        at: When.
        actor: Who.
        action: What, like ``user.invited``.
        subject: To whom or what, like ``customer:<public id>``.
        detail: Particulars; no personal data of customers.
    """
    values = {"at": at, "actor": actor[:200], "action": action, "subject": subject, "detail": dict(detail or {})}
    staff.add_audit(connection, values)


def entries(store: Store, subject: str = "", before: int | None = None, limit: int = 50) -> list[Entry]:
    """Return entries, newest first.

    Args:
        store: The database.
        subject: Only those about this subject; empty: all.
        before: Only those older than the entry of this id.
        limit: How many at most.
    """
    with store.read() as connection:
        rows = staff.audit_entries(connection, subject, before, limit)
    return [Entry(row.id, row.at, row.actor, row.action, row.subject, row.detail) for row in rows]
