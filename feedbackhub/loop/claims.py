"""Claims: which ticket an open link's answer says it is about; believed by nobody, joined when the ticket is known.

Whoever knows a link may claim any ticket, so a claim never takes the place of the ticket's own ask, starts nobody's
clock, opts nobody out and tells nothing about the ticket. It puts the answer beside the ticket, marked as claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.scalars import clean_line
from ..store.queries import invitations
from ..store.queries import open_links as rows
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from .tell import publish

__all__ = ["NO_CHANNEL", "Known", "claim_in", "join_claims", "missing_from"]

_LONGEST = 200
#: The channel of an answer whose link names none.
NO_CHANNEL = "other"
#: What every helpdesk's placeholders are written with; what still holds it was never filled in.
_BRACES = "{}"
#: Brand and language decide what a customer sees, and that must not tell anything about the ticket.
_TAKEN = tuple(name for name in DIMENSIONS if name not in ("brand", "language"))
_UNSAID = ("", None, NO_CHANNEL)


@dataclass(frozen=True)
class Known:
    """A contact that answers may claim: its row number and its source's names for it."""

    contact_id: int
    source: str
    external_id: str


def claim_in(text: str) -> str:
    """Return the ticket that a link's address names, empty for none and for a placeholder nobody filled in.

    Args:
        text: What stands in the address, whatever it is.
    """
    if any(brace in text for brace in _BRACES):
        return ""
    try:
        claimed = clean_line(text)
    except ValueError:
        return ""
    return claimed if len(claimed) <= _LONGEST else ""


def missing_from(frozen: Mapping[str, Any], contact: AnyRow) -> dict[str, Any]:
    """Return what an answer takes over from the contact it claims: only what its link leaves open.

    Args:
        frozen: Dimensions and ``agent_id`` so far.
        contact: The contact's row.
    """
    names = (*_TAKEN, "agent_id")
    return {name: contact._mapping[name] for name in names if frozen[name] in _UNSAID and contact._mapping[name]}


def join_claims(connection: Connection, contacts: Sequence[Known], now: datetime) -> int:
    """Join answers that came before their ticket was known, and return how many.

    Args:
        connection: Inside a write.
        contacts: Contacts just recorded.
        now: The present moment.
    """
    known = {(each.source, each.external_id): each.contact_id for each in contacts}
    waiting = rows.waiting_claims(connection, list(known))
    for row in waiting:
        contact = rows.contact_row(connection, known[row.claimed_source, row.claimed])
        rows.join_claim(connection, row.invitation_id, contact.id)
        rows.own_response(connection, row.response_id, contact.customer_id)
        changed = missing_from(dict(row._mapping), contact)
        if changed:
            invitations.change_invitation(connection, row.invitation_id, **changed)
        told = {"response": row.response_id, "invitation": row.invitation_id, "revision": row.revision}
        publish(connection, "response.changed", now, {**told, "confidence": row.confidence})
    return len(waiting)
