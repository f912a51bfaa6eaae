"""Responses, their answers and earlier revisions, and gestures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, update

from ..inserting import inserted
from ..tables import (
    agent,
    answer,
    contact,
    customer,
    gesture,
    invitation,
    open_answer,
    open_link,
    response,
    survey_version,
)
from ..types import AnyRow


def change_response(connection: Connection, response_id: int, values: Mapping[str, Any]) -> None:
    """Store changed fields of a response."""
    connection.execute(_CHANGE_RESPONSE, {"wanted": response_id, **values})


# What is set are the other values that come with the execution.
_CHANGE_RESPONSE = update(response).where(response.c.id == bindparam("wanted"))


def whole_response() -> Any:
    """Return the selection of responses with everything they are about."""
    return (
        select(
            response,
            invitation.c.public_id.label("invitation_public_id"),
            invitation.c.survey,
            invitation.c.survey_type,
            invitation.c.after_response_id,
            invitation.c.channel,
            invitation.c.team,
            invitation.c.topic,
            invitation.c.product,
            invitation.c.brand,
            invitation.c.language.label("asked_language"),
            invitation.c.segment,
            invitation.c.country,
            invitation.c.test,
            invitation.c.imported,
            invitation.c.contact_at,
            invitation.c.sent_at,
            invitation.c.agent_id,
            survey_version.c.number.label("version"),
            contact.c.public_id.label("contact_public_id"),
            contact.c.source,
            contact.c.external_id,
            contact.c.url,
            customer.c.public_id.label("customer_public_id"),
            customer.c.name.label("customer_name"),
            agent.c.public_id.label("agent_public_id"),
            agent.c.name.label("agent_name"),
            open_link.c.public_id.label("open_link"),
            open_answer.c.claimed,
            open_answer.c.claimed_contact_id,
        )
        .join(invitation, invitation.c.id == response.c.invitation_id)
        .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
        .outerjoin(open_link, open_link.c.id == open_answer.c.open_link_id)
        .join(survey_version, survey_version.c.id == response.c.survey_version_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .outerjoin(customer, customer.c.id == response.c.customer_id)
        .outerjoin(agent, agent.c.id == invitation.c.agent_id)
    )


def response_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return a response with everything it is about."""
    return connection.execute(whole_response().where(response.c.public_id == public_id)).one_or_none()


def response_by_id(connection: Connection, response_id: int, lock: bool = False) -> AnyRow | None:
    """Return a response's own row."""
    query = select(response).where(response.c.id == response_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def responses_after(connection: Connection, after: int, limit: int) -> Sequence[AnyRow]:
    """Return responses in the order they were first stored, from a row number on."""
    query = whole_response().where(response.c.id > after).order_by(response.c.id).limit(limit)
    return connection.execute(query).all()


def answers_of(connection: Connection, response_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """Return the answers of some responses."""
    found: dict[int, list[AnyRow]] = {}
    query = select(answer).where(answer.c.response_id.in_(response_ids)).order_by(answer.c.question)
    for row in connection.execute(query):
        found.setdefault(row.response_id, []).append(row)
    return found


def add_gesture(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a gesture and return its row number."""
    return inserted(connection, gesture, values)


def count_gestures(connection: Connection, customer_ids: Sequence[int], kind: str) -> int:
    """Return how many gestures of a kind a person has received."""
    query = (
        select(func.count())
        .select_from(gesture)
        .where(gesture.c.customer_id.in_(customer_ids), gesture.c.kind == kind, gesture.c.withdrawn_at.is_(None))
    )
    return int(connection.execute(query).scalar_one())


def gesture_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return one gesture."""
    return connection.execute(select(gesture).where(gesture.c.public_id == public_id)).one_or_none()


def withdraw_gesture(connection: Connection, gesture_id: int, now: datetime) -> None:
    """Mark a gesture as recorded by mistake."""
    connection.execute(update(gesture).where(gesture.c.id == gesture_id).values(withdrawn_at=now))


def settle_calls(connection: Connection, customer_ids: Sequence[int], now: datetime | None, mark: datetime) -> int:
    """Mark a person's open wishes for a call as fulfilled (or open again) and return how many.

    Args:
        connection: Inside a write.
        customer_ids: All customers of the person.
        now: When they were fulfilled; None opens those again that were fulfilled at `mark`.
        mark: The moment of the gesture.
    """
    # A call that is recorded late, or imported, fulfils no wish that was made after it.
    mine = and_(
        response.c.customer_id.in_(customer_ids), response.c.wants_call.is_(True), response.c.created_at <= mark
    )
    state = response.c.call_settled_at.is_(None) if now is not None else response.c.call_settled_at == mark
    return connection.execute(update(response).where(mine, state).values(call_settled_at=now)).rowcount
