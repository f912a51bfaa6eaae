"""What making one delivery reads and writes, in few statements that are compiled once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select, update

from ..any_of import AnyOf, prepared
from ..prepared import Prepared
from ..tables import agent, contact, customer, delivery, invitation
from ..types import AnyRow

__all__ = ["delivery_for_sending", "hold_invitation", "mark_delivery_sent", "mark_invitation_sent", "sent_since"]


def _sending() -> Select[Any]:
    # Of a reminder and a fallback the first message that went out is what they follow.
    first = delivery.alias("first")
    went_out = or_(first.c.state == "sent", first.c.state == "bounced")
    follows = (
        select(first.c.message_id)
        .where(first.c.invitation_id == delivery.c.invitation_id, went_out)
        .order_by(first.c.id)
        .limit(1)
        .correlate(delivery)
    )
    return (
        select(
            delivery,
            follows.scalar_subquery().label("follows"),
            invitation.c.public_id.label("invitation_public_id"),
            invitation.c.contact_id,
            invitation.c.state.label("invitation_state"),
            invitation.c.brand,
            invitation.c.language,
            invitation.c.topic,
            invitation.c.product,
            invitation.c.team,
            invitation.c.expires_at,
            invitation.c.contact_at,
            invitation.c.survey_version_id,
            invitation.c.test,
            invitation.c.customer_id,
            invitation.c.survey,
            invitation.c.survey_type,
            invitation.c.after_response_id,
            invitation.c.reminders,
            invitation.c.reminder_after,
            invitation.c.edit_window,
            invitation.c.created_at.label("invited_at"),
            customer.c.name.label("customer_name"),
            customer.c.timezone,
            customer.c.person_id,
            agent.c.name.label("agent_name"),
            contact.c.reopened_at,
            contact.c.channel.label("contact_channel"),
            contact.c.external_id.label("reference"),
            contact.c.public_id.label("contact_public_id"),
        )
        .join(invitation, invitation.c.id == delivery.c.invitation_id)
        .outerjoin(customer, customer.c.id == invitation.c.customer_id)
        .outerjoin(agent, agent.c.id == invitation.c.agent_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .where(delivery.c.id == bindparam("wanted"))
    )


_SENDING = Prepared(_sending())


def delivery_for_sending(connection: Connection, delivery_id: int) -> AnyRow | None:
    """Return everything that sending one delivery needs, in one row; `follows` is the Message-ID of the first ask."""
    return _SENDING.first(connection, wanted=delivery_id)


def sent_since(
    connection: Connection, customer_ids: Sequence[int], survey_type: str, since: datetime
) -> datetime | None:
    """Return when one of these customers was last asked with a type of survey, None when not since a moment."""
    row = _SENT_SINCE.first(connection, customers=list(customer_ids), type=survey_type, since=since)
    return None if row is None else row[0]


def _sent_since(any_of: AnyOf) -> Select[Any]:
    return select(func.max(invitation.c.sent_at, type_=invitation.c.sent_at.type).label("at")).where(
        any_of(invitation.c.customer_id, "customers"),
        invitation.c.survey_type == bindparam("type"),
        invitation.c.sent_at > bindparam("since"),
        invitation.c.after_response_id.is_(None),
        invitation.c.imported.is_(False),
        invitation.c.test.is_(False),
    )


_SENT_SINCE = prepared(_sent_since)


def hold_invitation(connection: Connection, invitation_id: int) -> AnyRow | None:
    """Return an invitation, held until the transaction ends."""
    return _HOLD.first(connection, wanted=invitation_id)


_HOLD = Prepared(select(invitation).where(invitation.c.id == bindparam("wanted")).with_for_update())


def mark_delivery_sent(connection: Connection, delivery_id: int, at: datetime, receipt: str) -> None:
    """Note that a delivery went out."""
    _DELIVERY_SENT.run(connection, wanted=delivery_id, at=at, said=receipt)


_DELIVERY_SENT = Prepared(
    update(delivery)
    .where(delivery.c.id == bindparam("wanted"))
    .values(state="sent", sent_at=bindparam("at"), receipt=bindparam("said"), error="")
)


def mark_invitation_sent(connection: Connection, held: AnyRow, at: datetime, on_its_way: bool, reminders: int) -> None:
    """Note that an invitation went out.

    Args:
        connection: Inside a write.
        held: The invitation as `hold_invitation` gave it.
        at: When it went out; the first time counts.
        on_its_way: Whether it now waits for its answer.
        reminders: How many reminders are left to plan.
    """
    _INVITATION_SENT.run(
        connection,
        wanted=held.id,
        at=held.sent_at or at,
        now_in="sent" if on_its_way else held.state,
        why="" if on_its_way else held.reason,
        ended=None if on_its_way else held.ended_at,
        left=reminders,
    )


_INVITATION_SENT = Prepared(
    update(invitation)
    .where(invitation.c.id == bindparam("wanted"))
    .values(
        sent_at=bindparam("at"),
        state=bindparam("now_in"),
        reason=bindparam("why"),
        ended_at=bindparam("ended"),
        reminders=bindparam("left"),
    )
)
