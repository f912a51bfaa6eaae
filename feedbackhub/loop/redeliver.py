"""Redeliver: a person sends a failed delivery again, or calls a waiting one off."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..store.queries import invitations, outbox, staff_deliveries
from ..store.types import AnyRow
from .core import Core
from .invite import DELIVER, FIRST, REMINDER
from .tell import publish

#: Why a delivery cannot be sent again or called off; `done` when it was.
Outcome = Literal["done", "answered", "over", "not_failed", "another", "not_waiting"]
#: Deliveries beside it in these states mean that the customer was asked, or is about to be, another way.
_ANOTHER_WAY = ("due", "sending", "sent")


def retry(core: Core, delivery_public_id: str) -> None:
    """Send a failed or parked delivery again, now.

    Raises:
        NotFound: There is no such delivery.
        Conflict: It did not fail, or the customer must not or need not be asked any more.
    """
    now = core.clock.now()
    outcome = core.store.write(lambda connection: retry_now(connection, delivery_public_id, now))
    if outcome != "done":
        raise Conflict(f"this delivery cannot be sent again: {outcome}")


def retry_now(connection: Connection, delivery_public_id: str, now: datetime) -> Outcome:
    """Make a failed or parked delivery due again inside a write; everything is checked once more when it is sent.

    Raises:
        NotFound: There is no such delivery.
    """
    row = _locked(connection, delivery_public_id)
    refused = _not_again(connection, row, now)
    if refused != "done":
        return refused
    invitations.change_delivery(connection, row.id, state="due", due_at=now, error="")
    if row.invitation_state == "undeliverable":
        state = "due" if row.invitation_sent_at is None else "sent"
        invitations.change_invitation(connection, row.invitation_id, state=state, reason="", ended_at=None)
    if not staff_deliveries.reopen_task(connection, row.id, now):
        # Tasks that ended are removed after a while; the delivery itself stays.
        outbox.add_task(
            connection,
            kind=DELIVER,
            lane=row.channel,
            reference=str(row.id),
            dedup_key=f"{DELIVER}:{row.id}",
            due_at=now,
            now=now,
            priority=REMINDER if row.kind == "reminder" else FIRST,
        )
    publish(connection, "delivery.retried", now, {"delivery": row.id, "invitation": row.invitation_id})
    return "done"


def _not_again(connection: Connection, row: AnyRow, now: datetime) -> Outcome:
    if row.state != "failed" and not (row.state == "due" and row.task_state == "parked"):
        return "not_failed"
    if row.response_public_id is not None:
        return "answered"
    if row.expires_at <= now or row.invitation_state not in ("due", "sent", "undeliverable"):
        return "over"
    others = staff_deliveries.siblings(connection, row.invitation_id, but=row.id)
    if row.kind != "reminder" and any(state in _ANOTHER_WAY for state in others):
        return "another"
    return "done"


def cancel_now(connection: Connection, delivery_public_id: str, now: datetime) -> Outcome:
    """Call a waiting or parked delivery off inside a write; an ask that nothing is left of is cancelled with it.

    Raises:
        NotFound: There is no such delivery.
    """
    row = _locked(connection, delivery_public_id)
    if row.state != "due" and row.task_state != "parked":
        return "not_waiting"
    if outbox.cancel(connection, DELIVER, [str(row.id)], now) == 0 and row.task_state is not None:
        return "not_waiting"  # a worker holds it: the message may be on its way
    if row.state == "due":
        invitations.cancel_deliveries(connection, [row.id], "staff")
    publish(connection, "delivery.cancelled", now, {"delivery": row.id, "invitation": row.invitation_id})
    others = staff_deliveries.siblings(connection, row.invitation_id, but=row.id)
    if row.invitation_state == "due" and not any(state in _ANOTHER_WAY for state in others):
        invitations.change_invitation(connection, row.invitation_id, state="cancelled", reason="staff", ended_at=now)
        publish(connection, "invitation.cancelled", now, {"invitation": row.invitation_id})
    return "done"


def _locked(connection: Connection, public_id: str) -> AnyRow:
    """Return a delivery as it is once nobody else can change its ask.

    Raises:
        NotFound: There is no such delivery.
    """
    row = staff_deliveries.delivery_by_public_id(connection, public_id)
    if row is None:
        raise NotFound("no such delivery")
    invitations.by_public_id(connection, row.invitation_public_id, lock=True)
    again = staff_deliveries.delivery_by_public_id(connection, public_id)
    if again is None:
        raise NotFound("no such delivery")
    return again
