"""Sent: a message is out, and that is stored before anything else is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from ..contract.records import Identifier
from ..store.queries import sending
from ..store.types import AnyRow
from .core import Core
from .fence import Claim, finished
from .invite import plan_delivery
from .journal import delivery_ended
from .tell import publish

__all__ = ["note_sent"]


def note_sent(core: Core, claim: Claim, row: AnyRow, receipt: str, remind_at: datetime | None) -> None:
    """Store that a delivery went out, and plan its reminder.

    Args:
        core: The instance.
        claim: The task's claim; when another worker holds the task by now, nothing is stored.
        row: The delivery with its invitation.
        receipt: What the channel gave for it.
        remind_at: When to remind, None for never.
    """

    def change(connection: Connection, now: datetime) -> None:
        held = sending.hold_invitation(connection, row.invitation_id)
        sending.mark_delivery_sent(connection, row.id, now, receipt)
        if held is None:
            return
        # A link that was handed over may have been answered before its delivery was made, and a message that was
        # on its way when the contact was reopened has asked all the same.
        waiting = held.state == "due" or (held.state == "cancelled" and held.reason == "reopened")
        on_its_way = held.sent_at is None and waiting
        remind = remind_at is not None and held.reminders > 0 and held.state in ("due", "sent")
        sending.mark_invitation_sent(connection, held, now, on_its_way, held.reminders - remind)
        fact = {"invitation": held.id, "delivery": row.id}
        publish(connection, "invitation.sent" if held.sent_at is None else "invitation.reminded", now, fact)
        if remind and remind_at is not None:
            to = Identifier(row.address_kind, row.address)
            plan_delivery(connection, held.id, "reminder", row.channel, to, remind_at, core.settings.public_url, now)

    finished(core, claim, change)
    delivery_ended(core, row, claim, "sent")
