"""What other systems told us: kept as it came, read by the engine, waiting for a person when that fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import contact, customer, decision, inbound, inbound_contact, receiver, task
from ..types import AnyRow
from .outbox import add_task
from .paging import Order, Place, Slice, one_page

INBOUND = "inbound"
WAITING = ("received", "failed")
#: Everything but the body, which may be large.
_LINE = tuple(column for column in inbound.c if column.name != "body")


@dataclass(frozen=True)
class InboundFilter:
    """Which requests to list; empty values do not filter.

    Args:
        receiver: The source or channel that was called.
        state: ``received``, ``done``, ``ignored``, ``failed`` or ``discarded``.
    """

    receiver: str = ""
    state: str = ""


def add(connection: Connection, values: Mapping[str, Any]) -> AnyRow | None:
    """Keep a request and return its ``id, public_id``; None when the sender's own id of it is known."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(inbound).values(dict(values))
    statement = statement.on_conflict_do_nothing(index_elements=["receiver", "delivery"])
    return connection.execute(statement.returning(inbound.c.id, inbound.c.public_id)).one_or_none()


def known_delivery(connection: Connection, name: str, digest: str) -> str:
    """Return the public id of the request that a sender's own id names."""
    query = select(inbound.c.public_id).where(inbound.c.receiver == name, inbound.c.delivery == digest)
    return str(connection.execute(query).scalar_one())


def queue(connection: Connection, inbound_id: int, now: datetime) -> None:
    """Have the engine read a request now, however often it tried before."""
    mine = and_(task.c.kind == INBOUND, task.c.reference == str(inbound_id), task.c.state != "claimed")
    values = {"state": "due", "due_at": now, "ended_at": None, "last_error": "", "lease_until": None}
    again = update(task).where(mine).values(**values, base=task.c.attempt, deaths=0)
    if connection.execute(again).rowcount == 0:
        add_task(
            connection, kind=INBOUND, lane=INBOUND, reference=str(inbound_id), dedup_key=f"{INBOUND}:{inbound_id}",
            due_at=now, now=now,
        )  # fmt: skip


def request(connection: Connection, inbound_id: int) -> AnyRow | None:
    """Return a request with its body."""
    return connection.execute(select(inbound).where(inbound.c.id == inbound_id)).one_or_none()


def by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return a request without its body, and whether it has one."""
    query = select(*_LINE, func.length(inbound.c.body).label("size")).where(inbound.c.public_id == public_id)
    return connection.execute(query).one_or_none()


def body(connection: Connection, public_id: str) -> bytes | None:
    """Return a request's body as it came, None when there is no such request."""
    found = connection.execute(select(inbound.c.body).where(inbound.c.public_id == public_id)).scalar_one_or_none()
    return None if found is None else bytes(found)


def settle(connection: Connection, inbound_id: int, values: Mapping[str, Any]) -> bool:
    """Change a request that is still being read, and tell whether it was."""
    mine = and_(inbound.c.id == inbound_id, inbound.c.state == "received")
    return connection.execute(update(inbound).where(mine).values(dict(values))).rowcount == 1


def move(connection: Connection, public_id: str, states: Sequence[str], values: Mapping[str, Any]) -> int | None:
    """Change a request that is in one of some states and return its row number; None when it is in none of them."""
    mine = and_(inbound.c.public_id == public_id, inbound.c.state.in_(states))
    change_ = update(inbound).where(mine).values(dict(values)).returning(inbound.c.id)
    found = connection.execute(change_).scalar_one_or_none()
    return None if found is None else int(found)


def link(connection: Connection, inbound_id: int, contacts: Sequence[str]) -> None:
    """Note which contacts, by public id, a request led to."""
    known = select(inbound_contact.c.contact_id).where(inbound_contact.c.inbound_id == inbound_id)
    fresh = select(contact.c.id).where(contact.c.public_id.in_(contacts), contact.c.id.not_in(known))
    rows = [{"inbound_id": inbound_id, "contact_id": each} for each in connection.scalars(fresh)]
    if rows:
        connection.execute(insert(inbound_contact), rows)


def contacts_of(connection: Connection, inbound_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return the contacts that some requests led to, each with the decision on it."""
    query = (
        select(
            inbound_contact.c.inbound_id,
            contact.c.public_id,
            contact.c.external_id,
            contact.c.source,
            customer.c.name.label("customer_name"),
            decision.c.outcome,
            decision.c.rule,
            decision.c.reason,
        )
        .join(contact, contact.c.id == inbound_contact.c.contact_id)
        .outerjoin(customer, customer.c.id == contact.c.customer_id)
        .outerjoin(decision, decision.c.contact_id == contact.c.id)
        .where(inbound_contact.c.inbound_id.in_(inbound_ids))
        .order_by(inbound_contact.c.inbound_id, contact.c.id)
    )
    return connection.execute(query).all()


def waiting_before(connection: Connection, name: str, inbound_id: int) -> set[str]:
    """Return in which states earlier requests of a sender wait."""
    query = select(inbound.c.state).where(
        inbound.c.receiver == name, inbound.c.state.in_(WAITING), inbound.c.id < inbound_id
    )
    return set(connection.scalars(query.distinct()))


def page(connection: Connection, wanted: InboundFilter, place: Place, limit: int) -> Slice:
    """Return a page of requests, newest first, without their bodies."""
    order = Order(inbound.c.id, inbound.c.id, inbound.c.public_id)
    return one_page(connection, _wanted(select(*_LINE), wanted), order, place, limit)


def after(connection: Connection, start: int, top: int, limit: int, wanted: InboundFilter) -> Sequence[AnyRow]:
    """Return requests in the order they came, without their bodies."""
    query = _wanted(select(*_LINE), wanted).where(inbound.c.id > start, inbound.c.id <= top)
    return connection.execute(query.order_by(inbound.c.id).limit(limit)).all()


def _wanted(query: Select[Any], wanted: InboundFilter) -> Select[Any]:
    if wanted.receiver:
        query = query.where(inbound.c.receiver == wanted.receiver)
    return query.where(inbound.c.state == wanted.state) if wanted.state else query


def failed(connection: Connection, name: str, limit: int) -> list[str]:
    """Return public ids of the oldest requests that failed.

    Args:
        connection: An open connection.
        name: The source or channel that was called; empty: any.
        limit: How many at most.
    """
    query = _wanted(select(inbound.c.public_id), InboundFilter(name, "failed"))
    return list(connection.scalars(query.order_by(inbound.c.id).limit(limit)))


def waiting_counts(connection: Connection) -> dict[str, dict[str, int]]:
    """Return, by source or channel, how many requests wait to be read and how many for a person."""
    query = (
        select(inbound.c.receiver, inbound.c.state, func.count().label("n"))
        .where(inbound.c.state.in_(WAITING))
        .group_by(inbound.c.receiver, inbound.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.receiver, {})[row.state] = row.n
    return found


def prune(connection: Connection, before: datetime, limit: int) -> int:
    """Remove requests handled before a moment, but for those that wait for a person, and return how many."""
    old = select(inbound.c.id).where(inbound.c.handled_at < before, inbound.c.state.not_in(WAITING)).limit(limit)
    numbers = list(connection.scalars(old))
    connection.execute(delete(inbound_contact).where(inbound_contact.c.inbound_id.in_(numbers)))
    connection.execute(delete(inbound).where(inbound.c.id.in_(numbers)))
    return len(numbers)


def about(connection: Connection, contact_ids: Sequence[int], mentions: Sequence[str]) -> list[int]:
    """Return the requests that led to some contacts, or whose bodies hold one of some texts, whatever its case."""
    led = select(inbound_contact.c.inbound_id).where(inbound_contact.c.contact_id.in_(contact_ids))
    holding = [_holds(connection, each) for each in mentions]
    return list(connection.scalars(select(inbound.c.id).where(or_(inbound.c.id.in_(led), *holding))))


def _holds(connection: Connection, text: str) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return func.instr(func.lower(cast(inbound.c.body, Text)), text.lower()) > 0
    # A body need not be text at all; in this form its ASCII is.
    shown = func.encode(inbound.c.body, "escape")
    sought = func.encode(literal(text.lower().encode(), LargeBinary), "escape")
    return func.strpos(func.lower(shown), sought) > 0


def of_contacts(connection: Connection, contact_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return the requests that led to some contacts, oldest first."""
    led = select(inbound_contact.c.inbound_id).where(inbound_contact.c.contact_id.in_(contact_ids))
    return connection.execute(select(inbound).where(inbound.c.id.in_(led)).order_by(inbound.c.id)).all()


def clear(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Empty these requests, and call off what waits; that they came stays, so that nothing is taken twice."""
    mine = inbound.c.id.in_(ids)
    empty: dict[str, Any] = {"body": b"", "headers": {}, "query": {}, "problems": []}
    connection.execute(update(inbound).where(mine).values(empty))
    stopped = {"state": "discarded", "handled_at": now, "result": {"erased": True}}
    connection.execute(update(inbound).where(mine, inbound.c.state.in_(WAITING)).values(stopped))
    tasks = and_(task.c.kind == INBOUND, task.c.reference.in_([str(each) for each in ids]))
    connection.execute(update(task).where(tasks).values(last_error=""))


def receivers(connection: Connection) -> dict[str, AnyRow]:
    """Return who was ever called, by name."""
    return {row.name: row for row in connection.execute(select(receiver).order_by(receiver.c.name))}


def was_called(connection: Connection, name: str) -> bool:
    """Tell whether a call under this name was ever accepted."""
    query = select(receiver.c.name).where(receiver.c.name == name, receiver.c.accepted_at.is_not(None))
    return connection.execute(query).first() is not None


def note_accepted(connection: Connection, name: str, now: datetime) -> None:
    """Note that a call was accepted."""
    _note(connection, {"name": name, "accepted_at": now}, {"accepted_at": now})


def note_refused(connection: Connection, name: str, why: str, now: datetime) -> None:
    """Count a call that was refused; nothing else of it is kept."""
    last = {"refused_at": now, "refused_because": why}
    _note(connection, {"name": name, "refused": 1, **last}, {"refused": receiver.c.refused + 1, **last})


def _note(connection: Connection, values: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(receiver).values(dict(values))
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=dict(changes)))
