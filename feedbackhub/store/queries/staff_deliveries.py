"""Deliveries as the staff area lists them, with the tasks that make them, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, cast, func, select, update

from ..tables import contact, customer, delivery, inbox, invitation, response, task
from ..types import AnyRow, RowId
from .paging import Order, Place, Slice, one_page

DELIVER = "deliver"
WINDOW = 3000


@dataclass(frozen=True)
class DeliveryFilter:
    """Which deliveries to list; empty values do not filter.

    Args:
        state: ``due``, ``sent``, ``parked``, ``failed``, ``bounced`` or ``cancelled``.
        channel: The channel they go through.
        kind: ``first``, ``reminder`` or ``fallback``.
        since: Due at this moment or later.
        until: Due before this moment.
    """

    state: str = ""
    channel: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def deliveries(connection: Connection, wanted: DeliveryFilter, place: Place, limit: int) -> Slice:
    """Return a page of deliveries: what is due by its date, everything else with the newest first."""
    number, key = delivery.c.id, delivery.c.public_id
    if wanted.state in ("", "parked"):
        # No index sorts all states together by date; the row number follows the moment of planning.
        order = Order(number, number, key)
    else:
        order = Order(delivery.c.due_at, number, key, rising=wanted.state == "due")
    return one_page(connection, _listed().where(*_terms(wanted)), order, place, limit)


def _listed() -> Select[Any]:
    its_task = and_(task.c.kind == DELIVER, task.c.reference == cast(delivery.c.id, String))
    return (
        select(
            delivery.c.id,
            delivery.c.public_id,
            delivery.c.invitation_id,
            delivery.c.kind,
            delivery.c.channel,
            delivery.c.address_kind,
            delivery.c.address,
            delivery.c.state,
            delivery.c.due_at,
            delivery.c.sent_at,
            delivery.c.delivered_at,
            delivery.c.error,
            delivery.c.receipt,
            task.c.state.label("task_state"),
            (task.c.attempt - task.c.base).label("tries"),
            task.c.last_error,
            invitation.c.public_id.label("invitation_public_id"),
            invitation.c.state.label("invitation_state"),
            invitation.c.reason.label("invitation_reason"),
            invitation.c.expires_at,
            invitation.c.sent_at.label("invitation_sent_at"),
            invitation.c.survey,
            invitation.c.test,
            contact.c.public_id.label("contact_public_id"),
            customer.c.name.label("customer_name"),
            response.c.public_id.label("response_public_id"),
        )
        .join(invitation, invitation.c.id == delivery.c.invitation_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .outerjoin(customer, customer.c.id == invitation.c.customer_id)
        .outerjoin(response, response.c.invitation_id == invitation.c.id)
        .outerjoin(task, its_task)
    )


def _terms(wanted: DeliveryFilter) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = []
    if wanted.state == "parked":
        # From the few tasks to their deliveries: the other way round every delivery there ever was is looked at.
        parked = select(cast(task.c.reference, RowId)).where(task.c.kind == DELIVER, task.c.state == "parked")
        terms.append(delivery.c.id.in_(parked))
    elif wanted.state:
        terms.append(delivery.c.state == wanted.state)
    if wanted.channel:
        terms.append(delivery.c.channel == wanted.channel)
    if wanted.kind:
        terms.append(delivery.c.kind == wanted.kind)
    if wanted.since is not None:
        terms.append(delivery.c.due_at >= wanted.since)
    if wanted.until is not None:
        terms.append(delivery.c.due_at < wanted.until)
    return terms


def deliveries_of(connection: Connection, invitation_ids: Sequence[int]) -> Sequence[AnyRow]:
    """Return the deliveries of some invitations in the order they were planned."""
    query = _listed().where(delivery.c.invitation_id.in_(invitation_ids)).order_by(delivery.c.id)
    return connection.execute(query).all()


def delivery_by_public_id(connection: Connection, public_id: str) -> AnyRow | None:
    """Return one delivery as it is listed."""
    return connection.execute(_listed().where(delivery.c.public_id == public_id)).one_or_none()


def siblings(connection: Connection, invitation_id: int, but: int) -> list[str]:
    """Return the states of an invitation's other deliveries."""
    query = select(delivery.c.state).where(delivery.c.invitation_id == invitation_id, delivery.c.id != but)
    return list(connection.scalars(query))


def reopen_task(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Make a delivery's task due now, whatever became of it, and tell whether there still was one."""
    mine = and_(task.c.kind == DELIVER, task.c.reference == str(delivery_id), task.c.state != "claimed")
    values = {"state": "due", "due_at": now, "ended_at": None, "last_error": "", "lease_until": None}
    # What counts as tried begins anew; the attempt itself, which is the fence, never goes back.
    again = update(task).where(mine).values(**values, base=task.c.attempt, deaths=0)
    return connection.execute(again).rowcount > 0


def channels(connection: Connection) -> list[str]:
    """Return the channels of the newest deliveries."""
    recent = select(delivery.c.channel).order_by(delivery.c.id.desc()).limit(WINDOW).subquery()
    return list(connection.scalars(select(recent.c.channel).distinct().order_by(recent.c.channel)))


def state_counts(connection: Connection) -> dict[str, int]:
    """Return how many deliveries are in each state that waits for somebody or something."""
    waiting = delivery.c.state.in_(("due", "failed", "bounced"))
    query = select(delivery.c.state, func.count().label("n")).where(waiting).group_by(delivery.c.state)
    return {row.state: row.n for row in connection.execute(query)}


def returned(connection: Connection, kind: str, after: int | None, limit: int) -> Sequence[AnyRow]:
    """Return what came back to the channels, newest first.

    Args:
        connection: An open connection.
        kind: One of `RETURNED`; empty for all.
        after: Row number of the item before the first.
        limit: How many at most.
    """
    query = (
        select(
            inbox.c.id,
            inbox.c.source,
            inbox.c.kind,
            inbox.c.detail,
            inbox.c.received_at,
            contact.c.public_id.label("contact_public_id"),
            customer.c.name.label("customer_name"),
        )
        .outerjoin(invitation, invitation.c.id == inbox.c.invitation_id)
        .outerjoin(contact, contact.c.id == invitation.c.contact_id)
        .outerjoin(customer, customer.c.id == invitation.c.customer_id)
        .where(inbox.c.kind.in_((kind,) if kind else RETURNED))
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    return connection.execute(query if after is None else query.where(inbox.c.id < after)).all()


#: Kinds of what comes back; the inbox may hold other things, such as the raw bodies of sources.
RETURNED = (
    "bounce", "soft_bounce", "complaint", "opt_out", "opt_in", "answer", "unclear", "machine", "late", "reply",
)  # fmt: skip
