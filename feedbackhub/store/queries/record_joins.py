"""The tables that a record set comes from, and which of them a statement needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_
from sqlalchemy.sql import visitors

from ..tables import (
    agent,
    contact,
    customer,
    decision,
    delivery,
    gesture,
    invitation,
    open_answer,
    response,
    survey_version,
)

__all__ = ["CONTACTS", "DELIVERIES", "GESTURES", "INVITATIONS", "RESPONSES", "Joins", "Link", "earlier"]

#: What an answer follows, and what it belongs to when there is no contact.
earlier = response.alias("earlier")


@dataclass(frozen=True)
class Link:
    """A table joined to those before it; each row finds one row of it at most.

    Args:
        table: The table.
        on: What its row must fulfil.
        outer: Whether there may be none.
    """

    table: FromClause
    on: ColumnElement[bool]
    outer: bool = True


@dataclass(frozen=True)
class Joins:
    """A table with everything that is joined to it, one after another."""

    base: FromClause
    links: tuple[Link, ...]

    def whole(self) -> FromClause:
        """Return all of them joined."""
        return _joined(self.base, self.links)

    def needed(self, *expressions: ColumnElement[Any]) -> FromClause:
        """Return the table joined with what expressions come from, and with nothing else.

        The records are the same ones: what is left out has one row for each record, or need not have any.
        """
        wanted = _tables(expressions)
        kept: list[Link] = []
        for link in reversed(self.links):
            if link.table in wanted:
                kept.insert(0, link)
                wanted |= _tables([link.on])
        return _joined(self.base, kept)


def _joined(base: FromClause, links: Iterable[Link]) -> FromClause:
    found = base
    for link in links:
        found = found.join(link.table, link.on, isouter=link.outer)
    return found


def _tables(expressions: Iterable[ColumnElement[Any]]) -> set[Any]:
    parts: Iterator[Any] = (part for expression in expressions for part in visitors.iterate(expression))
    return {part.table for part in parts if getattr(part, "table", None) is not None}


def _people(customer_id: ColumnElement[Any], agent_id: ColumnElement[Any]) -> tuple[Link, ...]:
    alive = and_(customer.c.id == customer_id, customer.c.erased_at.is_(None))
    return Link(customer, alive), Link(agent, agent.c.id == agent_id)


_OF_INVITATION = Link(contact, contact.c.id == invitation.c.contact_id)
_BY_OPEN_LINK = Link(open_answer, open_answer.c.invitation_id == invitation.c.id)
_EARLIER = Link(earlier, earlier.c.id == invitation.c.after_response_id)
_FIRST_ASK = and_(invitation.c.contact_id == contact.c.id, invitation.c.after_response_id.is_(None))

RESPONSES = Joins(response, (
    Link(invitation, invitation.c.id == response.c.invitation_id, outer=False),
    _OF_INVITATION,
    *_people(response.c.customer_id, invitation.c.agent_id),
    _BY_OPEN_LINK,
    Link(survey_version, survey_version.c.id == response.c.survey_version_id, outer=False),
    _EARLIER,
))  # fmt: skip

INVITATIONS = Joins(invitation, (
    _OF_INVITATION,
    *_people(invitation.c.customer_id, invitation.c.agent_id),
    Link(response, response.c.invitation_id == invitation.c.id),
    _BY_OPEN_LINK,
    _EARLIER,
))  # fmt: skip

CONTACTS = Joins(contact, (
    Link(decision, decision.c.contact_id == contact.c.id, outer=False),
    Link(invitation, _FIRST_ASK),
    *_people(contact.c.customer_id, contact.c.agent_id),
))  # fmt: skip

DELIVERIES = Joins(delivery, (
    Link(invitation, invitation.c.id == delivery.c.invitation_id, outer=False),
    _OF_INVITATION,
    *_people(invitation.c.customer_id, invitation.c.agent_id),
))  # fmt: skip

GESTURES = Joins(gesture, (
    Link(contact, contact.c.id == gesture.c.contact_id),
    Link(response, response.c.id == gesture.c.response_id),
    Link(invitation, invitation.c.id == response.c.invitation_id),
    *_people(gesture.c.customer_id, gesture.c.agent_id),
))  # fmt: skip
