"""Answers as staff list them: filtered as reports count, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, cast, exists, func, literal_column, select

from ...contract.reports import Basis
from ..tables import (
    DIMENSIONS,
    agent,
    answer,
    contact,
    customer,
    invitation,
    open_answer,
    open_link,
    response,
    revision,
)
from ..types import AnyRow
from .paging import Order, Place, Slice, one_page
from .record_fields import RESPONSES
from .staff_lists import WINDOW, between, values_among

#: The type of surveys that ask once more after a bad answer.
SECOND = "re-ask"
AnswerState = Literal["", "suspect", "accepted", "discarded"]
#: What makes an answer count, as everywhere else.
_COUNTED: ColumnElement[Any] = next(each.source for each in RESPONSES if each.column.name == "counted")
_MOMENTS: Mapping[Basis, ColumnElement[Any]] = {"answer": response.c.created_at, "contact": invitation.c.contact_at}
#: Sorted by the moment that the days are about, so that a page is read off an index and never looked for.
_ORDERS: Mapping[Basis, Order] = {
    "answer": Order(response.c.created_at, response.c.id, response.c.public_id),
    "contact": Order(
        invitation.c.contact_at, invitation.c.id, response.c.public_id,
        source=response.join(invitation, invitation.c.id == response.c.invitation_id),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class AnswerFilter:
    """Which answers to list; empty values do not filter.

    Args:
        survey: Name of the survey.
        where: Values of dimensions.
        state: ``suspect`` (to be judged), ``accepted``, ``discarded``; empty: all that are not discarded.
        low: Only unhappy customers.
        comment: Only with own words.
        call: Only open wishes for a call.
        agent: Row number of the agent whose contacts alone are to be seen; None for all.
        basis: Which moment `since` and `until` are about.
        since: Given at this moment or later.
        until: Given before this moment.
        questions: One of these was answered.
        values: The answer to one of them is among these, each as the JSON that is stored.
        solved: Whether the customer says that it was solved.
        served_by: Public id of the agent who served.
        counted: Only those that count in reports.
    """

    survey: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    state: AnswerState = ""
    low: bool = False
    comment: bool = False
    call: bool = False
    agent: int | None = None
    basis: Basis = "answer"
    since: datetime | None = None
    until: datetime | None = None
    questions: Sequence[str] = ()
    values: Sequence[str] = ()
    solved: bool | None = None
    served_by: str = ""
    counted: bool = False


def answers(connection: Connection, wanted: AnswerFilter, place: Place, limit: int) -> Slice:
    """Return a page of answers, the newest first, or those about the newest contacts first."""
    query = _answers().where(*_answer_terms(wanted))
    return one_page(connection, query, _ORDERS[wanted.basis], place, limit)


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


def counted_up_to(connection: Connection, wanted: AnswerFilter, most: int) -> int:
    """Return how many answers there are, counting no further than `most`."""
    found = select(response.c.id).join(invitation, invitation.c.id == response.c.invitation_id)
    few = found.where(*_answer_terms(wanted)).limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(few)).scalar_one())


def agent_named(connection: Connection, public_id: str) -> str | None:
    """Return an agent's name, empty when it has none, None when there is no such agent."""
    query = select(agent.c.name).where(agent.c.public_id == public_id)
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def _answer_terms(wanted: AnswerFilter) -> list[ColumnElement[bool]]:
    terms = between(_MOMENTS[wanted.basis], wanted.since, wanted.until)
    same = {"survey": wanted.survey, **wanted.where}
    terms += [invitation.c[name] == value for name, value in same.items() if value]
    return [*terms, *_trust(wanted), *_content(wanted)]


def _trust(wanted: AnswerFilter) -> list[ColumnElement[bool]]:
    """Return which answers are believed, and whose they are."""
    terms: list[ColumnElement[bool]] = [_COUNTED] if wanted.counted else []
    if wanted.counted and not wanted.survey:
        # As reports do: a second answer, asked for because the first was bad, is not added to first ones.
        terms.append(invitation.c.survey_type != SECOND)
    if wanted.state == "suspect":
        # Written out as the indexes of the few have it: with values from outside, no index would be known to fit.
        terms += [response.c.confidence == literal_column("'suspect'"), response.c.verdict == literal_column("''")]
    elif wanted.state:
        terms += [response.c.verdict != literal_column("''"), response.c.verdict == wanted.state]
    else:
        terms.append(response.c.verdict != "discarded")
    if wanted.agent is not None:
        terms.append(invitation.c.agent_id == wanted.agent)
    if wanted.served_by:
        # Looked up once, not joined to each answer.
        served = select(agent.c.id).where(agent.c.public_id == wanted.served_by).scalar_subquery()
        terms.append(invitation.c.agent_id == served)
    return terms


def _content(wanted: AnswerFilter) -> list[ColumnElement[bool]]:
    """Return what was said."""
    terms: list[ColumnElement[bool]] = []
    if wanted.low:
        terms.append(response.c.low.is_(True))
    if wanted.comment:
        terms.append(response.c.comment != "")
    if wanted.call:
        terms.append(and_(response.c.wants_call.is_(True), response.c.call_settled_at.is_(None)))
    if wanted.solved is not None:
        terms.append(response.c.solved.is_(wanted.solved))
    if wanted.questions:
        given = [answer.c.response_id == response.c.id, answer.c.question.in_(wanted.questions)]
        if wanted.values:
            given.append(cast(answer.c.value, Text).in_(wanted.values))
        terms.append(exists().where(*given))
    return terms


def answer_values(connection: Connection) -> dict[str, list[str]]:
    """Return the surveys and the values of each dimension among the newest answers."""
    recent = (
        select(*(invitation.c[name] for name in ("survey", *DIMENSIONS)))
        .join(response, response.c.invitation_id == invitation.c.id)
        .order_by(response.c.created_at.desc())
        .limit(WINDOW)
    )
    return values_among(connection, recent)


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
