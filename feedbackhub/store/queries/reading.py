"""What plugins read one by one: contacts, customers, invitations, responses, surveys, counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, and_, cast, func, literal, select

from ..tables import agent, contact, customer, identifier, invitation, response, survey_version, tally
from ..types import AnyRow
from .answers import whole_response

#: Joins customers who were not erased.
IS_ALIVE = customer.c.erased_at.is_(None)
_first_answer = response.alias("first_answer")
#: More names in one statement than databases take gladly.
AT_ONCE = 500


def customers(connection: Connection, numbers: Sequence[int]) -> Sequence[AnyRow]:
    """Return customers who were not erased, newest first."""
    query = select(customer).where(customer.c.id.in_(numbers), IS_ALIVE).order_by(customer.c.id.desc())
    return connection.execute(query).all()


def attributes(connection: Connection, public_ids: Sequence[str]) -> Iterator[AnyRow]:
    """Yield ``public_id, attributes`` of customers who were not erased, a bounded number at a time."""
    query = select(customer.c.public_id, customer.c.attributes).where(IS_ALIVE)
    for start in range(0, len(public_ids), AT_ONCE):
        yield from connection.execute(query.where(customer.c.public_id.in_(public_ids[start : start + AT_ONCE])))


def identifiers(connection: Connection, person_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return ``person_id, kind, value`` of all identifiers of customers that these persons have."""
    query = (
        select(customer.c.person_id, identifier.c.kind, identifier.c.value)
        .join(identifier, identifier.c.customer_id == customer.c.id)
        .where(customer.c.person_id.in_(person_ids))
        .order_by(identifier.c.id)
    )
    return connection.execute(query).all()


def invitation_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return an invitation with the public ids around it."""
    return connection.execute(_invitations().where(invitation.c.public_id == public_id)).one_or_none()


def invitations_after(connection: Connection, response_public_id: str) -> Sequence[AnyRow]:
    """Return the invitations that asked again after a response, newest first, as `invitation_by_public_id` does."""
    after = select(response.c.id).where(response.c.public_id == response_public_id).scalar_subquery()
    theirs = _invitations().where(invitation.c.after_response_id == after)
    return connection.execute(theirs.order_by(invitation.c.id.desc())).all()


def _invitations() -> Any:
    return (
        select(
            invitation,
            contact.c.public_id.label("contact_public_id"),
            customer.c.public_id.label("customer_public_id"),
            agent.c.public_id.label("agent_public_id"),
            _first_answer.c.public_id.label("after_public_id"),
        )
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .outerjoin(customer, and_(customer.c.id == invitation.c.customer_id, IS_ALIVE))
        .outerjoin(agent, agent.c.id == invitation.c.agent_id)
        .outerjoin(_first_answer, _first_answer.c.id == invitation.c.after_response_id)
    )


def response_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return a response with everything around it."""
    return connection.execute(_responses().where(response.c.public_id == public_id)).one_or_none()


def responses_of(connection: Connection, customer_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return these customers' responses, newest first."""
    theirs = _responses().where(response.c.customer_id.in_(customer_ids))
    return connection.execute(theirs.order_by(response.c.created_at.desc(), response.c.id.desc())).all()


def _responses() -> Any:
    return (
        whole_response()
        .add_columns(_first_answer.c.public_id.label("after_public_id"), customer.c.erased_at.label("erased_at"))
        .outerjoin(_first_answer, _first_answer.c.id == invitation.c.after_response_id)
    )


def newest_versions(connection: Connection) -> list[int]:
    """Return the row numbers of each survey's newest version, by the survey's name."""
    newest = (
        select(survey_version.c.survey, func.max(survey_version.c.number).label("number"))
        .group_by(survey_version.c.survey)
        .subquery()
    )
    same = and_(survey_version.c.survey == newest.c.survey, survey_version.c.number == newest.c.number)
    return list(connection.scalars(select(survey_version.c.id).join(newest, same).order_by(survey_version.c.survey)))


@dataclass(frozen=True, slots=True)
class Cells:
    """Which counts; empty texts and None ask nothing but for `dimension` and `question`.

    Args:
        basis: Which date the days are.
        since: First day.
        until: Last day.
        survey: One survey.
        question: One question.
        dimension: By what is counted.
        value: One value of it.
    """

    basis: str
    since: date
    until: date
    survey: str
    question: str | None
    dimension: str
    value: str | None

    @property
    def terms(self) -> list[ColumnElement[bool]]:
        """The conditions."""
        found = [
            tally.c.basis == self.basis,
            tally.c.day >= self.since.isoformat(),
            tally.c.day <= self.until.isoformat(),
            tally.c.dimension == self.dimension,
        ]
        return found + [tally.c[name] == value for name, value in self.fixed.items() if value is not None]

    @property
    def fixed(self) -> dict[str, str | None]:
        """The columns of which one value may be wanted, with it."""
        return {"question": self.question, "value": self.value, "survey": self.survey or None}


_TOLD = ("survey", "question", "value", "score")


def tallies(connection: Connection, cells: Cells) -> Iterator[tuple[date, str, str, str, str, int]]:
    """Yield ``day, survey, question, value, score, n`` of counts, oldest day first."""
    what = (tally.c.day, tally.c.survey, tally.c.question, tally.c.value, tally.c.score)
    return _dated(connection, select(*what, tally.c.n).where(*cells.terms).order_by(*what))


def tallies_by_month(connection: Connection, cells: Cells) -> Iterator[tuple[date, str, str, str, str, int]]:
    """Yield counts as `tallies` does, added up by month; the day is the first one of that month that has any."""
    month = func.substr(tally.c.day, 1, 7)
    # What all rows have in common is not compared row by row: over years that is a good part of the time.
    same: dict[str, ColumnElement[Any]] = {
        name: literal(value) for name, value in cells.fixed.items() if value is not None
    }
    alike = (month, *(tally.c[name] for name in _TOLD if name not in same))
    told = (same.get(name, tally.c[name]) for name in _TOLD)
    what = (func.min(tally.c.day), *told, cast(func.sum(tally.c.n), BigInteger))
    return _dated(connection, select(*what).where(*cells.terms).group_by(*alike).order_by(*alike))


def _dated(connection: Connection, query: Select[Any]) -> Iterator[tuple[date, str, str, str, str, int]]:
    days: dict[str, date] = {}
    for day, survey, question, value, score, n in connection.execute(query):
        if day not in days:
            days[day] = date.fromisoformat(day)
        yield days[day], survey, question, value, score, n
