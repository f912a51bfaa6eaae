"""Everything that is stored about some customers, table by table."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from ..tables import (
    agent,
    audit,
    contact,
    customer,
    decision,
    delivery,
    gesture,
    identifier,
    inbox,
    invitation,
    person_link,
    response,
    revision,
    survey_version,
)
from ..types import AnyRow


def customers_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return these customers, oldest first."""
    return connection.execute(select(customer).where(customer.c.id.in_(ids)).order_by(customer.c.id)).all()


def identifiers_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all identifiers of these customers."""
    return _theirs(connection, identifier, ids)


def contacts_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all contacts of these customers, each with the decision on it and who served."""
    query = (
        select(
            contact,
            agent.c.name.label("agent_name"),
            customer.c.public_id.label("customer_public_id"),
            decision.c.outcome,
            decision.c.rule,
            decision.c.reason,
            decision.c.policy,
            decision.c.facts,
            decision.c.decided_at,
        )
        .join(customer, customer.c.id == contact.c.customer_id)
        .outerjoin(decision, decision.c.contact_id == contact.c.id)
        .outerjoin(agent, agent.c.id == contact.c.agent_id)
        .where(contact.c.customer_id.in_(ids))
        .order_by(contact.c.id)
    )
    return connection.execute(query).all()


def invitations_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all invitations that these customers got or answered, each with its contact and the survey's version."""
    answered = list(connection.scalars(select(response.c.invitation_id).where(response.c.customer_id.in_(ids))))
    query = (
        select(invitation, contact.c.public_id.label("contact_public_id"), survey_version.c.number.label("version"))
        .join(survey_version, survey_version.c.id == invitation.c.survey_version_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .where(or_(invitation.c.customer_id.in_(ids), invitation.c.id.in_(answered)))
        .order_by(invitation.c.id)
    )
    return connection.execute(query).all()


def deliveries_of(connection: Connection, invitation_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all deliveries of these invitations."""
    query = select(delivery).where(delivery.c.invitation_id.in_(invitation_ids)).order_by(delivery.c.id)
    return connection.execute(query).all()


def responses_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all responses of these customers."""
    return _theirs(connection, response, ids)


def revisions_of(connection: Connection, response_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all submissions on these responses, in the order they came."""
    query = select(revision).where(revision.c.response_id.in_(response_ids))
    return connection.execute(query.order_by(revision.c.response_id, revision.c.number)).all()


def gestures_of(connection: Connection, ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return all gestures to these customers, each with what it was about."""
    query = (
        select(
            gesture,
            contact.c.public_id.label("contact_public_id"),
            response.c.public_id.label("response_public_id"),
        )
        .outerjoin(contact, contact.c.id == gesture.c.contact_id)
        .outerjoin(response, response.c.id == gesture.c.response_id)
        .where(gesture.c.customer_id.in_(ids))
        .order_by(gesture.c.id)
    )
    return connection.execute(query).all()


def inbox_of(
    connection: Connection, invitation_ids: Sequence[int], fingerprints: Sequence[str], mentions: Sequence[str]
) -> Sequence[AnyRow]:
    """Return what came back from these customers, or speaks of them.

    Args:
        connection: An open connection.
        invitation_ids: Items that answer one of these invitations.
        fingerprints: Items from one of these addresses that belong to no invitation.
        mentions: The same of items that hold one of these texts.
    """
    found = [inbox.c.fingerprint.in_(fingerprints), *(_holds(connection, text.encode()) for text in mentions)]
    theirs = or_(inbox.c.invitation_id.in_(invitation_ids), and_(inbox.c.invitation_id.is_(None), or_(*found)))
    return connection.execute(select(inbox).where(theirs).order_by(inbox.c.id)).all()


def _holds(connection: Connection, text: bytes) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return func.instr(inbox.c.raw, text) > 0
    return func.pg_catalog.position(inbox.c.raw, text) > 0


def links_of(connection: Connection, person_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return the entries of the merging log about these persons."""
    theirs = or_(person_link.c.person_id.in_(person_ids), person_link.c.into_id.in_(person_ids))
    return connection.execute(select(person_link).where(theirs).order_by(person_link.c.id)).all()


def looks_at(connection: Connection, public_ids: Sequence[str]) -> Sequence[AnyRow]:
    """Return when and how somebody looked at, changed, exported or erased these customers."""
    subjects = [f"customer:{each}" for each in public_ids]
    query = select(audit.c.at, audit.c.action).where(audit.c.subject.in_(subjects)).order_by(audit.c.id)
    return connection.execute(query).all()


def _theirs(connection: Connection, table: Table, ids: Sequence[int]) -> Sequence[AnyRow]:
    return connection.execute(select(table).where(table.c.customer_id.in_(ids)).order_by(table.c.id)).all()
