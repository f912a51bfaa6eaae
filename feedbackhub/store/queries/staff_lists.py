"""What the staff area lists: contacts, filtered, page by page, and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select, union

from ..tables import agent, contact, customer, decision, gesture, invitation, response, survey_version, tally
from ..types import AnyRow
from .paging import Order, Place, Slice, one_page

#: How many of the newest rows are looked at to offer values to filter by.
WINDOW = 3000


@dataclass(frozen=True)
class ContactFilter:
    """Which contacts to list; empty values do not filter.

    Args:
        source: Name of the source.
        channel: Channel of the contact.
        team: Team that served.
        decision: ``asked``, ``not_asked`` or ``rule:<name>``.
        since: Ended at this moment or later.
        until: Ended before this moment.
    """

    source: str = ""
    channel: str = ""
    team: str = ""
    decision: str = ""
    since: datetime | None = None
    until: datetime | None = None


def contacts(connection: Connection, wanted: ContactFilter, place: Place, limit: int) -> Slice:
    """Return a page of contacts with their decisions, the newest first."""
    first_ask = (invitation.c.contact_id == contact.c.id) & invitation.c.after_response_id.is_(None)
    query = (
        select(
            contact.c.public_id,
            contact.c.source,
            contact.c.external_id,
            contact.c.resolution,
            contact.c.channel,
            contact.c.team,
            contact.c.topic,
            contact.c.ended_at,
            contact.c.reopened_at,
            contact.c.test,
            contact.c.imported,
            customer.c.name.label("customer_name"),
            contact.c.customer_id,
            decision.c.outcome,
            decision.c.rule,
            decision.c.reason,
            invitation.c.state.label("invitation_state"),
        )
        .join(decision, decision.c.contact_id == contact.c.id)
        .outerjoin(customer, customer.c.id == contact.c.customer_id)
        .outerjoin(invitation, first_ask)
        .where(*_contact_terms(wanted))
    )
    order = Order(contact.c.ended_at, contact.c.id, contact.c.public_id)
    return one_page(connection, query, order, place, limit)


def _contact_terms(wanted: ContactFilter) -> list[ColumnElement[bool]]:
    terms = between(contact.c.ended_at, wanted.since, wanted.until)
    # Not by the index of external ids: most contacts are of one source, and sorting these takes long.
    same = {"source": func.coalesce(contact.c.source, ""), "channel": contact.c.channel, "team": contact.c.team}
    terms += [column == getattr(wanted, name) for name, column in same.items() if getattr(wanted, name)]
    kind, _, rule = wanted.decision.partition(":")
    if kind == "asked":
        terms.append(decision.c.outcome == "ask")
    elif kind == "not_asked":
        terms.append(decision.c.outcome == "dont_ask")
    elif kind == "rule":
        terms.append(and_(decision.c.outcome == "dont_ask", decision.c.rule == rule))
    return terms


def between(column: Any, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """Return what keeps a moment between two, the first included and the last not."""
    terms = [] if since is None else [column >= since]
    return terms if until is None else [*terms, column < until]


def contact_values(connection: Connection) -> dict[str, list[str]]:
    """Return the sources, channels, teams and rules among the newest contacts."""
    vetoed = case((decision.c.outcome == "dont_ask", decision.c.rule), else_="")
    recent = (
        select(contact.c.source, contact.c.channel, contact.c.team, vetoed.label("rule"))
        .join(decision, decision.c.contact_id == contact.c.id)
        .order_by(contact.c.ended_at.desc())
        .limit(WINDOW)
    )
    return values_among(connection, recent)


def values_among(connection: Connection, recent: Select[Any]) -> dict[str, list[str]]:
    """Return the values of each column of some rows that are not empty, in their order; the rows are read once."""
    rows = recent.cte("recent")
    each = [select(literal(c.name).label("name"), c.label("value")).where(c != "") for c in rows.c]
    found: dict[str, list[str]] = {c.name: [] for c in rows.c}
    for row in connection.execute(union(*each).order_by("value")):
        found[row.name].append(row.value)
    return found


def gestures_about(connection: Connection, contact_id: int | None, response_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return the gestures about a contact or some responses that were not taken back, the newest first."""
    about: ColumnElement[bool] = gesture.c.response_id.in_(response_ids)
    if contact_id is not None:
        about = or_(gesture.c.contact_id == contact_id, about)
    query = select(gesture).where(about, gesture.c.withdrawn_at.is_(None)).order_by(gesture.c.at.desc())
    return connection.execute(query).all()


def asks_of(connection: Connection, contact_id: int) -> Sequence[AnyRow]:
    """Return every ask about a contact, re-asks included, the first one first."""
    query = (
        select(invitation, survey_version.c.number.label("version"), response.c.public_id.label("response_public_id"))
        .join(survey_version, survey_version.c.id == invitation.c.survey_version_id)
        .outerjoin(response, response.c.invitation_id == invitation.c.id)
        .where(invitation.c.contact_id == contact_id)
        .order_by(invitation.c.id)
    )
    return connection.execute(query).all()


def survey_counts(connection: Connection, since: str) -> dict[tuple[str, str], int]:
    """Return what was counted of each survey on a day or later, by survey and ``sent`` or ``answered``."""
    query = (
        select(tally.c.survey, tally.c.score, func.sum(tally.c.n).label("n"))
        .where(tally.c.basis == "answer", tally.c.day >= since, tally.c.question == "", tally.c.dimension == "")
        .group_by(tally.c.survey, tally.c.score)
    )
    return {(row.survey, row.score): int(row.n) for row in connection.execute(query)}


def agents(connection: Connection, agent_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return ``id, public_id, source, external_id`` of some agents."""
    columns = (agent.c.id, agent.c.public_id, agent.c.source, agent.c.external_id)
    query = select(*columns).where(agent.c.id.in_(agent_ids))
    return connection.execute(query).all()
