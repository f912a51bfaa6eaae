"""Gestures: an apology, a compensation, a call back; recorded with one click and taken back with another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..machinery.links import new_public_id
from ..store.queries import answers as rows
from ..store.queries import contacts, people
from ..store.queries.locks import lock_keys
from ..store.types import AnyRow
from .core import Core
from .tell import publish

Kind = Literal["apology", "compensation", "call_back"]
KINDS: tuple[Kind, ...] = ("apology", "compensation", "call_back")


@dataclass(frozen=True)
class GestureNote:
    """What is recorded of a gesture.

    Args:
        kind: Which gesture.
        customer: The customer's public id.
        by: Who made it, as shown to staff.
        agent: The agent's public id, if known.
        contact: The contact's public id that it is about, if any.
        response: The response's public id that it answers, if any.
        value: What was given, in words.
        cost_cents: What it cost, in hundredths of the currency.
        currency: ISO 4217 code.
        note: Anything else.
        at: When; now when left out.
        imported: Whether it comes from before feedbackhub.
    """

    kind: Kind
    customer: str
    by: str
    agent: str = ""
    contact: str = ""
    response: str = ""
    value: str = ""
    cost_cents: int | None = None
    currency: str = ""
    note: str = ""
    at: datetime | None = None
    imported: bool = False


def record_gesture(core: Core, note: GestureNote) -> tuple[str, int]:
    """Record a gesture and return its public id and the how-manieth of its kind it is to this person.

    Raises:
        NotFound: The customer, contact, response or agent does not exist.
    """
    now = core.clock.now()
    return core.store.write(lambda connection: record_now(connection, note, now))


def record_now(connection: Connection, note: GestureNote, now: datetime) -> tuple[str, int]:
    """Record a gesture inside a write, as `record_gesture` does."""
    customer = people.customer_by_public_id(connection, note.customer)
    if customer is None:
        raise NotFound("no such customer")
    root = people.root_of(connection, customer.person_id)
    lock_keys(connection, [f"gestures:{root}"])  # two at once are the first and the second
    kin = people.family_customers(connection, root)
    about = _about(connection, note, kin)
    nth = rows.count_gestures(connection, kin, note.kind) + 1
    public_id = new_public_id()
    at = note.at or now
    values = {
        "public_id": public_id,
        "customer_id": customer.id,
        "kind": note.kind,
        "value": note.value,
        "cost_cents": note.cost_cents,
        "currency": note.currency,
        "note": note.note,
        "by": note.by,
        "nth": nth,
        "imported": note.imported,
        "at": at,
        **about,
    }
    gesture_id = rows.add_gesture(connection, values)
    if note.kind == "call_back":
        rows.settle_calls(connection, kin, at, at)
    payload = {"gesture": gesture_id, "kind": note.kind, "nth": nth}
    publish(connection, "gesture.recorded", now, {**payload, **{k: v for k, v in about.items() if k != "test"}})
    return public_id, nth


def _about(connection: Connection, note: GestureNote, kin: list[int]) -> dict[str, Any]:
    """Return the row numbers of what a gesture is about; things of other people do not exist for it."""
    contact = contacts.contact_by_public_id(connection, note.contact) if note.contact else None
    response = rows.response_by_public_id(connection, note.response) if note.response else None
    agent = people.agent_by_public_id(connection, note.agent) if note.agent else None
    _must_be_theirs(note.contact, contact, kin, "contact")
    _must_be_theirs(note.response, response, kin, "response")
    if note.agent and agent is None:
        raise NotFound("no such agent")
    return {
        "test": bool((contact and contact.test) or (response and response.test)),
        "contact_id": contact.id if contact else None,
        "response_id": response.id if response else None,
        "agent_id": agent.id if agent else None,
    }


def _must_be_theirs(asked: str, row: AnyRow | None, kin: list[int], what: str) -> None:
    if asked and (row is None or row.customer_id not in kin):
        raise NotFound(f"no such {what} of this customer")


def withdraw_gesture(core: Core, public_id: str, customer: str = "") -> None:
    """Take a gesture back that was recorded by mistake; a call that it fulfilled is open again.

    Args:
        core: The instance.
        public_id: The gesture.
        customer: When given, the gesture must be one to this customer's person.

    Raises:
        NotFound: There is no such gesture.
    """
    now = core.clock.now()
    core.store.write(lambda connection: withdraw_now(connection, public_id, customer, now))


def withdraw_now(connection: Connection, public_id: str, customer: str, now: datetime) -> None:
    """Take a gesture back inside a write, as `withdraw_gesture` does."""
    row = rows.gesture_by_public_id(connection, public_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("no such gesture")
    kin = people.kin_of(connection, row.customer_id)
    if customer:
        viewer = people.customer_by_public_id(connection, customer)
        if viewer is None or viewer.id not in kin:
            raise NotFound("no such gesture")
    rows.withdraw_gesture(connection, row.id, now)
    if row.kind == "call_back":
        rows.settle_calls(connection, kin, None, row.at)
    publish(connection, "gesture.withdrawn", now, {"gesture": row.id, "kind": row.kind})
