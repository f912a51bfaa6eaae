"""From events to deliveries: one row and one task for each endpoint that wants an event, exactly once."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Effects, Event, Hub, NotFound, Subscriber

from .catalogue import NOTED, TEST, wants
from .endpoints import Book, Endpoint
from .log import Delivery, Log, insertion, planned

__all__ = ["Planner", "is_for"]


class Planner(Subscriber):
    """Plans deliveries of what happens from now on; what happened before is sent by a replay."""

    name = "planner"
    from_now = True

    def __init__(self, hub: Hub, book: Book, log: Log) -> None:
        self._hub, self._book, self._log = hub, book, log

    def handle(self, events: Sequence[Event]) -> Effects:
        """Return the deliveries of some events; those that a replay has planned already are left out."""
        endpoints = [each for each in self._book.all() if each.is_on]
        if not endpoints or not events:
            return Effects()
        known = self._log.known([each.id for each in endpoints], events[0].position, events[-1].position)
        now = self._hub.clock.now()
        rows: list[Delivery] = []
        for event in events:
            for each in endpoints:
                if (each.id, event.position) not in known and is_for(self._hub, each, event):
                    rows.append(planned(each.id, event, now))
        return Effects(changes=insertion(rows), tasks=[row.task for row in rows])


def is_for(hub: Hub, endpoint: Endpoint, event: Event) -> bool:
    """Tell whether an endpoint wants an event: by its type; a note also by where its contact came from."""
    if event.type == TEST or not wants(endpoint.types, event.type):
        return False
    return not endpoint.is_note or _has_ticket(hub, endpoint, event)


def _has_ticket(hub: Hub, endpoint: Endpoint, event: Event) -> bool:
    contact = event.payload.get("contact")
    if event.type not in NOTED or not isinstance(contact, str) or event.payload.get("test"):
        return False
    try:
        return hub.read.contact(contact).source == endpoint.template.get("source")
    except NotFound:
        return False
