"""Which ask a reply belongs to, and what was said before it was clear."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, literal_column, select, update

from ...contract.records import Identifier
from ..tables import customer, delivery, identifier, inbox, invitation
from ..types import AnyRow

#: Word for word what the index over receipts is limited to, else it is not used.
NAMED = delivery.c.receipt != literal_column("''")


def asks_through(connection: Connection, channel: str, to: Identifier, limit: int) -> list[str]:
    """Return the public ids of asks sent to an address through a channel, the last sent first.

    Args:
        connection: An open connection.
        channel: The channel.
        to: The address.
        limit: How many at most.
    """
    # From the address to its customers and their asks: there is no index over all addresses ever written to.
    owners = select(identifier.c.customer_id).where(identifier.c.kind == to.kind, identifier.c.value == to.value)
    last = func.max(delivery.c.sent_at, type_=delivery.c.sent_at.type)
    query = (
        select(invitation.c.public_id)
        .join(delivery, delivery.c.invitation_id == invitation.c.id)
        .where(
            invitation.c.customer_id.in_(owners),
            delivery.c.channel == channel,
            delivery.c.address_kind == to.kind,
            delivery.c.address == to.value,
            delivery.c.sent_at.is_not(None),
        )
        .group_by(invitation.c.id, invitation.c.public_id)
        .order_by(last.desc(), invitation.c.id.desc())
        .limit(limit)
    )
    return list(connection.scalars(query))


def owners_of(connection: Connection, to: Identifier) -> list[int]:
    """Return the row numbers of customers who have an address."""
    query = (
        select(identifier.c.customer_id)
        .join(customer, customer.c.id == identifier.c.customer_id)
        .where(identifier.c.kind == to.kind, identifier.c.value == to.value)
        .order_by(identifier.c.customer_id)
    )
    return list(connection.scalars(query))


def delivery_by_receipt(connection: Connection, channel: str, receipt: str) -> AnyRow | None:
    """Return a delivery with its invitation's customer by the other side's id; the newest, should it repeat ids."""
    query = (
        select(
            delivery,
            invitation.c.customer_id,
            invitation.c.test,
            invitation.c.public_id.label("invitation_public_id"),
        )
        .join(invitation, invitation.c.id == delivery.c.invitation_id)
        .where(delivery.c.channel == channel, delivery.c.receipt == receipt, NAMED)
        .order_by(delivery.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).one_or_none()


def words_of(connection: Connection, invitation_id: int, kind: str) -> Sequence[str]:
    """Return the words of an ask's items of one kind, in the order they came."""
    query = (
        select(inbox.c.detail)
        .where(inbox.c.invitation_id == invitation_id, inbox.c.kind == kind, inbox.c.detail != "")
        .order_by(inbox.c.id)
    )
    return list(connection.scalars(query))


def note(connection: Connection, source: str, key: str, kind: str, invitation_id: int | None) -> None:
    """Store what an item turned out to be, and to which ask it belongs."""
    mine = (inbox.c.source == source) & (inbox.c.key == key)
    connection.execute(update(inbox).where(mine).values(kind=kind, invitation_id=invitation_id))
