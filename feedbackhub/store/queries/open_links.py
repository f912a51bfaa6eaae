"""Open links, the answers that came by them, and what those claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, text, update

from ..any_of import AnyOf, prepared
from ..inserting import inserted
from ..tables import agent, contact, day_salt, invitation, open_answer, open_link, open_visit, response
from ..types import AnyRow

_LINK = (
    select(
        open_link,
        agent.c.name.label("agent_name"),
        agent.c.public_id.label("agent_public_id"),
        agent.c.source.label("agent_source"),
        agent.c.external_id.label("agent_external_id"),
    )
    .outerjoin(agent, agent.c.id == open_link.c.agent_id)
    .where(open_link.c.public_id == bindparam("wanted"))
)


def by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return an open link with its agent."""
    return connection.execute(_LINK, {"wanted": public_id}).one_or_none()


def add_link(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert an open link and return its row number."""
    return inserted(connection, open_link, values)


def mark_revoked(connection: Connection, link_id: int, at: datetime | None) -> None:
    """Note since when a link takes no answers any more, or None that it does."""
    connection.execute(update(open_link).where(open_link.c.id == link_id).values(revoked_at=at))


def all_links(connection: Connection, after: int = 0, limit: int = 1000) -> Sequence[AnyRow]:
    """Return open links in the order they were made, from a row number on, with their agents and ``answers`` so far."""
    counted = (
        select(func.count())
        .select_from(open_answer)
        .where(open_answer.c.open_link_id == open_link.c.id)
        .scalar_subquery()
    )
    query = (
        select(
            open_link,
            agent.c.name.label("agent_name"),
            agent.c.public_id.label("agent_public_id"),
            agent.c.source.label("agent_source"),
            agent.c.external_id.label("agent_external_id"),
            counted.label("answers"),
        )
        .outerjoin(agent, agent.c.id == open_link.c.agent_id)
        .where(open_link.c.id > after)
        .order_by(open_link.c.id)
        .limit(limit)
    )
    return connection.execute(query).all()


def count_answers(connection: Connection, link_id: int) -> int:
    """Return how many answers came by a link."""
    query = select(func.count()).select_from(open_answer).where(open_answer.c.open_link_id == link_id)
    return int(connection.execute(query).scalar_one())


def add_answer(connection: Connection, values: Mapping[str, Any]) -> None:
    """Note that an invitation was made by an answer to an open link."""
    connection.execute(insert(open_answer), dict(values))


def waiting_claims(connection: Connection, keys: Sequence[tuple[str, str]]) -> Sequence[AnyRow]:
    """Return answers that claim one of these tickets, by source and id, and are joined to none yet."""
    if not keys:
        return []
    sources, ids = zip(*keys, strict=True)
    given = {"sources": sorted(set(sources)), "ids": sorted(set(ids))}
    found = _WAITING.all(connection, **given)
    wanted = set(keys)
    return [row for row in found if (row.claimed_source, row.claimed) in wanted]


def _waiting(any_of: AnyOf) -> Select[Any]:
    return (
        select(
            open_answer.c.invitation_id,
            open_answer.c.claimed_source,
            open_answer.c.claimed,
            invitation,
            response.c.id.label("response_id"),
            response.c.revision,
            response.c.confidence,
        )
        .join(invitation, invitation.c.id == open_answer.c.invitation_id)
        .join(response, response.c.invitation_id == invitation.c.id)
        .where(
            any_of(open_answer.c.claimed, "ids"),
            any_of(open_answer.c.claimed_source, "sources"),
            text("claimed <> '' AND claimed_contact_id IS NULL"),  # word for word as the index has it
        )
        .order_by(open_answer.c.invitation_id)
    )


_WAITING = prepared(_waiting)


def join_claim(connection: Connection, invitation_id: int, contact_id: int) -> None:
    """Note which contact an answer's claim turned out to be about."""
    this = open_answer.c.invitation_id == invitation_id
    connection.execute(update(open_answer).where(this).values(claimed_contact_id=contact_id))


def own_response(connection: Connection, response_id: int, customer_id: int | None) -> None:
    """Say whose answer one that claims a ticket is."""
    connection.execute(update(response).where(response.c.id == response_id).values(customer_id=customer_id))


def contact_row(connection: Connection, contact_id: int) -> AnyRow:
    """Return a contact's own row."""
    return connection.execute(select(contact).where(contact.c.id == contact_id)).one()


def forget_claims(connection: Connection, contact_ids: Sequence[int]) -> None:
    """Take out which ticket answers claimed that are joined to one of these contacts."""
    theirs = open_answer.c.claimed_contact_id.in_(contact_ids)
    connection.execute(update(open_answer).where(theirs).values(claimed="", claimed_source=""))


def salt_of(connection: Connection, day: str) -> bytes | None:
    """Return a day's salt."""
    return connection.execute(select(day_salt.c.salt).where(day_salt.c.day == day)).scalar_one_or_none()


def begin_day(connection: Connection, day: str, salt: bytes) -> None:
    """Store a day's salt and forget every other day's, with who came."""
    forget_days_but(connection, day)
    connection.execute(insert(day_salt), {"day": day, "salt": salt})


def forget_days_but(connection: Connection, day: str) -> None:
    """Forget the salts of all other days, and who came then."""
    connection.execute(delete(day_salt).where(day_salt.c.day != day))
    connection.execute(delete(open_visit).where(open_visit.c.day != day))


def visits_of(connection: Connection, visitor: str) -> Sequence[AnyRow]:
    """Return ``page, invitation_id, public_id`` of a visitor's answers today, the newest first."""
    query = (
        select(open_visit.c.page, open_visit.c.invitation_id, invitation.c.public_id)
        .join(invitation, invitation.c.id == open_visit.c.invitation_id)
        .where(open_visit.c.visitor == visitor)
        .order_by(open_visit.c.id.desc())
    )
    return connection.execute(query).all()


def add_visit(connection: Connection, visitor: str, page: str, invitation_id: int, day: str) -> None:
    """Note that a visitor answered by a page."""
    values = {"visitor": visitor, "page": page, "invitation_id": invitation_id, "day": day}
    connection.execute(insert(open_visit), values)
