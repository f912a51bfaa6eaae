"""What came back to the channels: bounces and complaints suppress, replies are kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import DeliveryFailure, Unavailable
from ..contract.records import Identifier, Returned
from ..machinery.containment import PluginFault
from ..store.queries import inbox, invitations
from ..store.types import AnyRow
from .contained import what_came_back
from .core import Core
from .deliver import fall_back
from .invite import cancel_unsent
from .plain import plain
from .suppress import opt_out_customer, suppress_identifiers
from .tell import publish

log = logging.getLogger(__name__)
_LONGEST = 500
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
    detail = plain(item.detail, _LONGEST)

    def run(connection: Connection) -> bool:
        row = invitations.delivery_by_message_id(connection, item.message_id) if item.message_id else None
        address = item.address or (Identifier(row.address_kind, row.address) if row is not None else None)
        # Deliveries of erased persons are known by their Message-ID only; what comes back later is noted without words.
        erased = row is not None and bool(row.address_kind) and not row.address
        print_ = core.links.fingerprint(address.kind, address.value) if address and not erased else ""
        values = {
            "source": channel,
            "key": plain(item.key, 200),
            "kind": item.kind,
            "invitation_id": row.invitation_id if row is not None else None,
            "fingerprint": print_,
            "detail": "" if erased else detail,
            "raw": b"" if erased else item.raw,
            "received_at": now,
        }
        if not inbox.add(connection, values):
            return False
        publish(connection, "message.returned", now, {"kind": item.kind, "invitation": values["invitation_id"]})
        if row is None or row.test or erased:
            return True  # neither a stranger's bounce nor a test's must suppress anybody
        if item.kind == "bounce" or _soft_too_often(connection, item, print_, now):
            _bounced(connection, core, detail, row)
        elif item.kind in _REASON and row.customer_id is not None:
            opt_out_customer(connection, core, row.customer_id, _REASON[item.kind], detail, now)
        return True

    return core.store.write(run)


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
