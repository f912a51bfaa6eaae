"""Invitations and their deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal_column, or_, select, update

from ..any_of import AnyOf, prepared
from ..inserting import inserted
from ..prepared import Prepared
from ..tables import agent, contact, customer, delivery, invitation, open_answer, response, survey_version
from ..types import AnyRow

#: States in which an ask counts for the person's clock.
COUNTED = ("due", "sent", "answered", "expired")


def is_counted() -> ColumnElement[bool]:
    """Return the condition for asks that count; one that ended before it could be sent was none."""
    went_out = or_(invitation.c.state != "expired", invitation.c.sent_at.is_not(None))
    return and_(or_(*(invitation.c.state == each for each in COUNTED)), went_out)


def past_asks(connection: Connection, customer_ids: Sequence[int], since: datetime) -> Sequence[AnyRow]:
    """Return ``survey_type, asked_at, state`` of a person's counted asks, newest first."""
    if not customer_ids:
        return []
    return _PAST_ASKS.all(connection, customers=list(customer_ids), since=since)


def _past_asks(any_of: AnyOf) -> Select[Any]:
    asked_at = func.coalesce(invitation.c.sent_at, invitation.c.due_at, type_=invitation.c.due_at.type)
    since = bindparam("since", type_=invitation.c.due_at.type)
    return (
        select(invitation.c.survey_type, asked_at.label("asked_at"), invitation.c.state)
        .where(
            any_of(invitation.c.customer_id, "customers"),
            or_(invitation.c.due_at >= since, invitation.c.sent_at >= since),
            is_counted(),
            invitation.c.after_response_id.is_(None),
            invitation.c.imported.is_(False),
            invitation.c.test.is_(False),
        )
        .order_by(asked_at.desc())
    )


_PAST_ASKS = prepared(_past_asks)


def add_invitation(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert an invitation and return its row number."""
    return inserted(connection, invitation, values)


def change_invitation(connection: Connection, invitation_id: int, **values: Any) -> None:
    """Store changed fields of an invitation."""
    connection.execute(_CHANGE_INVITATION, {"wanted": invitation_id, **values})


def add_delivery(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a delivery and return its row number."""
    return inserted(connection, delivery, values)


def change_delivery(connection: Connection, delivery_id: int, **values: Any) -> None:
    """Store changed fields of a delivery."""
    connection.execute(_CHANGE_DELIVERY, {"wanted": delivery_id, **values})


# What is set are the other values that come with the execution.
_CHANGE_INVITATION = update(invitation).where(invitation.c.id == bindparam("wanted"))
_CHANGE_DELIVERY = update(delivery).where(delivery.c.id == bindparam("wanted"))


def open_deliveries(connection: Connection, invitation_id: int) -> list[int]:
    """Return the row numbers of deliveries that have not begun."""
    return list(connection.scalars(_OPEN_DELIVERIES, {"invitation": invitation_id}))


_OPEN_DELIVERIES = select(delivery.c.id).where(
    delivery.c.invitation_id == bindparam("invitation"), delivery.c.state == "due"
)


def cancel_deliveries(connection: Connection, delivery_ids: Sequence[int], reason: str) -> None:
    """Mark deliveries as not to be made."""
    if delivery_ids:
        connection.execute(_CANCEL_DELIVERIES, {"deliveries": list(delivery_ids), "error": reason})


_CANCEL_DELIVERIES = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("deliveries", expanding=True)), delivery.c.state == "due")
    .values(state="cancelled", error=bindparam("error"))
)


def asks_of(connection: Connection, contact_id: int) -> Sequence[AnyRow]:
    """Return all asks about a contact, the first one and those that followed an answer."""
    query = select(invitation).where(invitation.c.contact_id == contact_id).order_by(invitation.c.id)
    return connection.execute(query).all()


def first_message_id(connection: Connection, invitation_id: int) -> str:
    """Return the Message-ID of an invitation's first delivery, empty when none was sent."""
    query = (
        select(delivery.c.message_id)
        .where(delivery.c.invitation_id == invitation_id, delivery.c.state.in_(("sent", "bounced")))
        .order_by(delivery.c.id)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() or ""


def _with_response() -> Select[Any]:
    return (
        select(
            invitation,
            customer.c.name.label("customer_name"),
            customer.c.timezone,
            agent.c.name.label("agent_name"),
            contact.c.external_id.label("reference"),
            contact.c.public_id.label("contact_public_id"),
            response.c.id.label("response_id"),
            response.c.public_id.label("response_public_id"),
            response.c.answers,
            response.c.confidence,
            response.c.verdict,
            response.c.revision,
            response.c.complete,
            response.c.settled_at,
            response.c.created_at.label("response_created_at"),
            response.c.changed_at,
            open_answer.c.open_link_id,
            open_answer.c.claimed,
            open_answer.c.claimed_contact_id,
            open_answer.c.repeated,
        )
        .outerjoin(response, response.c.invitation_id == invitation.c.id)
        .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
        .outerjoin(customer, customer.c.id == invitation.c.customer_id)
        .outerjoin(agent, agent.c.id == invitation.c.agent_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .where(invitation.c.public_id == bindparam("wanted"))
    )


_BY_PUBLIC_ID = _with_response()
_HOLD = select(invitation.c.id).where(invitation.c.public_id == bindparam("wanted")).with_for_update()


def by_public_id(connection: Connection, public_id: str, lock: bool = False) -> AnyRow | None:
    """Return an invitation with its response's state, for the page and for collecting.

    Args:
        connection: An open connection.
        public_id: The invitation's public id.
        lock: Hold the invitation until the transaction ends.
    """
    if lock:
        # A statement of its own: on PostgreSQL the rows joined to one that was waited for are those from before.
        connection.execute(_HOLD, {"wanted": public_id}).one_or_none()
    return connection.execute(_BY_PUBLIC_ID, {"wanted": public_id}).one_or_none()


def delivery_by_message_id(connection: Connection, message_id: str) -> AnyRow | None:
    """Return a delivery with its invitation's customer by Message-ID."""
    query = (
        select(
            delivery,
            invitation.c.customer_id,
            invitation.c.test,
            invitation.c.public_id.label("invitation_public_id"),
        )
        .join(invitation, invitation.c.id == delivery.c.invitation_id)
        .where(delivery.c.message_id == message_id)
    )
    return connection.execute(query).one_or_none()


def expire(connection: Connection, now: datetime, limit: int) -> list[AnyRow]:
    """Mark up to `limit` unanswered invitations whose time is over as expired and return them."""
    # Written out as the index of the open ones has it: with values from outside, it would not be known to fit.
    is_open = invitation.c.state.in_([literal_column("'due'"), literal_column("'sent'")])
    # One that is being answered at this moment is left for the next time.
    free = (
        select(invitation.c.id)
        .where(is_open, invitation.c.expires_at <= now)
        .order_by(invitation.c.expires_at)
        .limit(limit)
    )
    ready = free.with_for_update(skip_locked=True).cte("ready")
    change = update(invitation).where(invitation.c.id.in_(select(ready.c.id)))
    rows = list(connection.execute(change.values(state="expired", ended_at=now).returning(invitation)))
    return sorted(rows, key=lambda row: row.id)


def sends_since(connection: Connection, public_id: str) -> datetime | None:
    """Return when the newest delivery of an invitation went out."""
    return connection.execute(_NEWEST_SEND, {"wanted": public_id}).scalar_one_or_none()


_NEWEST_SEND = (
    select(func.max(delivery.c.sent_at, type_=delivery.c.sent_at.type))
    .join(invitation, invitation.c.id == delivery.c.invitation_id)
    .where(invitation.c.public_id == bindparam("wanted"))
)


def version_row(connection: Connection, version_id: int) -> AnyRow | None:
    """Return one published survey version."""
    return connection.execute(select(survey_version).where(survey_version.c.id == version_id)).one_or_none()


def newest_version(connection: Connection, survey: str) -> AnyRow | None:
    """Return ``id, number, digest, published_by`` of a survey's newest version."""
    return _NEWEST_VERSION.first(connection, survey=survey)


_NEWEST_VERSION = Prepared(
    select(survey_version.c.id, survey_version.c.number, survey_version.c.digest, survey_version.c.published_by)
    .where(survey_version.c.survey == bindparam("survey"))
    .order_by(survey_version.c.number.desc())
    .limit(1)
)


def add_version(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a survey version and return its row number."""
    return inserted(connection, survey_version, values)


def versions_of(connection: Connection, survey: str | None = None) -> Sequence[AnyRow]:
    """Return all versions of one survey, or of all, newest first within a survey."""
    query = select(survey_version).order_by(survey_version.c.survey, survey_version.c.number.desc())
    if survey is not None:
        query = query.where(survey_version.c.survey == survey)
    return connection.execute(query).all()
