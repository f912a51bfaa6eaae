"""What the staff area lists: contacts and answers, filtered, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from ..tables import (
    agent,
    contact,
    customer,
    decision,
    gesture,
    invitation,
    open_answer,
    open_link,
    response,
    revision,
    survey_version,
    tally,
)
from ..types import AnyRow
from .paging import Order, Place, Slice, one_page

#: How many of the newest rows are looked at to offer values to filter by.
WINDOW = 3000
AnswerState = Literal["", "suspect", "accepted", "discarded"]


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


@dataclass(frozen=True)
class AnswerFilter:
    """Which answers to list; empty values do not filter.

    Args:
        survey: Name of the survey.
        channel: Channel of the contact.
        team: Team that served.
        state: ``suspect`` (to be judged), ``accepted``, ``discarded``; empty: all that are not discarded.
        low: Only unhappy customers.
        comment: Only with own words.
        call: Only open wishes for a call.
        agent: Row number of the agent whose contacts alone are to be seen; None for all.
        since: Given at this moment or later.
        until: Given before this moment.
    """

    survey: str = ""
    channel: str = ""
    team: str = ""
    state: AnswerState = ""
    low: bool = False
    comment: bool = False
    call: bool = False
    agent: int | None = None
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
    terms = _between(contact.c.ended_at, wanted.since, wanted.until)
    terms += [contact.c[name] == getattr(wanted, name) for name in _SAME if getattr(wanted, name)]
    kind, _, rule = wanted.decision.partition(":")
    if kind == "asked":
        terms.append(decision.c.outcome == "ask")
    elif kind == "not_asked":
        terms.append(decision.c.outcome == "dont_ask")
    elif kind == "rule":
        terms.append(and_(decision.c.outcome == "dont_ask", decision.c.rule == rule))
    return terms


_SAME = ("source", "channel", "team")


def _between(column: Any, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    terms = [] if since is None else [column >= since]
    return terms if until is None else [*terms, column < until]


def contact_values(connection: Connection) -> dict[str, list[str]]:
    """Return the sources, channels, teams and rules among the newest contacts."""
    recent = (
        select(contact.c.source, contact.c.channel, contact.c.team, decision.c.rule, decision.c.outcome)
        .join(decision, decision.c.contact_id == contact.c.id)
        .order_by(contact.c.ended_at.desc())
        .limit(WINDOW)
        .subquery()
    )
    found = {name: _distinct(connection, recent.c[name]) for name in _SAME}
    vetoes = select(recent.c.rule).distinct().where(recent.c.outcome == "dont_ask").order_by(recent.c.rule)
    return {**found, "rule": list(connection.scalars(vetoes))}


def _distinct(connection: Connection, column: Any) -> list[str]:
    return list(connection.scalars(select(column).distinct().where(column != "").order_by(column)))


def answers(connection: Connection, wanted: AnswerFilter, place: Place, limit: int) -> Slice:
    """Return a page of answers, the newest first."""
    query = _answers().where(*_answer_terms(wanted))
    order = Order(response.c.created_at, response.c.id, response.c.public_id)
    return one_page(connection, query, order, place, limit)


def _answers() -> Select[Any]:
    claimed = contact.alias("claimed_contact")
    return (
        select(
            response.c.id,
            response.c.public_id,
            response.c.survey_version_id,
            response.c.created_at,
            response.c.headline_question,
            response.c.headline,
            response.c.headline_max,
            response.c.score,
            response.c.low,
            response.c.solved,
            response.c.wants_call,
            response.c.call_settled_at,
            response.c.comment,
            response.c.complete,
            response.c.confidence,
            response.c.verdict,
            response.c.signs,
            invitation.c.survey,
            invitation.c.after_response_id,
            invitation.c.channel,
            invitation.c.team,
            invitation.c.topic,
            invitation.c.test,
            invitation.c.imported,
            contact.c.public_id.label("contact_public_id"),
            customer.c.public_id.label("customer_public_id"),
            customer.c.name.label("customer_name"),
            open_link.c.public_id.label("open_link"),
            open_link.c.title.label("open_title"),
            open_answer.c.claimed,
            open_answer.c.claimed_source,
            open_answer.c.claimed_contact_id,
            claimed.c.public_id.label("claimed_contact"),
        )
        .join(invitation, invitation.c.id == response.c.invitation_id)
        .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
        .outerjoin(open_link, open_link.c.id == open_answer.c.open_link_id)
        .outerjoin(claimed, claimed.c.id == open_answer.c.claimed_contact_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .outerjoin(customer, customer.c.id == response.c.customer_id)
    )


def answers_about(connection: Connection, contact_id: int) -> Sequence[AnyRow]:
    """Return all answers about a contact as they are listed, the first one first."""
    query = _answers().where(invitation.c.contact_id == contact_id).order_by(response.c.id)
    return connection.execute(query).all()


def claims_about(connection: Connection, contact_id: int) -> Sequence[AnyRow]:
    """Return answers by open links that claim to be about a contact, as they are listed, the first one first."""
    claiming = select(open_answer.c.invitation_id).where(open_answer.c.claimed_contact_id == contact_id)
    ids = list(connection.scalars(claiming.order_by(open_answer.c.invitation_id).limit(WINDOW)))
    if not ids:
        return []
    return connection.execute(_answers().where(invitation.c.id.in_(ids)).order_by(response.c.id)).all()


def answer_line(connection: Connection, public_id: str) -> AnyRow | None:
    """Return one answer as it is listed."""
    return connection.execute(_answers().where(response.c.public_id == public_id)).one_or_none()


def around(connection: Connection, response_id: int, after_response_id: int | None) -> tuple[str, list[str]]:
    """Return the answer that an answer follows, and those that follow it: public ids, empty when there is none."""
    before = select(response.c.public_id).where(response.c.id == after_response_id)
    later = (
        select(response.c.public_id)
        .join(invitation, invitation.c.id == response.c.invitation_id)
        .where(invitation.c.after_response_id == response_id)
        .order_by(response.c.id)
    )
    return connection.execute(before).scalar_one_or_none() or "", list(connection.scalars(later))


def revisions(connection: Connection, response_id: int) -> Sequence[AnyRow]:
    """Return every submission on a response, the newest first."""
    query = select(revision).where(revision.c.response_id == response_id).order_by(revision.c.number.desc())
    return connection.execute(query).all()


def gestures_about(connection: Connection, contact_id: int | None, response_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return the gestures about a contact or some responses that were not taken back, the newest first."""
    about: ColumnElement[bool] = gesture.c.response_id.in_(response_ids)
    if contact_id is not None:
        about = or_(gesture.c.contact_id == contact_id, about)
    query = select(gesture).where(about, gesture.c.withdrawn_at.is_(None)).order_by(gesture.c.at.desc())
    return connection.execute(query).all()


def _answer_terms(wanted: AnswerFilter) -> list[ColumnElement[bool]]:
    terms = _between(response.c.created_at, wanted.since, wanted.until)
    terms += [
        invitation.c[name] == getattr(wanted, name)
        for name in ("survey", "channel", "team")
        if getattr(wanted, name)
    ]
    if wanted.state == "suspect":
        terms += [response.c.confidence == "suspect", response.c.verdict == ""]
    else:
        terms.append(response.c.verdict == wanted.state if wanted.state else response.c.verdict != "discarded")
    if wanted.low:
        terms.append(response.c.low.is_(True))
    if wanted.comment:
        terms.append(response.c.comment != "")
    if wanted.call:
        terms.append(and_(response.c.wants_call.is_(True), response.c.call_settled_at.is_(None)))
    if wanted.agent is not None:
        terms.append(invitation.c.agent_id == wanted.agent)
    return terms


def answer_values(connection: Connection) -> dict[str, list[str]]:
    """Return the surveys, channels and teams among the newest answers."""
    recent = (
        select(invitation.c.survey, invitation.c.channel, invitation.c.team)
        .join(response, response.c.invitation_id == invitation.c.id)
        .order_by(response.c.created_at.desc())
        .limit(WINDOW)
        .subquery()
    )
    return {name: _distinct(connection, recent.c[name]) for name in ("survey", "channel", "team")}


def waiting_suspects(connection: Connection) -> int:
    """Return how many of the newest answers look like a machine's and were not judged."""
    recent = (
        select(response.c.confidence, response.c.verdict)
        .order_by(response.c.created_at.desc())
        .limit(WINDOW)
        .subquery()
    )
    query = select(func.count()).where(recent.c.confidence == "suspect", recent.c.verdict == "")
    return int(connection.execute(query).scalar_one())


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
    """Return ``id, source, external_id`` of some agents."""
    query = select(agent.c.id, agent.c.source, agent.c.external_id).where(agent.c.id.in_(agent_ids))
    return connection.execute(query).all()
