"""What was done for a person: read for plugins, and counted for the cap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from ..tables import contact, gesture, response
from ..types import AnyRow


def made_to(connection: Connection, customer_ids: Sequence[int], withdrawn: bool) -> Sequence[AnyRow]:
    """Return the gestures to some customers, newest first, each with the public ids of what it was about.

    Args:
        connection: For reading.
        customer_ids: All customers of the person.
        withdrawn: Whether to return those as well that were taken back.
    """
    query = (
        select(gesture, contact.c.public_id.label("contact"), response.c.public_id.label("response"))
        .outerjoin(contact, contact.c.id == gesture.c.contact_id)
        .outerjoin(response, response.c.id == gesture.c.response_id)
        .where(gesture.c.customer_id.in_(customer_ids))
        .order_by(gesture.c.at.desc(), gesture.c.id.desc())
    )
    return connection.execute(query if withdrawn else query.where(gesture.c.withdrawn_at.is_(None))).all()


def count_since(connection: Connection, customer_ids: Sequence[int], kind: str, since: datetime, test: bool) -> int:
    """Return how many gestures of a kind a person received after a moment.

    Args:
        connection: For reading.
        customer_ids: All customers of the person.
        kind: Which gesture.
        since: The moment.
        test: Whether those about tests count, or those that are none.
    """
    query = select(func.count()).select_from(gesture).where(
        gesture.c.customer_id.in_(customer_ids),
        gesture.c.kind == kind,
        gesture.c.at > since,
        gesture.c.withdrawn_at.is_(None),
        gesture.c.test.is_(test),
    )  # fmt: skip
    return int(connection.execute(query).scalar_one())


def by_public_ids(connection: Connection, public_ids: Sequence[str]) -> AnyRow | None:
    """Return the gesture that has one of these ids."""
    return connection.execute(select(gesture).where(gesture.c.public_id.in_(public_ids)).limit(1)).first()
