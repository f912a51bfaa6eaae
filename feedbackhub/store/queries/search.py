"""Finding a customer by whatever the person at the desk has at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, Connection, String, and_, func, or_, select, union

from ...contract.records import Identifier
from ..tables import contact, customer, identifier
from ..types import AnyRow

#: Kinds of identifiers that are recognised by how they are written.
ADDRESSES = ("email", "phone")


def customers_by_key(connection: Connection, addresses: Sequence[Identifier], key: str, limit: int) -> list[int]:
    """Return the row numbers of customers with an address, an id in another system, or a contact of that number.

    Args:
        connection: An open connection.
        addresses: The text read as e-mail address and as phone number, normalised.
        key: The text as an external id or ticket number.
        limit: How many at most.
    """
    kinds, sources = _distinct(identifier.c.kind, "kinds"), _distinct(contact.c.source, "sources")
    other_kinds = select(kinds.c.word).where(kinds.c.word.not_in(ADDRESSES))
    wanted = [and_(identifier.c.kind == each.kind, identifier.c.value == each.value) for each in addresses]
    wanted.append(and_(identifier.c.kind.in_(other_kinds), identifier.c.value == key))
    named = select(identifier.c.customer_id.label("id")).where(or_(*wanted))
    served = select(contact.c.customer_id).where(
        contact.c.source.in_(select(sources.c.word)), contact.c.external_id == key, contact.c.customer_id.is_not(None)
    )
    found = union(named, served).subquery()
    return list(connection.scalars(select(found.c.id).order_by(found.c.id).limit(limit)))


def _distinct(column: Any, name: str) -> CTE:
    """Return the different values of an index's first column, found by leaping from each to the next.

    No index begins with the value that is looked for; with the few values before it known, two are used fully.
    """
    words = select(func.min(column, type_=String).label("word")).cte(name, recursive=True)
    following = select(func.min(column, type_=String)).where(column > words.c.word).scalar_subquery()
    return words.union_all(select(following).where(words.c.word.is_not(None)))


def customers_by_name(connection: Connection, part: str, limit: int) -> list[int]:
    """Return the row numbers of customers whose name holds a text, the newest first."""
    named = customer.c.name.icontains(part, autoescape=True)
    return list(connection.scalars(select(customer.c.id).where(named).order_by(customer.c.id.desc()).limit(limit)))


def customer_rows(connection: Connection, customer_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return customers with the moment of their last contact."""
    last = select(func.max(contact.c.ended_at, type_=contact.c.ended_at.type)).where(
        contact.c.customer_id == customer.c.id
    )
    query = select(
        customer.c.id, customer.c.public_id, customer.c.name, customer.c.segment, customer.c.person_id,
        last.scalar_subquery().label("last_contact_at"),
    ).where(customer.c.id.in_(customer_ids))  # fmt: skip
    return connection.execute(query).all()
