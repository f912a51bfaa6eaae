"""The card's core: everything the next agent sees, in one statement, whatever the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    String,
    Text,
    all_,
    and_,
    any_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from ...contract.records import Identifier
from ..prepared import Prepared
from ..tables import agent, contact, customer, gesture, identifier, invitation, open_answer, person, response
from ..types import AnyRow, Moment, RowId, Structured
from .invitations import is_counted

#: The answer that a re-ask followed.
_first_answer = response.alias("first_answer")
RATINGS, CONTACTS, GESTURES, ASKS, WISHES, NAMES = 10, 10, 20, 20, 5, 40

#: The columns that every part of the union has, with their types.
_SHAPE: dict[str, Any] = {
    "what": String,
    "id": String,
    "at": Moment,
    "label": Text,
    "detail": Text,
    "words": Text,
    "channel": String,
    "team": String,
    "agent_name": String,
    "number": Integer,
    "most": Integer,
    "score": Integer,
    "version": RowId,
    "yes": Boolean,
    "flag": Boolean,
    "claimed": Boolean,
    "value": Structured,
    "other_at": Moment,
    "earlier": String,
}


def card_rows(connection: Connection, identifiers: Sequence[Identifier] = (), public_id: str = "") -> Sequence[AnyRow]:
    """Return all rows of a person's card, each with ``what`` it is.

    Args:
        connection: An open connection.
        identifiers: Exact identifiers of the customer, or
        public_id: the customer's public id.
    """
    given = {f"{part}{i}": getattr(each, part) for i, each in enumerate(identifiers) for part in ("kind", "value")}
    if public_id:
        given["public_id"] = public_id
    return _statement(len(identifiers), bool(public_id)).all(connection, **given)


@dataclass(frozen=True)
class _Kin:
    """The customers that are one person, as a condition on a column that names a customer.

    PostgreSQL expects a large family behind a recursive question, and would read whole tables for it; of an array it
    expects ten.
    """

    ids: Select[int]
    as_array: bool

    def has(self, column: Any) -> ColumnElement[bool]:
        """Whether the column names one of them."""
        return _among(column, self.ids, self.as_array)

    def lacks(self, column: Any) -> ColumnElement[bool]:
        """Whether it names somebody else."""
        others: ColumnElement[bool] = column != all_(_array(self.ids)) if self.as_array else column.not_in(self.ids)
        return others


def _among(column: Any, ids: Select[int], as_array: bool) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == any_(_array(ids)) if as_array else column.in_(ids)
    return found


def _array(ids: Select[int]) -> Any:
    return func.array(ids.scalar_subquery(), type_=ARRAY(BigInteger))


# There are only a few of it.
@lru_cache(maxsize=64)
def _statement(identifiers: int, by_id: bool) -> Prepared:
    return Prepared(_card(identifiers, by_id, False), postgresql=_card(identifiers, by_id, True))


def _card(identifiers: int, by_id: bool, as_array: bool) -> CompoundSelect[Any]:
    start = _start(identifiers, by_id)
    up = select(person.c.id, person.c.merged_into).where(person.c.id.in_(start)).cte("up", recursive=True)
    up = up.union(select(person.c.id, person.c.merged_into).join(up, person.c.id == up.c.merged_into))
    down = select(up.c.id).cte("family", recursive=True)
    family = down.union(select(person.c.id).join(down, person.c.merged_into == down.c.id))
    kin = select(customer.c.id).where(_among(customer.c.person_id, select(family.c.id), as_array)).cte("kin")
    mine = _Kin(select(kin.c.id), as_array)
    parts = [
        _customers(mine),
        _identifiers(mine),
        _ratings(mine),
        _wishes(mine),
        _contacts(mine),
        _gestures(mine),
        _asks(mine),
        _namesakes(identifiers, mine),
    ]
    return union_all(*(select(part.subquery()) for part in parts))


def _start(identifiers: int, by_id: bool) -> Any:
    if by_id:
        return select(customer.c.person_id).where(customer.c.public_id == bindparam("public_id")).scalar_subquery()
    oldest = (
        select(customer.c.person_id)
        .join(identifier, identifier.c.customer_id == customer.c.id)
        .where(_any(identifiers))
        # An id names one customer; an address may be shared.
        .order_by(case((identifier.c.kind.startswith("id:"), 0), else_=1), customer.c.id)
        .limit(1)
    )
    return oldest.scalar_subquery()


def _any(identifiers: int) -> Any:
    asked = [
        and_(identifier.c.kind == bindparam(f"kind{i}"), identifier.c.value == bindparam(f"value{i}"))
        for i in range(identifiers)
    ]
    return or_(*asked) if asked else false()


def _part(what: str, **columns: Any) -> Select[Any]:
    shaped: list[Any] = [literal(what).label("what")]
    for name, type_ in _SHAPE.items():
        if name == "what":
            continue
        column = columns.get(name)
        shaped.append((cast(null(), type_) if column is None else column).label(name))
    return select(*shaped)


def _customers(mine: _Kin) -> Select[Any]:
    part = _part(
        "customer",
        id=customer.c.public_id,
        at=customer.c.created_at,
        label=customer.c.name,
        detail=customer.c.segment,
        words=customer.c.timezone,
        channel=customer.c.language,
        team=customer.c.country,
        value=customer.c.attributes,
        other_at=customer.c.updated_at,
    )
    return part.where(mine.has(customer.c.id)).order_by(customer.c.updated_at.desc()).limit(NAMES)


def _identifiers(mine: _Kin) -> Select[Any]:
    part = _part("identifier", at=identifier.c.created_at, label=identifier.c.kind, detail=identifier.c.value)
    return part.where(mine.has(identifier.c.customer_id)).order_by(identifier.c.id).limit(NAMES)


def _counted() -> Any:
    taken = or_(response.c.confidence == "human", response.c.verdict == "accepted")
    return and_(taken, response.c.verdict != "discarded", invitation.c.test.is_(False))


def _ratings(mine: _Kin) -> Select[Any]:
    part = _part(
        "rating",
        id=response.c.public_id,
        at=response.c.created_at,
        label=response.c.headline_question,
        words=response.c.comment,
        channel=invitation.c.channel,
        team=invitation.c.team,
        agent_name=agent.c.name,
        number=response.c.headline,
        most=response.c.headline_max,
        score=response.c.score,
        version=response.c.survey_version_id,
        yes=response.c.solved,
        flag=response.c.low,
        claimed=open_answer.c.invitation_id.is_not(None),
        detail=invitation.c.topic,
        other_at=invitation.c.contact_at,
        earlier=_first_answer.c.public_id,
    )
    return (
        part.join_from(response, invitation, invitation.c.id == response.c.invitation_id)
        .outerjoin(_first_answer, _first_answer.c.id == invitation.c.after_response_id)
        .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
        .outerjoin(agent, agent.c.id == invitation.c.agent_id)
        .where(mine.has(response.c.customer_id), _counted())
        .order_by(response.c.created_at.desc())
        .limit(RATINGS)
    )


def _wishes(mine: _Kin) -> Select[Any]:
    part = _part(
        "wish",
        id=response.c.public_id,
        at=response.c.created_at,
        version=response.c.survey_version_id,
        claimed=open_answer.c.invitation_id.is_not(None),
        value=response.c.answers,
    )
    return (
        part.join_from(response, invitation, invitation.c.id == response.c.invitation_id)
        .outerjoin(open_answer, open_answer.c.invitation_id == invitation.c.id)
        .where(
            mine.has(response.c.customer_id),
            response.c.wants_call.is_(True),
            response.c.call_settled_at.is_(None),
            _counted(),
        )
        .order_by(response.c.created_at.desc())
        .limit(WISHES)
    )


def _contacts(mine: _Kin) -> Select[Any]:
    part = _part(
        "contact",
        id=contact.c.public_id,
        at=contact.c.ended_at,
        label=contact.c.topic,
        detail=contact.c.url,
        words=contact.c.external_id,
        channel=contact.c.channel,
        team=contact.c.team,
        agent_name=agent.c.name,
        number=contact.c.resolution,
        other_at=contact.c.reopened_at,
    )
    return (
        part.select_from(contact)
        .outerjoin(agent, agent.c.id == contact.c.agent_id)
        .where(mine.has(contact.c.customer_id), contact.c.test.is_(False))
        .order_by(contact.c.ended_at.desc())
        .limit(CONTACTS)
    )


def _gestures(mine: _Kin) -> Select[Any]:
    part = _part(
        "gesture",
        id=gesture.c.public_id,
        at=gesture.c.at,
        label=gesture.c.kind,
        detail=gesture.c.value,
        words=gesture.c.note,
        channel=gesture.c.manner,
        team=gesture.c.words,
        agent_name=gesture.c.by,
        number=gesture.c.nth,
    )
    return (
        part.where(mine.has(gesture.c.customer_id), gesture.c.withdrawn_at.is_(None), gesture.c.test.is_(False))
        .order_by(gesture.c.at.desc())
        .limit(GESTURES)
    )


def _asks(mine: _Kin) -> Select[Any]:
    asked_at = case((invitation.c.sent_at.is_not(None), invitation.c.sent_at), else_=invitation.c.due_at)
    part = _part(
        "ask",
        id=invitation.c.public_id,
        at=asked_at,
        label=invitation.c.survey_type,
        detail=invitation.c.state,
        flag=invitation.c.after_response_id.is_(None),
    )
    return (
        part.where(
            mine.has(invitation.c.customer_id),
            is_counted(),
            invitation.c.test.is_(False),
            invitation.c.imported.is_(False),
        )
        .order_by(invitation.c.due_at.desc())
        .limit(ASKS)
    )


def _namesakes(identifiers: int, mine: _Kin) -> Select[Any]:
    """Everybody else who has one of the identifiers, so that a shared address is seen as such."""
    found = select(customer.c.person_id).join_from(identifier, customer, customer.c.id == identifier.c.customer_id)
    others = and_(_any(identifiers), mine.lacks(customer.c.id))
    # Made distinct before the other columns are added: PostgreSQL compares no JSON.
    persons = found.where(others).distinct().limit(NAMES).subquery()
    return _part("namesake", version=persons.c.person_id).select_from(persons)
