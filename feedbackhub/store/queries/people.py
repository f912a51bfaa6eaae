"""Customers, their identifiers, and the persons behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, BindParameter, Connection, Select, and_, bindparam, case, or_, select, update
from sqlalchemy.exc import NoResultFound

from ...contract.records import Identifier
from ..any_of import AnyOf, prepared
from ..inserting import insert_rows, inserted
from ..prepared import Prepared
from ..tables import agent, customer, identifier, person, person_link
from ..types import AnyRow, RowId


def family(person_id: int | BindParameter[int]) -> CTE:
    """Return the query for a person and everybody merged into the same one, as a table of ``id``.

    Walks up to the root first, then down again, so it does not matter which of them is asked for.
    """
    up = select(person.c.id, person.c.merged_into).where(person.c.id == person_id).cte("up", recursive=True)
    up = up.union(select(person.c.id, person.c.merged_into).join(up, person.c.id == up.c.merged_into))
    down = select(up.c.id).cte("family", recursive=True)
    return down.union(select(person.c.id).join(down, person.c.merged_into == down.c.id))


def _customers_of(start: BindParameter[int]) -> Select[int]:
    kin = family(start)
    return select(customer.c.id).join(kin, customer.c.person_id == kin.c.id)


_FAMILY = Prepared(_customers_of(bindparam("start", type_=RowId)))
_MOST_SHARED = 200


def family_customers(connection: Connection, person_id: int) -> list[int]:
    """Return the row numbers of all customers of a person, merged ones included."""
    return [int(row[0]) for row in _FAMILY.all(connection, start=person_id)]


def kin_of(connection: Connection, customer_id: int) -> list[int]:
    """Return the row numbers of all customers who are the same person as this one, itself included."""
    return family_customers(connection, root_of(connection, customer_row(connection, customer_id).person_id))


def customers_with(connection: Connection, identifiers: Iterable[Identifier]) -> Sequence[AnyRow]:
    """Return ``customer_id, person_id, kind, value`` of who has one of these identifiers, ids before addresses.

    An address may be shared by thousands; beyond a number they are not told apart by it anyway.
    """
    wanted = list(identifiers)
    if not wanted:
        return []
    given = {f"{part}{i}": getattr(each, part) for i, each in enumerate(wanted) for part in ("kind", "value")}
    return _with_any_of(len(wanted)).all(connection, **given)


@lru_cache(maxsize=64)
def _with_any_of(identifiers: int) -> Prepared:
    wanted = [
        and_(identifier.c.kind == bindparam(f"kind{i}"), identifier.c.value == bindparam(f"value{i}"))
        for i in range(identifiers)
    ]
    return Prepared(
        select(identifier.c.customer_id, customer.c.person_id, identifier.c.kind, identifier.c.value)
        .join(customer, customer.c.id == identifier.c.customer_id)
        .where(or_(*wanted))
        .order_by(case((identifier.c.kind.startswith("id:"), 0), else_=1), identifier.c.customer_id)
        .limit(_MOST_SHARED)
    )


def _ids_from(any_of: AnyOf) -> Select[int, str, str]:
    chosen = any_of(person.c.id, "starts")
    up = select(person.c.id.label("start"), person.c.id, person.c.merged_into).where(chosen)
    walk = up.cte("up", recursive=True)
    walk = walk.union(
        select(walk.c.start, person.c.id, person.c.merged_into).join(walk, person.c.id == walk.c.merged_into)
    )
    down = select(walk.c.start, walk.c.id).cte("down", recursive=True)
    down = down.union(select(down.c.start, person.c.id).join(down, person.c.merged_into == down.c.id))
    return (
        select(down.c.start, identifier.c.kind, identifier.c.value)
        .join(customer, customer.c.person_id == down.c.id)
        # As a sum, it leaves SQLite only this order; of its own it walks through all identifiers that there are.
        .join(identifier, identifier.c.customer_id == customer.c.id + 0)
        .where(identifier.c.kind.startswith("id:"))
    )


_IDS = prepared(_ids_from)


def ids_of_families(connection: Connection, person_ids: Sequence[int]) -> dict[int, dict[str, set[str]]]:
    """Return the external ids of each of these persons and of everybody merged with them, by kind."""
    found: dict[int, dict[str, set[str]]] = {each: {} for each in person_ids}
    for start, kind, value in _IDS.all(connection, starts=list(person_ids)):
        found[start].setdefault(kind, set()).add(value)
    return found


def identifiers_of(connection: Connection, customer_ids: Sequence[int]) -> list[tuple[int, Identifier]]:
    """Return all identifiers of some customers, each with its customer's row number."""
    if not customer_ids:
        return []
    found = _IDENTIFIERS.all(connection, customers=list(customer_ids))
    return [(row.customer_id, Identifier(row.kind, row.value)) for row in found]


_IDENTIFIERS = prepared(
    lambda any_of: select(identifier.c.customer_id, identifier.c.kind, identifier.c.value)
    .where(any_of(identifier.c.customer_id, "customers"))
    .order_by(identifier.c.id)
)


def customer_row(connection: Connection, customer_id: int) -> AnyRow:
    """Return one customer."""
    row = _CUSTOMER.first(connection, wanted=customer_id)
    if row is None:
        raise NoResultFound("no such customer")
    return row


_CUSTOMER = Prepared(select(customer).where(customer.c.id == bindparam("wanted")))


def customer_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return one customer by the id that outsiders know."""
    return connection.execute(select(customer).where(customer.c.public_id == public_id)).one_or_none()


def add_customer(connection: Connection, values: Mapping[str, Any], now: datetime) -> tuple[int, int]:
    """Insert a customer with a person of their own and return both row numbers."""
    person_id = inserted(connection, person, {"created_at": now})
    row = {**values, "person_id": person_id, "created_at": now, "updated_at": now}
    return inserted(connection, customer, row), person_id


def change_customer(connection: Connection, customer_id: int, values: Mapping[str, Any]) -> None:
    """Store changed fields of a customer."""
    connection.execute(update(customer).where(customer.c.id == customer_id).values(values))


def add_identifiers(connection: Connection, customer_id: int, new: Sequence[Identifier], now: datetime) -> None:
    """Give a customer further identifiers."""
    rows = [{"customer_id": customer_id, "kind": i.kind, "value": i.value, "created_at": now} for i in new]
    insert_rows(connection, identifier, rows)


def _root_from(start: BindParameter[int]) -> Select[int]:
    up = select(person.c.id, person.c.merged_into).where(person.c.id == start).cte("up", recursive=True)
    up = up.union(select(person.c.id, person.c.merged_into).join(up, person.c.id == up.c.merged_into))
    return select(up.c.id).where(up.c.merged_into.is_(None))


_ROOT = Prepared(_root_from(bindparam("start", type_=RowId)))


def root_of(connection: Connection, person_id: int) -> int:
    """Return the person into which this one was merged in the end."""
    row = _ROOT.first(connection, start=person_id)
    if row is None:
        raise NoResultFound("no such person")
    return int(row[0])


def merged_customers(connection: Connection) -> dict[str, str]:
    """Return customers proven to be one person with others: the public id of each, and of the first among them."""
    into = {row.id: row.merged_into for row in connection.execute(_MERGED)}
    rows = connection.execute(_OF_MERGED) if into else ()
    found: dict[str, str] = {}
    first: dict[int, str] = {}
    for public_id, person_id in rows:
        root = person_id
        while root in into:
            root = into[root]
        found[public_id] = first.setdefault(root, public_id)
    return found


_MERGED = select(person.c.id, person.c.merged_into).where(person.c.merged_into.is_not(None))
_OF_MERGED = (
    select(customer.c.public_id, customer.c.person_id)
    .where(or_(
        customer.c.person_id.in_(select(person.c.id).where(person.c.merged_into.is_not(None))),
        customer.c.person_id.in_(select(person.c.merged_into).where(person.c.merged_into.is_not(None))),
    ))
    .order_by(customer.c.id)
)  # fmt: skip


def point_person(connection: Connection, person_id: int, into_id: int | None) -> None:
    """Merge a person into another one, or undo that."""
    connection.execute(update(person).where(person.c.id == person_id).values(merged_into=into_id))


def add_link(
    connection: Connection, person_id: int, into_id: int, state: str, reason: str, by: str, now: datetime
) -> int:
    """Log that two persons were proposed as one, merged, or separated again."""
    values = {"person_id": person_id, "into_id": into_id, "state": state, "reason": reason}
    return inserted(connection, person_link, {**values, "decided_by": by, "at": now})


def link_row(connection: Connection, link_id: int) -> AnyRow | None:
    """Return one entry of the merging log."""
    return connection.execute(select(person_link).where(person_link.c.id == link_id)).one_or_none()


def settle_link(
    connection: Connection, link_id: int, state: str, pair: tuple[int, int], by: str, now: datetime
) -> None:
    """Store what became of a proposal or a merge, and which two persons it was about in the end."""
    values = {"state": state, "person_id": pair[0], "into_id": pair[1], "decided_by": by, "at": now}
    connection.execute(update(person_link).where(person_link.c.id == link_id).values(values))


def is_proposed(connection: Connection, one: int, other: int) -> bool:
    """Tell whether these two persons, or any merged with them, were proposed as one, or refused to be, before."""
    kin, others = (list(connection.scalars(select(family(each).c.id))) for each in (one, other))
    pair = or_(
        and_(person_link.c.person_id.in_(kin), person_link.c.into_id.in_(others)),
        and_(person_link.c.person_id.in_(others), person_link.c.into_id.in_(kin)),
    )
    states = person_link.c.state.in_(("proposed", "refused", "undone"))
    return connection.execute(select(person_link.c.id).where(pair, states).limit(1)).first() is not None


def upsert_agent(
    connection: Connection, source: str, external_id: str, public_id: str, values: Mapping[str, str], now: datetime
) -> int:
    """Insert an agent or note a changed name or team, and return the row number."""
    found = agent_by_key(connection, source, external_id)
    if found is None:
        row = {**values, "source": source, "external_id": external_id, "public_id": public_id, "created_at": now}
        return inserted(connection, agent, row)
    changed = {name: new for name, new in values.items() if new and found._mapping[name] != new}
    if changed:
        connection.execute(update(agent).where(agent.c.id == found.id).values(changed))
    return int(found.id)


def agent_by_key(connection: Connection, source: str, external_id: str) -> AnyRow | None:
    """Return an agent by the source's own id."""
    return _AGENT.first(connection, source=source, external_id=external_id)


_AGENT = Prepared(
    select(agent).where(agent.c.source == bindparam("source"), agent.c.external_id == bindparam("external_id"))
)


def agent_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return an agent by the id that outsiders know."""
    return connection.execute(select(agent).where(agent.c.public_id == public_id)).one_or_none()


def agent_row(connection: Connection, agent_id: int) -> AnyRow | None:
    """Return an agent by row number."""
    return connection.execute(select(agent).where(agent.c.id == agent_id)).one_or_none()
