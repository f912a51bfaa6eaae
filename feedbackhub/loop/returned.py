"""What came back to the channels: bounces and complaints suppress, receipts are noted, replies are heard or kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import DeliveryFailure, Refused, Unavailable
from ..contract.inbound import Receives
from ..contract.records import Identifier, Returned
from ..machinery.addresses import normalise
from ..machinery.containment import PluginFault
from ..store.queries import inbox, invitations, replies
from ..store.types import AnyRow
from .collect import noted
from .contained import what_came_back
from .core import Core
from .deliver import fall_back
from .invite import cancel_unsent
from .plain import plain
from .replies import Heard, get_ready, hear
from .suppress import lift_opt_out, opt_out_customer, suppress_identifiers
from .tell import publish

log = logging.getLogger(__name__)
_LONGEST, _LONGEST_WORDS = 500, 5000
_REASON = {"complaint": "complaint", "opt_out": "opt_out"}
#: A mailbox that is full for so long is not read by anybody.
_SOFT, _SOFT_SPAN = 3, timedelta(days=7)


def take_returned(core: Core) -> None:
    """Read what came back to every channel; each item is stored before the next is taken."""
    for name, channel in sorted(core.plugins.channels.items()):
        try:
            for item in what_came_back(core, channel):
                store_returned(core, name, item)
        except DeliveryFailure as error:
            log.warning("channel %s could not read what came back: %s", name, error.reason)
        except PluginFault as fault:
            log.warning("%s", fault)
        except Unavailable:
            raise
        except Exception:
            log.exception("channel %s failed on what came back", name)


def store_returned(core: Core, channel: str, item: Returned) -> bool:
    """Store one item and do what follows from it; tell whether it was new.

    Args:
        core: The instance.
        channel: The channel it came back to.
        item: What came back.
    """
    now = core.clock.now()
    said_by, answers = _spelt(core, item.address), list[Heard]()
    if item.kind == "answer" and said_by is not None:
        get_ready(core, channel, said_by)

    def run(connection: Connection) -> bool:
        row = _delivery(connection, channel, item)
        if item.kind == "delivered":
            return row is not None and _arrived(connection, row, now)
        address = said_by or (Identifier(row.address_kind, row.address) if row is not None else None)
        # Deliveries of erased persons are known by their Message-ID only; what comes back later is noted without words.
        erased = row is not None and bool(row.address_kind) and not row.address
        print_ = core.links.fingerprint(address.kind, address.value) if address and not erased else ""
        if not inbox.add(connection, _kept(channel, item, row, print_, erased, now)):
            return False
        told: dict[str, Any] = {"kind": item.kind, "invitation": row.invitation_id if row is not None else None}
        if item.kind == "answer" and address is not None and not erased:
            heard = hear(connection, core, channel, address, plain(item.detail, _LONGEST_WORDS), now)
            replies.note(connection, channel, plain(item.key, 200), heard.kind, heard.invitation_id)
            told = {"kind": heard.kind, "invitation": heard.invitation_id}
            answers[:] = [heard]
        elif address is not None and not erased:
            _follow(connection, core, channel, item, row, address, now)
        publish(connection, "message.returned", now, told)
        return True

    new = core.store.write(run)
    for each in answers:
        if each.submitted is not None:
            noted(core, each.invitation, each.submitted, "reply")
    return new


def _spelt(core: Core, address: Identifier | None) -> Identifier | None:
    """Return an address in its one spelling; one that cannot be read stays as it is."""
    if address is None:
        return None
    try:
        return Identifier(address.kind, normalise(address.kind, address.value, core.settings.default_region))
    except Refused:
        return Identifier(address.kind, plain(address.value, 320))


def _delivery(connection: Connection, channel: str, item: Returned) -> AnyRow | None:
    """Return the delivery that an item belongs to, by our id or else by the other side's."""
    row = invitations.delivery_by_message_id(connection, item.message_id) if item.message_id else None
    if row is None and item.receipt:
        row = replies.delivery_by_receipt(connection, channel, item.receipt)
    return row


def _kept(
    channel: str, item: Returned, row: AnyRow | None, fingerprint: str, erased: bool, now: datetime
) -> dict[str, Any]:
    longest = _LONGEST_WORDS if item.kind == "answer" else _LONGEST
    return {
        "source": channel,
        "key": plain(item.key, 200),
        "kind": item.kind,
        "invitation_id": row.invitation_id if row is not None else None,
        "fingerprint": fingerprint,
        "detail": "" if erased else plain(item.detail, longest),
        "raw": b"" if erased else item.raw,
        "received_at": now,
    }


def _follow(
    connection: Connection,
    core: Core,
    channel: str,
    item: Returned,
    row: AnyRow | None,
    address: Identifier,
    now: datetime,
) -> None:
    """Do what follows from anything but an answer."""
    if row is None:
        # A mail may be anybody's; a channel that verifies its callers knows who wrote to it.
        if isinstance(core.plugins.channels.get(channel), Receives):
            _wished(connection, core, channel, item.kind, address, now)
        return
    detail = plain(item.detail, _LONGEST)
    print_ = core.links.fingerprint(address.kind, address.value)
    if row.test:
        return  # a test's bounce must not suppress anybody
    if item.kind == "bounce" or _soft_too_often(connection, item, print_, now):
        _bounced(connection, core, detail, row)
    elif item.kind == "soft_bounce" and item.receipt:
        _lost(connection, core, detail, row)
    elif item.kind in _REASON and row.customer_id is not None:
        opt_out_customer(connection, core, row.customer_id, _REASON[item.kind], detail, now)


def _wished(
    connection: Connection, core: Core, channel: str, kind: str, address: Identifier, now: datetime
) -> None:
    """Leave an address and the people behind it alone from now on, or no longer."""
    by_reply = f"by a reply through {channel}"
    if kind == "opt_out":
        for customer_id in replies.owners_of(connection, address):
            opt_out_customer(connection, core, customer_id, "opt_out", by_reply, now)
        suppress_identifiers(connection, core.links, [address], "opt_out", by_reply, "customer", now)
    elif kind == "opt_in":
        lift_opt_out(connection, core.links, address, replies.owners_of(connection, address), by_reply, now)


def _arrived(connection: Connection, row: AnyRow, now: datetime) -> bool:
    if row.delivered_at is not None:
        return False
    invitations.change_delivery(connection, row.id, delivered_at=now)
    return True


def _lost(connection: Connection, core: Core, detail: str, row: AnyRow) -> None:
    """Give up a message that did not arrive, not its address, and take the next channel of the ladder."""
    now = core.clock.now()
    current = invitations.by_public_id(connection, row.invitation_public_id, lock=True)
    if row.state not in ("due", "sent"):
        return
    invitations.change_delivery(connection, row.id, state="failed", error=detail)
    publish(connection, "delivery.failed", now, {"delivery": row.id, "invitation": row.invitation_id})
    if current is not None and row.kind != "reminder" and row.channel == current.ladder[current.step]:
        cancel_unsent(connection, row.invitation_id, "bounced", now)
        fall_back(connection, core, row.invitation_public_id, "the message did not arrive", now)


def _soft_too_often(connection: Connection, item: Returned, fingerprint: str, now: datetime) -> bool:
    if item.kind != "soft_bounce" or not fingerprint:
        return False
    return inbox.count_since(connection, fingerprint, item.kind, now - _SOFT_SPAN) >= _SOFT


def _bounced(connection: Connection, core: Core, detail: str, row: AnyRow) -> None:
    now = core.clock.now()
    dead = Identifier(row.address_kind, row.address)
    current = invitations.by_public_id(connection, row.invitation_public_id, lock=True)
    suppress_identifiers(connection, core.links, [dead], "bounce", detail, row.channel, now)
    invitations.change_delivery(connection, row.id, state="bounced", error=detail)
    if current is None or row.channel != current.ladder[current.step]:
        return  # the reminder's report after the first message's: the next channel has the ask already
    cancel_unsent(connection, row.invitation_id, "bounced", now)
    fall_back(connection, core, row.invitation_public_id, "the message came back", now)
