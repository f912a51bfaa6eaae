"""Storing a batch of imported gestures in one write."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict
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
from .import_given import GivenGesture
from .import_rows import ContactRow, GestureRow

__all__ = ["about", "come_with", "insert_new", "public_id_of", "store_gestures"]


def public_id_of(core: Core, row: GestureRow) -> str:
    """Return the id that a gesture always gets, so that importing it again changes nothing; nobody can guess it."""
    return _id(core, "imported gesture", row.source, row.key)


def _id(core: Core, purpose: str, source: str, key: str) -> str:
    digest = hmac.digest(core.links.derive(purpose), f"{source}\0{key}".encode(), "sha256")
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
    return _insert(
        connection,
        [
            _values(connection, core, public_id, row, contacts.get((row.source, row.contact)), now)
            for public_id, row in sorted(wanted.items(), key=lambda pair: pair[1].row.number)
            if public_id not in known
        ],
        now,
    )


def come_with(
    core: Core, row: ContactRow, contact_id: int, customer_id: int | None, agent_id: int | None
) -> dict[str, Any] | None:
    """Return the columns of the gesture that came in one row with a contact but for `nth`, None when there is none.

    Args:
        core: The instance.
        row: The contact's row.
        contact_id: The contact.
        customer_id: Its customer, None for nobody.
        agent_id: Its agent, if any.
    """
    if row.gesture is None or customer_id is None:
        return None
    public_id = _id(core, "imported gesture of a contact", row.event.source, row.event.external_id)
    return _columns(public_id, row.gesture, customer_id, contact_id, agent_id)


def insert_new(connection: Connection, given: Sequence[dict[str, Any]], now: datetime) -> int:
    """Store those gestures that were not stored before, of several alike the first, and return how many that were.

    Args:
        connection: Inside a write.
        given: Their columns, as `come_with` returns them.
        now: The present moment.
    """
    wanted = {each["public_id"]: each for each in reversed(given)}
    known = imports.known_gestures(connection, list(wanted)) if wanted else set()
    new = [each for public_id, each in reversed(wanted.items()) if public_id not in known]
    return _insert(connection, new, now) if new else 0


def _insert(connection: Connection, values: Sequence[dict[str, Any]], now: datetime) -> int:
    """Store new gestures in the order in which they were made, tell of them, and return how many they are."""
    ordered = sorted(values, key=lambda each: each["at"])
    _count(connection, ordered)
    ids = imports.insert_many(connection, gesture, ordered)
    told = (
        {"gesture": i, "kind": v["kind"], "nth": v["nth"], "imported": True} for i, v in zip(ids, ordered, strict=True)
    )
    imports.add_events(connection, "gesture.recorded", now, told)
    return len(ids)


def _columns(
    public_id: str, given: GivenGesture, customer_id: int, contact_id: int | None, agent_id: int | None
) -> dict[str, Any]:
    about = {"customer_id": customer_id, "contact_id": contact_id, "agent_id": agent_id, "response_id": None}
    return {**asdict(given), **about, "public_id": public_id, "imported": True, "test": False}


def _values(
    connection: Connection, core: Core, public_id: str, row: GestureRow, contact: AnyRow | None, now: datetime
) -> dict[str, Any]:
    customer_id = identify.settle(connection, core.settings, row.source, row.customer, row.given, now).customer_id
    agent = people.agent_by_key(connection, row.source, row.agent) if row.agent else None
    contact_id = contact.id if contact is not None else None
    return _columns(public_id, row.gesture, customer_id, contact_id, agent.id if agent is not None else None)


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
