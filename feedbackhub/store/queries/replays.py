"""Recorded contacts as a decision saw them, for replaying them through another policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, select

from ..tables import agent, contact, customer, decision, identifier, invitation, person, suppression
from ..types import AnyRow
from .invitations import is_counted

_PAGE = 500
#: The rule of contacts that an answer to an open link made: nothing was decided on them.
OPEN = "open_link"


def contacts_since(connection: Connection, since: datetime) -> Iterator[AnyRow]:
    """Yield contacts that were really decided on, in the order in which they were recorded."""
    after: tuple[datetime, int] | None = None
    while page := _page(connection, since, after):
        yield from page
        after = (page[-1].recorded_at, page[-1].id)


def _page(connection: Connection, since: datetime, after: tuple[datetime, int] | None) -> Sequence[AnyRow]:
    query = (
        select(
            contact,
            customer.c.public_id.label("customer_public_id"),
            customer.c.person_id,
            customer.c.name.label("customer_name"),
            customer.c.timezone,
            customer.c.attributes.label("customer_attributes"),
            agent.c.public_id.label("agent_public_id"),
            agent.c.name.label("agent_name"),
            decision.c.outcome,
            decision.c.rule,
        )
        .join(decision, decision.c.contact_id == contact.c.id)
        .outerjoin(customer, customer.c.id == contact.c.customer_id)
        .outerjoin(agent, agent.c.id == contact.c.agent_id)
        .where(contact.c.recorded_at >= since, contact.c.imported.is_(False), contact.c.test.is_(False))
        .where(decision.c.rule != OPEN)
        .order_by(contact.c.recorded_at, contact.c.id)
        .limit(_PAGE)
    )
    if after is not None:
        at, last = after
        query = query.where((contact.c.recorded_at > at) | ((contact.c.recorded_at == at) & (contact.c.id > last)))
    return connection.execute(query).all()


def merged_persons(connection: Connection) -> dict[int, int]:
    """Return into whom each merged person went."""
    query = select(person.c.id, person.c.merged_into).where(person.c.merged_into.is_not(None))
    return {row.id: row.merged_into for row in connection.execute(query)}


def asks_before(connection: Connection, since: datetime) -> Sequence[AnyRow]:
    """Return ``person_id, survey_type, asked_at, state`` of what was asked before a moment."""
    asked_at = case((invitation.c.sent_at.is_not(None), invitation.c.sent_at), else_=invitation.c.due_at)
    query = (
        select(customer.c.person_id, invitation.c.survey_type, asked_at.label("asked_at"), invitation.c.state)
        .join(customer, customer.c.id == invitation.c.customer_id)
        .where(
            invitation.c.created_at < since,
            is_counted(),
            invitation.c.after_response_id.is_(None),
            invitation.c.imported.is_(False),
            invitation.c.test.is_(False),
        )
    )
    return connection.execute(query).all()


def all_identifiers(connection: Connection) -> Sequence[AnyRow]:
    """Return ``person_id, kind, value`` of everybody."""
    query = (
        select(customer.c.person_id, identifier.c.kind, identifier.c.value)
        .join(customer, customer.c.id == identifier.c.customer_id)
        .order_by(identifier.c.id)
    )
    return connection.execute(query).all()


def all_fingerprints(connection: Connection) -> dict[str, tuple[str, datetime]]:
    """Return reason and moment of every suppression by its fingerprint."""
    from_table = select(suppression.c.fingerprint, suppression.c.reason, suppression.c.created_at)
    return {row.fingerprint: (row.reason, row.created_at) for row in connection.execute(from_table)}
