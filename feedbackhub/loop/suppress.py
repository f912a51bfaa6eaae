"""Suppress: people and addresses that must not be asked, kept as keyed hashes only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..contract.records import Identifier
from ..machinery.links import Links, new_public_id
from ..store.queries import invitations, people, suppressions
from .core import Core
from .invite import cancel_unsent
from .tell import publish

REASONS = ("opt_out", "bounce", "complaint", "staff")


def suppress_identifiers(
    connection: Connection,
    links: Links,
    identifiers: Sequence[Identifier],
    reason: str,
    detail: str,
    by: str,
    now: datetime,
) -> None:
    """Never ask these identifiers again.

    Args:
        connection: Inside a write.
        links: Makes the keyed hashes.
        identifiers: Whom; only their hashes are stored.
        reason: One of `REASONS`.
        detail: Short text for staff without the address.
        by: Who or what decided.
        now: The present moment.
    """
    rows = [
        {
            "public_id": new_public_id(),
            "fingerprint": links.fingerprint(each.kind, each.value),
            "kind": each.kind,
            "reason": reason,
            "detail": _without(detail, each.value)[:500],
            "created_at": now,
            "created_by": by,
        }
        for each in identifiers
    ]
    suppressions.add(connection, rows)
    if rows:
        publish(connection, "suppression.recorded", now, {"reason": reason})


def fingerprints(links: Links, identifiers: Sequence[Identifier]) -> list[str]:
    """Return the hashes under which identifiers may be on the list, under every key there was."""
    return [print_ for each in identifiers for print_ in links.fingerprints(each.kind, each.value)]


def _without(detail: str, address: str) -> str:
    return detail.replace(address, "…") if address else detail


def opt_out(core: Core, invitation_public_id: str) -> None:
    """Never ask the person behind an invitation again, and cancel what is waiting.

    Raises:
        NotFound: There is no such invitation.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        row = invitations.by_public_id(connection, invitation_public_id, lock=True)
        if row is None:
            raise NotFound("no such invitation")
        if row.customer_id is not None:
            opt_out_customer(connection, core, row.customer_id, "opt_out", "by the link in a message", now)
        cancel_unsent(connection, row.id, "suppressed", now)
        if row.state == "due":
            invitations.change_invitation(connection, row.id, state="cancelled", reason="suppressed", ended_at=now)
            publish(connection, "invitation.cancelled", now, {"invitation": row.id})

    core.store.write(run)


def opt_out_customer(
    connection: Connection, core: Core, customer_id: int, reason: str, detail: str, now: datetime
) -> None:
    """Suppress every identifier of a customer's person."""
    kin = people.kin_of(connection, customer_id)
    everything = [each for _, each in people.identifiers_of(connection, kin)]
    suppress_identifiers(connection, core.links, everything, reason, detail, "customer", now)


def lift_opt_out(
    connection: Connection, links: Links, address: Identifier, customers: Sequence[int], detail: str, now: datetime
) -> int:
    """Take an address off the list again because its owner wants so, with what was put there for the same reply.

    Bounces, complaints and what staff decided stay, and so does an opt-out of another way.

    Args:
        connection: Inside a write.
        links: Makes the keyed hashes.
        address: The address that the wish came from.
        customers: Row numbers of its owners.
        detail: What was noted when they opted out through the same channel.
        now: The present moment.
    """
    own = set(fingerprints(links, [address]))
    kin = [each for customer in customers for each in people.kin_of(connection, customer)]
    others = [each for _, each in people.identifiers_of(connection, kin)]
    entries = suppressions.by_fingerprints(connection, [*own, *fingerprints(links, others)])
    lifted = [
        row.fingerprint
        for row in entries
        if row.reason == "opt_out" and (row.fingerprint in own or row.detail == detail)
    ]
    if lifted:
        suppressions.remove(connection, lifted)
        publish(connection, "suppression.lifted", now, {"reason": "opt_out"})
    return len(lifted)
