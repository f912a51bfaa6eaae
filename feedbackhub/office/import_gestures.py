"""Storing a batch of imported gestures in one write."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..loop import identify
from ..loop.core import Core
from ..store.queries import answers, imports, people
from ..store.queries.locks import lock_keys
from ..store.tables import gesture
from ..store.types import AnyRow
from .import_file import Bad
from .import_rows import GestureRow

__all__ = ["about", "public_id_of", "store_gestures"]


def public_id_of(core: Core, row: GestureRow) -> str:
    """Return the id that a gesture always gets, so that importing it again changes nothing; nobody can guess it."""
    key = core.links.derive("imported gesture")
    digest = hmac.digest(key, f"{row.source}\0{row.key}".encode(), "sha256")
    return urlsafe_b64encode(digest[:9]).decode("ascii")


def about(
    connection: Connection, core: Core, rows: Sequence[GestureRow], column: str
) -> tuple[list[GestureRow], list[Bad], dict[tuple[str, str], AnyRow]]:
    """Return the rows that can be stored, what is wrong with the others, and the contacts that they are about.

    Args:
        connection: An open connection.
        core: The instance.
        rows: The batch.
        column: Which column names the contact, for messages.
    """
    contacts = imports.newest_contacts(connection, {(row.source, row.contact) for row in rows if row.contact})
    good, bad = [], []
    for row in rows:
        found = contacts.get((row.source, row.contact))
        if row.contact and found is None:
            bad.append(Bad(row.row.number, row.row.line, column, f"no such contact of {row.source} was recorded"))
        elif found is not None and not _is_theirs(connection, core, row, found):
            bad.append(Bad(row.row.number, row.row.line, column, "is a contact of somebody else"))
        else:
            good.append(row)
    return good, bad, contacts


def _is_theirs(connection: Connection, core: Core, row: GestureRow, contact: AnyRow) -> bool:
    match = identify.find(connection, core.settings, row.source, row.given)
    if match.person_id is None or contact.customer_id is None:
        return False
    return contact.customer_id in people.family_customers(connection, match.person_id)


def store_gestures(
    connection: Connection,
    core: Core,
    rows: Sequence[GestureRow],
    contacts: Mapping[tuple[str, str], AnyRow],
    now: datetime,
) -> int:
    """Store a batch and return how many were new.

    Args:
        connection: Inside a write.
        core: The instance.
        rows: The batch, checked by `about`.
        contacts: The contacts that they are about.
        now: The present moment.
    """
    lock_keys(connection, [f"{each.kind}:{each.value}" for row in rows for each in row.given])
    wanted = {public_id_of(core, row): row for row in reversed(rows)}
    known = imports.known_gestures(connection, list(wanted))
    values = [
        _values(connection, core, public_id, row, contacts.get((row.source, row.contact)), now)
        for public_id, row in sorted(wanted.items(), key=lambda pair: (pair[1].at, pair[1].row.number))
        if public_id not in known
    ]
    _count(connection, values)
    ids = imports.insert_many(connection, gesture, values)
    told = (
        {"gesture": i, "kind": v["kind"], "nth": v["nth"], "imported": True} for i, v in zip(ids, values, strict=True)
    )
    imports.add_events(connection, "gesture.recorded", now, told)
    return len(ids)


def _values(
    connection: Connection, core: Core, public_id: str, row: GestureRow, contact: AnyRow | None, now: datetime
) -> dict[str, Any]:
    customer_id = identify.settle(connection, core.settings, row.source, row.customer, row.given, now).customer_id
    agent = people.agent_by_key(connection, row.source, row.agent) if row.agent else None
    return {
        "public_id": public_id,
        "customer_id": customer_id,
        "contact_id": contact.id if contact is not None else None,
        "response_id": None,
        "agent_id": agent.id if agent is not None else None,
        "kind": row.kind,
        "value": row.value,
        "cost_cents": row.cost_cents,
        "currency": row.currency,
        "note": row.note,
        "by": row.by,
        "imported": True,
        "test": False,
        "at": row.at,
    }


def _count(connection: Connection, values: Sequence[dict[str, Any]]) -> None:
    """Say of each gesture the how-manieth of its kind it is to its person."""
    counted: dict[tuple[tuple[int, ...], str], int] = {}
    for each in values:
        person = people.customer_row(connection, each["customer_id"]).person_id
        kin = people.family_customers(connection, person)
        key = (tuple(sorted(kin)), each["kind"])
        if key not in counted:
            counted[key] = answers.count_gestures(connection, kin, each["kind"])
        counted[key] += 1
        each["nth"] = counted[key]
