"""Contacts and the decision on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, select, update
from sqlalchemy.exc import NoResultFound

from ..any_of import prepared
from ..inserting import insert_row, inserted
from ..prepared import Prepared
from ..tables import agent, contact, customer, decision, idempotency, invitation
from ..types import AnyRow


def latest_resolution(
    connection: Connection, source: str, external_id: str, instead: Sequence[str] = ()
) -> AnyRow | None:
    """Return the newest resolution recorded of a contact; only when there is none, that of one of the ids `instead`."""
    return _LATEST.first(connection, source=source, external_id=external_id, ids=[external_id, *instead])


_LATEST = prepared(
    lambda any_of: select(contact)
    .where(contact.c.source == bindparam("source"), any_of(contact.c.external_id, "ids"))
    .order_by(case((contact.c.external_id == bindparam("external_id"), 0), else_=1), contact.c.resolution.desc())
    .limit(1)
)


def add_contact(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a contact and return its row number."""
    return inserted(connection, contact, values)


def mark_reopened(connection: Connection, contact_id: int, at: datetime) -> None:
    """Note that a contact was reopened."""
    connection.execute(update(contact).where(contact.c.id == contact_id).values(reopened_at=at))


def add_decision(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert the one decision on a contact."""
    insert_row(connection, decision, values)


def whole_contact() -> Any:
    """Return the selection of contacts with their decision, first invitation, customer and agent."""
    first_ask = (invitation.c.contact_id == contact.c.id) & invitation.c.after_response_id.is_(None)
    return (
        select(
            contact,
            customer.c.public_id.label("customer_public_id"),
            customer.c.name.label("customer_name"),
            agent.c.public_id.label("agent_public_id"),
            agent.c.name.label("agent_name"),
            agent.c.external_id.label("agent_external_id"),
            decision.c.outcome,
            decision.c.rule,
            decision.c.reason,
            decision.c.policy,
            decision.c.facts,
            decision.c.decided_at,
            invitation.c.id.label("invitation_id"),
            invitation.c.public_id.label("invitation_public_id"),
            invitation.c.state.label("invitation_state"),
            invitation.c.reason.label("invitation_reason"),
            invitation.c.survey,
            invitation.c.survey_version_id,
            invitation.c.due_at,
            invitation.c.sent_at,
            invitation.c.expires_at,
        )
        .join(decision, decision.c.contact_id == contact.c.id)
        .outerjoin(customer, customer.c.id == contact.c.customer_id)
        .outerjoin(agent, agent.c.id == contact.c.agent_id)
        .outerjoin(invitation, first_ask)
    )


_BY_PUBLIC_ID = Prepared(whole_contact().where(contact.c.public_id == bindparam("wanted")))
_BY_ID = Prepared(whole_contact().where(contact.c.id == bindparam("wanted")))


def contact_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return a contact with its decision, first invitation, customer's and agent's public names."""
    return _BY_PUBLIC_ID.first(connection, wanted=public_id)


def contact_by_id(connection: Connection, contact_id: int) -> AnyRow:
    """Return a contact like `contact_by_public_id`."""
    row = _BY_ID.first(connection, wanted=contact_id)
    if row is None:
        raise NoResultFound("no such contact")
    return row


def idempotency_row(connection: Connection, scope: str, key: str) -> AnyRow | None:
    """Return what an Idempotency-Key was used for."""
    return _USED.first(connection, scope=scope, used=key)


_USED = Prepared(
    select(idempotency).where(idempotency.c.scope == bindparam("scope"), idempotency.c.key == bindparam("used"))
)


def add_idempotency(connection: Connection, scope: str, key: str, digest: str, contact_id: int, now: datetime) -> None:
    """Remember what an Idempotency-Key was used for."""
    values = {"scope": scope, "key": key, "digest": digest, "contact_id": contact_id, "created_at": now}
    insert_row(connection, idempotency, values)
