"""Invite: one dated row for each ask, with its first delivery and the task that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from ..contract.records import Ask, Identifier
from ..machinery.links import new_public_id
from ..store.queries import invitations, outbox
from ..store.tables import DIMENSIONS
from .tell import publish

DELIVER = "deliver"
#: First asks go before those of the next channel, and these before reminders.
FIRST, FALLBACK, REMINDER = 0, 3, 10
_PRIORITY = {"fallback": FALLBACK, "reminder": REMINDER}
_LONGEST_DOMAIN = 100


@dataclass(frozen=True)
class Target:
    """Whom and what an invitation is about; all dimensions are frozen here.

    Args:
        contact_id: Row number of the contact.
        customer_id: Row number of the customer, None when anonymous.
        agent_id: Row number of the agent.
        dimensions: The frozen dimensions.
        contact_at: When the contact ended.
        test: Outside all numbers.
        after_response_id: The answer that a re-ask follows.
    """

    contact_id: int
    customer_id: int | None
    agent_id: int | None
    dimensions: Mapping[str, str]
    contact_at: datetime
    test: bool = False
    after_response_id: int | None = None


def invite(
    connection: Connection,
    target: Target,
    ask: Ask,
    version_id: int,
    to: Identifier,
    public_url: str,
    now: datetime,
) -> tuple[int, str]:
    """Store an invitation, its first delivery and the task for it.

    Args:
        connection: Inside a write.
        target: Whom and what it is about.
        ask: How and when to ask.
        version_id: The survey version asked.
        to: Where the first channel of the ladder reaches the customer.
        public_url: Address of the instance, for the Message-ID's domain.
        now: The present moment.

    Returns:
        The invitation's row number and public id.
    """
    # A channel without addresses hands the link to the caller, who is waiting for it.
    due_at = ask.due_at if to.kind else now
    public_id = new_public_id()
    values = {**_row(target, ask, due_at, now), "public_id": public_id, "survey_version_id": version_id}
    invitation_id = invitations.add_invitation(connection, values)
    plan_delivery(connection, invitation_id, "first", ask.channels[0], to, due_at, public_url, now)
    publish(connection, "invitation.created", now, {"invitation": invitation_id, "contact": target.contact_id})
    return invitation_id, public_id


def _row(target: Target, ask: Ask, due_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "contact_id": target.contact_id,
        "customer_id": target.customer_id,
        "agent_id": target.agent_id,
        "survey": ask.survey,
        "survey_type": ask.survey_type,
        "after_response_id": target.after_response_id,
        "state": "due",
        "ladder": list(ask.channels),
        "reminders": ask.reminders,
        "reminder_after": int(ask.reminder_after.total_seconds()),
        "edit_window": int(ask.edit_window.total_seconds()),
        "test": target.test,
        "contact_at": target.contact_at,
        "created_at": now,
        "due_at": due_at,
        "expires_at": due_at + ask.expires_after,
        **{name: target.dimensions[name] for name in DIMENSIONS},
    }


def plan_delivery(
    connection: Connection,
    invitation_id: int,
    kind: str,
    channel: str,
    to: Identifier,
    due_at: datetime,
    public_url: str,
    now: datetime,
) -> int:
    """Store one delivery with a Message-ID of its own and the task that makes it."""
    public_id = new_public_id()
    delivery_id = invitations.add_delivery(
        connection,
        {
            "public_id": public_id,
            "invitation_id": invitation_id,
            "kind": kind,
            "channel": channel,
            "address_kind": to.kind,
            "address": to.value,
            "message_id": f"{public_id}@{message_domain(public_url)}",
            "state": "due",
            "due_at": due_at,
            "created_at": now,
        },
    )
    outbox.add_task(
        connection,
        kind=DELIVER,
        lane=channel,
        reference=str(delivery_id),
        dedup_key=f"{DELIVER}:{delivery_id}",
        due_at=due_at,
        now=now,
        priority=priority_of(kind),
    )
    return delivery_id


def priority_of(kind: str) -> int:
    """Return how urgent a delivery of a kind is; the lowest number goes first."""
    return _PRIORITY.get(kind, FIRST)


def message_domain(public_url: str) -> str:
    """Return what stands behind the @ of our Message-IDs: the public host in ASCII, where it is a name."""
    try:
        name = (urlsplit(public_url).hostname or "").encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    return name if name and ":" not in name and len(name) <= _LONGEST_DOMAIN else "localhost"


def cancel_unsent(connection: Connection, invitation_id: int, reason: str, now: datetime) -> int:
    """Cancel the deliveries of an invitation that have not begun, with their tasks, and return how many."""
    waiting = invitations.open_deliveries(connection, invitation_id)
    invitations.cancel_deliveries(connection, waiting, reason)
    outbox.cancel(connection, DELIVER, [str(each) for each in waiting], now)
    return len(waiting)

