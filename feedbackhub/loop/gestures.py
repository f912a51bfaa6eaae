"""Gestures: an apology, a compensation, a call back; recorded with one click and taken back with another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..contract.gestures import Apologies, GestureMade, Manner
from ..machinery.links import new_public_id
from ..machinery.settings import Settings
from ..store.queries import answers as rows
from ..store.queries import contacts, people
from ..store.queries import gestures as made
from ..store.queries.locks import lock_keys
from ..store.types import AnyRow
from .core import Core
from .gesture_kinds import APOLOGY, CALL_BACK, checked_kind, checked_manner
from .tell import publish

__all__ = ["GestureNote", "apologies_to", "record_gesture", "record_now", "warning", "withdraw_gesture", "withdraw_now"]


@dataclass(frozen=True)
class GestureNote:
    """What is recorded of a gesture.

    Args:
        kind: Which gesture; one of those that the settings know.
        customer: The customer's public id.
        by: Who made it, as shown to staff.
        agent: The agent's public id, if known.
        contact: The contact's public id that it is about, if any.
        response: The response's public id that it answers, if any.
        manner: How, of an apology.
        words: What was sent or said.
        value: What was given, in words.
        cost_cents: What it cost, in hundredths of the currency.
        currency: ISO 4217 code.
        note: Anything else.
        at: When; now when left out.
        imported: Whether it comes from before feedbackhub.
    """

    kind: str
    customer: str
    by: str
    agent: str = ""
    contact: str = ""
    response: str = ""
    manner: Manner = ""
    words: str = ""
    value: str = ""
    cost_cents: int | None = None
    currency: str = ""
    note: str = ""
    at: datetime | None = None
    imported: bool = False


def record_gesture(core: Core, note: GestureNote) -> GestureMade:
    """Record a gesture and return its public id and how many of its kind this person has received.

    Raises:
        NotFound: The customer, contact, response or agent does not exist.
        Refused: The settings know no such kind, or it has a manner without being an apology.
    """
    now = core.clock.now()
    return core.store.write(lambda connection: record_now(connection, core.settings, note, now))


def record_now(
    connection: Connection, settings: Settings, note: GestureNote, now: datetime, public_id: str = ""
) -> GestureMade:
    """Record a gesture inside a write, as `record_gesture` does.

    Args:
        connection: Inside a write.
        settings: Which kinds there are, and how far back they count.
        note: The gesture.
        now: The present moment.
        public_id: Its id; a new one when left out.
    """
    checked_manner(checked_kind(settings, note.kind), note.manner)
    customer = people.customer_by_public_id(connection, note.customer)
    if customer is None or customer.erased_at is not None:  # words about somebody erased must not come back
        raise NotFound("no such customer")
    root = people.root_of(connection, customer.person_id)
    lock_keys(connection, [f"gestures:{root}"])  # two at once are the first and the second
    kin = people.family_customers(connection, root)
    about = _about(connection, note, kin)
    nth = rows.count_gestures(connection, kin, note.kind) + 1
    at = note.at or now
    values = {
        "public_id": public_id or new_public_id(),
        "customer_id": customer.id,
        "kind": note.kind,
        "manner": note.manner,
        "words": note.words,
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
    if note.kind == CALL_BACK:
        rows.settle_calls(connection, kin, at, at)
    payload = {"gesture": gesture_id, "kind": note.kind, "nth": nth}
    publish(connection, "gesture.recorded", now, {**payload, **{k: v for k, v in about.items() if k != "test"}})
    since = min(at, now) - timedelta(days=settings.gestures.days)
    recent = made.count_since(connection, kin, note.kind, since, bool(about["test"]))
    return GestureMade(values["public_id"], nth, recent)


def apologies_to(connection: Connection, settings: Settings, kin: list[int], now: datetime) -> Apologies:
    """Return how often a person was apologised to of late.

    Args:
        connection: For reading.
        settings: How far back apologies count, and how many are enough.
        kin: All customers of the person.
        now: The present moment.
    """
    cap = settings.gestures
    n = made.count_since(connection, kin, APOLOGY, now - timedelta(days=cap.days), test=False)
    return Apologies(n, cap.most_apologies, cap.days)


def warning(settings: Settings, kind: str, recent: int) -> str:
    """Return what is to be said of a gesture that was one too many, empty for nothing.

    Args:
        settings: How many apologies are enough.
        kind: The gesture.
        recent: How many of its kind the person has received of late, this one included.
    """
    cap = settings.gestures
    if kind != APOLOGY or recent <= cap.most_apologies:
        return ""
    return f"apology number {recent} within {cap.days} days: research says that repeated apologies may hurt"


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
    if row.kind == CALL_BACK:
        rows.settle_calls(connection, kin, None, row.at)
    publish(connection, "gesture.withdrawn", now, {"gesture": row.id, "kind": row.kind})
