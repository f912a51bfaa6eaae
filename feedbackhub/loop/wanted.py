"""Wanted: whether a delivery is still to be made, asked at the last moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.records import Identifier
from ..store.queries import people, sending
from ..store.types import AnyRow
from .core import Core
from .decide import throttle_for
from .postpone import free_moment
from .situation import suppressed_among

__all__ = ["BOUNCED", "Outlook", "outlook"]

#: Why a delivery is not wanted whose address is known to be dead: the next channel may take over.
BOUNCED = "bounced"
_LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a worker knows of a delivery before making it.

    Args:
        row: The delivery with its invitation, None when it is gone.
        reason: Why it must not be made any more, empty when it must.
        remind_at: When its reminder would go, None when there is none to plan.
        not_before: When it may go, should that not be now.
    """

    row: AnyRow | None
    reason: str
    remind_at: datetime | None = None
    not_before: datetime | None = None


def outlook(connection: Connection, core: Core, delivery_id: int, tries: int) -> Outlook:
    """Look a delivery up, and whether it is still wanted.

    Its moment was found when it was planned. One that is tried again, or is late since nothing could be sent, may not
    go at any hour for that: the rules are asked once more. The reminder's moment is found here too: rules say it, and
    no plugin's code runs while something is written.
    """
    row = sending.delivery_for_sending(connection, delivery_id)
    now = core.clock.now()
    reason = _not_wanted(connection, core, row, now)
    if row is None or reason:
        return Outlook(row, reason)
    if not row.test and (tries > 1 or now - row.due_at > _LATE):
        moment = free_moment(connection, core, row, row.channel, now, now)
        if moment > now:
            return Outlook(row, "", not_before=moment)
    return Outlook(row, "", _reminder(connection, core, row, now))


def _reminder(connection: Connection, core: Core, row: AnyRow, now: datetime) -> datetime | None:
    if row.reminders <= 0 or not row.address_kind:
        return None
    planned = now + timedelta(seconds=row.reminder_after)
    moment = free_moment(connection, core, row, row.channel, planned, now)
    return moment if moment < row.expires_at else None


def _not_wanted(connection: Connection, core: Core, row: AnyRow | None, now: datetime) -> str:
    if row is None:
        return "removed"
    if row.state != "due":
        return str(row.state)
    if row.invitation_state not in ("due", "sent"):
        return str(row.invitation_state)
    if row.expires_at <= now:
        return "expired"
    if row.kind == "reminder" and row.reopened_at is not None and row.reopened_at >= row.invited_at:
        return "reopened"
    if not row.address_kind or row.customer_id is None:
        return ""
    kin = people.family_customers(connection, people.root_of(connection, row.person_id))
    everything = [each for _, each in people.identifiers_of(connection, kin)]
    suppressed = suppressed_among(connection, core.links, everything)
    if any(reason != "bounce" for reason in suppressed.values()):
        return "suppressed"
    if Identifier(row.address_kind, row.address) in suppressed:
        return BOUNCED
    others = [each for each in kin if each != row.customer_id]
    return "merged" if others and _asked_already(connection, core, row, others, now) else ""


def _asked_already(connection: Connection, core: Core, row: AnyRow, others: list[int], now: datetime) -> bool:
    """Tell whether a first ask has gone to the same person under another name: they were merged meanwhile."""
    throttle = throttle_for(core.settings, row.survey_type)
    if row.kind != "first" or row.after_response_id is not None or row.test or not throttle:
        return False
    return sending.sent_since(connection, others, row.survey_type, now - throttle) is not None
