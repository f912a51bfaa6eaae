"""Asks that follow an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from ..tables import invitation
from .invitations import is_counted

#: States in which an ask came to nothing, so that another one may follow.
VAIN = ("cancelled", "undeliverable", "expired")


def standing(connection: Connection, response_id: int) -> bool:
    """Tell whether an answer was asked about again, and that ask is open or answered."""
    query = select(invitation.c.id).where(
        invitation.c.after_response_id == response_id, invitation.c.state.not_in(VAIN)
    )
    return connection.execute(query.limit(1)).first() is not None


def last_of_type(connection: Connection, customer_ids: Sequence[int], survey_type: str) -> datetime | None:
    """Return when a person was last asked after an answer with a survey of this type."""
    query = select(func.max(invitation.c.due_at, type_=invitation.c.due_at.type)).where(
        invitation.c.customer_id.in_(customer_ids),
        invitation.c.after_response_id.is_not(None),
        invitation.c.survey_type == survey_type,
        is_counted(),
    )
    return connection.execute(query).scalar_one_or_none()


def open_after(connection: Connection, response_id: int) -> str:
    """Return the public id of the ask after an answer that was sent and waits for one, empty for none."""
    query = select(invitation.c.public_id).where(
        invitation.c.after_response_id == response_id, invitation.c.state == "sent"
    )
    return connection.execute(query.limit(1)).scalar() or ""
