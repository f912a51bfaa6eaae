"""Accept: what another system tells us is verified, kept as it came and acknowledged; the engine reads it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError, NotGenuine
from ..contract.inbound import Incoming, Receiver
from ..machinery.containment import PluginFault
from ..machinery.links import new_public_id
from ..store.queries import inbound
from .core import Core
from .plain import plain
from .receivers import Called, NotActive, find_called, kept

__all__ = ["Accepted", "accept"]

_LONGEST_REASON = 200


@dataclass(frozen=True)
class Accepted:
    """What the caller is told.

    Args:
        id: The request's public id.
        body: The receiver's own acknowledgement.
        media_type: Its media type; empty: the receiver leaves the words to us.
    """

    id: str
    body: bytes = b""
    media_type: str = ""


@dataclass(frozen=True)
class _Greeting:
    """What a receiver says of a genuine request: the sender's own id of it, and how it is acknowledged."""

    delivery: str
    body: bytes
    media_type: str


def accept(core: Core, name: str, incoming: Incoming) -> Accepted:
    """Verify a request, keep it and have the engine read it; a repeated one is acknowledged again and kept once.

    Args:
        core: The instance.
        name: Who was called.
        incoming: The request.

    Raises:
        NotFound: Nobody is known by that name.
        NotActive: Whoever is known by it does not work at present.
        NotGenuine: It does not come from whom it says; that it came is counted, nothing else is kept.
        Unavailable: The storage cannot take it now.
    """
    found = find_called(core, name)
    try:
        greeting = core.containment.call(found.plugin, f"verify {name}", _greet, found.receiver, incoming)
    except NotGenuine as error:
        why, now = plain(error, _LONGEST_REASON), incoming.received_at
        core.store.write(lambda connection: inbound.note_refused(connection, name, why, now))
        raise
    except PluginFault as error:
        raise NotActive(f"{name} cannot verify requests at present; try again later") from error
    public_id = core.store.write(lambda connection: _keep(connection, found, incoming, greeting.delivery))
    core.bell.ring()
    return Accepted(public_id, greeting.body, greeting.media_type)


def _greet(receiver: Receiver, incoming: Incoming) -> _Greeting:
    """Ask a receiver for everything that the caller waits for; runs as the plugin's code."""
    try:
        receiver.verify(incoming)
    except NotGenuine:
        raise
    except FeedbackhubError as error:
        # Anything else would look like an error of ours, or make the caller give up for good.
        raise TypeError(f"verify may raise NotGenuine, not {type(error).__name__}") from error
    body, media_type = receiver.acknowledge(incoming)
    return _Greeting(str(receiver.delivery_id(incoming)), bytes(body), str(media_type))


def _keep(connection: Connection, found: Called, incoming: Incoming, delivery: str) -> str:
    less, now = kept(found.receiver, incoming), incoming.received_at
    # Hashed: the sender's ids may name a ticket, and are needed only to know a request again.
    digest = hashlib.sha256(delivery.encode("utf-8", "surrogatepass")).hexdigest() if delivery else None
    values: dict[str, Any] = {
        "public_id": new_public_id(),
        "receiver": found.name,
        "kind": found.kind,
        "state": "received",
        "delivery": digest,
        "headers": {name: plain(value) for name, value in less.headers.items()},
        "query": {name: plain(value) for name, value in less.query.items()},
        "body": less.body,
        "received_at": now,
        "problems": [],
        "result": {},
    }
    inbound.note_accepted(connection, found.name, now)
    row = inbound.add(connection, values)
    if row is None:
        return inbound.known_delivery(connection, found.name, digest or "")
    inbound.queue(connection, row.id, now)
    return str(row.public_id)
