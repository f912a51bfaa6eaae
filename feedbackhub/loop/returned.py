"""What came back to the channels: bounces and complaints suppress, replies are kept."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from ..contract.errors import DeliveryFailure
from ..contract.records import Identifier, Returned
from ..store.queries import inbox, invitations
from ..store.types import AnyRow
from .core import Core
from .deliver import fall_back
from .invite import cancel_unsent
from .suppress import opt_out_customer, suppress_identifiers
from .tell import publish

log = logging.getLogger(__name__)
_REASON = {"bounce": "bounce", "complaint": "complaint", "opt_out": "opt_out"}


def take_returned(core: Core) -> None:
    """Read what came back to every channel; each item is stored before the next is taken."""
    for name, channel in sorted(core.plugins.channels.items()):
        try:
            for item in channel.returned():
                store_returned(core, name, item)
        except DeliveryFailure as error:
            log.warning("channel %s could not read what came back: %s", name, error.reason)


def store_returned(core: Core, channel: str, item: Returned) -> bool:
    """Store one item and do what follows from it; tell whether it was new.

    Args:
        core: The instance.
        channel: The channel it came back to.
        item: What came back.
    """
    now = core.clock.now()

    def run(connection: Connection) -> bool:
        row = invitations.delivery_by_message_id(connection, item.message_id) if item.message_id else None
        address = item.address or (Identifier(row.address_kind, row.address) if row is not None else None)
        values = {
            "source": channel,
            "key": item.key[:200],
            "kind": item.kind,
            "invitation_id": row.invitation_id if row is not None else None,
            "fingerprint": core.links.fingerprint(address.kind, address.value) if address else "",
            "detail": item.detail[:500],
            "raw": item.raw,
            "received_at": now,
        }
        if not inbox.add(connection, values):
            return False
        publish(connection, "message.returned", now, {"kind": item.kind, "invitation": values["invitation_id"]})
        if item.kind not in _REASON or row is None:
            return True  # a stranger's bounce must not suppress anybody
        if item.kind == "bounce":
            _bounced(connection, core, item, row)
        elif row.customer_id is not None:
            opt_out_customer(connection, core, row.customer_id, _REASON[item.kind], item.detail, now)
        return True

    return core.store.write(run)


def _bounced(connection: Connection, core: Core, item: Returned, row: AnyRow) -> None:
    now = core.clock.now()
    dead = Identifier(row.address_kind, row.address)
    suppress_identifiers(connection, core.links, [dead], "bounce", item.detail, row.channel, now)
    invitations.change_delivery(connection, row.id, state="bounced", error=item.detail[:500])
    cancel_unsent(connection, row.invitation_id, "bounced", now)
    fall_back(connection, core, row.invitation_public_id, "the message came back", now)
