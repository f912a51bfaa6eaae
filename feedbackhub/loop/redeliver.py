"""Redeliver: a person sends a failed delivery again, or calls a waiting one off."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..store.queries import invitations, outbox, people, staff_deliveries
from ..store.types import AnyRow
from .core import Core
from .decide import throttle_for
from .invite import DELIVER, priority_of
from .tell import publish

#: Why a delivery cannot be sent again or called off; `done` when it was.
Outcome = Literal["done", "answered", "over", "not_failed", "another", "asked", "not_waiting"]
#: Deliveries beside it in these states mean that the customer was asked, or is about to be, another way.
_ANOTHER_WAY = ("due", "sending", "sent")
#: Why something is cancelled that a person called off, and may call back.
BY_STAFF = "staff"


def retry(core: Core, delivery_public_id: str) -> None:
    """Send a failed, parked or called-off delivery again, now.

    Raises:
        NotFound: There is no such delivery.
        Conflict: It did not fail, or the customer must not or need not be asked any more.
    """
    now = core.clock.now()
    outcome = core.store.write(lambda connection: retry_now(connection, core, delivery_public_id, now))
    if outcome != "done":
        raise Conflict(f"this delivery cannot be sent again: {outcome}")
    core.bell.ring()


def retry_now(connection: Connection, core: Core, delivery_public_id: str, now: datetime) -> Outcome:
    """Make a delivery due now inside a write: one that failed, that waits after a failure, or that staff called off.

    Everything is checked once more when it is sent.

    Raises:
        NotFound: There is no such delivery.
    """
    row = _locked(connection, delivery_public_id)
    refused = _not_again(connection, core, row, now)
    if refused != "done":
        return refused
    invitations.change_delivery(connection, row.id, state="due", due_at=now, error="")
    if row.invitation_state in _ENDED:
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
            priority=priority_of(row.kind),
        )
    publish(connection, "delivery.retried", now, {"delivery": row.id, "invitation": row.invitation_id})
    return "done"


#: States of asks that ended, and count for nobody's clock, but may go on.
_ENDED = ("undeliverable", "cancelled")


def _not_again(connection: Connection, core: Core, row: AnyRow, now: datetime) -> Outcome:
    if not _is_stuck(row):
        return "not_failed"
    if row.response_public_id is not None:
        return "answered"
    if row.expires_at <= now or not _goes_on(row):
        return "over"
    others = staff_deliveries.siblings(connection, row.invitation_id, but=row.id)
    if row.kind != "reminder" and any(state in _ANOTHER_WAY for state in others):
        return "another"
    if row.invitation_state in _ENDED and _asked_meanwhile(connection, core, row, now):
        return "asked"
    return "done"


def _is_stuck(row: AnyRow) -> bool:
    """Tell whether a delivery failed, waits after a failure, or was called off by a person."""
    if row.state == "due":
        return bool(row.task_state == "parked" or (row.task_state == "due" and row.last_error))
    return bool(row.state == "failed" or (row.state == "cancelled" and row.error == BY_STAFF))


def _goes_on(row: AnyRow) -> bool:
    if row.invitation_state == "cancelled":
        return bool(row.invitation_reason == BY_STAFF)
    return row.invitation_state in ("due", "sent", "undeliverable")


def _asked_meanwhile(connection: Connection, core: Core, row: AnyRow, now: datetime) -> bool:
    """Tell whether another ask of this kind has gone to the person, or is about to, since this one ended."""
    asked = invitations.by_public_id(connection, row.invitation_public_id)
    if asked is None or asked.customer_id is None or asked.after_response_id is not None or asked.test:
        return False
    throttle = throttle_for(core.settings, asked.survey_type)
    kin = people.kin_of(connection, asked.customer_id)
    others = invitations.past_asks(connection, kin, now - throttle) if throttle else ()
    return any(each.survey_type == asked.survey_type for each in others)


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
        invitations.cancel_deliveries(connection, [row.id], BY_STAFF)
    publish(connection, "delivery.cancelled", now, {"delivery": row.id, "invitation": row.invitation_id})
    others = staff_deliveries.siblings(connection, row.invitation_id, but=row.id)
    if row.invitation_state == "due" and not any(state in _ANOTHER_WAY for state in others):
        invitations.change_invitation(connection, row.invitation_id, state="cancelled", reason=BY_STAFF, ended_at=now)
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
