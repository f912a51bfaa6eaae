"""Which customers are, may be, or were taken for one person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, or_, select

from ..tables import customer, person_link
from ..types import AnyRow
from .people import family

#: States in which somebody can still decide.
OPEN = ("proposed", "merged")


def links_of(connection: Connection, person_id: int, limit: int) -> Sequence[AnyRow]:
    """Return the entries of the merging log about a person, newest first, each with the customers on both sides."""
    kin = family(person_id)
    one = select(func.min(customer.c.id)).where(customer.c.person_id == person_link.c.person_id).scalar_subquery()
    other = select(func.min(customer.c.id)).where(customer.c.person_id == person_link.c.into_id).scalar_subquery()
    query = (
        select(person_link, one.label("one"), other.label("other"))
        .where(or_(person_link.c.person_id.in_(select(kin.c.id)), person_link.c.into_id.in_(select(kin.c.id))))
        .order_by(person_link.c.id.desc())
        .limit(limit)
    )
    return connection.execute(query).all()


def open_link(connection: Connection, one: int, other: int) -> int | None:
    """Return the newest entry between two persons on which somebody can still decide."""
    query = (
        select(person_link.c.id)
        .where(
            person_link.c.person_id == one, person_link.c.into_id == other, person_link.c.state.in_(OPEN)
        )
        .order_by(person_link.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()
