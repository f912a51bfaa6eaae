"""Search: which customer is meant by what somebody at the desk types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..contract.errors import Refused
from ..contract.records import Identifier
from ..contract.scalars import clean_line
from ..machinery.addresses import normalise
from ..store.queries import contacts, people, search
from .core import Core

__all__ = ["MOST", "SHORTEST_NAME", "Found", "find_customers", "known_customer"]

#: Shorter texts would list customers rather than find one.
SHORTEST_NAME = 3
MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One customer that may be meant.

    Args:
        id: The public id.
        name: The customer's name.
        segment: The customer's segment.
        identifiers: How the customer is known.
        last_contact_at: When a contact last ended.
        exact: Whether an identifier or ticket number matched, rather than a part of the name.
    """

    id: str
    name: str
    segment: str
    identifiers: tuple[Identifier, ...]
    last_contact_at: datetime | None
    exact: bool


def find_customers(core: Core, text: str) -> list[Found]:
    """Return customers by e-mail address, phone number, external id, ticket number, or part of a name.

    Args:
        core: The instance.
        text: What was typed; a part of a name needs three letters.
    """
    text = _line(text)
    if not text:
        return []
    with core.store.read() as connection:
        ids = search.customers_by_key(connection, _addresses(core, text), text, MOST)
        exact = bool(ids)
        if not ids and len(text) >= SHORTEST_NAME:
            ids = search.customers_by_name(connection, text, MOST)
        if not ids:
            return []
        rows = {row.id: row for row in search.customer_rows(connection, ids)}
        known: dict[int, list[Identifier]] = {}
        for customer_id, each in people.identifiers_of(connection, ids):
            known.setdefault(customer_id, []).append(each)
    return [
        Found(row.public_id, row.name, row.segment, tuple(known.get(row.id, ())), row.last_contact_at, exact)
        for row in (rows[each] for each in ids)
    ]


def known_customer(core: Core, source: str, customer: str, contact: str = "") -> str:
    """Return the public id of whom another system means, empty when nobody is known by it.

    Args:
        core: The instance.
        source: The system, as its contacts name it.
        customer: The customer's id there.
        contact: The id of a contact there, for customers who are known by another id or none.
    """
    source, customer, contact = _line(source), _line(customer), _line(contact)
    with core.store.read() as connection:
        if source and customer:
            hits = people.customers_with(connection, [Identifier(f"id:{source}", customer)])
            if hits:
                return str(people.customer_row(connection, hits[0].customer_id).public_id)
        row = contacts.latest_resolution(connection, source, contact) if source and contact else None
        if row is None or row.customer_id is None:
            return ""
        return str(people.customer_row(connection, row.customer_id).public_id)


def _line(text: str) -> str:
    """Return what was typed on one line, nothing when it holds what no name or number does."""
    try:
        return clean_line(" ".join(text.split())[:200])
    except ValueError:
        return ""


def _addresses(core: Core, text: str) -> list[Identifier]:
    found = []
    for kind in search.ADDRESSES:
        try:
            found.append(Identifier(kind, normalise(kind, text, core.settings.default_region)))
        except Refused:
            continue  # what was typed is no such address
    return found
